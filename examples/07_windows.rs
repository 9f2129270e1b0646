//! How do you read "since the last time" from a counter, and why has it no `reset`?
//!
//! A reader who sets a count to zero takes it from every other reader. Two exporters that both
//! reset share the additions out between them, and each reports too little. A `Cursor` leaves the
//! counter alone and remembers how far it has read, so that every reader gets everything.
//!
//! Here one exporter reads every minute and another every two minutes, in turn the first to come.
//!
//! Run it: `cargo run --release --example 07_windows`
//!
//! It prints:
//! ```text
//! minute   hits   reset: each   every 2nd   cursor: each   every 2nd
//!      1      5             5           -              5           -
//!      2      3             3           0              3           8
//!      3      4             4           -              4           -
//!      4      6             0           6              6          10
//!    sum     18            12           6             18          18
//! While 2 threads add 1000000, the takes of each cursor sum up to [1000000, 1000000].
//! ```

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread;

use hotcount::{Counter, Cursor, ShardedCounter};

/// Wrong as soon as there is a second reader.
fn reset(hits: &AtomicU64) -> u64 {
    hits.swap(0, SeqCst)
}

fn minutes() {
    let (hits, counter) = (AtomicU64::new(0), ShardedCounter::new());
    let (mut each, mut every_2nd) = (Cursor::new(&counter), Cursor::new(&counter));
    let mut sums = [0; 5];
    println!("minute   hits   reset: each   every 2nd   cursor: each   every 2nd");
    for (minute, hits_now) in [(1, 5), (2, 3), (3, 4), (4, 6)] {
        hits.fetch_add(hits_now, SeqCst);
        counter.add(hits_now);
        // In minute 2 the exporter of each minute comes first, in minute 4 the other.
        let (reset_each, reset_2nd) = match minute {
            2 => (reset(&hits), Some(reset(&hits))),
            4 => {
                let first = reset(&hits);
                (reset(&hits), Some(first))
            }
            _ => (reset(&hits), None),
        };
        let (take_each, take_2nd) = (each.take(), reset_2nd.map(|_| every_2nd.take()));
        let [shown_reset, shown_take] =
            [reset_2nd, take_2nd].map(|read| read.map_or("-".to_string(), |n| n.to_string()));
        println!(
            "{minute:>6}{hits_now:>7}{reset_each:>14}{shown_reset:>12}{take_each:>15}{shown_take:>12}"
        );
        let row = [hits_now, reset_each, reset_2nd.unwrap_or(0), take_each, take_2nd.unwrap_or(0)];
        sums.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
    }
    assert_eq!(sums, [18, 12, 6, 18, 18]);
    let [hits, reset_each, reset_2nd, take_each, take_2nd] = sums;
    println!("   sum{hits:>7}{reset_each:>14}{reset_2nd:>12}{take_each:>15}{take_2nd:>12}");
}

/// The same while others add: each addition is in exactly one take of each cursor.
fn sums_of_takes_beside_adds() -> [u64; 2] {
    let counter = ShardedCounter::new();
    thread::scope(|scope| {
        let add = || (0..500_000).for_each(|_| counter.increment());
        let adding = [scope.spawn(add), scope.spawn(add)];
        let mut cursors = [Cursor::new(&counter), Cursor::new(&counter)];
        let mut sums = [0, 0];
        while adding.iter().any(|thread| !thread.is_finished()) {
            sums[0] += cursors[0].take();
            sums[1] += cursors[1].take();
        }
        adding.into_iter().for_each(|thread| thread.join().unwrap());
        [sums[0] + cursors[0].take(), sums[1] + cursors[1].take()]
    })
}

fn main() {
    minutes();
    let sums = sums_of_takes_beside_adds();
    assert_eq!(sums, [1_000_000, 1_000_000]);
    println!("While 2 threads add 1000000, the takes of each cursor sum up to {sums:?}.");
}
