use std::thread;

use hotcount::Counter;
use hotcount::keyed::CounterFamily;

#[test]
fn a_bound_counter_counts_on_after_hand_outs() {
    let family = CounterFamily::<String>::new();
    let bound = family.counter("key");
    assert_eq!((family.len(), bound.get()), (1, 0), "the key is shown before it is counted");
    bound.add(3);
    family.add("key", 4);
    assert_eq!((bound.get(), family.remove("key")), (7, 7));
    assert_eq!((bound.get(), family.get("key"), family.len()), (7, 0, 0));
    let clone = bound.clone();
    drop(bound);
    clone.increment();
    assert_eq!((clone.get(), family.get("key"), family.len()), (8, 1, 1));
    drop(clone);
    assert_eq!(family.get("key"), 1, "what was added stands when the handle has gone");
    assert_eq!(family.remove("key"), 1);
    assert_eq!(family.counter("key").get(), 0, "the former counter has left memory");
}

#[test]
fn a_bound_counter_outlives_its_family_and_goes_to_other_threads() {
    fn is_free<T: Counter + Clone + Send + Sync + 'static>(_: &T) {}
    let family = CounterFamily::<String>::new();
    let bound = family.counter("key");
    is_free(&bound);
    drop(family);
    let clone = bound.clone();
    thread::spawn(move || clone.add(2)).join().expect("it counts");
    assert_eq!(bound.get(), 2);
    assert_eq!(format!("{bound:?}"), "BoundCounter(2)");
}

#[test]
fn a_bound_counter_keeps_the_place_of_its_key() {
    let family = CounterFamily::<u32>::with_max_keys(1);
    let bound = family.counter(&1);
    assert_eq!(family.remove(&1), 0);
    assert_eq!(family.len(), 0);
    family.increment(&2);
    let overflow = family.counter(&3);
    overflow.increment();
    assert_eq!((family.len(), family.overflow().get(), overflow.get()), (0, 2, 2));
    drop(bound);
    family.increment(&2);
    overflow.clone().increment();
    assert_eq!((family.get(&2), family.overflow().get()), (1, 3));
}
