//! How many cache lines travel for an increment, with 1 to 512 cores adding at once?
//!
//! Simulated, so that the answer does not depend on the machine. Each core adds in a loop. A core
//! that needs a line which another core wrote last waits until the line is free, and then one
//! transfer long. A line serves its requests in their order. What is counted is the same for every
//! coherence protocol that gives a line to one writer at a time, such as MESI.
#![allow(missing_docs, clippy::cast_precision_loss)]

mod common;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use common::record::Figures;

/// What a counter's design does with shared lines: the line that core `core` of `cores` adds to.
type Design = fn(core: usize, cores: usize) -> usize;

/// The designs of our counters and of the peers that are measured in `benches/peers`.
const DESIGNS: [(&str, u64, Design); 6] = [
    ("one word: AtomicCounter, AtomicU64, prometheus, prometheus-client", 1, |_, _| 0),
    ("one lock: LockedCounter, Mutex", 2, |_, _| 0),
    ("8 words, by thread: fast-counter::new(8)", 1, |core, _| core % 8),
    ("64 words, by thread: contatori", 1, |core, _| core % 64),
    ("a word per core, up to a power of two: LongAdder", 1, |core, cores| {
        core % cores.next_power_of_two()
    }),
    ("a cell per thread: ShardedCounter, hytra", 1, |core, _| core),
];

const CORES: [usize; 6] = [1, 2, 8, 32, 128, 512];
const INCREMENTS: usize = 100;

/// Returns the lines that travelled for one increment, and how many transfers an increment waited.
///
/// Time is counted in transfers. All else, the addition itself, takes no time: so a line is never
/// idle, which is the worst case and that of a loop. `accesses` is how often an increment needs the
/// line for itself: a lock needs it to lock and to unlock.
fn simulate(cores: usize, accesses: u64, design: Design) -> (f64, f64) {
    let mut owner = vec![None; cores];
    let mut free_at = vec![0; cores];
    let mut travelled = 0_u64;
    let mut waited = 0_u64;
    // The cores that ask next, by time and number; each has so many accesses to go.
    let mut asking: BinaryHeap<_> =
        (0..cores).map(|core| Reverse((0_u64, core, INCREMENTS as u64 * accesses))).collect();
    while let Some(Reverse((now, core, left))) = asking.pop() {
        if left == 0 {
            continue;
        }
        let line = design(core, cores);
        let done = if owner[line] == Some(core) {
            now
        } else {
            let done = now.max(free_at[line]) + 1;
            // The first core to use a line fetches it from memory, not from another core.
            if owner[line].is_some() {
                travelled += 1;
                waited += done - now;
            }
            (owner[line], free_at[line]) = (Some(core), done);
            done
        };
        asking.push(Reverse((done, core, left - 1)));
    }
    let increments = (cores * INCREMENTS) as f64;
    (travelled as f64 / increments, waited as f64 / increments)
}

fn main() {
    if common::record::nothing_is_measured() {
        return;
    }
    let (mut transfers, mut waits) = (Figures::new(), Figures::new());
    for (name, accesses, design) in DESIGNS {
        for cores in CORES {
            let (travelled, waited) = simulate(cores, accesses, design);
            println!("{name}, {cores} cores: {travelled:.2} lines, waits {waited:.2} transfers");
            transfers.entry(name.to_string()).or_default().insert(cores, travelled);
            waits.entry(name.to_string()).or_default().insert(cores, waited);
        }
    }
    common::record::figures("transfers", &transfers);
    common::record::figures("waits", &waits);
}
