use std::fmt;
use std::path::Path;

use super::error::Failure;
use super::name::Name;
use super::open::{self, Access};
use super::slots::{Search, Slots};

/// The counters of a file, read only. A monitor uses it while other processes count.
///
/// It comes from [`CounterFile::open_read_only`](super::CounterFile::open_read_only). It needs no
/// permission to write, takes no lock and changes nothing. Each call sees the counters and values
/// of that moment. A value is read as [`Counter::get`](crate::Counter::get) reads it. Values of
/// several counters are not one snapshot.
///
/// # Examples
///
/// ```
/// use hotcount::{Counter, mapped::CounterFile};
///
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("hits.counters");
/// let file = CounterFile::open(&path)?;
/// file.counter("hits")?.add(3);
/// file.counter("misses")?;
///
/// let view = CounterFile::open_read_only(&path)?;
/// assert_eq!(view.get("hits"), Some(3));
/// assert_eq!(view.get("errors"), None);
/// for (name, value) in view.iter() {
///     println!("{name} {value}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CounterView {
    slots: Slots,
}

impl CounterView {
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let file = open::open(path, Access::Read)?;
        Ok(Self { slots: Slots::map(&file, Access::Read)? })
    }

    /// Returns the names and values, in the order in which the counters were created.
    ///
    /// Leaves out a counter whose name another program has damaged since the file was opened.
    pub fn iter(&self) -> impl Iterator<Item = (String, u64)> + '_ {
        self.slots.iter().filter_map(|(name, value)| Some((name.ok()?, value)))
    }

    /// Returns the value of the counter with this name, `None` if there is none.
    ///
    /// This searches the names.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<u64> {
        match self.slots.find(&Name::new(name)?, 0) {
            Search::Found(slot) => Some(self.slots.value(slot)),
            Search::Free(_) | Search::Full => None,
        }
    }
}

impl fmt::Debug for CounterView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
