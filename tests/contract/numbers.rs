//! What every counter does that hands out numbers.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;

use hotcount::FetchAdd;

pub(crate) fn a_hundred_clients_get_the_numbers_1_to_100<C: FetchAdd + Default>() {
    let counter = C::default();
    let numbers: Vec<u64> = thread::scope(|scope| {
        let clients: Vec<_> =
            (0..100).map(|_| scope.spawn(|| counter.increment_and_get())).collect();
        clients.into_iter().map(|client| client.join().expect("it counts")).collect()
    });
    assert_eq!(numbers.len(), 100);
    assert_eq!(BTreeSet::from_iter(numbers), (1..=100).collect());
}

pub(crate) fn numbers_wrap<C: FetchAdd + From<u64>>() {
    let counter = C::from(u64::MAX - 1);
    assert_eq!(counter.increment_and_get(), u64::MAX);
    assert_eq!(counter.increment_and_get(), 0);
    assert_eq!(counter.fetch_add(u64::MAX), 0);
    assert_eq!(counter.fetch_add(2), u64::MAX);
    assert_eq!(counter.get(), 1);
}

pub(crate) fn numbers_come_through_pointers<C: FetchAdd + Default + 'static>() {
    fn two(counter: impl FetchAdd) -> [u64; 2] {
        [counter.increment_and_get(), counter.fetch_add(1)]
    }
    let counter = Arc::new(C::default());
    assert_eq!(two(&*counter), [1, 1]);
    assert_eq!(two(counter.clone()), [3, 3]);
    let dynamic: Arc<dyn FetchAdd> = counter;
    assert_eq!(two(&*dynamic), [5, 5]);
    let boxed: Box<dyn FetchAdd> = Box::new(C::default());
    assert_eq!(two(boxed), [1, 1]);
}
