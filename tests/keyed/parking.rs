//! Threads that wait for a key's lock do not park for each addition, even with more threads than
//! cores. Counted in the system's own numbers, because a time would depend on the machine.
#![cfg(target_os = "linux")]

use std::fs;
use std::thread;

use hotcount::keyed::CounterMap;

/// How often the calling thread has given up its core to wait.
fn waits() -> u64 {
    let status = fs::read_to_string("/proc/thread-self/status").expect("Linux has this file");
    let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    line.expect("Linux counts them").trim().parse().expect("a number")
}

#[test]
fn threads_on_one_key_seldom_park() {
    const THREADS: u64 = 16;
    const ADDS: u64 = 50_000;
    let map = CounterMap::<u64>::new();
    let waits: u64 = thread::scope(|scope| {
        let add = || {
            let before = waits();
            (0..ADDS).for_each(|_| map.increment(&1));
            waits() - before
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(add)).collect();
        threads.into_iter().map(|thread| thread.join().expect("it adds")).sum()
    });
    assert_eq!(map.get(&1), THREADS * ADDS);
    assert!(waits < THREADS * ADDS / 20, "{waits} waits for {} additions", THREADS * ADDS);
}
