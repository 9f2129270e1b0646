use std::collections::BTreeSet;
use std::net::TcpListener;
use std::thread;

use crate::program::{Server, example};

#[test]
fn a_hundred_clients_get_2000_different_numbers_and_the_stats_agree() {
    let server = Server::start("page_hits");
    let answers: Vec<(u16, String)> = thread::scope(|scope| {
        let client = || (0..20).map(|_| server.get("/")).collect::<Vec<_>>();
        let clients: Vec<_> = (0..100).map(|_| scope.spawn(client)).collect();
        clients.into_iter().flat_map(|client| client.join().expect("it is served")).collect()
    });
    let numbers: BTreeSet<u32> = answers
        .iter()
        .map(|(_, page)| {
            let words = page.strip_prefix("You are visitor number ").expect("the greeting");
            words.strip_suffix(".\n").expect("a full stop").parse().expect("a number")
        })
        .collect();
    assert_eq!(answers.len(), 2_000);
    assert_eq!(numbers, (1..=2_000).collect());
    assert!(answers.iter().all(|(status, _)| *status == 200));

    let missing = server.get("/missing");
    assert_eq!(missing, (404, String::new()));
    let bytes: usize = answers.iter().map(|(_, page)| page.len()).sum();
    let stats =
        format!("visitors 2000\nin_flight 1\nstatus_200 2000\nstatus_404 1\nbytes_sent {bytes}\n");
    assert_eq!(server.get("/stats"), (200, stats.clone()));
    let bytes = bytes + stats.len();
    let stats =
        format!("visitors 2000\nin_flight 1\nstatus_200 2001\nstatus_404 1\nbytes_sent {bytes}\n");
    assert_eq!(server.get("/stats"), (200, stats));
}

#[test]
fn a_port_in_use_is_one_clear_line_and_exit_code_2() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("it has one").port().to_string();
    let output = example("page_hits").args(["--port", &port]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(error.starts_with(&format!("page_hits: cannot listen on port {port}: ")), "{error}");
    assert!(error.ends_with("; try another --port\n"), "{error}");
}
