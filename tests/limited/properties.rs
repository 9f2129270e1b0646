//! Random operations, in turn on several threads' behalf, against a number that does the same.

/// The files of `src/`, so that a test can spread units and choose cells, as contention does.
#[allow(dead_code, unused_imports, unused_macros, unreachable_pub)]
#[path = "../../src/limited/mod.rs"]
mod limited;

use proptest::prelude::*;

use limited::{LimitedCounter, cells::move_on};

#[derive(Clone, Copy, Debug)]
enum Step {
    TryAdd(u64),
    Sub(u64),
    TryChange(u64, u64),
    SetLimit(u64),
    Get,
    /// What two threads do that contend, and want as much as this.
    Spread(u64),
    /// The next steps are done from another cell.
    NextCell,
}

/// Amounts around 0, around what is worth spreading, around any limit, and around the largest.
fn amount() -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => 0..4_u64,
        2 => 0..300_u64,
        2 => 0..1_000_000_u64,
        1 => Just(1_000_000_000),
        1 => (0..3_u64).prop_map(|n| u64::MAX - n),
        1 => any::<u64>(),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => amount().prop_map(Step::TryAdd),
        5 => amount().prop_map(Step::Sub),
        2 => (amount(), amount()).prop_map(|(add, sub)| Step::TryChange(add, sub)),
        1 => amount().prop_map(Step::SetLimit),
        1 => Just(Step::Get),
        2 => (1..4_u64).prop_map(Step::Spread),
        3 => Just(Step::NextCell),
    ]
}

/// The sequential model: the count may fall below zero, when more is subtracted than was added.
struct Model {
    limit: u64,
    count: i128,
}

impl Model {
    fn try_change(&mut self, add: u64, sub: u64) -> bool {
        let after = self.count + i128::from(add) - i128::from(sub);
        let granted = add <= sub || after <= i128::from(self.limit);
        if granted {
            self.count = after;
        }
        granted
    }

    fn get(&self) -> u64 {
        u64::try_from(self.count.max(0)).expect("it was granted")
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn one_thread_sees_a_plain_number(
        limit in amount(),
        steps in prop::collection::vec(step(), 0..100),
    ) {
        let (counter, mut model) = (LimitedCounter::new(limit), Model { limit, count: 0 });
        for step in steps {
            match step {
                Step::TryAdd(n) => prop_assert_eq!(counter.try_add(n), model.try_change(n, 0)),
                Step::Sub(n) => {
                    counter.sub(n);
                    model.count -= i128::from(n);
                }
                Step::TryChange(add, sub) => {
                    prop_assert_eq!(counter.try_change(add, sub), model.try_change(add, sub));
                }
                Step::SetLimit(limit) => {
                    counter.set_limit(limit);
                    model.limit = limit;
                }
                Step::Get => prop_assert_eq!(counter.get(), model.get()),
                Step::Spread(n) => counter.room.spread(u64::MAX, n),
                Step::NextCell => move_on(),
            }
        }
        prop_assert_eq!((counter.get(), counter.limit()), (model.get(), model.limit));
        // Not one unit more or less is free.
        let free = i128::from(model.limit) - model.count;
        let all = u64::try_from(free.max(0)).unwrap_or(u64::MAX);
        prop_assert!(counter.try_add(all));
        prop_assert!(free > i128::from(u64::MAX) || !counter.try_add(1));
    }
}
