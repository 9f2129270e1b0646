//! How does a service keep a count for each of its sessions, and forget those that are over?
//!
//! Each client gets a cookie and a counter of its own: `/inc` and `/dec` answer with the new value,
//! `/reset` sets it to zero. Idle sessions are swept, and their last values logged.
//!
//! Run it: `cargo run --release --features keyed --example sessions -- --port 8081`, then
//! `curl -c jar -b jar http://127.0.0.1:8081/inc` a few times.
//!
//! It prints its address, and a line for each session that ended:
//! ```text
//! sessions listens on http://127.0.0.1:8081
//! session 2f1c… ended at 3
//! ```

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::extract::State;
use axum::{Router, routing::get};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use clap::Parser;
use hotcount::keyed::CounterMap;
use tokio::net::TcpListener;
use uuid::Uuid;

/// At most so many sessions at once: the rest share one counter, but memory stays bounded.
const MAX_SESSIONS: usize = 100_000;

static SESSIONS: LazyLock<CounterMap<Uuid, AtomicI64>> =
    LazyLock::new(|| CounterMap::with_max_keys(MAX_SESSIONS));

/// Counts up and down for each client on its own.
#[derive(Parser)]
struct Options {
    /// The port to listen on; 0 for any free one
    #[arg(long, default_value_t = 8081)]
    port: u16,
    /// Seconds after which an unused session ends, at the earliest; twice as many at the latest
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..))]
    idle: u64,
}

type Change = Arc<dyn Fn(&AtomicI64) -> i64 + Send + Sync>;

/// Changes the counter of the client's session. The answer is what the change itself returned.
async fn change(State(change): State<Change>, jar: CookieJar) -> (CookieJar, String) {
    let known = jar.get("session").and_then(|cookie| Uuid::parse_str(cookie.value()).ok());
    let session = known.unwrap_or_else(Uuid::new_v4);
    let value = SESSIONS.with(&session, |count| change(count));
    let cookie = Cookie::build(("session", session.to_string())).path("/").http_only(true);
    (jar.add(cookie), format!("{value}\n"))
}

fn page(
    on_visit: impl Fn(&AtomicI64) -> i64 + Send + Sync + 'static,
) -> axum::routing::MethodRouter {
    let on_visit: Change = Arc::new(on_visit);
    get(change).with_state(on_visit)
}

async fn sweep_every(idle: Duration) {
    let mut interval = tokio::time::interval(idle);
    loop {
        interval.tick().await;
        for (session, last) in SESSIONS.sweep() {
            log(&format!("session {session} ended at {}", last.into_inner()));
        }
    }
}

/// Prints a line, if there is still a reader. `println!` would panic without one, and end the sweeps.
fn log(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let port = options.port;
    let listener = match TcpListener::bind(("127.0.0.1", port)).await {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("sessions: cannot listen on port {port}: {error}; try another --port");
            return ExitCode::from(2);
        }
    };
    let address = listener.local_addr().expect("a listener has an address");
    log(&format!("sessions listens on http://{address}"));
    tokio::spawn(sweep_every(Duration::from_secs(options.idle)));
    let service = Router::new()
        .route("/inc", page(|count| count.fetch_add(1, Relaxed) + 1))
        .route("/dec", page(|count| count.fetch_sub(1, Relaxed) - 1))
        .route(
            "/reset",
            page(|count| {
                count.store(0, Relaxed);
                0
            }),
        );
    axum::serve(listener, service).await.expect("the server runs until it is stopped");
    ExitCode::SUCCESS
}
