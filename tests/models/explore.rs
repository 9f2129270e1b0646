use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use loom::thread;

use crate::counter::Counter;
use crate::sharded::table::table;
use crate::sync::EXECUTION;

/// What a model is run over: the three counters, and the twins.
pub trait Subject: Counter + From<u64> + 'static {}

impl<C: Counter + From<u64> + 'static> Subject for C {}

/// Runs `model` under every schedule and returns all that it ever saw.
///
/// `LOOM_MAX_PREEMPTIONS` raises the bound of three. There is no bound on time or on the number of
/// executions: loom would report a search that was cut off as a success.
pub fn explore<T: Ord + Send + 'static>(
    model: impl Fn() -> T + Send + Sync + 'static,
) -> BTreeSet<T> {
    explore_up_to(3, model)
}

/// The same with another bound in place of three. Two shows every outcome of some models of three
/// threads, in a tenth of the time.
pub fn explore_up_to<T: Ord + Send + 'static>(
    preemptions: usize,
    model: impl Fn() -> T + Send + Sync + 'static,
) -> BTreeSet<T> {
    let outcomes = Arc::new(Mutex::new(BTreeSet::new()));
    let seen = outcomes.clone();
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(preemptions));
    builder.max_permutations = None;
    builder.max_duration = None;
    builder.check(move || {
        EXECUTION.set(EXECUTION.get() + 1);
        // Before any thread is spawned, as a static is there before any thread is.
        table();
        let outcome = model();
        seen.lock().unwrap().insert(outcome);
    });
    let mut outcomes = outcomes.lock().unwrap();
    std::mem::take(&mut outcomes)
}

/// A set to compare with.
pub fn set<T: Ord, const N: usize>(outcomes: [T; N]) -> BTreeSet<T> {
    outcomes.into()
}

/// A counter to share. It is never dropped: loom does not see the order that the last drop of std's
/// `Arc` has, and its column would go back as if other threads were still adding.
pub fn kept<C>(counter: C) -> Arc<C> {
    let counter = Arc::new(counter);
    std::mem::forget(counter.clone());
    counter
}

/// Spawns a thread that does `work` with `counter`.
pub fn spawn<C: 'static, T: 'static>(
    counter: &Arc<C>,
    work: impl FnOnce(&C) -> T + 'static,
) -> thread::JoinHandle<T> {
    let counter = counter.clone();
    thread::spawn(move || work(&counter))
}
