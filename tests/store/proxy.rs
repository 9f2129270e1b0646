use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
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
}

/// Stands between a client and the store, and does to the wire what wires do.
pub(crate) struct Proxy {
    store: Arc<AtomicU16>,
    port: u16,
    state: Arc<Mutex<State>>,
}

struct State {
    fault: Fault,
    answers: u32,
    /// Clients that have not hung up.
    clients: u32,
    held: Vec<u8>,
}

impl Proxy {
    pub(crate) fn start(store: u16, fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it has one").port();
        let state = Arc::new(Mutex::new(State { fault, answers: 0, clients: 0, held: Vec::new() }));
        let shared = state.clone();
        let store = Arc::new(AtomicU16::new(store));
        let leads_to = store.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                // A store that is down: the connection is closed at once.
                let Ok(server) = connect(&leads_to) else { continue };
                for stream in [&client, &server] {
                    stream.set_nodelay(true).expect("it is open");
                }
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let state = shared.clone();
                state.lock().unwrap().clients += 1;
                thread::spawn(move || {
                    pump(from, to, |bytes, to| questions(&state, bytes, to));
                    state.lock().unwrap().clients -= 1;
                });
                let state = shared.clone();
                thread::spawn(move || pump(server, client, |bytes, to| answers(&state, bytes, to)));
            }
        });
        Self { store, port, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// New connections lead to another store, as a name does after a failover.
    pub(crate) fn lead_to(&self, store: u16) {
        self.store.store(store, Relaxed);
    }

    pub(crate) fn clients(&self) -> u32 {
        self.state.lock().unwrap().clients
    }

    pub(crate) fn set(&self, fault: Fault) {
        self.state.lock().unwrap().fault = fault;
    }

    /// Sends what was held, late, and waits until the store has done it.
    pub(crate) fn release(&self) {
        let held = std::mem::take(&mut self.state.lock().unwrap().held);
        assert!(!held.is_empty(), "a command was held");
        let mut store = connect(&self.store).expect("the store is up");
        store.write_all(&held).expect("it takes it");
        store.shutdown(Shutdown::Write).expect("it is open");
        let mut answer = Vec::new();
        store.read_to_end(&mut answer).expect("it answers");
        assert!(!answer.is_empty() && !answer.starts_with(b"-"), "the store has done it");
    }
}

fn connect(store: &AtomicU16) -> std::io::Result<TcpStream> {
    TcpStream::connect(("127.0.0.1", store.load(Relaxed)))
}

/// Copies until `pass` fails or one side closes, then closes both.
fn pump(
    mut from: TcpStream,
    mut to: TcpStream,
    pass: impl Fn(&[u8], &mut TcpStream) -> std::io::Result<()>,
) {
    let mut buffer = [0; 16_384];
    while let Ok(1..) = from.read(&mut buffer).map(|n| {
        let passed = pass(&buffer[..n], &mut to);
        if passed.is_ok() { n } else { 0 }
    }) {}
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

fn questions(state: &Mutex<State>, bytes: &[u8], to: &mut TcpStream) -> std::io::Result<()> {
    let mut state = state.lock().unwrap();
    if state.fault == Fault::Hold {
        state.held.extend_from_slice(bytes);
        return Ok(());
    }
    drop(state);
    to.write_all(bytes)
}

fn answers(state: &Mutex<State>, bytes: &[u8], to: &mut TcpStream) -> std::io::Result<()> {
    let fault = {
        let mut state = state.lock().unwrap();
        state.answers += 1;
        match state.fault {
            Fault::DropEvery(n) if state.answers % n == 0 => {
                return Err(std::io::ErrorKind::ConnectionReset.into());
            }
            fault => fault,
        }
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
