use std::sync::LazyLock;
use std::time::Instant;

use ::redis::{Cmd, ErrorKind, RedisResult, Script, ServerErrorKind, Value};

use super::answer::Answer;
use super::link::Link;

/// A script that the store runs as one step.
pub(super) struct Code {
    text: &'static str,
    hash: LazyLock<String>,
}

impl Code {
    pub(super) const fn new(text: &'static str, hash: fn() -> String) -> Self {
        Self { text, hash: LazyLock::new(hash) }
    }
}

/// Joins files to one script.
macro_rules! code {
    ($($file:literal),+) => {{
        const TEXT: &str = concat!($(include_str!($file)),+);
        $crate::redis::request::Code::new(TEXT, || $crate::redis::request::hash(TEXT))
    }};
}

pub(super) use code;

pub(super) fn hash(text: &str) -> String {
    Script::new(text).get_hash().into()
}

/// One command for one key: a script with its arguments, or a look at one field of a hash.
pub(super) struct Request {
    code: Option<&'static Code>,
    key: String,
    args: Vec<String>,
}

impl Request {
    pub(super) fn script(code: &'static Code, key: String, args: Vec<String>) -> Self {
        Self { code: Some(code), key, args }
    }

    pub(super) fn field(key: String, field: &str) -> Self {
        Self { code: None, key, args: vec![field.into()] }
    }

    /// The key and the command. With `text` it carries the script itself, for a store that does not
    /// know it.
    fn command(&self, text: bool) -> (&str, Cmd) {
        let mut command = Cmd::new();
        match self.code {
            Some(code) if text => command.arg("EVAL").arg(code.text).arg(1),
            Some(code) => command.arg("EVALSHA").arg(&*code.hash).arg(1),
            None => command.arg("HGET"),
        };
        command.arg(&self.key).arg(&self.args);
        (&self.key, command)
    }
}

/// Sends all `requests` at once and returns the answer to each. A script that the store does not
/// know is sent once more, as text.
pub(super) fn send(
    link: &mut Link,
    requests: &[Request],
    deadline: Instant,
) -> RedisResult<Vec<Answer>> {
    let commands: Vec<_> = requests.iter().map(|request| request.command(false)).collect();
    let mut answers = link.ask(&commands, deadline)?;
    let unknown: Vec<usize> =
        (0..answers.len()).filter(|number| is_unknown_script(&answers[*number].result)).collect();
    if !unknown.is_empty() {
        let commands: Vec<_> =
            unknown.iter().map(|number| requests[*number].command(true)).collect();
        for (number, answer) in unknown.into_iter().zip(link.ask(&commands, deadline)?) {
            let is_repeated = answers[number].is_repeated || answer.is_repeated;
            answers[number] = Answer { is_repeated, ..answer };
        }
    }
    Ok(answers)
}

fn is_unknown_script(answer: &RedisResult<Value>) -> bool {
    let kind = answer.as_ref().err().map(::redis::RedisError::kind);
    matches!(kind, Some(ErrorKind::Server(ServerErrorKind::NoScript)))
}
