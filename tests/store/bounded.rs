use std::thread::sleep;
use std::time::{Duration, Instant};

/// Waits until `done` returns `Some`, and fails the test after a minute.
pub(crate) fn until<T>(what: &str, mut done: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = done() {
            return value;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{what}: not within a minute");
        sleep(Duration::from_millis(5));
    }
}

/// Repeats a call until it succeeds, and fails the test after a minute.
pub(crate) fn insist<T, E>(what: &str, mut call: impl FnMut() -> Result<T, E>) -> T {
    until(what, || call().ok())
}
