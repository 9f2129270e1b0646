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
    /// `answer` gets the words of a command. An empty answer closes the connection.
    pub(crate) fn start(answer: impl Fn(&[String]) -> String + Send + Sync + 'static) -> Self {
        Self::at(free_listener(), answer)
    }

    pub(crate) fn at(
        listener: TcpListener,
        answer: impl Fn(&[String]) -> String + Send + Sync + 'static,
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
fn serve(mut client: TcpStream, answer: impl Fn(&[String]) -> String) {
    let mut commands = BufReader::new(client.try_clone().expect("it is open"));
    let mut parser = Parser::new();
    while let Ok(command) = parser.parse_value(&mut commands) {
        let words: Vec<String> = from_redis_value(command).expect("a command is words");
        let answer = answer(&words);
        if answer.is_empty() || client.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// What the store answers to a publish: it counts the amount, and there are no other processes.
pub(crate) fn counted(words: &[String]) -> String {
    let amount = &words[5];
    let length = amount.len();
    format!("*3\r\n${length}\r\n{amount}\r\n:5\r\n${length}\r\n{amount}\r\n")
}

/// What the store answers to a publish of a life that it does not know.
pub(crate) fn unknown(time: u64) -> String {
    format!("*3\r\n$-1\r\n:{time}\r\n$1\r\n0\r\n")
}
