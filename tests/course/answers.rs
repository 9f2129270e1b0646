//! The answers to the quiz of `examples/README.md`, which names these tests.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::thread;

use hotcount::{AtomicCounter, Counter, CounterGroup, Cursor, FetchAdd, ShardedCounter};
use loom::sync::atomic::Ordering::{self, Acquire, Relaxed, Release};

use crate::explorer::{Lock, Word, every_run, run_as_task, write_to_the_log};

/// What the threads return under all schedules, and at the end what `after` returns.
fn returned<S, T>(new: fn() -> S, threads: &[fn(&S) -> T], after: fn(&S) -> T) -> BTreeSet<Vec<T>>
where
    S: Send + Sync + 'static,
    T: Ord + Send + 'static,
{
    let runs = every_run(new, threads, Some(after));
    runs.into_iter().map(|run| run.returned.expect("each thread ends")).collect()
}

/// The totals that `after` reads.
fn totals<S>(new: fn() -> S, threads: &[fn(&S) -> u64], after: fn(&S) -> u64) -> BTreeSet<u64>
where
    S: Send + Sync + 'static,
{
    returned(new, threads, after).into_iter().map(|run| *run.last().unwrap()).collect()
}

fn word() -> Word {
    Word::new("count")
}

/// Adds 1 in the wrong way.
fn load_and_store(count: &Word) -> u64 {
    let loaded = count.load();
    count.store(loaded + 1);
    0
}

fn add_atomically(count: &Word) -> u64 {
    count.fetch_add(1)
}

#[test]
fn two_threads_that_add_twice_count_2_or_3_or_4() {
    let add_twice = |count: &Word| load_and_store(count) + load_and_store(count);
    assert_eq!(totals(word, &[add_twice, add_twice], Word::load), [2, 3, 4].into());
}

#[test]
fn an_atomic_addition_beside_a_load_and_store_can_be_lost() {
    assert_eq!(totals(word, &[load_and_store, add_atomically], Word::load), [1, 2].into());
}

fn lock() -> Lock {
    Lock::new("count")
}

fn get_locked(count: &Lock) -> u64 {
    *count.lock()
}

fn add_under_one_lock(count: &Lock) -> u64 {
    let mut guard = count.lock();
    *guard += 1;
    *guard
}

#[test]
fn one_thread_that_locks_each_step_is_enough_to_lose_an_addition() {
    let lock_each_step = |count: &Lock| {
        let loaded = *count.lock();
        *count.lock() = loaded + 1;
        loaded + 1
    };
    assert_eq!(totals(lock, &[lock_each_step, add_under_one_lock], get_locked), [1, 2].into());
}

#[test]
fn a_locked_read_beside_two_additions_sees_0_or_1_or_2() {
    let seen = returned(lock, &[add_under_one_lock, add_under_one_lock, get_locked], get_locked);
    let read: BTreeSet<u64> = seen.into_iter().map(|returned| returned[2]).collect();
    assert_eq!(read, [0, 1, 2].into());
}

#[test]
fn add_and_then_read_gives_12_or_21_or_22() {
    let add_then_read = |count: &Word| {
        count.fetch_add(1);
        count.load()
    };
    let runs = every_run(word, &[add_then_read, add_then_read], None);
    let seen: BTreeSet<_> = runs.into_iter().map(|run| run.returned.unwrap()).collect();
    assert_eq!(seen, [vec![1, 2], vec![2, 1], vec![2, 2]].into());
}

#[test]
fn a_read_under_the_lock_of_the_addition_gives_each_number_once() {
    let runs = every_run(lock, &[add_under_one_lock, add_under_one_lock], None);
    let seen: BTreeSet<_> = runs.into_iter().map(|run| run.returned.unwrap()).collect();
    assert_eq!(seen, [vec![1, 2], vec![2, 1]].into());
}

#[test]
fn a_later_read_is_never_below_the_own_number() {
    let own_number_then_read = |count: &Word| {
        let number = count.fetch_add(1) + 1;
        (number, count.load())
    };
    let runs = every_run(word, &[own_number_then_read, own_number_then_read], None);
    let pairs: BTreeSet<_> = runs.into_iter().flat_map(|run| run.returned.unwrap()).collect();
    assert_eq!(pairs, [(1, 1), (1, 2), (2, 2)].into());
}

#[test]
fn fetch_add_returns_the_value_before() {
    let counter = AtomicCounter::from(10);
    assert_eq!(counter.fetch_add(5), 10);
    assert_eq!(counter.get(), 15);
    assert_eq!(counter.increment_and_get(), 16);
}

fn two_cells() -> [Word; 2] {
    [Word::new("cell 0"), Word::new("cell 1")]
}

#[test]
fn plain_steps_in_cells_of_their_own_lose_nothing() {
    let in_cell_0 = |cells: &[Word; 2]| load_and_store(&cells[0]);
    let in_cell_1 = |cells: &[Word; 2]| load_and_store(&cells[1]);
    let sum = |cells: &[Word; 2]| cells[0].load() + cells[1].load();
    assert_eq!(totals(two_cells, &[in_cell_0, in_cell_1], sum), [2].into());
}

#[test]
fn what_a_thread_has_counted_outlives_it() {
    static COUNTER: ShardedCounter = ShardedCounter::new();
    for _ in 0..8 {
        thread::spawn(|| COUNTER.increment()).join().unwrap();
    }
    assert_eq!(COUNTER.get(), 8);
}

/// What two threads return under every order that the language allows.
fn allowed<S: 'static, A: Ord + Send + 'static, B: Ord + Send + 'static>(
    new: fn() -> S,
    a: impl Fn(&S) -> A + Copy + Send + Sync + 'static,
    b: impl Fn(&S) -> B + Copy + Send + Sync + 'static,
) -> BTreeSet<(A, B)> {
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let all_seen = seen.clone();
    loom::model(move || {
        let state = Arc::new(new());
        let shared = state.clone();
        let b = loom::thread::spawn(move || b(&shared));
        let outcome = (a(&state), b.join().unwrap());
        seen.lock().unwrap().insert(outcome);
    });
    std::mem::take(&mut all_seen.lock().unwrap())
}

/// Two atomics, such as two cells, or a result and a count.
type Two = [loom::sync::atomic::AtomicU64; 2];

fn two() -> Two {
    [loom::sync::atomic::AtomicU64::new(0), loom::sync::atomic::AtomicU64::new(0)]
}

#[test]
fn two_reads_of_a_cell_never_go_back() {
    let add = |cells: &Two| cells[0].store(1, Release);
    let read_twice = |cells: &Two| (cells[0].load(Acquire), cells[0].load(Acquire));
    let seen = allowed(two, add, read_twice);
    assert_eq!(seen, [((), (0, 0)), ((), (0, 1)), ((), (1, 1))].into());
}

#[test]
fn two_threads_that_add_in_cells_of_their_own_and_then_sum_may_both_see_1() {
    let add_and_sum = |own: usize| {
        move |cells: &Two| {
            cells[own].store(1, Release);
            1 + cells[1 - own].load(Acquire)
        }
    };
    let seen = allowed(two, add_and_sum(0), add_and_sum(1));
    assert_eq!(seen, [(1, 1), (1, 2), (2, 1), (2, 2)].into());
}

#[test]
fn of_two_readers_that_reset_one_gets_all() {
    let reset = |count: &Word| count.swap(0);
    let add_before = || {
        let count = word();
        count.fetch_add(5);
        count
    };
    let runs = every_run(add_before, &[reset, reset], None);
    let seen: BTreeSet<_> = runs.into_iter().map(|run| run.returned.unwrap()).collect();
    assert_eq!(seen, [vec![0, 5], vec![5, 0]].into());
}

#[test]
fn the_first_take_of_a_cursor_counts_from_its_beginning() {
    let counter = AtomicCounter::from(7);
    let (mut all, mut from_now) = (Cursor::new(&counter), Cursor::from_now(&counter));
    counter.add(3);
    assert_eq!((all.take(), from_now.take()), (10, 3));
}

/// What a thread can read while another one writes a result and then adds to a count.
fn reads(add: Ordering, get: Ordering, count_first: bool) -> BTreeSet<(u64, u64)> {
    let write = move |[result, count]: &Two| {
        result.store(42, Relaxed);
        count.fetch_add(1, add);
    };
    let read = move |[result, count]: &Two| {
        if count_first {
            (count.load(get), result.load(Relaxed))
        } else {
            let result = result.load(Relaxed);
            (count.load(get), result)
        }
    };
    allowed(two, write, read).into_iter().map(|((), read)| read).collect()
}

#[test]
fn a_reader_that_reads_the_result_first_may_miss_it() {
    assert!(!reads(Release, Acquire, true).contains(&(1, 0)));
    assert!(reads(Release, Acquire, false).contains(&(1, 0)));
}

#[test]
fn release_without_acquire_publishes_nothing() {
    assert!(reads(Release, Relaxed, true).contains(&(1, 0)));
    assert!(reads(Relaxed, Acquire, true).contains(&(1, 0)));
}

fn get(count: &Word) -> u64 {
    count.load()
}

#[test]
fn tasks_of_one_thread_lose_nothing_between_two_awaits() {
    let task = |count: &Word| {
        run_as_task(async {
            load_and_store(count);
            write_to_the_log().await;
            0
        })
    };
    assert_eq!(totals(word, &[task, task], get), [2].into());
}

#[test]
fn the_same_tasks_on_two_threads_lose_an_addition() {
    assert_eq!(totals(word, &[load_and_store, load_and_store], get), [1, 2].into());
}

#[test]
fn two_threads_of_three_steps_have_20_schedules() {
    let three_steps = |count: &Word| count.load() + count.load() + count.load();
    assert_eq!(every_run(word, &[three_steps, three_steps], None).len(), 20);
}

#[test]
fn right_with_two_threads_is_not_right_with_three() {
    // The first thread takes cell 0, and all others take cell 1.
    let add = |cells: &[Word; 3]| {
        let cell = usize::from(cells[2].swap(1) != 0);
        load_and_store(&cells[cell])
    };
    let new = || [Word::new("cell 0"), Word::new("cell 1"), Word::new("use of cell 0")];
    let sum = |cells: &[Word; 3]| cells[0].load() + cells[1].load();
    assert_eq!(totals(new, &[add, add], sum), [2].into());
    assert_eq!(totals(new, &[add, add, add], sum), [2, 3].into());
}

#[test]
fn two_threads_that_check_and_then_add_sell_1_or_2_of_1() {
    let check_then_add = |sold: &Word| {
        if sold.load() == 0 {
            sold.fetch_add(1);
        }
        0
    };
    assert_eq!(totals(word, &[check_then_add, check_then_add], get), [1, 2].into());
}

/// Sells `n` of one seat: adds, and puts back what was too much.
fn add_and_put_back(sold: &Word, n: u64) -> u64 {
    if sold.fetch_add(n) + n > 1 {
        sold.fetch_add(n.wrapping_neg());
    }
    0
}

#[test]
fn an_addition_that_is_put_back_can_leave_the_last_seat_empty() {
    let [one, two]: [fn(&Word) -> u64; 2] =
        [|sold| add_and_put_back(sold, 1), |sold| add_and_put_back(sold, 2)];
    assert_eq!(totals(word, &[two, one], get), [0, 1].into());
}

#[test]
fn in_the_other_order_a_failed_request_reads_as_a_good_one() {
    let fail = |[all, failed]: &Two| {
        all.fetch_add(1, Release);
        failed.fetch_add(1, Release);
    };
    let failed_first = |[all, failed]: &Two| (failed.load(Acquire), all.load(Acquire));
    let seen = allowed(two, fail, failed_first);
    assert_eq!(seen, [((), (0, 0)), ((), (0, 1)), ((), (1, 1))].into());
    let all_first = |[all, failed]: &Two| (all.load(Acquire), failed.load(Acquire));
    assert!(allowed(two, fail, all_first).contains(&((), (0, 1))), "1 of 0 failed");
}

#[test]
fn a_reader_of_a_group_sees_each_addition_whole() {
    for _ in 0..100 {
        let group = CounterGroup::<2>::new();
        let seen = thread::scope(|scope| {
            let adding = [[1, 1], [1, 0]].map(|counts| {
                let group = &group;
                scope.spawn(move || group.add(counts))
            });
            let seen = group.get();
            adding.into_iter().for_each(|thread| thread.join().unwrap());
            seen
        });
        assert!([[0, 0], [1, 1], [1, 0], [2, 1]].contains(&seen), "{seen:?}");
        assert_eq!(group.get(), [2, 1]);
    }
}
