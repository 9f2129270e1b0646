use std::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

/// How many recorders have gone in this process.
static GONE: AtomicU64 = AtomicU64::new(0);

/// Tells a recorder from others, and whether it is still there.
#[derive(Default)]
pub(super) struct RecorderId {
    gone: AtomicBool,
}

impl RecorderId {
    pub(super) fn is_gone(&self) -> bool {
        self.gone.load(Relaxed)
    }

    /// Lets the threads let go of the recorder's handles with their next look-up.
    pub(super) fn set_gone(&self) {
        self.gone.store(true, Relaxed);
        // Pairs with the Acquire in `gone`.
        GONE.fetch_add(1, Release);
    }
}

/// How many recorders have gone. What is counted here is seen as gone by `is_gone`.
pub(super) fn gone() -> u64 {
    GONE.load(Acquire)
}
