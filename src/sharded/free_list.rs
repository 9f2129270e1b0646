use crate::sync::{
    AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
    const_fn, guess,
};

/// Numbers of rows or of columns that are free to take. The number given back last is taken first.
///
/// It is the stack of Treiber (1986), linked by numbers. Giving a number back is lock-free and
/// allocates nothing, so it waits for no other thread. Only the thread that holds the table's lock
/// takes numbers. While it looks at a number, no other thread can take it and give it back. So the
/// stack's ABA problem does not arise.
pub(crate) struct FreeList {
    /// The number on top, plus 1; 0 if there is none.
    head: AtomicUsize,
}

impl FreeList {
    const_fn! {
        /// A list without numbers.
        pub(crate) fn new() -> Self {
            Self { head: AtomicUsize::new(0) }
        }
    }

    /// Gives `number` back. The list uses its `link` until it is taken.
    pub(crate) fn push(&self, number: usize, link: &AtomicUsize) {
        let mut head = guess(&self.head);
        loop {
            link.store(head, Relaxed);
            // Pairs with the Acquire in `pop`: the thread that takes the number sees its link, and
            // all that was done with it. Later steps of the list are read-modify-writes, which
            // continue the release sequence.
            match self.head.compare_exchange(head, number + 1, Release, Relaxed) {
                Ok(_) => return,
                Err(now) => head = now,
            }
        }
    }

    /// Takes the number on top. The caller holds the table's lock.
    pub(crate) fn pop<'a>(&self, link_of: impl Fn(usize) -> &'a AtomicUsize) -> Option<usize> {
        // Pairs with the Release in `push`.
        let mut head = self.head.load(Acquire);
        loop {
            let number = head.checked_sub(1)?;
            let next = link_of(number).load(Relaxed);
            // Fails if another number was put on top, and then acquires that one.
            match self.head.compare_exchange(head, next, Relaxed, Acquire) {
                Ok(_) => return Some(number),
                Err(now) => head = now,
            }
        }
    }
}
