use super::sequence;
use crate::sharded::table::table;
use crate::sharded::this_thread::{self, SlowPath};
use crate::sync::{
    AtomicU64, Mutex, MutexGuard, OnceLock,
    Ordering::{Acquire, Relaxed, Release},
    WatchedUsize, const_fn, owner_load, pause, tuned, zeroed,
};

/// Neighboring columns of the table that one operation writes and a reader sees whole.
///
/// The first column is a [sequence number](super::sequence), the others are the places.
///
/// | `start` | means |
/// |---|---|
/// | `UNCLAIMED` | the run has no columns yet |
/// | below `HIDDEN` | the first column |
/// | that plus `HIDDEN` | a reader keeps writers out: no row has so many columns |
pub(crate) struct Run {
    start: WatchedUsize,
    places: usize,
    /// Held by a reader that keeps writers out, and by each writer that has no cells of its own.
    lock: Mutex<()>,
    /// Cells for the operations that no row can take. The thread that holds the lock owns them.
    spare: OnceLock<Box<[AtomicU64]>>,
}

/// How often a reader looks again before it keeps writers out.
pub(crate) const LOOKS: usize = tuned(16, 0);

const UNCLAIMED: usize = usize::MAX;
const HIDDEN: usize = 1 << (usize::BITS - 1);

impl Run {
    const_fn! {
        /// A run of `places` columns, and one for the sequence, that are not claimed yet.
        pub(crate) fn new(places: usize) -> Self {
            Self {
                start: WatchedUsize::new(UNCLAIMED),
                places,
                lock: Mutex::new(()),
                spare: OnceLock::new(),
            }
        }
    }

    /// Lets `operation` write to the places in the calling thread's row. `places` is their number:
    /// where it is a constant, that saves a load and the check of each place.
    #[inline]
    pub(crate) fn write(&self, places: usize, operation: impl Fn(&[AtomicU64])) {
        debug_assert_eq!(places, self.places);
        // Pairs with the Release in `claim`: another thread may have zeroed this thread's cells.
        let start = self.start.load(Acquire);
        match this_thread::row().run(start, 1 + places) {
            Some(cells) => sequence::write(cells, operation),
            None => self.write_slowly(operation),
        }
    }

    /// An operation for which the thread has no cells, or that a reader keeps out.
    #[cold]
    fn write_slowly(&self, operation: impl Fn(&[AtomicU64])) {
        // Waits for a reader that keeps writers out. The next one waits for this operation.
        let _lock = self.lock.lock();
        let spare = self.spare.get_or_init(|| zeroed(1 + self.places));
        sequence::write(self.own_cells(spare).unwrap_or(spare), operation);
    }

    /// Returns the run's cells in the calling thread's row, after taking the columns or the row
    /// that are missing; `None` if that cannot be done now, or is not worth while yet. The caller
    /// holds the lock.
    fn own_cells(&self, spare: &[AtomicU64]) -> Option<&'static [AtomicU64]> {
        let slow = SlowPath::enter()?;
        let start = match self.start.load(Relaxed) {
            UNCLAIMED => {
                // Two steps of the sequence are one operation.
                if owner_load(&spare[0]) < 2 * table().warm_up() as u64 {
                    return None;
                }
                self.claim()?
            }
            start => start,
        };
        this_thread::row_that_reaches(start + self.places, &slow).run(start, 1 + self.places)
    }

    /// Takes columns and returns the first.
    fn claim(&self) -> Option<usize> {
        let start = table().take_columns(&mut *table().try_lock()?, self.columns())?.first;
        self.start.store(start, Release);
        Some(start)
    }

    /// The number of columns: more than one, because single columns are taken by counters, and
    /// these do not leave zeros.
    fn columns(&self) -> usize {
        (1 + self.places).max(2)
    }

    /// Calls `each_row` with the places of every row, each read whole into `copy`.
    pub(crate) fn read(&self, copy: &mut [u64], mut each_row: impl FnMut(&[u64])) {
        // Pairs with the Release in `claim` and in `hide`: what a former group left is not seen.
        let start = self.start.load(Acquire) & !HIDDEN;
        let (mut looks, mut hidden) = (0, None);
        let mut read_row = |cells: &[AtomicU64]| {
            while !sequence::read(cells, copy) {
                looks += 1;
                // A writer that loaded `start` before may still begin one operation, so the reader goes
                // on comparing the sequence.
                if looks > LOOKS && hidden.is_none() {
                    hidden = Some(self.hide());
                }
                pause();
            }
            each_row(copy);
        };
        table().for_each_row(|row| {
            if let Some(cells) = row.run(start, 1 + self.places) {
                read_row(cells);
            }
        });
        if let Some(cells) = self.spare.get() {
            read_row(cells);
        }
    }

    /// Keeps writers out until the result is dropped: they wait for the lock.
    fn hide(&self) -> Hidden<'_> {
        let lock = self.lock.lock();
        let start = self.start.load(Relaxed);
        // Release, as in `claim`: another reader may load this value, and has to see the zeros.
        self.start.store(start | HIDDEN, Release);
        Hidden { run: self, start, _lock: lock }
    }
}

/// Columns that writers do not find, until this is dropped.
struct Hidden<'a> {
    run: &'a Run,
    start: usize,
    _lock: MutexGuard<'a, ()>,
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        // Release, as in `hide`.
        self.run.start.store(self.start, Release);
    }
}

impl Drop for Run {
    /// Leaves zeros in the columns: the sequence of the next run is even, and its sum is 0.0.
    fn drop(&mut self) {
        let start = self.start.load(Relaxed);
        if start == UNCLAIMED {
            return;
        }
        table().for_each_row(|row| {
            // The row's owner does not write here: every operation happened before.
            for cell in row.run(start, 1 + self.places).unwrap_or_default() {
                // Without the test, the system would back pages that were never used.
                if owner_load(cell) != 0 {
                    cell.store(0, Relaxed);
                }
            }
        });
        table().give_columns(start, self.columns());
    }
}
