//! Additions and subtractions in one step.

use std::collections::BTreeSet;

use crate::LimitedCounter;
use crate::explore::set;
use crate::limits::{Limited, beside_an_addition, from_everywhere, one_is_free};

/// A counter that adds and subtracts in one step: `LimitedCounter` and its twins.
pub trait Changes: Limited {
    fn try_change(&self, add: u64, sub: u64) -> bool;
}

impl Changes for LimitedCounter {
    fn try_change(&self, add: u64, sub: u64) -> bool {
        self.try_change(add, sub)
    }
}

/// A thread has both units and shrinks to one, while another wants two.
pub fn one_shrinks_during_an_addition<C: Changes>() -> BTreeSet<(bool, bool, u64)> {
    from_everywhere(|free| {
        let counter = one_is_free::<C>(free);
        assert!(counter.try_add(1));
        beside_an_addition(&counter, 2, |mine| mine.try_change(1, 2))
    })
}

/// A thread has one unit and wants a second, while another wants its first.
pub fn one_grows_during_an_addition<C: Changes>() -> BTreeSet<(bool, bool, u64)> {
    from_everywhere(|free| {
        beside_an_addition(&one_is_free::<C>(free), 1, |mine| mine.try_change(2, 1))
    })
}

#[test]
fn a_change_is_one_step() {
    let outcomes = one_shrinks_during_an_addition::<LimitedCounter>();
    assert_eq!(outcomes, set([(true, false, 1)]));
    let outcomes = one_grows_during_an_addition::<LimitedCounter>();
    assert_eq!(outcomes, set([(true, false, 2), (false, true, 2)]));
}
