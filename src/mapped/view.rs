use std::fmt;
use std::path::Path;

use super::access::{self, Access};
use super::error::Error;
use super::name::Name;
use super::slots::{Place, Slots};

/// The counters of a file, to be read only: for a monitor that runs beside those who count.
///
/// It comes from [`CounterFile::open_read_only`](super::CounterFile::open_read_only), needs no
/// permission to write, takes no lock and changes nothing. It is live: each look sees the values,
/// and the counters, of that moment. A value is read as [`Counter::get`](crate::Counter::get) reads
/// it; values of several counters are not one snapshot.
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
/// assert_eq!(view.get("nobody counts this"), None);
/// for (name, value) in view.iter() {
///     println!("{name} {value}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CounterView {
    slots: Slots,
}

impl CounterView {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let file = access::open(path, Access::Read)?;
        Ok(Self { slots: access::map(&file, path, Access::Read)? })
    }

    /// Returns the names and values, in the order in which the counters were created.
    ///
    /// What somebody has overwritten since the file was opened, so that it is no name, is left out.
    pub fn iter(&self) -> impl Iterator<Item = (String, u64)> + '_ {
        (0..self.slots.capacity())
            .map_while(|slot| Some((self.slots.name(slot)?, self.slots.load(slot))))
            .filter_map(|(name, value)| Some((name.ok()?, value)))
    }

    /// Returns the value of the counter with this name, `None` if there is none. It looks through
    /// the names.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<u64> {
        match self.slots.find(&Name::new(name)?) {
            Place::Taken(slot) => Some(self.slots.load(slot)),
            Place::Free(_) | Place::Full => None,
        }
    }
}

impl fmt::Debug for CounterView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
