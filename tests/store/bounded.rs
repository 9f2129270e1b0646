use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Says that a test is over when it is dropped, also by a failing assertion: threads of a scope that
/// watch it end, and the test goes red instead of waiting for them.
pub(crate) struct Over<'a>(pub &'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

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
