use std::num::{IntErrorKind, ParseIntError};
use std::time::Instant;

use ::redis::{Pipeline, RedisError, Script, Value};

use super::{Error, Link};

/// Calls of one script, in one round trip.
pub(super) struct Calls {
    hash: String,
    commands: Pipeline,
}

impl Calls {
    /// No calls yet of the script `code`.
    pub(super) fn new(code: &str) -> Self {
        let hash = Script::new(code).get_hash().into();
        let mut commands = Pipeline::new();
        // Sent each time: a store that was restarted has forgotten it.
        commands.cmd("SCRIPT").arg("LOAD").arg(code);
        Self { hash, commands }
    }

    /// Adds a call.
    pub(super) fn add(&mut self, keys: &[String], args: &[&str]) {
        let command = self.commands.cmd("EVALSHA");
        command.arg(&self.hash).arg(keys.len()).arg(keys).arg(args);
    }

    /// Runs them and returns the answer to each.
    pub(super) fn run(self, link: &mut Link, deadline: Instant) -> Result<Vec<Value>, Error> {
        let mut answers = link.ask(self.commands, deadline)?;
        answers.remove(0); // Where the script could not be loaded, each call says so.
        Ok(answers)
    }
}

/// The name in the store of something that belongs to `key`. All that do stand in one slot of a
/// cluster, because of the part in braces; it ends at the first `}`.
pub(super) fn name(key: &str, part: &str) -> String {
    let key = key.replace('%', "%25").replace('}', "%7D");
    format!("{{hotcount:{key}}}:{part}")
}

/// The count that the store answered for `key`.
pub(super) fn count(key: &str, answer: Value) -> Result<u64, Error> {
    let answer = answer.extract_error().map_err(|error| Error::refused(key, &error))?;
    let text: Result<String, RedisError> = ::redis::from_redis_value(answer).map_err(Into::into);
    let text = text.unwrap_or_else(|error| error.to_string());
    text.parse().map_err(|error: ParseIntError| match error.kind() {
        IntErrorKind::PosOverflow => Error::Overflow { key: key.into() },
        _ => Error::NotACount { key: key.into(), found: text },
    })
}
