//! The contract, sentence by sentence: each model is a function over any counter, and a test for
//! each counter of the crate.

pub mod bounds;
pub mod cursors;
pub mod numbers;
pub mod published;
pub mod reads;
pub mod sections;

use cursors::*;
use numbers::*;
use published::*;
use reads::*;

use crate::{AtomicCounter, LockedCounter, ShardedCounter};

/// Makes a module of tests for each counter: the claim, the counters it is made for, the outcomes.
macro_rules! claims {
    ($($claim:ident for $($counter:ident),* sees $outcomes:expr;)*) => {$(
        mod $claim {
            #[allow(unused_imports)]
            use super::*;
            $(
                #[test]
                #[allow(non_snake_case)]
                fn $counter() {
                    assert_eq!(super::$claim::<super::$counter>(), $outcomes.into());
                }
            )*
        }
    )*};
}

claims! {
    two_threads_that_add_twice_lose_nothing for AtomicCounter, LockedCounter, ShardedCounter
        sees [4];
    three_threads_that_add_lose_nothing for AtomicCounter, LockedCounter, ShardedCounter
        sees [3];
    a_get_during_adds_is_bracketed for AtomicCounter, LockedCounter, ShardedCounter
        sees [1, 3, 7, 9, 11, 15].map(|read| (read, 15));
    gets_are_monotone for AtomicCounter, LockedCounter, ShardedCounter
        sees [(0, 0), (0, 1), (0, 2), (0, 3), (1, 1), (1, 3), (2, 2), (2, 3), (3, 3)];
    gets_of_two_threads_are_monotone for AtomicCounter, LockedCounter, ShardedCounter
        sees [(0, 0), (0, 1), (1, 1)];
    an_add_is_published_to_the_get_that_counts_it for AtomicCounter, LockedCounter, ShardedCounter
        sees [(0, 0), (0, 1), (1, 1)];
    an_add_is_published_through_a_row_that_changes_hands
        for AtomicCounter, LockedCounter, ShardedCounter
        sees [(0, 0), (0, 1), (1, 1), (2, 0), (2, 1), (3, 1)];
    a_cursor_from_now_starts_between_the_reads_around_it
        for AtomicCounter, LockedCounter, ShardedCounter
        sees three_reads_of_two_additions();
    cursors_partition_the_additions for AtomicCounter, LockedCounter, ShardedCounter
        sees every_way_to_cut_two_additions_in_two();
    numbers_are_unique_and_gap_free for AtomicCounter, LockedCounter
        sees [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]];
    no_value_is_read_outside_the_critical_section for AtomicCounter, LockedCounter
        sees [[1, 2, 3, 4], [1, 3, 2, 4], [1, 4, 2, 3], [2, 3, 1, 4], [2, 4, 1, 3], [3, 4, 1, 2]];
    an_add_is_published_to_the_fetch_add_that_counts_it for AtomicCounter, LockedCounter
        sees [(0, 0), (0, 1), (1, 1)];
    the_last_one_out_sees_what_the_others_wrote for AtomicCounter, LockedCounter
        sees [(0, [1, 1, 1]), (1, [1, 1, 1]), (2, [1, 1, 1])];
}
