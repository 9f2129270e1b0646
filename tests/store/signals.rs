//! A signal that interrupts the background thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use hotcount::Counter;

use crate::server::Server;
use crate::totals::{publisher, total};

/// A counter that tells which thread reads it.
struct Reader(Arc<AtomicI32>);

impl Counter for Reader {
    fn add(&self, _: u64) {}
    fn get(&self) -> u64 {
        // SAFETY: it has no conditions.
        self.0.store(unsafe { libc::gettid() }, Relaxed);
        3
    }
}

extern "C" fn ignore(_: libc::c_int) {}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_signal_fails_no_publish() {
    let store = Server::start();
    let reader = Arc::new(AtomicI32::new(0));
    let publisher = publisher(&store.url());
    publisher.watch("hits", Reader(reader.clone()));
    publisher.publish().expect("the store is up");
    let handler = ignore as extern "C" fn(libc::c_int);
    // SAFETY: the handler does nothing.
    unsafe { libc::signal(libc::SIGUSR1, handler as libc::sighandler_t) };
    for _ in 0..5 {
        store.hang();
        thread::scope(|scope| {
            let publish = scope.spawn(|| publisher.publish());
            thread::sleep(Duration::from_millis(100));
            // The background thread waits for the answer.
            let (process, reader) = (std::process::id(), reader.load(Relaxed));
            // SAFETY: the thread is one of this process.
            let sent = unsafe { libc::syscall(libc::SYS_tgkill, process, reader, libc::SIGUSR1) };
            assert_eq!(sent, 0);
            thread::sleep(Duration::from_millis(50));
            store.wake();
            publish.join().expect("no panic").expect("the interrupted call is made again");
        });
    }
    assert_eq!(total(&store, "hits"), 3);
}
