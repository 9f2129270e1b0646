use std::{error, fmt};

use super::TIMEOUT;

/// Why a [`Publisher`](super::Publisher) or [`Tickets`](super::Tickets) could not do what it was
/// asked for.
///
/// No count is lost by any of them: it stays in the process, and the next call sends all of it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The URL is not one of Redis; its text is not repeated, it may hold a password.
    Url(Source),
    /// The name of the writer is empty.
    EmptyName,
    /// A block of tickets of this length is not possible.
    Block(u64),
    /// The store could not be reached, or did not answer within [`TIMEOUT`].
    Unavailable(Source),
    /// The store answered with an error, here in its own words.
    Refused {
        /// The key of the counter or the tickets.
        key: String,
        /// The store's error: `WRONGTYPE …`, `OOM …`, `READONLY …`, `LOADING …`.
        answer: String,
    },
    /// What the store holds for the key is not a count.
    NotACount {
        /// The key of the counter or the tickets.
        key: String,
        /// What stands there.
        found: String,
    },
    /// The store holds more for this writer than this publisher has sent: somebody else uses its
    /// name, or did so before.
    NameInUse {
        /// The key of the counter.
        key: String,
        /// The writer's name.
        writer: String,
        /// What the publisher sent.
        sent: u64,
        /// What the store holds, and keeps.
        stored: u64,
    },
    /// The counter has wrapped, or the total over all writers is above `u64::MAX`.
    Overflow {
        /// The key of the counter.
        key: String,
    },
    /// The store has lost ticket numbers that it had given to this process.
    WentBack {
        /// The key of the tickets.
        key: String,
        /// The last number that the store knew of.
        stored: u64,
        /// The last number that this process has had.
        had: u64,
    },
    /// There are not enough numbers left for a block: the last one is `i64::MAX`.
    Exhausted {
        /// The key of the tickets.
        key: String,
    },
}

/// The error below.
type Source = Box<dyn error::Error + Send + Sync>;

impl Error {
    pub(super) fn timed_out() -> Self {
        let waited = format!("no answer within {TIMEOUT:?}");
        Self::Unavailable(std::io::Error::new(std::io::ErrorKind::TimedOut, waited).into())
    }

    pub(super) fn unavailable(source: ::redis::RedisError) -> Self {
        if source.is_timeout() { Self::timed_out() } else { Self::Unavailable(source.into()) }
    }

    pub(super) fn refused(key: &str, answer: &::redis::RedisError) -> Self {
        let answer = [answer.code(), answer.detail()].map(Option::unwrap_or_default).join(" ");
        if answer.contains("would overflow") {
            return Self::Exhausted { key: key.into() };
        }
        Self::Refused { key: key.into(), answer }
    }
}

/// What to do about an error of the store. Older servers hide its code inside that of the script.
fn advice(answer: &str) -> &'static str {
    let all = [
        ("WRONGTYPE", "another program uses this key of the store: choose another one"),
        ("OOM", "give the store more memory"),
        ("READONLY", "this is a replica: take the URL of the primary"),
        ("LOADING", "the store is starting: it will answer soon"),
        ("MISCONF", "the store cannot write to its disk"),
        ("NOAUTH", "put the password in the URL: redis://:password@host/"),
        ("NOPERM", "this user may not run scripts on this key"),
        ("MOVED", "the key is on another node of the cluster: take the URL of that one"),
    ];
    let known = all.into_iter().find(|(code, _)| answer.contains(code));
    known.map_or("see the documentation of the store", |(_, advice)| advice)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(source) => write!(f, "not a URL of Redis, as redis://host:6379/: {source}"),
            Self::EmptyName => {
                write!(f, "the writer's name is empty: take `Publisher::random_name()`")
            }
            Self::Block(length) => write!(f, "a block of {length} tickets: take 1 to i64::MAX"),
            Self::Unavailable(source) => {
                write!(f, "the store is not available: {source}; the next call tries again")
            }
            Self::Refused { key, answer } => {
                write!(f, "the store refuses {key:?}: {answer}; {}", advice(answer))
            }
            Self::NotACount { key, found } => {
                write!(f, "the store holds no count for {key:?} but {found:?}: choose another key")
            }
            Self::NameInUse { key, writer, sent, stored } => write!(
                f,
                "the name {writer:?} is in use: {stored} stored for {key:?}, {sent} sent; each \
                 life of a process's counters needs its own, as `Publisher::random_name()`"
            ),
            Self::Overflow { key } => {
                write!(f, "the total of {key:?} is above {}: go on under a new key", u64::MAX)
            }
            Self::WentBack { key, stored, had } => write!(
                f,
                "the store went back to ticket {stored} of {key:?} after giving out {had}: numbers \
                 of other processes may come again; let it write before it answers (`appendfsync \
                 always`)"
            ),
            Self::Exhausted { key } => {
                write!(f, "no block of tickets of {key:?} is left below {}", i64::MAX)
            }
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Url(source) | Self::Unavailable(source) => Some(&**source),
            _ => None,
        }
    }
}
