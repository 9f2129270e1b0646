use std::num::{IntErrorKind, ParseIntError};

use ::redis::{FromRedisValue, Value};

use super::error::Error;

/// What a script answered for `key`.
pub(super) fn parse<T: FromRedisValue>(key: &str, answer: &Value) -> Result<T, Error> {
    ::redis::from_redis_value_ref(answer)
        .map_err(|_| Error::NotACount { key: key.into(), found: format!("{answer:?}") })
}

/// The count that the store holds as `text` for `key`.
pub(super) fn count(key: &str, text: &str) -> Result<u64, Error> {
    text.parse().map_err(|error: ParseIntError| match error.kind() {
        IntErrorKind::PosOverflow => Error::Overflow { key: key.into() },
        _ => Error::NotACount { key: key.into(), found: text.into() },
    })
}
