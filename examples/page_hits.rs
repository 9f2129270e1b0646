//! How does a web service count its visitors so that no two get the same number?
//!
//! `/` answers each visitor with a number of their own, `/stats` shows what was counted: the
//! visitors with an `AtomicCounter`, because the number is handed out; answers and bytes with
//! `ShardedCounter`s, because they are only ever summed; what is in flight with an `UpDownCounter`.
//!
//! `page_hits.md` shows what its clients would see if it counted in one of the usual wrong ways.
//!
//! Run it: `cargo run --release --example page_hits -- --port 8080`, then open
//! <http://127.0.0.1:8080/> a few times, and <http://127.0.0.1:8080/stats>.
//!
//! It prints its address; with `--port 0` the system chooses a free port:
//! ```text
//! page_hits listens on http://127.0.0.1:8080
//! ```

use std::fmt::Write;
use std::process::ExitCode;

use axum::body::HttpBody;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::{Router, routing::get};
use clap::Parser;
use hotcount::{AtomicCounter, Counter, FetchAdd, ShardedCounter, UpDownCounter};
use tokio::net::TcpListener;

static VISITORS: AtomicCounter = AtomicCounter::new();
/// One for each status code; a counter that has counted nothing costs 24 bytes and no more.
static ANSWERS: [ShardedCounter; 1000] = [const { ShardedCounter::new() }; 1000];
static BYTES_SENT: ShardedCounter = ShardedCounter::new();
static IN_FLIGHT: UpDownCounter = UpDownCounter::new();

/// Counts the visitors of a page, each exactly once.
#[derive(Parser)]
struct Options {
    /// The port to listen on; 0 for any free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

async fn visit() -> String {
    // The number comes from the operation that counted: `increment` and then `get` would tell
    // two visitors the same number.
    format!("You are visitor number {}.\n", VISITORS.increment_and_get())
}

async fn stats() -> String {
    let mut page = format!("visitors {}\nin_flight {}\n", VISITORS.get(), IN_FLIGHT.get());
    for (status, answers) in (0..).zip(&ANSWERS) {
        if answers.get() > 0 {
            let _ = writeln!(page, "status_{status:03} {}", answers.get());
        }
    }
    let _ = writeln!(page, "bytes_sent {}", BYTES_SENT.get());
    page
}

/// A request under way. Dropped when it is answered, and also when the client goes away before.
struct InFlight;

impl InFlight {
    fn new() -> Self {
        IN_FLIGHT.increment();
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        IN_FLIGHT.decrement();
    }
}

async fn count(request: Request, next: Next) -> Response {
    let _in_flight = InFlight::new();
    let response = next.run(request).await;
    ANSWERS[usize::from(response.status().as_u16())].increment();
    BYTES_SENT.add(response.body().size_hint().lower());
    response
}

#[tokio::main]
async fn main() -> ExitCode {
    let port = Options::parse().port;
    let listener = match TcpListener::bind(("127.0.0.1", port)).await {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("page_hits: cannot listen on port {port}: {error}; try another --port");
            return ExitCode::from(2);
        }
    };
    let address = listener.local_addr().expect("a listener has an address");
    println!("page_hits listens on http://{address}");
    let pages = Router::new().route("/", get(visit)).route("/stats", get(stats));
    let service = pages.layer(from_fn(count));
    axum::serve(listener, service).await.expect("the server runs until it is stopped");
    ExitCode::SUCCESS
}
