//! Counters with one fault each, which the checker has to find.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread;

use hotcount::{AtomicCounter, Counter, ShardedCounter, UpDownCounter};

use crate::worker::{Gauge, Subject, history};

/// Runs histories until the fault is found.
fn is_found<C: Subject, G: Gauge>() {
    let found = (0..50).any(|seed| history::<C, G>(60_000, seed).is_err());
    assert!(found, "no history shows the fault");
}

/// A counter of two words, and the fault in how it uses them.
struct Faulty<F> {
    words: Words,
    fault: PhantomData<F>,
}

struct Words {
    total: AtomicU64,
    aside: AtomicU64,
}

trait Fault: Send + Sync + 'static {
    fn add(words: &Words, n: u64) {
        add(&words.total, n);
    }

    fn get(words: &Words) -> u64 {
        words.total.load(SeqCst)
    }
}

impl<F> From<u64> for Faulty<F> {
    fn from(start: u64) -> Self {
        let words = Words { total: AtomicU64::new(start), aside: AtomicU64::new(0) };
        Self { words, fault: PhantomData }
    }
}

impl<F: Fault> Counter for Faulty<F> {
    fn add(&self, n: u64) {
        F::add(&self.words, n);
    }

    fn get(&self) -> u64 {
        F::get(&self.words)
    }
}

/// Adds, and returns the value before.
fn add(word: &AtomicU64, n: u64) -> u64 {
    word.fetch_add(n, SeqCst)
}

/// Returns true once in a thousand calls.
fn now_and_then(words: &Words) -> bool {
    add(&words.aside, 1) % 1_000 == 999
}

thread_local! {
    /// The thread's last addition.
    static ADDED: Cell<u64> = const { Cell::new(0) };
    static LIVES: Lives = const { Lives };
}

/// It is there until the thread begins to end.
struct Lives;

impl Drop for Lives {
    fn drop(&mut self) {}
}

/// `count += 1`, with time in between now and then.
struct LoadThenStore;

impl Fault for LoadThenStore {
    fn add(words: &Words, n: u64) {
        let before = words.total.load(SeqCst);
        if n == 99 {
            thread::yield_now();
        }
        words.total.store(before.wrapping_add(n), SeqCst);
    }
}

#[test]
fn a_load_then_store_is_found() {
    is_found::<Faulty<LoadThenStore>, UpDownCounter>();
}

/// Now and then, an addition is lost.
struct LosesOne;

impl Fault for LosesOne {
    fn add(words: &Words, n: u64) {
        if !now_and_then(words) {
            add(&words.total, n);
        }
    }
}

#[test]
fn a_lost_addition_is_found() {
    is_found::<Faulty<LosesOne>, UpDownCounter>();
}

/// Now and then, an addition counts twice.
struct DoublesOne;

impl Fault for DoublesOne {
    fn add(words: &Words, n: u64) {
        add(&words.total, if now_and_then(words) { 2 * n } else { n });
    }
}

#[test]
fn a_doubled_addition_is_found() {
    is_found::<Faulty<DoublesOne>, UpDownCounter>();
}

/// Now and then, a read returns what an earlier one has returned.
struct ReadsStale;

impl Fault for ReadsStale {
    fn get(words: &Words) -> u64 {
        let now = words.total.load(SeqCst);
        if now % 64 == 1 {
            return words.aside.load(SeqCst);
        }
        words.aside.store(now, SeqCst);
        now
    }
}

#[test]
fn a_stale_read_is_found() {
    is_found::<Faulty<ReadsStale>, UpDownCounter>();
}

/// Now and then, a read counts an addition that does not exist.
struct ReadsAhead;

impl Fault for ReadsAhead {
    fn get(words: &Words) -> u64 {
        words.total.load(SeqCst).wrapping_add(u64::from(now_and_then(words)))
    }
}

#[test]
fn a_read_ahead_is_found() {
    is_found::<Faulty<ReadsAhead>, UpDownCounter>();
}

/// A thread's addition counts from its next one on.
struct PublishesLate;

impl Fault for PublishesLate {
    fn add(words: &Words, n: u64) {
        add(&words.total, ADDED.replace(n));
    }
}

#[test]
fn a_late_publication_is_found() {
    is_found::<Faulty<PublishesLate>, UpDownCounter>();
}

/// A read folds a cell into the total, and other reads miss it meanwhile.
struct Folds;

impl Fault for Folds {
    fn add(words: &Words, n: u64) {
        add(&words.aside, n);
    }

    fn get(words: &Words) -> u64 {
        let taken = words.aside.swap(0, SeqCst);
        thread::yield_now();
        add(&words.total, taken).wrapping_add(taken)
    }
}

#[test]
fn a_fold_is_found() {
    is_found::<Faulty<Folds>, UpDownCounter>();
}

/// Additions of a thread that is ending are lost.
struct LosesLate;

impl Fault for LosesLate {
    fn add(words: &Words, n: u64) {
        if LIVES.try_with(|_| ()).is_ok() {
            add(&words.total, n);
        }
    }
}

#[test]
fn a_lost_late_addition_is_found() {
    if cfg!(windows) {
        println!("skipped: a thread-local that is used after its destructor is made anew there");
        return;
    }
    is_found::<Faulty<LosesLate>, UpDownCounter>();
}

/// Begins at what the counter before it has counted.
struct NoBaseline(&'static AtomicCounter);

static FORMER: Mutex<Vec<&'static AtomicCounter>> = Mutex::new(Vec::new());

impl From<u64> for NoBaseline {
    fn from(start: u64) -> Self {
        let former = FORMER.lock().expect("no thread panics").pop();
        let word = former.unwrap_or_else(|| Box::leak(Box::new(AtomicCounter::new())));
        word.add(start);
        Self(word)
    }
}

impl Counter for NoBaseline {
    fn add(&self, n: u64) {
        self.0.add(n);
    }

    fn get(&self) -> u64 {
        self.0.get()
    }
}

impl Drop for NoBaseline {
    fn drop(&mut self) {
        FORMER.lock().expect("no thread panics").push(self.0);
    }
}

#[test]
fn a_reused_column_without_a_baseline_is_found() {
    is_found::<NoBaseline, UpDownCounter>();
}

/// Reads its two sums once each.
#[derive(Default)]
struct TwoSums<const UPS_FIRST: bool> {
    ups: ShardedCounter,
    downs: ShardedCounter,
}

impl<const UPS_FIRST: bool> Gauge for TwoSums<UPS_FIRST> {
    fn up(&self) {
        self.ups.increment();
    }

    fn down(&self) {
        self.downs.increment();
    }

    fn get(&self) -> i64 {
        let early = if UPS_FIRST { self.ups.get() } else { self.downs.get() };
        thread::yield_now();
        let late = if UPS_FIRST { self.downs.get() } else { self.ups.get() };
        let (ups, downs) = if UPS_FIRST { (early, late) } else { (late, early) };
        0_i64.wrapping_add_unsigned(ups.wrapping_sub(downs))
    }
}

#[test]
fn a_gauge_that_reads_its_ups_first_is_found() {
    is_found::<ShardedCounter, TwoSums<true>>();
}

/// Its downs are lost now and then.
#[derive(Default)]
struct LosesDowns(UpDownCounter, AtomicCounter);

impl Gauge for LosesDowns {
    fn up(&self) {
        self.0.increment();
    }

    fn down(&self) {
        self.1.increment();
        if self.1.get() % 1_000 != 0 {
            self.0.decrement();
        }
    }

    fn get(&self) -> i64 {
        self.0.get()
    }
}

#[test]
fn a_gauge_that_loses_a_down_is_found() {
    is_found::<ShardedCounter, LosesDowns>();
}
