//! What every counter does.

use std::fmt::{Debug, Display};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::thread;

use hotcount::{AtomicCounter, Counter, Cursor};

pub(crate) fn fifty_threads_times_1000_are_50_000<C: Counter + Default>() {
    let counter = C::default();
    thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| (0..1000).for_each(|_| counter.increment()));
        }
    });
    assert_eq!(counter.get(), 50_000);
}

pub(crate) fn gets_during_adds_are_bracketed_and_never_go_back<C: Counter + Default>() {
    let counter = C::default();
    counter.add(10);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..50_000).for_each(|_| counter.add(2)));
        }
        let mut last = 10;
        while last < 200_010 {
            let now = counter.get();
            assert!((last..=200_010).contains(&now), "{now} after {last}");
            assert_eq!(now % 2, 0);
            last = now;
        }
    });
}

pub(crate) fn overflow_wraps<C: Counter + From<u64>>() {
    let counter = C::from(u64::MAX);
    counter.increment();
    assert_eq!(counter.get(), 0);
    counter.add(u64::MAX);
    counter.add(u64::MAX);
    assert_eq!(counter.get(), u64::MAX - 1);
    thread::scope(|scope| {
        scope.spawn(|| counter.add(u64::MAX)).join().expect("it wraps");
    });
    assert_eq!(counter.get(), u64::MAX - 2);
    // Half of the range from each of two threads: the sum over threads overflows too.
    counter.add(1 << 63);
    thread::scope(|scope| {
        scope.spawn(|| counter.add(1 << 63)).join().expect("it wraps");
    });
    assert_eq!(counter.get(), u64::MAX - 2);
}

pub(crate) fn a_cursor_crosses_an_overflow<C: Counter + From<u64>>() {
    let counter = C::from(u64::MAX - 1);
    let mut all = Cursor::new(&counter);
    let mut new = Cursor::from_now(&counter);
    assert_eq!((all.take(), new.take()), (u64::MAX - 1, 0));
    counter.add(5);
    assert_eq!(counter.get(), 3);
    assert_eq!((all.take(), new.take()), (5, 5));
    assert_eq!((all.take(), new.take()), (0, 0));
}

pub(crate) fn cursors_during_adds_miss_and_double_nothing<C: Counter + Default>() {
    let counter = C::default();
    let running = AtomicCounter::from(2);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                (0..50_000).for_each(|_| counter.add(3));
                running.increment();
            });
        }
        let readers = [(); 2].map(|()| {
            scope.spawn(|| {
                let mut cursor = Cursor::new(&counter);
                let mut sum = 0;
                while running.get() < 4 {
                    sum += cursor.take();
                }
                sum + cursor.take()
            })
        });
        assert_eq!(readers.map(|reader| reader.join().expect("it counts")), [300_000; 2]);
    });
}

pub(crate) fn a_counter_is_used_through_pointers<C: Counter + Default + 'static>() {
    fn add_one(counter: impl Counter) -> u64 {
        counter.increment();
        counter.add(0);
        counter.get()
    }
    let counter = Arc::new(C::default());
    assert_eq!(add_one(&*counter), 1);
    assert_eq!(add_one(counter.clone()), 2);
    assert_eq!(add_one(&counter), 3);
    let dynamic: Arc<dyn Counter> = counter;
    assert_eq!(add_one(&*dynamic), 4);
    assert_eq!(add_one(dynamic), 5);
    let boxed: Box<dyn Counter> = Box::new(C::default());
    assert_eq!(add_one(boxed), 1);
}

pub(crate) fn it_crosses_threads_and_panics<C: Counter + UnwindSafe + RefUnwindSafe + Unpin>() {}

pub(crate) fn it_has_the_common_constructors<C: Counter + Default + From<u64> + Debug + Display>() {
    assert_eq!(C::default().get(), 0);
    let counter = C::from(41);
    counter.increment();
    assert_eq!(counter.get(), 42);
    let name = std::any::type_name::<C>().rsplit("::").next().expect("it has a name");
    assert_eq!(format!("{counter:?}"), format!("{name}(42)"));
    assert_eq!(format!("{counter} {counter:5} {counter:<4}|"), "42    42 42  |");
}
