use super::free_list::FreeList;
use super::row::{CLASSES, LENGTHS, class_of};
use crate::sync::{AtomicUsize, OnceLock, array, const_fn, tuned, zeroed};

/// The columns that no counter has, in runs of neighbors. A run has 1, 2, 4, … columns.
pub(super) struct FreeColumns {
    /// The first column of each run. The first index is the class of the shortest rows that reach
    /// the last column of the run. The second index is the binary logarithm of the run's length.
    runs: [[FreeList; SIZES]; CLASSES],
    /// For each class, a link for each column that its rows reach. Most links of columns that
    /// shorter rows reach are unused, and no memory backs them.
    links: [OnceLock<Box<[AtomicUsize]>>; CLASSES],
}

/// The number of lengths. Runs have up to 2<sup>15</sup> columns.
const SIZES: usize = tuned(16, 3);

impl FreeColumns {
    const_fn! {
        /// Without a free column.
        pub(super) fn new() -> Self {
            Self {
                runs: array![array![FreeList::new(); SIZES]; CLASSES],
                links: array![OnceLock::new(); CLASSES],
            }
        }
    }

    /// Takes a run of `count` columns and returns the first. The caller holds the table's lock.
    pub(super) fn take(&self, count: usize) -> Option<usize> {
        let size = size_of_run(count)?;
        // Lower classes first: rows stay short.
        (0..CLASSES).find_map(|class| self.runs[class][size].pop(|first| self.link(class, first)))
    }

    /// Makes the link of a new run of `count` columns, because giving the run back must not
    /// allocate. Returns the column after the run, or `None` if no row can reach so far.
    pub(super) fn prepare(&self, first: usize, count: usize) -> Option<usize> {
        let end = first + (1 << size_of_run(count)?);
        let class = class_of(end - 1)?;
        self.links[class].get_or_init(|| zeroed(LENGTHS[class]));
        Some(end)
    }

    /// Gives back a run of `count` columns that starts at `first`.
    pub(super) fn give(&self, first: usize, count: usize) {
        let Some(size) = size_of_run(count) else { return };
        let Some(class) = class_of(first + (1 << size) - 1) else { return };
        self.runs[class][size].push(first, self.link(class, first));
    }

    /// Returns the link of the run that starts at `first` and ends in `class`.
    fn link(&self, class: usize, first: usize) -> &AtomicUsize {
        &self.links[class].get().expect("it was made with the columns")[first]
    }
}

/// Returns the binary logarithm of the length of the run that holds `count` columns.
fn size_of_run(count: usize) -> Option<usize> {
    let size = count.next_power_of_two().ilog2() as usize;
    (size < SIZES).then_some(size)
}
