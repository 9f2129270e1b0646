//! How does a web service count its visitors so that no two get the same number?
//!
//! `/` gives each visitor a number: as a page to a browser, as one line to curl. `/stats` shows what
//! the service has counted:
//!
//! - visitors, with an `AtomicCounter`, because each visitor gets the number;
//! - answers and bytes, with `ShardedCounter`s, because only their sums are read;
//! - requests in flight, with an `UpDownCounter`, because they also end.
//!
//! With `--limit 10` at most ten visits are served at once, counted with a `LimitedCounter`. Visitors
//! beyond that get a 503 at once and are asked to come back.
//!
//! `page_hits.md` shows what clients see if the service counts in one of four wrong ways.
//!
//! Run it: `cargo run --release --example page_hits -- --port 8080`, then open
//! <http://127.0.0.1:8080/> and load the page a few times.
//!
//! It prints its address. With `--port 0` the system chooses a free port:
//! ```text
//! page_hits listens on http://127.0.0.1:8080
//! ```

use std::fmt::Write;
use std::process::ExitCode;
use std::time::Duration;

use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Response};
use axum::{Router, routing::get};
use clap::Parser;
use hotcount::{
    AtomicCounter, Counter, FetchAdd, InProgress, LimitedCounter, Permit, ShardedCounter,
    UpDownCounter,
};
use tokio::net::TcpListener;
use tokio::time::sleep;

static VISITORS: AtomicCounter = AtomicCounter::new();
/// One counter for each status code. A counter that has counted nothing costs 24 bytes.
static ANSWERS: [ShardedCounter; 1000] = [const { ShardedCounter::new() }; 1000];
static BYTES_SENT: ShardedCounter = ShardedCounter::new();
static IN_FLIGHT: UpDownCounter = UpDownCounter::new();
/// The visits that are served at once.
static VISITS: LimitedCounter = LimitedCounter::new(u64::MAX);

/// Counts the visitors of a page, each exactly once.
#[derive(Parser)]
struct Options {
    /// The port to listen on; 0 for any free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The visits that are served at once; visitors beyond that get a 503
    #[arg(long)]
    limit: Option<u64>,
    /// The milliseconds that each visit takes, as if it asked a database
    #[arg(long, default_value_t = 0)]
    work: u64,
}

const PAGE: &str = include_str!("page_hits.html");
/// Four strokes and a fifth across: the sign for counting.
const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<path d="M2 2v12M6 2v12M10 2v12M14 2v12M0 12 16 4" stroke="#c60" stroke-width="1.5"/></svg>"##;

fn visit(method: &Method, headers: &HeaderMap) -> Response {
    let number = if *method == Method::HEAD {
        // A HEAD asks what a GET would answer. It is not a visit.
        VISITORS.get() + 1
    } else {
        // The number comes from the operation that counts. With `increment` and then `get`, two
        // visitors could get the same number.
        VISITORS.increment_and_get()
    };
    let accepts = headers.get(ACCEPT).and_then(|types| types.to_str().ok()).unwrap_or_default();
    let answer = if accepts.contains("text/html") {
        Html(PAGE.replace("{number}", &number.to_string())).into_response()
    } else {
        format!("You are visitor number {number}.\n").into_response()
    };
    // A stored copy would give the same number to the next visitor.
    ([(CACHE_CONTROL, "no-store")], answer).into_response()
}

/// Lets a visit pass if the limit allows it. The permit is given back when the visit is served, and
/// also when its client goes away before that.
async fn admit(request: Request, next: Next) -> Response {
    // One step: with a `get` and then an addition, more visits could pass than the limit allows.
    let Some(_permit) = Permit::try_new(&VISITS, 1) else {
        let sorry = "All seats are taken. Please come back in a second.\n";
        return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")], sorry).into_response();
    };
    next.run(request).await
}

/// Browsers ask for it without being told to.
async fn icon() -> Response {
    ([(CONTENT_TYPE, "image/svg+xml")], ICON).into_response()
}

async fn stats() -> String {
    let mut page = format!("visitors {}\nin_flight {}\n", VISITORS.get(), IN_FLIGHT.get());
    if VISITS.limit() < u64::MAX {
        let _ = writeln!(page, "seats {} of {}", VISITS.get(), VISITS.limit());
    }
    for (status, answers) in (0..).zip(&ANSWERS) {
        if answers.get() > 0 {
            let _ = writeln!(page, "status_{status:03} {}", answers.get());
        }
    }
    let _ = writeln!(page, "bytes_sent {}", BYTES_SENT.get());
    page
}

async fn count(request: Request, next: Next) -> Response {
    // Dropped when the request is answered, or when its client goes away before that.
    let _in_flight = InProgress::new(&IN_FLIGHT);
    let sends_a_body = request.method() != Method::HEAD;
    let response = next.run(request).await;
    ANSWERS[usize::from(response.status().as_u16())].increment();
    if sends_a_body {
        BYTES_SENT.add(response.body().size_hint().lower());
    }
    response
}

#[tokio::main]
async fn main() -> ExitCode {
    let Options { port, limit, work } = Options::parse();
    if let Some(limit) = limit {
        VISITS.set_limit(limit);
    }
    let listener = match TcpListener::bind(("127.0.0.1", port)).await {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("page_hits: cannot listen on port {port}: {error}; try another --port");
            return ExitCode::from(2);
        }
    };
    let address = listener.local_addr().expect("a listener has an address");
    println!("page_hits listens on http://{address}");
    let visit = move |method: Method, headers: HeaderMap| async move {
        sleep(Duration::from_millis(work)).await;
        visit(&method, &headers)
    };
    let pages = Router::new()
        .route("/", get(visit))
        .route_layer(from_fn(admit))
        .route("/stats", get(stats))
        .route("/favicon.ico", get(icon));
    let service = pages.layer(from_fn(count));
    axum::serve(listener, service).await.expect("the server runs until it is stopped");
    ExitCode::SUCCESS
}
