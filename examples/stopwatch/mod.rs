//! Measures what a call costs.
#![allow(unreachable_pub)]

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

/// How often a function was called, and how long it took.
pub struct Measured {
    pub calls: u64,
    /// What 1000 calls took a thread.
    pub nanoseconds: usize,
}

/// Calls `call` from several threads for a tenth of a second.
pub fn measure(threads: usize, call: impl Fn(usize) + Sync) -> Measured {
    let (all_times, call) = (Mutex::new(Vec::new()), &call);
    thread::scope(|scope| {
        for thread in 0..threads {
            let all_times = &all_times;
            scope.spawn(move || {
                let (begin, mut times) = (Instant::now(), Vec::new());
                while begin.elapsed() < Duration::from_millis(100) {
                    let start = Instant::now();
                    for _ in 0..10_000 {
                        call(thread);
                    }
                    times.push(start.elapsed());
                }
                all_times.lock().unwrap().extend(times);
            });
        }
    });
    let mut times = all_times.into_inner().unwrap();
    times.sort();
    // The one in the middle is typical. The longest ones had to share a core with other programs.
    let typical = times[times.len() / 2].as_nanos() / 10;
    Measured { calls: times.len() as u64 * 10_000, nanoseconds: usize::try_from(typical).unwrap() }
}

/// Prints each measurement with a bar. The longest bar is 40 blocks wide.
pub fn print_bars(all: &[(&str, &Measured)]) {
    let longest = all.iter().map(|(_, measured)| measured.nanoseconds).max().unwrap();
    for (name, measured) in all {
        let bar = "█".repeat(1 + 39 * measured.nanoseconds / longest);
        println!("  {name:20} {:8} │{bar}", measured.nanoseconds);
    }
}
