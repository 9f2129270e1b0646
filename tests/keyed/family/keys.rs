use std::hash::Hash;
use std::thread;

use hotcount::keyed::CounterFamily;

#[test]
fn keys_may_borrow_from_the_caller() {
    let text = String::from("a b a");
    let words = CounterFamily::<&str>::new();
    thread::scope(|scope| {
        scope.spawn(|| text.split(' ').for_each(|word| words.increment(&word)));
    });
    assert_eq!((words.get("a"), words.get("b")), (2, 1));
}

#[test]
fn a_closure_of_for_each_may_use_the_family() {
    let family = CounterFamily::<u32>::new();
    (0..100).for_each(|key| family.increment(&key));
    let mut shown = 0;
    family.for_each(|key, standing| shown += standing * family.remove(key));
    assert_eq!((shown, family.len()), (100, 0));
    family.add(&5, 2);
    assert_eq!(format!("{family:?}"), "{5: 2}");
}

#[test]
fn the_code_of_a_key_may_use_the_family_in_hash_and_drop() {
    static FAMILY: CounterFamily<Busy> = CounterFamily::new();
    static OTHER: CounterFamily<&str> = CounterFamily::new();
    #[derive(Clone)]
    struct Busy(u32);
    impl PartialEq for Busy {
        fn eq(&self, other: &Self) -> bool {
            OTHER.increment(&"eq");
            self.0 == other.0
        }
    }
    impl Eq for Busy {}
    impl Hash for Busy {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            if self.0 < 3 {
                FAMILY.increment(&Busy(self.0 + 1));
            }
            self.0.hash(state);
        }
    }
    impl Drop for Busy {
        fn drop(&mut self) {
            if self.0 == 2 {
                FAMILY.increment(&Busy(7));
            }
        }
    }
    FAMILY.increment(&Busy(2));
    FAMILY.increment(&Busy(2));
    assert_eq!((FAMILY.get(&Busy(3)), OTHER.get(&"eq") > 0), (2, true));
    let sevens = FAMILY.get(&Busy(7));
    assert_eq!(FAMILY.remove(&Busy(2)), 2);
    assert!(FAMILY.get(&Busy(7)) > sevens, "the drop of the removed key counted");
}
