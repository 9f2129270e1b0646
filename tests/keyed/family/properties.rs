//! Random steps, each done to a family and to a map that is right by its simplicity.

use std::collections::HashMap;

use hotcount::Counter;
use hotcount::keyed::{BoundCounter, CounterFamily};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Add(Vec<String>, u64),
    Bind(Vec<String>),
    AddBound(usize, u64),
    Unbind(usize),
    Remove(Vec<String>),
    Sweep,
}

/// Label sets that differ only in where one label ends and the next begins are different keys.
fn labels() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[ab,]{0,2}", 0..3)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (labels(), 0_u64..5).prop_map(|(key, n)| Step::Add(key, n)),
        2 => labels().prop_map(Step::Bind),
        2 => (any::<usize>(), 0_u64..5).prop_map(|(at, n)| Step::AddBound(at, n)),
        1 => any::<usize>().prop_map(Step::Unbind),
        2 => labels().prop_map(Step::Remove),
        1 => Just(Step::Sweep),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn each_key_has_its_own_count(steps in prop::collection::vec(step(), 0..100)) {
        let family = CounterFamily::<Vec<String>>::new();
        let mut right = HashMap::<Vec<String>, u64>::new();
        let mut bound: Vec<(Vec<String>, BoundCounter<_>)> = Vec::new();
        for step in steps {
            match step {
                Step::Add(key, n) => {
                    family.add(&key, n);
                    *right.entry(key).or_default() += n;
                }
                Step::Bind(key) => bound.push((key.clone(), family.counter(&key))),
                Step::AddBound(at, n) if !bound.is_empty() => {
                    let (key, counter) = &bound[at % bound.len()];
                    counter.add(n);
                    *right.entry(key.clone()).or_default() += n;
                }
                Step::Unbind(at) if !bound.is_empty() => {
                    bound.swap_remove(at % bound.len());
                }
                Step::Remove(key) => {
                    prop_assert_eq!(family.remove(&key), right.remove(&key).unwrap_or(0));
                }
                Step::Sweep => for (key, count) in family.sweep() {
                    prop_assert_eq!(count, right.remove(&key).unwrap_or(0));
                }
                Step::AddBound(..) | Step::Unbind(_) => {}
            }
            for (key, count) in &right {
                prop_assert_eq!(family.get(key), *count);
            }
        }
        let mut shown = HashMap::new();
        family.for_each(|key, count| {
            assert!(shown.insert(key.clone(), count).is_none(), "a key is shown once");
        });
        prop_assert_eq!(family.len(), shown.len());
        shown.retain(|_, count| *count > 0);
        right.retain(|_, count| *count > 0);
        prop_assert_eq!(shown, right);
    }
}
