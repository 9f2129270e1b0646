//! How does a service count its requests for each route and status, and report what is new?
//!
//! `CounterFamily` keeps a counter for each pair. The threads that serve share no cache line when they
//! count. A sweep hands out the pairs that had no request since the sweep before, and forgets them.
//!
//! Run it: `cargo run --release --features keyed --example routes`
//!
//! It prints:
//! ```text
//! /index 200: 3600
//! /index 404: 400
//! /login 200: 3600
//! /login 404: 400
//! /old 301: 4
//! after a minute with /index only, these are forgotten: /login 200, /login 404, /old 301
//! and 12000 requests were counted once each
//! ```

use std::thread;

use hotcount::Counter;
use hotcount::keyed::CounterFamily;

type RouteAndStatus = (&'static str, u16);

static REQUESTS: CounterFamily<RouteAndStatus> = CounterFamily::new();

const THREADS: u64 = 4;

/// Each thread serves 1,000 requests on each of the routes.
fn serve(routes: &[&'static str]) {
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for route in routes {
                    // Bound once, because most requests are of this kind: no look-up any more.
                    let ok = REQUESTS.counter(&(*route, 200));
                    for request in 0..1_000 {
                        if request % 10 == 0 {
                            REQUESTS.increment(&(*route, 404));
                        } else {
                            ok.increment();
                        }
                    }
                }
            });
        }
    });
}

fn main() {
    serve(&["/index", "/login"]);
    REQUESTS.add(&("/old", 301), 4);

    let mut lines = Vec::new();
    REQUESTS.for_each(|(route, status), count| lines.push(format!("{route} {status}: {count}")));
    lines.sort();
    println!("{}", lines.join("\n"));

    assert!(REQUESTS.sweep().is_empty(), "the first sweep has nothing to compare with");
    serve(&["/index"]);
    let mut idle = REQUESTS.sweep();
    idle.sort_unstable();
    let forgotten: Vec<_> =
        idle.iter().map(|((route, status), _)| format!("{route} {status}")).collect();
    println!("after a minute with /index only, these are forgotten: {}", forgotten.join(", "));

    let handed_out: u64 = idle.iter().map(|(_, count)| count).sum();
    let mut standing = 0;
    REQUESTS.for_each(|_, count| standing += count);
    assert_eq!(handed_out + standing, 3 * 1_000 * THREADS + 4);
    println!("and {} requests were counted once each", handed_out + standing - 4);
}
