//! A count that goes up and down: never below zero, never above what was in flight.

use std::collections::BTreeSet;
use std::sync::Arc;

use loom::sync::atomic::{
    AtomicBool,
    Ordering::{Acquire, Release},
};

use crate::Counter;
use crate::ShardedCounter;
use crate::UpDownCounter;
use crate::explore::{explore, kept, set, spawn};

/// What the models are run over: `UpDownCounter` and its twins.
trait Gauge: Default + 'static {
    fn increment(&self);
    fn decrement(&self);
    fn get(&self) -> i64;
}

impl Gauge for UpDownCounter {
    fn increment(&self) {
        self.increment();
    }
    fn decrement(&self) {
        self.decrement();
    }
    fn get(&self) -> i64 {
        self.get()
    }
}

/// One thread goes up, then another down. Returns (meanwhile, at the end).
fn one_goes_up_and_another_down<G: Gauge>() -> BTreeSet<(i64, i64)> {
    explore(|| {
        let (gauge, is_up) = (kept(G::default()), Arc::new(AtomicBool::new(false)));
        let signal = is_up.clone();
        let up = spawn(&gauge, move |gauge| {
            gauge.increment();
            signal.store(true, Release);
        });
        let down = spawn(&gauge, move |gauge| {
            if is_up.load(Acquire) {
                gauge.decrement();
            }
        });
        let meanwhile = gauge.get();
        up.join().unwrap();
        down.join().unwrap();
        (meanwhile, gauge.get())
    })
}

/// One thread goes up and down and up and down: at no moment is more than one in flight.
fn one_at_a_time<G: Gauge>() -> BTreeSet<(i64, i64)> {
    explore(|| {
        let gauge = kept(G::default());
        let busy = spawn(&gauge, |gauge| {
            for _ in 0..2 {
                gauge.increment();
                gauge.decrement();
            }
        });
        let meanwhile = gauge.get();
        busy.join().unwrap();
        (meanwhile, gauge.get())
    })
}

/// One stays in flight, while another thread goes up and down twice.
fn one_stays_and_another_comes_and_goes<G: Gauge>() -> BTreeSet<(i64, i64)> {
    explore(|| {
        let gauge = kept(G::default());
        gauge.increment();
        let busy = spawn(&gauge, |gauge| {
            for _ in 0..2 {
                gauge.increment();
                gauge.decrement();
            }
        });
        let meanwhile = gauge.get();
        busy.join().unwrap();
        (meanwhile, gauge.get())
    })
}

#[test]
fn a_read_during_churn_counts_what_stays() {
    assert_eq!(one_stays_and_another_comes_and_goes::<UpDownCounter>(), set([(1, 1), (2, 1)]));
}

#[test]
fn what_goes_down_after_it_went_up_never_reads_below_zero() {
    let outcomes = one_goes_up_and_another_down::<UpDownCounter>();
    assert_eq!(outcomes, set([(0, 0), (0, 1), (1, 0), (1, 1)]));
}

#[test]
fn a_read_is_never_above_what_was_in_flight() {
    assert_eq!(one_at_a_time::<UpDownCounter>(), set([(0, 0), (1, 0)]));
}

/// Two sums, of which one is read first.
#[derive(Default)]
struct TwoSums<const UPS_FIRST: bool> {
    ups: ShardedCounter,
    downs: ShardedCounter,
}

impl<const UPS_FIRST: bool> Gauge for TwoSums<UPS_FIRST> {
    fn increment(&self) {
        self.ups.increment();
    }
    fn decrement(&self) {
        self.downs.increment();
    }
    fn get(&self) -> i64 {
        let early = if UPS_FIRST { self.ups.get() } else { self.downs.get() };
        let late = if UPS_FIRST { self.downs.get() } else { self.ups.get() };
        let (ups, downs) = if UPS_FIRST { (early, late) } else { (late, early) };
        0_i64.wrapping_add_unsigned(ups.wrapping_sub(downs))
    }
}

/// The interval between both orders, from one look only.
#[derive(Default)]
struct OneLook {
    ups: ShardedCounter,
    downs: ShardedCounter,
}

impl Gauge for OneLook {
    fn increment(&self) {
        self.ups.increment();
    }
    fn decrement(&self) {
        self.downs.increment();
    }
    fn get(&self) -> i64 {
        let downs_before = self.downs.get();
        let ups = self.ups.get();
        let low = 0_i64.wrapping_add_unsigned(ups.wrapping_sub(self.downs.get()));
        0.max(low).min(0_i64.wrapping_add_unsigned(ups.wrapping_sub(downs_before)))
    }
}

#[test]
fn one_look_during_churn_misses_what_stays() {
    assert!(one_stays_and_another_comes_and_goes::<OneLook>().contains(&(0, 1)));
}

#[test]
fn with_the_ups_read_first_the_count_is_below_zero() {
    assert!(one_goes_up_and_another_down::<TwoSums<true>>().contains(&(-1, 0)));
    assert!(one_at_a_time::<TwoSums<true>>().contains(&(-1, 0)));
}

#[test]
fn with_the_downs_read_first_more_is_in_flight_than_ever_was() {
    assert!(one_at_a_time::<TwoSums<false>>().contains(&(2, 0)));
}
