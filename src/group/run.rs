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
/// | the first column plus `HIDDEN` | a reader keeps writers out: no row reaches so far |
pub(crate) struct Run {
    start: WatchedUsize,
    places: usize,
    /// Held by a reader that keeps writers out, and by each writer that has no cells of its own.
    lock: Mutex<()>,
    /// Cells for the operations that no row can take. The thread that holds the lock owns them.
    spare: OnceLock<Box<[AtomicU64]>>,
}

/// How often a reader repeats a read before it keeps writers out.
pub(crate) const LOOKS: usize = tuned(16, 0);

const UNCLAIMED: usize = usize::MAX;
const HIDDEN: usize = 1 << (usize::BITS - 1);

impl Run {
    const_fn! {
        /// A run of `places` columns and one for the sequence. It has not claimed them yet.
        pub(crate) fn new(places: usize) -> Self {
            Self {
                start: WatchedUsize::new(UNCLAIMED),
                places,
                lock: Mutex::new(()),
                spare: OnceLock::new(),
            }
        }
    }

    /// Lets `operation` write to the places in the calling thread's row. `places` is their number.
    /// If it is a constant, this saves a load and the check of each place.
    #[inline]
    pub(crate) fn write(&self, places: usize, operation: impl Fn(&[AtomicU64])) {
        debug_assert_eq!(places, self.places);
        // Pairs with the Release in `claim` and in `hide`: another thread may have zeroed this
        // thread's cells.
        let start = self.start.load(Acquire);
        match this_thread::row().run(start, 1 + places) {
            Some(cells) => sequence::write(cells, operation),
            None => self.write_slowly(operation),
        }
    }

    /// Runs `operation` for a thread that has no cells, or that a reader keeps out.
    #[cold]
    fn write_slowly(&self, operation: impl Fn(&[AtomicU64])) {
        // Waits for a reader that keeps writers out. The next such reader waits for this operation.
        let _lock = self.lock.lock();
        let spare = self.spare.get_or_init(|| zeroed(1 + self.places));
        sequence::write(self.own_cells(spare).unwrap_or(spare), operation);
    }

    /// Takes the columns or the row that are missing, and returns the run's cells in the calling
    /// thread's row. Returns `None` if it cannot take them now, or if columns are not worth their
    /// cost yet. The caller holds the lock.
    fn own_cells(&self, spare: &[AtomicU64]) -> Option<&'static [AtomicU64]> {
        let slow = SlowPath::enter()?;
        let start = match self.start.load(Relaxed) {
            UNCLAIMED => {
                // Each operation adds 2 to the sequence number.
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

    /// Returns the number of columns. It is more than one, because counters take single columns and
    /// do not leave zeros in them.
    fn columns(&self) -> usize {
        (1 + self.places).max(2)
    }

    /// Calls `each_row` with the places of every row, each read whole into `copy`.
    pub(crate) fn read(&self, copy: &mut [u64], mut each_row: impl FnMut(&[u64])) {
        // Pairs with the Release in `claim` and in `hide`: the reader sees the zeros that a former
        // group left, and not its counts.
        let start = self.start.load(Acquire) & !HIDDEN;
        let (mut looks, mut hidden) = (0, None);
        let mut read_row = |cells: &[AtomicU64]| {
            while !sequence::read(cells, copy) {
                looks += 1;
                // A writer that loaded `start` before may still begin one operation. So the reader
                // continues to compare the sequence.
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

    /// Keeps writers out until the result is dropped. They wait for the lock.
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
    /// Leaves zeros in the columns. So the sequence number of the next run is even, and its sum is
    /// 0.0.
    fn drop(&mut self) {
        let start = self.start.load(Relaxed);
        if start == UNCLAIMED {
            return;
        }
        table().for_each_row(|row| {
            // The row's owner does not write here, because every operation happened before the
            // drop.
            for cell in row.run(start, 1 + self.places).unwrap_or_default() {
                // Without this test, the system would back pages that were never used.
                if owner_load(cell) != 0 {
                    cell.store(0, Relaxed);
                }
            }
        });
        table().give_columns(start, self.columns());
    }
}
