//! Reads while threads add.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use hotcount::CounterGroup;

use crate::{add_once, is_whole};

fn reads_during_adds_are_whole<const N: usize>() {
    const ADDS: u64 = 100_000;
    let group = CounterGroup::<N>::new();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..ADDS).for_each(|_| add_once(&group)));
        }
        let mut last = 0;
        while last < 2 * ADDS {
            let counts = group.get();
            assert!(is_whole(counts), "{counts:?}");
            assert!((last..=2 * ADDS).contains(&counts[0]), "{counts:?} after {last}");
            last = counts[0];
        }
    });
}

#[test]
fn reads_of_two_places_are_whole_and_never_go_back() {
    reads_during_adds_are_whole::<2>();
}

#[test]
fn reads_of_sixteen_places_are_whole_and_never_go_back() {
    reads_during_adds_are_whole::<16>();
}

/// So many places that a reader hardly ever finds them as they were.
#[test]
fn a_read_during_the_adds_of_eight_writers_that_never_pause_returns() {
    static GROUP: CounterGroup<500> = CounterGroup::new();
    static STOP: AtomicBool = AtomicBool::new(false);
    let writers = [(); 8].map(|()| {
        thread::spawn(|| {
            let mut added = 0;
            while !STOP.load(Relaxed) {
                add_once(&GROUP);
                added += 1;
            }
            added
        })
    });
    let (sender, receiver) = mpsc::channel();
    // Detached: a read that does not return fails the test, and does not hang it.
    let reader = thread::spawn(move || {
        for _ in 0..200 {
            let counts = GROUP.get();
            sender.send(counts).expect("the test waits");
        }
    });
    for _ in 0..200 {
        let counts = receiver.recv_timeout(Duration::from_secs(60)).expect("the read returns");
        assert!(is_whole(counts), "{counts:?}");
    }
    STOP.store(true, Relaxed);
    reader.join().expect("it reads");
    let added: u64 = writers.map(|writer| writer.join().expect("it adds")).iter().sum();
    assert_eq!(GROUP.get()[0], added);
}

#[test]
fn readers_that_keep_writers_out_lose_nothing() {
    const ADDS: u64 = 20_000;
    let group = CounterGroup::<64>::new();
    thread::scope(|scope| {
        let writers = [(); 4].map(|()| scope.spawn(|| (0..ADDS).for_each(|_| add_once(&group))));
        for _ in 0..3 {
            scope.spawn(|| {
                while group.get()[0] < 4 * ADDS {
                    assert!(is_whole(group.get()));
                }
            });
        }
        writers.into_iter().for_each(|writer| writer.join().expect("it adds"));
        assert_eq!(group.get()[0], 4 * ADDS);
    });
}

#[test]
fn an_add_is_published_to_the_get_that_counts_it() {
    for _ in 0..200 {
        let (group, data) = (CounterGroup::<2>::new(), AtomicBool::new(false));
        thread::scope(|scope| {
            scope.spawn(|| {
                data.store(true, Relaxed);
                group.add([1, 1]);
            });
            while group.get() == [0, 0] {
                thread::yield_now();
            }
            assert!(data.load(Relaxed));
        });
    }
}
