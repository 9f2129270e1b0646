use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, sleep};
use std::time::Duration;

/// What a proxy does to what passes through it.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Fault {
    None,
    /// Each n-th answer is dropped, and its connection closed, after the store has done its part.
    DropEvery(u32),
    /// Answers never come.
    Silent,
    /// Answers come byte by byte, this far apart.
    Trickle(Duration),
    /// Commands are kept, and sent by `release`.
    Hold,
    /// After so many answers, all connections are closed and new ones lead to another store.
    FailoverAfter(u32, u16),
}

/// Stands between a client and the store, and does to the wire what wires do.
pub(crate) struct Proxy {
    port: u16,
    state: Arc<Mutex<State>>,
}

struct State {
    store: u16,
    fault: Fault,
    answers: u32,
    /// Connections so far, and those that a router has forgotten: all before this number.
    opened: u32,
    forgotten: u32,
    /// Clients that have not hung up.
    clients: u32,
    held: Vec<u8>,
}

impl Proxy {
    pub(crate) fn start(store: u16, fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it has one").port();
        let state = State {
            store,
            fault,
            answers: 0,
            opened: 0,
            forgotten: 0,
            clients: 0,
            held: Vec::new(),
        };
        let state = Arc::new(Mutex::new(state));
        let proxy = Self { port, state: state.clone() };
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                // A store that is down: the connection is closed at once.
                let store = state.lock().unwrap().store;
                let Ok(server) = TcpStream::connect(("127.0.0.1", store)) else { continue };
                serve(&state, client, server);
            }
        });
        proxy
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// New connections lead to another store, as a name does after a failover.
    pub(crate) fn lead_to(&self, store: u16) {
        self.state().store = store;
    }

    /// Open connections pass nothing on any more, and no end either: a router has forgotten them.
    pub(crate) fn forget(&self) {
        let mut state = self.state();
        state.forgotten = state.opened;
    }

    pub(crate) fn clients(&self) -> u32 {
        self.state().clients
    }

    /// The number of connections so far.
    pub(crate) fn opened(&self) -> u32 {
        self.state().opened
    }

    pub(crate) fn set(&self, fault: Fault) {
        let mut state = self.state();
        (state.fault, state.answers) = (fault, 0);
    }

    /// Sends what was held, late, and waits until the store has done it.
    pub(crate) fn release(&self) {
        let answer = self.release_any();
        assert!(!answer.is_empty(), "a command was held");
        assert!(!answer.starts_with(b"-"), "the store has done it");
    }

    /// The same, should nothing have been held or the store refuse it. Returns the answers.
    pub(crate) fn release_any(&self) -> Vec<u8> {
        let (held, store) = {
            let mut state = self.state();
            (std::mem::take(&mut state.held), state.store)
        };
        let mut store = TcpStream::connect(("127.0.0.1", store)).expect("the store is up");
        store.set_read_timeout(Some(Duration::from_secs(30))).expect("it is open");
        store.write_all(&held).expect("it takes it");
        store.shutdown(Shutdown::Write).expect("it is open");
        let mut answer = Vec::new();
        store.read_to_end(&mut answer).expect("it answers");
        answer
    }
}

fn serve(state: &Arc<Mutex<State>>, client: TcpStream, server: TcpStream) {
    let number = {
        let mut state = state.lock().unwrap();
        state.opened += 1;
        state.clients += 1;
        state.opened
    };
    for stream in [&client, &server] {
        stream.set_nodelay(true).expect("it is open");
    }
    let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let shared = state.clone();
    thread::spawn(move || {
        pump(from, to, |bytes, to| questions(&shared, number, bytes, to));
        shared.lock().unwrap().clients -= 1;
    });
    let shared = state.clone();
    thread::spawn(move || pump(server, client, |bytes, to| answers(&shared, number, bytes, to)));
}

/// Copies until `pass` fails or one side closes, then closes both.
fn pump(
    mut from: TcpStream,
    mut to: TcpStream,
    pass: impl Fn(&[u8], &mut TcpStream) -> Result<()>,
) {
    let mut buffer = [0; 16_384];
    while let Ok(1..) = from.read(&mut buffer).map(|n| {
        let passed = pass(&buffer[..n], &mut to);
        if passed.is_ok() { n } else { 0 }
    }) {}
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

fn questions(state: &Mutex<State>, number: u32, bytes: &[u8], to: &mut TcpStream) -> Result<()> {
    let mut state = state.lock().unwrap();
    if number <= state.forgotten {
        return Ok(());
    }
    if state.fault == Fault::Hold {
        state.held.extend_from_slice(bytes);
        return Ok(());
    }
    if let Fault::FailoverAfter(0, store) = state.fault {
        (state.store, state.fault) = (store, Fault::None);
        return Err(Error::from(ErrorKind::ConnectionReset));
    }
    drop(state);
    to.write_all(bytes)
}

fn answers(state: &Mutex<State>, number: u32, bytes: &[u8], to: &mut TcpStream) -> Result<()> {
    let fault = {
        let mut state = state.lock().unwrap();
        if number <= state.forgotten {
            return Ok(());
        }
        state.answers += 1;
        match state.fault {
            Fault::DropEvery(n) if state.answers % n == 0 => {
                return Err(ErrorKind::ConnectionReset.into());
            }
            Fault::FailoverAfter(after, store) => {
                state.fault = Fault::FailoverAfter(after - 1, store);
            }
            _ => {}
        }
        state.fault
    };
    match fault {
        Fault::Silent => Ok(()),
        Fault::Trickle(pause) => bytes.iter().try_for_each(|byte| {
            sleep(pause);
            to.write_all(&[*byte])
        }),
        _ => to.write_all(bytes),
    }
}
