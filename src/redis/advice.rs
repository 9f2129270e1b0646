use ::redis::RedisError;

/// What you can do about an error of the store that contains `text`. Older servers hide the code
/// inside the error of the script.
struct Advice {
    text: &'static str,
    remedy: &'static str,
    /// Whether a new connection may help: after a failover it may lead to another server.
    reconnect: bool,
}

const fn advise(text: &'static str, reconnect: bool, remedy: &'static str) -> Advice {
    Advice { text, remedy, reconnect }
}

const PERMISSIONS: &str = "give the user the permissions that `hotcount::redis` lists";

const REDIRECTED: &str = if cfg!(feature = "redis-cluster") {
    "the cluster moves this key: the next call tries again"
} else {
    "this is a node of a cluster: enable the feature `redis-cluster`"
};

const ALL: [Advice; 16] = [
    advise("WRONGTYPE", false, "another program uses this key of the store: choose another one"),
    advise("OOM", false, "give the store more memory"),
    advise("READONLY", true, "this is a replica: take the URL of the primary"),
    advise("LOADING", true, "the store is starting: it will answer soon"),
    advise("MASTERDOWN", true, "the primary is down: it will be replaced or come back"),
    advise("CLUSTERDOWN", true, "some of the cluster's nodes are down: start them"),
    advise("MISCONF", false, "repair the disk that the store writes to"),
    advise("NOAUTH", true, "put the password in the URL: redis://:password@host/"),
    advise("NOPERM", false, PERMISSIONS),
    advise("can't run this command", false, PERMISSIONS),
    advise("ACL failure", false, PERMISSIONS),
    advise("MOVED", false, REDIRECTED),
    advise("ASK ", false, REDIRECTED),
    advise("no primary of this name", true, "take the name that the Sentinels monitor"),
    advise("Password authentication failed", true, "correct the user or the password"),
    advise("DB index", true, "take a database that the store has: redis://host/0"),
];

/// What the store said.
pub(super) fn words(error: &RedisError) -> String {
    match (error.code(), error.detail()) {
        (Some(code), Some(detail)) => format!("{code} {detail}"),
        _ => error.to_string(),
    }
}

/// What to do about an error.
pub(super) fn advice(answer: &str) -> &'static str {
    let known = ALL.iter().find(|known| answer.contains(known.text));
    known.map_or("see the documentation of the store", |known| known.remedy)
}

/// Whether the connection that brought this error is to be replaced.
pub(super) fn calls_for_a_new_connection(error: &RedisError) -> bool {
    error.is_io_error() || error.is_unrecoverable_error() || is_about_the_server(&words(error))
}

/// Whether the answer says something about the server, not about the key: another server, or the
/// same one later, may answer otherwise.
pub(super) fn is_about_the_server(answer: &str) -> bool {
    ALL.iter().any(|known| known.reconnect && answer.contains(known.text))
}
