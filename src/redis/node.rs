use std::time::Instant;

use ::redis::{Cmd, Connection, RedisResult, Value};

use super::advice::calls_for_a_new_connection;
use super::client::IDLE_LIMIT;
use super::deadline::{halfway, left};
use super::route::Route;

/// A node of the store: how to connect to it, and its last connection.
pub(super) struct Node {
    pub route: Route,
    idle: Option<(Connection, Instant)>,
    /// When the last exchange failed, or brought an answer that calls for another connection.
    pub failed: Option<Instant>,
}

impl Node {
    pub(super) fn new(route: Route) -> Self {
        Self { route, idle: None, failed: None }
    }

    /// Sends all `commands` and returns the answer to each.
    pub(super) fn exchange(
        &mut self,
        commands: &[&Cmd],
        deadline: Instant,
    ) -> RedisResult<Vec<RedisResult<Value>>> {
        let answers = self.attempt(commands, deadline);
        let works = answers.is_ok() && self.idle.is_some();
        self.failed = (!works).then(Instant::now);
        answers
    }

    fn attempt(
        &mut self,
        commands: &[&Cmd],
        deadline: Instant,
    ) -> RedisResult<Vec<RedisResult<Value>>> {
        let kept = self.idle.take().filter(|(_, used)| used.elapsed() < IDLE_LIMIT);
        let is_new = kept.is_none();
        let (mut connection, limit) = match kept {
            // A kept connection may be dead without a sign: leave half the time for a new one.
            Some((connection, _)) => (connection, halfway(deadline)),
            None => (self.route.open(deadline)?, deadline),
        };
        let answers = exchange(&mut connection, commands, limit);
        let mut errors = answers.iter().flatten().filter_map(|answer| answer.as_ref().err());
        if answers.is_ok() && !errors.any(calls_for_a_new_connection) {
            self.idle = Some((connection, Instant::now()));
        } else if is_new {
            self.route.distrust();
        }
        answers
    }
}

/// Sends all `commands` at once. After an error of the whole, the connection may be in the middle
/// of an answer: drop it.
fn exchange(
    connection: &mut Connection,
    commands: &[&Cmd],
    deadline: Instant,
) -> RedisResult<Vec<RedisResult<Value>>> {
    let packed: Vec<u8> =
        commands.iter().flat_map(|command| command.get_packed_command()).collect();
    connection.set_write_timeout(Some(left(deadline)?))?;
    // The first write over TLS makes the handshake, which reads.
    connection.set_read_timeout(Some(left(deadline)?))?;
    connection.send_packed_command(&packed)?;
    let receive = |_: &&Cmd| {
        connection.set_read_timeout(Some(left(deadline)?))?;
        Ok(connection.recv_response()?.extract_error())
    };
    commands.iter().map(receive).collect()
}
