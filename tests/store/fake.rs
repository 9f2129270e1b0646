use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use redis::{Parser, from_redis_value};

/// A store that answers as the test says.
pub(crate) struct Fake {
    pub port: u16,
}

impl Fake {
    /// `answer` gets the words of a command. `None` closes the connection.
    pub(crate) fn start(
        answer: impl Fn(&[String]) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Self::at(free_listener(), answer)
    }

    pub(crate) fn at(
        listener: TcpListener,
        answer: impl Fn(&[String]) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        let port = port(&listener);
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let answer = answer.clone();
                thread::spawn(move || serve(client, &*answer));
            }
        });
        Self { port }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }
}

pub(crate) fn free_listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").expect("a free port")
}

pub(crate) fn port(listener: &TcpListener) -> u16 {
    listener.local_addr().expect("it has one").port()
}

/// Answers until the client hangs up.
fn serve(mut client: TcpStream, answer: impl Fn(&[String]) -> Option<String>) {
    let mut commands = BufReader::new(client.try_clone().expect("it is open"));
    let mut parser = Parser::new();
    while let Ok(command) = parser.parse_value(&mut commands) {
        let words: Vec<String> = from_redis_value(command).expect("a command is words");
        let Some(answer) = answer(&words) else { return };
        if client.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// The key of the counter in a command of this crate.
pub(crate) fn key(words: &[String]) -> &str {
    let key = words.iter().find_map(|word| word.strip_prefix("hotcount:totals:"));
    key.unwrap_or_default()
}

/// An error that sends the client to another node.
pub(crate) fn redirect(kind: &str, port: u16) -> Option<String> {
    Some(format!("-{kind} 1 127.0.0.1:{port}\r\n"))
}

/// What the store answers to a publish: it counts the amount, and there are no other processes.
pub(crate) fn counted(words: &[String]) -> Option<String> {
    let amount = &words[5];
    let length = amount.len();
    Some(format!("*3\r\n${length}\r\n{amount}\r\n:5\r\n${length}\r\n{amount}\r\n"))
}
