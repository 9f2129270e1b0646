use std::num::{IntErrorKind, ParseIntError};

use ::redis::{FromRedisValue, RedisResult, Value};

use super::error::Error;

/// The store's answer to a command.
#[derive(Clone)]
pub(super) struct Answer {
    pub result: RedisResult<Value>,
    /// Whether an earlier attempt has broken off: the store may have executed it.
    pub is_repeated: bool,
}

impl Answer {
    /// What the store answered for `key`.
    pub(super) fn parse<T: FromRedisValue>(self, key: &str) -> Result<T, Error> {
        let value = self.result.map_err(|error| Error::of_answer(key, error))?;
        ::redis::from_redis_value_ref(&value)
            .map_err(|_| Error::NotACount { key: key.into(), found: format!("{value:?}") })
    }
}

/// The count that the store holds as `text` for `key`.
pub(super) fn count(key: &str, text: &str) -> Result<u64, Error> {
    text.parse().map_err(|error: ParseIntError| match error.kind() {
        IntErrorKind::PosOverflow => Error::Overflow { key: key.into() },
        _ => Error::NotACount { key: key.into(), found: text.into() },
    })
}
