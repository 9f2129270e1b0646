//! Limits that are raised and lowered while threads add.

use crate::LimitedCounter;
use crate::explore::{set, spawn};
use crate::limits::{from_everywhere, one_is_free, use_cell};

#[test]
fn a_limit_may_be_lowered_during_an_addition() {
    let outcomes = from_everywhere(|free| {
        let counter = one_is_free::<LimitedCounter>(free);
        let adding = spawn(&counter, |counter| {
            use_cell(1);
            counter.try_add(1)
        });
        counter.set_limit(1);
        (adding.join().unwrap(), counter.try_add(1), counter.get(), counter.limit())
    });
    assert_eq!(outcomes, set([(true, false, 2, 1), (false, false, 1, 1)]));
}

#[test]
fn a_limit_may_be_raised_during_an_addition() {
    let outcomes = from_everywhere(|free| {
        let counter = one_is_free::<LimitedCounter>(free);
        assert!(counter.try_add(1));
        let adding = spawn(&counter, |counter| {
            use_cell(1);
            counter.try_add(1)
        });
        counter.set_limit(3);
        (adding.join().unwrap(), counter.get(), counter.try_add(1))
    });
    assert_eq!(outcomes, set([(true, 3, false), (false, 2, true)]));
}

/// The limit falls below the count, while a thread gives its unit back and wants it again.
#[test]
fn nothing_is_granted_while_the_count_is_above_the_limit() {
    let outcomes = from_everywhere(|free| {
        let counter = one_is_free::<LimitedCounter>(free);
        let again = spawn(&counter, |counter| {
            use_cell(1);
            counter.sub(1);
            counter.try_add(1)
        });
        counter.set_limit(0);
        let refused = !counter.try_add(1);
        (again.join().unwrap(), refused, counter.get())
    });
    assert_eq!(outcomes, set([(true, true, 1), (false, true, 0)]));
}
