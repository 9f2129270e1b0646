//! Where the free units of a [`LimitedCounter`](super::LimitedCounter) are.
//!
//! | [`Place`] | the word | the cells | `Kept::units` | when |
//! |---|---|---|---|---|
//! | `Word` | all free units | closed | 0 | at first, and near the limit |
//! | `Cells` | closed | open: a credit each | the free units that are in no cell | threads contend, far from the limit |
//! | `Lock` | closed | closed | all free units | the word cannot hold their number: the limit was lowered below the count, or 2<sup>64</sup> − 1 or more are free |
//!
//! Threads change an open word or cell by compare-and-swap. Only the holder of the lock opens and
//! closes. A thread that finds the word and its cell closed takes the lock.
//!
//! **A refusal is exact.** A refusal is decided in one of two ways:
//!
//! - By a load of the open word. While it is open, all free units are in it.
//! - By the holder of the lock while the word and all cells are closed. Closing a cell collects its
//!   credit in the same step. Later operations on a closed cell wait for the lock, so no unit can
//!   move into a cell that is already closed.
//!
//! One pass that only *looks* at the cells is not enough:
//!
//! 1. The pass sees that cell A is empty.
//! 2. A thread gives a unit back to A.
//! 3. Another thread takes the last unit of B.
//! 4. The pass sees that B is empty as well, although a unit was free at every moment.
//!
//! Each change of an open word is a read-modify-write with `AcqRel`. The holder of the lock
//! acquires when it closes a word, and releases when it opens one. So the steps on each word, and
//! the sections under the lock, are ordered by happens-before, and the whole counter is
//! linearizable.
//!
//! The idea is from McKenney's *Is Parallel Programming Hard*, section 5.4 ("Exact Limit
//! Counters"): each thread takes from a credit by compare-and-swap, and the credits are collected
//! under a lock.

use super::cells::Cells;
use super::credit::{CLOSED, Credit, Outcome};
use crate::sync::{Mutex, MutexGuard, OnceLock, const_fn, tuned};

/// The free units, wherever they are.
pub(crate) struct Room {
    word: Credit,
    cells: OnceLock<Cells>,
    kept: Mutex<Kept>,
}

/// Free units are worth spreading if each cell can have this many times the amount asked for.
const WORTH_SPREADING: usize = tuned(16, 1);

/// The smallest number of units that an open word cannot hold.
const TOO_MANY: i128 = CLOSED as i128;

/// What the lock protects.
pub(crate) struct Kept {
    pub limit: u64,
    /// Units that are neither in the word nor in a cell. Negative when more than the limit is out.
    pub units: i128,
    place: Place,
}

/// Where free units can be taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Word,
    Cells,
    Lock,
}

impl Room {
    const_fn! {
        /// Room for `limit` units, all of them free.
        pub(crate) fn new(limit: u64) -> Self {
            // A word cannot hold `CLOSED` units, so these begin under the lock.
            let (units, place) =
                if limit == CLOSED { (TOO_MANY, Place::Lock) } else { (0, Place::Word) };
            Self {
                word: Credit::new(limit),
                cells: OnceLock::new(),
                kept: Mutex::new(Kept { limit, units, place }),
            }
        }
    }

    /// Takes `n` units, or returns `false` if fewer are free.
    #[inline]
    pub(crate) fn take(&self, n: u64) -> bool {
        match self.change(n, |credit| credit.take(n)) {
            Some(Outcome::OutOfRange) => false,
            Some(_) => true,
            None => self.take_slowly(n),
        }
    }

    /// Gives `n` units back.
    #[inline]
    pub(crate) fn give(&self, n: u64) {
        match self.change(n, |credit| credit.give(n)) {
            Some(Outcome::Done | Outcome::Contended(_)) => {}
            _ => self.give_slowly(n),
        }
    }

    /// Changes the word, or the thread's cell if the word is closed. Returns `None` if nothing was
    /// changed and only the holder of the lock can decide.
    #[inline]
    fn change(&self, n: u64, change: impl Fn(&Credit) -> Outcome) -> Option<Outcome> {
        match change(&self.word) {
            Outcome::Closed => {}
            outcome => {
                if let Outcome::Contended(units) = outcome {
                    self.spread(units, n);
                }
                return Some(outcome);
            }
        }
        let outcome = self.cells.get()?.change(change);
        matches!(outcome, Outcome::Done | Outcome::Contended(_)).then_some(outcome)
    }

    #[cold]
    fn take_slowly(&self, n: u64) -> bool {
        let mut kept = self.kept.lock();
        let enough = |kept: &Kept| kept.units >= i128::from(n);
        let gathers = kept.place != Place::Cells || !enough(&kept);
        if gathers {
            self.gather(&mut kept);
        }
        let granted = enough(&kept);
        if granted {
            kept.units -= i128::from(n);
        }
        if gathers {
            self.settle(&mut kept, n);
        }
        self.refill(&mut kept, n);
        granted
    }

    #[cold]
    fn give_slowly(&self, n: u64) {
        let mut kept = self.kept.lock();
        if kept.place == Place::Cells {
            kept.units += i128::from(n);
        } else {
            self.gather(&mut kept);
            kept.units += i128::from(n);
            self.settle(&mut kept, n);
        }
    }

    /// Opens the cells in place of the word, if its `units` are several times `n` for each cell.
    #[cold]
    pub(crate) fn spread(&self, units: u64, n: u64) {
        if i128::from(units) < worth_spreading(n) {
            return;
        }
        // Allocated outside the lock.
        let made = self.cells.get().is_none().then(Cells::new);
        let mut kept = self.kept.lock();
        if kept.place == Place::Word {
            if let Some(made) = made {
                self.cells.get_or_init(|| made);
            }
            self.gather(&mut kept);
            self.settle(&mut kept, n);
        }
    }

    /// Runs `judge` at a moment at which all free units are kept under the lock.
    pub(crate) fn exactly<R>(&self, judge: impl FnOnce(&mut Kept) -> R) -> R {
        let mut kept = self.kept.lock();
        self.gather(&mut kept);
        let judged = judge(&mut kept);
        self.settle(&mut kept, 1);
        judged
    }

    /// Returns the limit.
    pub(crate) fn limit(&self) -> u64 {
        self.kept.lock().limit
    }

    /// Closes the word or the cells, whichever are open, and collects their units. `settle` has to
    /// follow.
    fn gather(&self, kept: &mut MutexGuard<'_, Kept>) {
        kept.units += match kept.place {
            Place::Word => self.word.close().into(),
            Place::Cells => self.cells.get().map_or(0, Cells::close),
            Place::Lock => 0,
        };
    }

    /// Opens the place that is best for units that are taken in amounts of `n`. All units must be
    /// kept under the lock.
    fn settle(&self, kept: &mut MutexGuard<'_, Kept>, n: u64) {
        let cells = self.cells.get().filter(|_| kept.units >= worth_spreading(n));
        let word = u64::try_from(kept.units).ok().filter(|&units| units != CLOSED);
        kept.place = match (cells, word) {
            (Some(cells), _) => {
                cells.open();
                Place::Cells
            }
            (None, Some(units)) => {
                kept.units = 0;
                self.word.open(units);
                Place::Word
            }
            (None, None) => Place::Lock,
        };
    }

    /// Moves a share of the kept units to the calling thread's cell, for its next takes. The fewer
    /// units are kept, the smaller is the share.
    fn refill(&self, kept: &mut MutexGuard<'_, Kept>, n: u64) {
        let shares = 2 * Cells::count() as i128;
        let share = u64::try_from(kept.units / shares).unwrap_or(u64::MAX / 2);
        if kept.place != Place::Cells || share < n {
            return;
        }
        let given = self.cells.get().map(|cells| cells.change(|credit| credit.give(share)));
        if matches!(given, Some(Outcome::Done | Outcome::Contended(_))) {
            kept.units -= i128::from(share);
        }
    }
}

/// Returns the number of free units below which spreading them costs more than it saves.
fn worth_spreading(n: u64) -> i128 {
    i128::from(n.max(1).saturating_mul(WORTH_SPREADING as u64)) * Cells::count() as i128
}
