use std::env::temp_dir;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio, id};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread::sleep;
use std::time::Duration;

use redis::{Connection, FromRedisValue, ToRedisArgs, Value};

/// A store of the test's own: it writes before it answers, and is killed when dropped.
pub(crate) struct Server {
    pub port: u16,
    dir: PathBuf,
    options: Vec<&'static str>,
    process: Child,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(&["--appendonly", "yes", "--appendfsync", "always"])
    }

    pub(crate) fn with(options: &[&'static str]) -> Self {
        static SERVERS: AtomicU32 = AtomicU32::new(0);
        let number = SERVERS.fetch_add(1, Relaxed);
        let dir = temp_dir().join(format!("hotcount-redis-{}-{number}", id()));
        fs::create_dir_all(&dir).expect("a directory for the store");
        let options = options.to_vec();
        loop {
            let port = free_port();
            let mut process = spawn(port, &dir, &options);
            if answers(port, &mut process) {
                return Self { port, dir, options, process };
            }
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }

    /// Starts it again, on the same port and with what it had written.
    pub(crate) fn restart(&mut self) {
        self.process = spawn(self.port, &self.dir, &self.options);
        assert!(answers(self.port, &mut self.process), "it starts again");
    }

    /// Starts it again so that it takes seconds to read its file, and returns meanwhile.
    pub(crate) fn restart_slowly(&mut self) {
        // Microseconds for each key; it looks at its clients after every 1024.
        let options = [&self.options[..], &["--key-load-delay", "500"]].concat();
        self.process = spawn(self.port, &self.dir, &options);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn connection(&self) -> Connection {
        let client = redis::Client::open(self.url()).expect("a URL");
        client.get_connection().expect("the store answers")
    }

    /// Runs one command, `words` being its name and arguments.
    pub(crate) fn run<T: FromRedisValue>(&self, words: &[impl ToRedisArgs]) -> T {
        let mut command = redis::Cmd::new();
        command.arg(words).query(&mut self.connection()).expect("the command is right")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.dir);
    }
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it has one").port()
}

fn spawn(port: u16, dir: &PathBuf, options: &[&str]) -> Child {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--dir"])
        .arg(dir)
        .args(options)
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server is installed: `apt-get install redis-server`")
}

/// Waits until the store answers; `false` when it has ended, its port being taken.
fn answers(port: u16, process: &mut Child) -> bool {
    loop {
        if process.try_wait().expect("it is a child").is_some() {
            return false;
        }
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            let client = redis::Client::open(("127.0.0.1", port)).expect("an address");
            let ping = |mut store: Connection| redis::cmd("PING").query::<Value>(&mut store);
            if client.get_connection().and_then(ping).is_ok() {
                return true;
            }
        }
        sleep(Duration::from_millis(10));
    }
}
