use std::sync::atomic::{
    AtomicU64,
    Ordering::{AcqRel, Acquire},
};
use std::thread;

use metrics::{Key, Level, Metadata, Recorder};

use super::spy::spied;

#[test]
fn absolute_raises_and_never_lowers() {
    let (spy, sharded) = spied();
    let handle =
        sharded.register_counter(&Key::from_name("n"), &Metadata::new("", Level::INFO, None));
    let now = || {
        sharded.flush_handle().flush();
        spy.value("n").unwrap()
    };
    handle.absolute(5);
    assert_eq!(now(), 5);
    handle.absolute(3);
    assert_eq!(now(), 5);
    handle.increment(1);
    handle.absolute(10);
    handle.absolute(10);
    assert_eq!(now(), 10);
    let arrived = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for value in 11..=3_000 {
                    arrived.fetch_add(1, AcqRel);
                    while arrived.load(Acquire) < 2 * (value - 10) {
                        std::hint::spin_loop();
                    }
                    handle.absolute(value);
                }
            });
        }
    });
    assert_eq!(now(), 3_000, "no two of them raise for the same difference");
    handle.absolute(10);
    handle.increment(1);
    assert_eq!(now(), 3_001, "a lower value adds nothing");
}
