use crate::sync::{
    AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
    const_fn, guess,
};

/// Numbers that are free to take: of rows, or of columns.
///
/// Giving a number back is lock-free and allocates nothing, so it never waits for another thread.
/// Taking one is for the thread that holds the table's lock: it takes the whole list at once, so no
/// number can come back while a pop is under way (the ABA problem of Treiber's stack, 1986).
pub(super) struct FreeList {
    /// The number given back last, plus 1; 0 if there is none. Each leads to the next.
    head: AtomicUsize,
}

/// Numbers that were on a [`FreeList`], for the thread that holds the table's lock.
pub(super) struct TakenList {
    head: usize,
}

impl FreeList {
    const_fn! {
        /// A list without numbers.
        pub(super) fn new() -> Self {
            Self { head: AtomicUsize::new(0) }
        }
    }

    /// Gives `number` back. The list uses its `link` until it is taken.
    pub(super) fn push(&self, number: usize, link: &AtomicUsize) {
        let mut head = guess(&self.head);
        loop {
            link.store(head, Relaxed);
            // Pairs with the Acquire in `pop`: what was done with the number comes before it is
            // taken. A later push is a read-modify-write and keeps this edge.
            match self.head.compare_exchange(head, number + 1, Release, Relaxed) {
                Ok(_) => return,
                Err(now) => head = now,
            }
        }
    }

    /// Takes a number from `taken`, which is refilled from this list.
    pub(super) fn pop<'a>(
        &self,
        taken: &mut TakenList,
        link_of: impl Fn(usize) -> &'a AtomicUsize,
    ) -> Option<usize> {
        if taken.head == 0 {
            // Pairs with the Release in `push`, of every number on the list.
            taken.head = self.head.swap(0, Acquire);
        }
        let number = taken.head.checked_sub(1)?;
        taken.head = link_of(number).load(Relaxed);
        Some(number)
    }
}

impl TakenList {
    /// A list without numbers.
    pub(super) const EMPTY: Self = Self { head: 0 };
}
