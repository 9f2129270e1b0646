use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use crate::program::Server;

/// A browser, as far as it matters here: it sends the cookie that it was given.
struct Client<'a> {
    server: &'a Server,
    cookie: Option<String>,
}

impl Client<'_> {
    fn new(server: &Server) -> Client<'_> {
        Client { server, cookie: None }
    }

    fn get(&mut self, path: &str) -> i64 {
        let request = ureq::get(format!("{}{path}", self.server.url));
        let request = match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        let mut answer = request.call().expect("it answers");
        let cookie = answer.headers().get("set-cookie").expect("it sets a cookie");
        let cookie = cookie.to_str().expect("it is text");
        self.cookie = cookie.split(';').next().map(str::to_string);
        let page = answer.body_mut().read_to_string().expect("it is text");
        page.trim().parse().expect("a number")
    }
}

#[test]
#[cfg_attr(not(feature = "keyed"), ignore = "it needs a feature that is off: try --all-features")]
fn each_client_has_a_counter_of_its_own() {
    let server = Server::start("sessions");
    let [mut alice, mut bob] = [Client::new(&server), Client::new(&server)];
    assert_eq!(["/inc", "/inc", "/dec", "/inc"].map(|path| alice.get(path)), [1, 2, 1, 2]);
    assert_eq!(["/dec", "/dec"].map(|path| bob.get(path)), [-1, -2]);
    assert_eq!(["/reset", "/inc"].map(|path| alice.get(path)), [0, 1]);
    assert_eq!(bob.get("/inc"), -1);
}

#[test]
#[cfg_attr(not(feature = "keyed"), ignore = "it needs a feature that is off: try --all-features")]
fn eight_clients_inside_one_session_get_400_different_numbers() {
    let server = Server::start("sessions");
    let mut first = Client::new(&server);
    assert_eq!(first.get("/reset"), 0);
    let numbers: Vec<i64> = thread::scope(|scope| {
        let client = || {
            let mut client = Client { server: &server, cookie: first.cookie.clone() };
            (0..50).map(|_| client.get("/inc")).collect::<Vec<_>>()
        };
        let clients: Vec<_> = (0..8).map(|_| scope.spawn(client)).collect();
        clients.into_iter().flat_map(|client| client.join().expect("it is served")).collect()
    });
    assert_eq!(numbers.len(), 400);
    assert_eq!(BTreeSet::from_iter(numbers), (1..=400).collect());
}

#[test]
#[cfg_attr(not(feature = "keyed"), ignore = "it needs a feature that is off: try --all-features")]
fn an_idle_session_ends_and_its_last_value_is_logged() {
    let mut server = Server::start_with("sessions", &["--idle", "1"]);
    let mut client = Client::new(&server);
    assert_eq!(["/inc", "/inc", "/inc"].map(|path| client.get(path)), [1, 2, 3]);
    let session = client.cookie.take().expect("it was given one");
    let session = session.strip_prefix("session=").expect("it is the session's");
    let line = server.output.next().expect("it goes on").expect("it is text");
    assert_eq!(line, format!("session {session} ended at 3"));
}

#[test]
#[cfg_attr(not(feature = "keyed"), ignore = "it needs a feature that is off: try --all-features")]
fn sessions_still_end_after_the_reader_of_the_log_has_gone() {
    let mut server = Server::start_with("sessions", &["--idle", "1"]);
    server.output = Box::new(std::iter::empty());
    let mut client = Client::new(&server);
    assert_eq!(client.get("/inc"), 1);
    // The end of the first session is the first line without a reader.
    for session in 0..2 {
        let has_ended = |_| {
            thread::sleep(Duration::from_secs(3));
            client.get("/inc") == 1
        };
        assert!((0..5).any(has_ended), "session {session} does not end");
    }
}
