//! Counts that are read together, over real threads.
#![allow(missing_docs)]

mod columns;
mod reads;
mod windows;

use hotcount::CounterGroup;

/// Whether `counts` is `n` times 1, 2, 3, … for some `n`.
fn is_whole<const N: usize>(counts: [u64; N]) -> bool {
    let n = counts[0];
    counts.iter().zip(1..).all(|(&count, factor)| count == n.wrapping_mul(factor))
}

/// Adds 1, 2, 3, … to the places.
fn add_once<const N: usize>(group: &CounterGroup<N>) {
    group.add(std::array::from_fn(|i| i as u64 + 1));
}
