use std::time::Instant;

use ::redis::{Cmd, RedisResult, Value};

use super::advice::calls_for_a_new_connection;
use super::connection::Connection;
use super::{IDLE_LIMIT, Store};

/// Attempts for one exchange. A signal or a restart of the store breaks a connection once or twice.
const ATTEMPTS: usize = 3;

/// The way to the store for one background thread: a connection that comes back by itself.
pub(super) struct Link {
    store: Store,
    idle: Option<(Connection, Instant)>,
}

impl Link {
    pub(super) fn new(store: Store) -> Self {
        Self { store, idle: None }
    }

    /// Sends all `commands` and returns the answer to each.
    ///
    /// After a broken connection it sends them again, so the store may execute them twice. All
    /// commands of this module are safe to repeat.
    pub(super) fn ask(
        &mut self,
        commands: &[Cmd],
        deadline: Instant,
    ) -> RedisResult<Vec<RedisResult<Value>>> {
        let mut attempts = 1..=ATTEMPTS;
        loop {
            attempts.next();
            match self.attempt(commands, deadline) {
                #[cfg(feature = "redis-cluster")]
                Ok(answers) if self.store.follow(&answers) => {}
                // A node of a cluster fails: connect anew, to learn which nodes there are by now.
                Ok(answers) if answers.iter().any(is_broken) && !attempts.is_empty() => {}
                Ok(answers) => return Ok(answers),
                Err(error) if attempts.is_empty() || !error.is_io_error() => return Err(error),
                Err(_) => {}
            }
        }
    }

    fn attempt(
        &mut self,
        commands: &[Cmd],
        deadline: Instant,
    ) -> RedisResult<Vec<RedisResult<Value>>> {
        let kept = self.idle.take().filter(|(_, used)| used.elapsed() < IDLE_LIMIT);
        let (mut connection, limit) = match kept {
            // A kept connection may be dead without a sign: leave half the time for a new one.
            Some((connection, _)) => {
                let now = Instant::now();
                (connection, now + deadline.saturating_duration_since(now) / 2)
            }
            None => (self.store.open(deadline)?, deadline),
        };
        let answers = connection.exchange(commands, limit)?;
        let mut errors = answers.iter().filter_map(|answer| answer.as_ref().err());
        if !errors.any(calls_for_a_new_connection) {
            self.idle = Some((connection, Instant::now()));
        }
        Ok(answers)
    }
}

fn is_broken(answer: &RedisResult<Value>) -> bool {
    answer.as_ref().is_err_and(::redis::RedisError::is_io_error)
}
