use std::env::{temp_dir, var};
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio, exit, id};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{current, sleep, spawn};
use std::time::{Duration, Instant};

use redis::{Connection, FromRedisValue, ToRedisArgs, Value};

/// The longest that a store takes to start, on a busy machine.
const START: Duration = Duration::from_secs(30);

/// The longest that a test takes, on a busy machine.
const LIMIT: Duration = Duration::from_secs(240);

/// A store of the test's own: it writes before it answers, and is killed when dropped.
///
/// The program is `redis-server`, or what the variable `HOTCOUNT_STORE` names: `valkey-server`.
pub(crate) struct Server {
    pub port: u16,
    pub dir: PathBuf,
    options: Vec<String>,
    process: Child,
    _watchdog: Sender<()>,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(&["--appendonly", "yes", "--appendfsync", "always"])
    }

    pub(crate) fn with(options: &[&str]) -> Self {
        Self::with_files(options, |_| {})
    }

    /// A store whose options name files, which `prepare` makes in its directory. In the options,
    /// `PORT` stands for its port.
    pub(crate) fn with_files(options: &[&str], prepare: impl FnOnce(&Path)) -> Self {
        static SERVERS: AtomicU32 = AtomicU32::new(0);
        let number = SERVERS.fetch_add(1, Relaxed);
        let dir = temp_dir().join(format!("hotcount-redis-{}-{number}", id()));
        fs::create_dir_all(&dir).expect("a directory for the store");
        prepare(&dir);
        let options: Vec<String> = options.iter().map(ToString::to_string).collect();
        for _ in 0..20 {
            let port = free_port();
            let mut process = start(port, &dir, &options);
            if answers(port, &options, &mut process) {
                return Self { port, dir, options, process, _watchdog: watch_the_test() };
            }
        }
        panic!("the store ends at once, with these options: {options:?}");
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }

    /// Stops it in the middle of whatever it does, until `wake`.
    pub(crate) fn hang(&self) {
        self.signal("STOP");
    }

    pub(crate) fn wake(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let pid = self.process.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.expect("`kill` is installed").success());
    }

    /// Starts it again, on the same port and with what it had written.
    pub(crate) fn restart(&mut self) {
        let begin = Instant::now();
        loop {
            self.process = start(self.port, &self.dir, &self.options);
            if answers(self.port, &self.options, &mut self.process) {
                return;
            }
            assert!(begin.elapsed() < START, "the store does not start again: is its port taken?");
            sleep(Duration::from_millis(50));
        }
    }

    /// Starts it again so that it takes seconds to read its file, and returns meanwhile.
    pub(crate) fn restart_slowly(&mut self) {
        // Microseconds for each key; it looks at its clients after every 1024.
        let slow = ["--key-load-delay", "500"].map(String::from);
        self.process = start(self.port, &self.dir, &[&self.options[..], &slow].concat());
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(start.elapsed() < START, "the store does not start");
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

/// Ends the test program if the sender lives for too long: a failing test goes red and never hangs.
fn watch_the_test() -> Sender<()> {
    let (alive, test) = channel();
    let name = current().name().unwrap_or("a test").to_owned();
    spawn(move || {
        if cfg!(test) && test.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
            eprintln!("{name} hangs: no end after {LIMIT:?}");
            exit(101);
        }
    });
    alive
}

/// A free port that the system gives to no client, so that a store finds it free when it restarts.
/// The port that a node of a cluster takes as well, 10,000 above, is free too.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    // Linux gives 32,768 and above to clients. Test programs that run at once begin apart.
    let ports = (0..12_000).map(|_| {
        let number = id().wrapping_mul(631).wrapping_add(NEXT.fetch_add(1, Relaxed));
        u16::try_from(10_500 + number % 12_000).expect("a port")
    });
    ports.into_iter().find(|port| is_free(*port) && is_free(port + 10_000)).expect("a free port")
}

/// Whether the store is to be asked without TLS.
fn is_plain(options: &[String]) -> bool {
    options.iter().all(|option| option != "--tls-port")
}

fn start(port: u16, dir: &Path, options: &[String]) -> Child {
    let program = var("HOTCOUNT_STORE").unwrap_or("redis-server".into());
    let port = port.to_string();
    // A file of settings has to be the first option.
    Command::new(&program)
        .args(options.iter().map(|option| option.replace("PORT", &port)))
        .args(["--bind", "127.0.0.1", "--dir"])
        .arg(dir)
        .args(["--port", if is_plain(options) { &port } else { "0" }])
        .current_dir(dir)
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}; `apt-get install redis-server`"))
}

/// Waits until the store answers; `false` when it has ended, its port being taken.
fn answers(port: u16, options: &[String], process: &mut Child) -> bool {
    let start = Instant::now();
    loop {
        assert!(start.elapsed() < START, "the store does not answer");
        if process.try_wait().expect("it is a child").is_some() {
            return false;
        }
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            if !is_plain(options) {
                return true;
            }
            let client = redis::Client::open(("127.0.0.1", port)).expect("an address");
            let ping = |mut store: Connection| redis::cmd("PING").query::<Value>(&mut store);
            if client.get_connection_with_timeout(START).and_then(ping).is_ok() {
                return true;
            }
        }
        sleep(Duration::from_millis(10));
    }
}
