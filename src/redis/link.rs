use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use ::redis::{Client, Connection, IntoConnectionInfo, Pipeline, RedisError, RedisResult, Value};

use super::Error;

/// A connection to the store that comes back by itself, and answers in time or not at all.
///
/// A thread of its own does the waiting, from the first question on: a socket's time-out bounds one
/// read, not an answer that trickles in, and nothing bounds the look-up of a host's name. A thread
/// that is late is left behind with its connection, and ends when that does.
pub(super) struct Link {
    client: Client,
    worker: Option<Worker>,
}

struct Worker {
    questions: Sender<(Pipeline, Instant)>,
    answers: Receiver<RedisResult<Vec<Value>>>,
}

impl Link {
    /// A link to the store at `url`, which is only parsed.
    pub(super) fn new(url: &str) -> Result<Self, Error> {
        let parse = || {
            let info = url.into_connection_info()?;
            // The library's name would be one more question for each connection.
            let settings = info.redis_settings().clone().set_skip_set_lib_name();
            Client::open(info.set_redis_settings(settings))
        };
        let client = parse().map_err(|error: RedisError| Error::Url(error.into()))?;
        Ok(Self { client, worker: None })
    }

    /// Sends all `commands` at once and returns the answer to each.
    pub(super) fn ask(
        &mut self,
        commands: Pipeline,
        deadline: Instant,
    ) -> Result<Vec<Value>, Error> {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => Worker::start(self.client.clone())?,
        };
        let answers = match worker.questions.send((commands, deadline)) {
            Ok(()) => worker.answers.recv_timeout(left(deadline).unwrap_or_default()),
            Err(_) => return Err(Error::timed_out()),
        };
        let answers = answers.map_err(|_| Error::timed_out())?;
        self.worker = Some(worker);
        answers.map_err(Error::unavailable)
    }
}

impl Worker {
    fn start(client: Client) -> Result<Self, Error> {
        let (questions, to_ask) = channel();
        let (to_tell, answers) = channel();
        let work = move || {
            let mut idle = None;
            for (commands, deadline) in to_ask {
                if to_tell.send(answer(&client, &mut idle, &commands, deadline)).is_err() {
                    break;
                }
            }
        };
        let thread = thread::Builder::new().name("hotcount-redis".into());
        thread.spawn(work).map_err(|error| Error::Unavailable(error.into()))?;
        Ok(Self { questions, answers })
    }
}

/// Asks over the idle connection, and over a new one when that has been closed meanwhile.
///
/// So commands may be executed twice. All that are sent here bear it.
fn answer(
    client: &Client,
    idle: &mut Option<Connection>,
    commands: &Pipeline,
    deadline: Instant,
) -> RedisResult<Vec<Value>> {
    let reused = idle.take().and_then(|connection| exchange(connection, commands, deadline).ok());
    let (connection, answers) = if let Some(answered) = reused {
        answered
    } else {
        let connection = client.get_connection_with_timeout(left(deadline)?)?;
        exchange(connection, commands, deadline)?
    };
    // After an error the next connection is a new one: the name of a primary may lead elsewhere by
    // then.
    let denied = answers.iter().any(|answer| matches!(answer, Value::ServerError(_)));
    *idle = (!denied).then_some(connection);
    Ok(answers)
}

fn exchange(
    mut connection: Connection,
    commands: &Pipeline,
    deadline: Instant,
) -> RedisResult<(Connection, Vec<Value>)> {
    connection.set_write_timeout(Some(left(deadline)?))?;
    connection.send_packed_command(&commands.get_packed_pipeline())?;
    let mut answers = Vec::with_capacity(commands.len());
    for _ in 0..commands.len() {
        connection.set_read_timeout(Some(left(deadline)?))?;
        answers.push(connection.recv_response()?);
    }
    Ok((connection, answers))
}

fn left(deadline: Instant) -> RedisResult<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into());
    }
    Ok(left)
}
