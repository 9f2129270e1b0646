//! Windows of a group, read by a cursor.

use std::sync::Arc;
use std::thread;

use hotcount::{CounterGroup, Cursor};

use crate::{add_once, is_whole};

#[test]
fn the_windows_of_a_cursor_are_whole_and_miss_nothing() {
    const ADDS: u64 = 50_000;
    let group = Arc::new(CounterGroup::<2>::new());
    add_once(&group);
    let mut from_now = Cursor::from_now(&*group);
    let mut all = Cursor::new(group.clone());
    let mut sums = [[0; 2]; 2];
    let mut take = |from_now: &mut Cursor<&CounterGroup<2>>, all: &mut Cursor<_>| {
        let windows = [from_now.take(), Cursor::<Arc<CounterGroup<2>>>::take(all)];
        assert!(windows.iter().all(|window| is_whole(*window)), "{windows:?}");
        for (sum, window) in sums.iter_mut().zip(windows) {
            *sum = [sum[0] + window[0], sum[1] + window[1]];
        }
        sums
    };
    thread::scope(|scope| {
        let adding = scope.spawn(|| (0..ADDS).for_each(|_| add_once(&group)));
        while !adding.is_finished() {
            take(&mut from_now, &mut all);
        }
    });
    let sums = take(&mut from_now, &mut all);
    assert_eq!(sums, [[ADDS, 2 * ADDS], [ADDS + 1, 2 * ADDS + 2]]);
}

#[test]
fn a_cursor_over_a_group_crosses_an_overflow() {
    let group = CounterGroup::<2>::new();
    group.add([u64::MAX, 1]);
    let mut cursor = Cursor::new(group);
    assert_eq!(cursor.take(), [u64::MAX, 1]);
    assert_eq!(cursor.take(), [0, 0]);
    let group = CounterGroup::<1>::new();
    group.add([u64::MAX]);
    let mut cursor = Cursor::from_now(&group);
    group.add([5]);
    assert_eq!((group.get(), cursor.take()), ([4], [5]));
}
