use std::cell::Cell;

use loom::sync::atomic::{
    AtomicUsize,
    Ordering::{self, Relaxed},
};

use crate::sync::EXECUTION;

/// An atomic of which loom explores every load against every store.
///
/// loom remembers one last access to an atomic. When a thread loads and then stores, its own load
/// hides the loads of others before it, and the schedules in which the store comes first are
/// skipped. Here each thread announces its loads in a word of its own, and a store visits the words
/// of all others: accesses that change nothing and order nothing, but that loom cannot overlook.
pub struct Watched {
    value: AtomicUsize,
    loads: [AtomicUsize; THREADS],
}

/// loom's limit.
const THREADS: usize = 5;

impl Watched {
    pub fn new(value: usize) -> Self {
        Self { value: AtomicUsize::new(value), loads: [0; THREADS].map(AtomicUsize::new) }
    }

    pub fn load(&self, order: Ordering) -> usize {
        self.announce_a_load();
        self.value.load(order)
    }

    pub fn store(&self, value: usize, order: Ordering) {
        self.visit_the_loads_of_others();
        self.value.store(value, order);
    }

    pub fn compare_exchange(
        &self,
        current: usize,
        new: usize,
        success: Ordering,
        failure: Ordering,
    ) -> Result<usize, usize> {
        self.announce_a_load();
        self.visit_the_loads_of_others();
        self.value.compare_exchange(current, new, success, failure)
    }

    fn announce_a_load(&self) {
        self.loads[me()].fetch_add(0, Relaxed);
    }

    fn visit_the_loads_of_others(&self) {
        for thread in (0..THREADS).filter(|&thread| thread != me()) {
            self.loads[thread].fetch_add(0, Relaxed);
        }
    }
}

std::thread_local! {
    /// The execution under way, and how many of its threads have been met.
    static MET: Cell<(u64, usize)> = const { Cell::new((0, 0)) };
}

loom::thread_local! {
    static ME: usize = {
        let (execution, met) = MET.get();
        let me = if execution == EXECUTION.get() { met } else { 0 };
        MET.set((EXECUTION.get(), me + 1));
        me
    };
}

/// The calling thread's number; a thread that is ending has lost its own and takes the last.
pub fn me() -> usize {
    ME.try_with(|me| *me).unwrap_or(THREADS - 1)
}
