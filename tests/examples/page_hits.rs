use std::collections::BTreeSet;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::program::{Server, example, run};

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
fn a_browser_gets_a_page_and_curl_gets_one_line() {
    let server = Server::start("page_hits");
    for (accept, kind, number) in [
        ("*/*", "text/plain; charset=utf-8", "You are visitor number 1.\n"),
        (
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "text/html; charset=utf-8",
            "You are visitor number <strong>2</strong>",
        ),
    ] {
        let request = ureq::get(&server.url).header("accept", accept);
        let mut answer = request.call().expect("it answers");
        assert_eq!(answer.headers()["content-type"], kind);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let page = answer.body_mut().read_to_string().expect("it is text");
        assert!(page.contains(number), "{page}");
    }
}

#[test]
fn a_head_is_not_a_visitor_and_sends_no_bytes() {
    let server = Server::start("page_hits");
    for path in ["/", "/stats"] {
        let answer = ureq::head(format!("{}{path}", server.url)).call().expect("it answers");
        assert_eq!(answer.status(), 200);
    }
    let stats = "visitors 0\nin_flight 1\nstatus_200 2\nbytes_sent 0\n";
    assert_eq!(server.get("/stats"), (200, stats.to_string()));
    assert_eq!(server.get("/"), (200, "You are visitor number 1.\n".to_string()));
}

#[test]
fn a_real_browser_shows_the_number_and_the_live_stats() {
    let Some(chromium) = chromium() else {
        println!("skipped: there is no `chromium` on the PATH (Debian: apt-get install chromium)");
        return;
    };
    let server = Server::start("page_hits");
    let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page_hits browser");
    let mut browser = Command::new(chromium);
    browser
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        .arg(format!("--user-data-dir={}", profile.display()))
        // The page's own clock runs for two seconds, then it is printed.
        .args(["--virtual-time-budget=2000", "--dump-dom", &server.url]);
    let output = run(browser);
    let page = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(page.contains("You are visitor number <strong>1</strong>"), "{page}");
    // The request that reads the stats is itself in flight.
    assert!(page.contains("<pre id=\"stats\">visitors 1\nin_flight 1\nstatus_200 "), "{page}");
    let (code, icon) = server.get("/favicon.ico");
    assert!(code == 200 && icon.starts_with("<svg"), "{icon}");
    let (_, stats) = server.get("/stats");
    assert!(!stats.contains("status_4"), "{stats}");
}

/// The command that starts chromium, if it is there.
fn chromium() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
    })
}

/// A visit that is not answered: it takes longer than any test.
fn visit_for_ever(server: &Server) -> TcpStream {
    let address = server.url.strip_prefix("http://").expect("the scheme");
    let mut visit = TcpStream::connect(address).expect("it listens");
    visit.write_all(b"GET / HTTP/1.1\r\nHost: page\r\n\r\n").expect("it is sent");
    visit
}

/// Waits until the stats have a line, and returns them.
fn wait_for(server: &Server, line: &str) -> String {
    for _ in 0..1_000 {
        let (_, stats) = server.get("/stats");
        if stats.lines().any(|shown| shown == line) {
            return stats;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("the stats never have a line `{line}`");
}

#[test]
fn beyond_the_limit_a_visitor_gets_a_503_until_another_one_leaves() {
    let server = Server::start_with("page_hits", &["--limit", "2", "--work", "600000"]);
    let visits = [visit_for_ever(&server), visit_for_ever(&server)];
    wait_for(&server, "seats 2 of 2");
    let sorry = "All seats are taken. Please come back in a second.\n";
    assert_eq!(server.get("/"), (503, sorry.to_string()));
    assert_eq!(server.get("/missing").0, 404); // only visits are limited

    // Clients that go away leave their seats, though their visits were not served.
    drop(visits);
    wait_for(&server, "seats 0 of 2");
    let _visits = [visit_for_ever(&server), visit_for_ever(&server)];
    let stats = wait_for(&server, "seats 2 of 2");
    assert!(stats.contains("\nstatus_503 1\n"), "{stats}");
    assert_eq!(server.get("/").0, 503);
}

#[test]
fn a_visit_that_is_served_leaves_its_seat() {
    let server = Server::start_with("page_hits", &["--limit", "1"]);
    for number in 1..=10 {
        assert_eq!(server.get("/"), (200, format!("You are visitor number {number}.\n")));
    }
    let closed = Server::start_with("page_hits", &["--limit", "0"]);
    let refused = ureq::get(&closed.url).config().http_status_as_error(false).build();
    let answer = refused.call().expect("it answers");
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["retry-after"]),
        (503, &"1".parse().expect("a header"))
    );
    let sent = "All seats are taken. Please come back in a second.\n".len();
    let stats = format!("visitors 0\nin_flight 1\nseats 0 of 0\nstatus_503 1\nbytes_sent {sent}\n");
    assert_eq!(closed.get("/stats"), (200, stats));
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
