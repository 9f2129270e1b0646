use std::sync::Arc;
use std::time::Duration;
use std::{error, fmt, io};

use ::redis::{ErrorKind, RedisError};

use super::advice::{advice, is_about_the_server, words};
use super::deadline::TIMEOUT;

/// Why a [`Publisher`](super::Publisher) or [`Tickets`](super::Tickets) could not do what it was
/// asked for.
///
/// An error does not lose counts: the counter keeps them, and the next publish sends them all. The
/// one exception is [`Forgotten`](Self::Forgotten).
///
/// The message contains the cause, so `source` returns `None`. `Debug` prints the message too, so
/// that an error reads well when `main` returns it.
#[derive(Clone)]
#[non_exhaustive]
pub enum Error {
    /// The URL is not a Redis URL, or none was given. The message does not contain the URL, which
    /// may hold a password.
    Url(Cause),
    /// The URL asks for TLS, which the `redis` crate was built without.
    NoTls,
    /// A block of tickets cannot have this length.
    Block(u64),
    /// The system could not start a thread.
    Thread(Cause),
    /// The background thread has ended, because a watched counter panicked.
    Stopped,
    /// The store could not be reached, or did not answer in time.
    Unavailable(Cause),
    /// The store refuses the connection: a wrong password, a database that it does not have.
    Denied {
        /// The store's error.
        answer: String,
    },
    /// The store answered a command with an error.
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
        /// What the store holds.
        found: String,
    },
    /// The counter has wrapped, or the total over all processes is above `u64::MAX`.
    Overflow {
        /// The key of the counter.
        key: String,
    },
    /// No total of this key has been read yet. The background thread reads it from now on.
    NotRead {
        /// The key of the counter.
        key: String,
    },
    /// The store forgot the life of this counter, and the answer to its last publish was lost. The
    /// total lacks up to `missing`. Nothing is counted twice. Reported once.
    Forgotten {
        /// The key of the counter.
        key: String,
        /// How much the total lacks at most.
        missing: u64,
    },
    /// Several errors: those of keys, and perhaps one of an exchange that failed as a whole.
    Several(Vec<Error>),
    /// The store has lost ticket numbers that it had given to this process. Reported once.
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

/// The cause of an [`Error`].
pub type Cause = Arc<dyn error::Error + Send + Sync>;

impl Error {
    pub(super) fn of_url(error: RedisError) -> Self {
        let needs_tls = error.kind() == ErrorKind::InvalidClientConfig
            && error.to_string().contains("TLS, the feature is not enabled");
        if needs_tls { Self::NoTls } else { Self::Url(Arc::new(error)) }
    }

    pub(super) fn timed_out(waited: Duration) -> Self {
        Self::Unavailable(Arc::new(io::Error::other(format!("no answer within {waited:?}"))))
    }

    /// The error of a whole exchange.
    pub(super) fn of_exchange(error: RedisError) -> Self {
        match error.kind() {
            _ if error.is_timeout() => Self::timed_out(TIMEOUT),
            ErrorKind::AuthenticationFailed
            | ErrorKind::MasterNameNotFoundBySentinel
            | ErrorKind::Server(_)
            | ErrorKind::Extension => Self::Denied { answer: words(&error) },
            _ => Self::Unavailable(Arc::new(error)),
        }
    }

    /// The error that one command was answered with.
    pub(super) fn of_answer(key: &str, error: RedisError) -> Self {
        let key = key.to_owned();
        match error.kind() {
            ErrorKind::Server(_) | ErrorKind::Extension => {}
            _ => return Self::of_exchange(error),
        }
        let answer = words(&error);
        if error.code() == Some("NOTACOUNT") {
            return Self::NotACount { key, found: error.detail().unwrap_or_default().into() };
        }
        if answer.contains("would overflow") {
            return Self::Exhausted { key };
        }
        Self::Refused { key, answer }
    }

    /// Whether the error says nothing about the key: the last total is still the last one known.
    pub(super) fn is_about_the_server(&self) -> bool {
        match self {
            Self::Unavailable(_) | Self::Denied { .. } => true,
            Self::Refused { answer, .. } => is_about_the_server(answer),
            _ => false,
        }
    }

    /// Returns `None` for no errors, the error if there is one, and [`Error::Several`] for more.
    pub(super) fn of_all(mut errors: Vec<Self>) -> Option<Self> {
        if errors.len() > 1 { Some(Self::Several(errors)) } else { errors.pop() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(cause) => write!(f, "not a Redis URL, such as redis://host:6379/: {cause}"),
            Self::NoTls => write!(f, "this URL asks for TLS: enable the feature `redis-tls`"),
            Self::Block(length) => write!(f, "a block of {length} tickets: take 1 to i64::MAX"),
            Self::Thread(cause) => write!(f, "the system could not start a thread: {cause}"),
            Self::Stopped => {
                write!(f, "the background thread has ended: a watched counter panicked")
            }
            Self::Unavailable(cause) => {
                write!(f, "the store is not available: {cause}; the next call tries again")
            }
            Self::Denied { answer } => {
                write!(f, "the store refuses the connection: {answer}; {}", advice(answer))
            }
            Self::Refused { key, answer } => {
                write!(f, "the store refuses {key:?}: {answer}; {}", advice(answer))
            }
            Self::NotACount { key, found } => {
                write!(f, "the store holds no count for {key:?} but {found:?}: choose another key")
            }
            Self::Overflow { key } => {
                write!(
                    f,
                    "the counter of {key:?} has wrapped, or its total is above {}: go on under a new key",
                    u64::MAX
                )
            }
            Self::NotRead { key } => write!(
                f,
                "no total of {key:?} has been read yet: ask again soon, or wait with `total_within`"
            ),
            Self::Forgotten { key, missing } => write!(
                f,
                "the store forgot this process before it answered: the total of {key:?} lacks up \
                 to {missing}; call `sweep` with a longer silence"
            ),
            Self::Several(errors) => {
                write!(f, "{} errors", errors.len())?;
                errors.iter().try_for_each(|error| write!(f, "; {error}"))
            }
            Self::WentBack { key, stored, had } => write!(
                f,
                "the store went back to ticket {stored} of {key:?} after giving out {had}: it may \
                 give out numbers of other processes again; let it write before it answers \
                 (`appendfsync always`)"
            ),
            Self::Exhausted { key } => {
                write!(f, "the tickets of {key:?} end at {}: no whole block is left", i64::MAX)
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl error::Error for Error {}
