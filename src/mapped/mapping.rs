use std::fs::File;
use std::io;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use memmap2::{MmapOptions, MmapRaw};

/// A file in memory, seen as atomic words.
///
/// There is no `&[u8]` over it, because other processes write it at any time.
pub(super) struct Mapping {
    map: MmapRaw,
    writable: bool,
}

impl Mapping {
    /// Maps the first `length` bytes of `file`.
    pub(super) fn new(file: &File, length: u64, writable: bool) -> io::Result<Self> {
        let length = usize::try_from(length).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let mut options = MmapOptions::new();
        options.len(length);
        let map = if writable { options.map_raw(file) } else { options.map_raw_read_only(file) }?;
        Ok(Self { map, writable })
    }

    /// The word at `index`, counted in words. Panics if it is not inside the mapping, or if the
    /// mapping is read-only.
    pub(super) fn word(&self, index: usize) -> &AtomicU64 {
        assert!(self.writable, "a read-only mapping has no words to write");
        self.any_word(index)
    }

    /// The value of the word at `index`, also in a read-only mapping. Always `Relaxed`, because a
    /// stronger load can be compiled to instructions that write.
    pub(super) fn load(&self, index: usize) -> u64 {
        self.any_word(index).load(Relaxed)
    }

    /// A word of any mapping. From a read-only one it may only be loaded, and only `Relaxed`.
    fn any_word(&self, index: usize) -> &AtomicU64 {
        assert!(index < self.map.len() / size_of::<AtomicU64>(), "word {index} is not mapped");
        // A mapping starts at a page.
        #[expect(clippy::cast_ptr_alignment)]
        let words = self.map.as_mut_ptr().cast::<AtomicU64>();
        // SAFETY: The word lies inside the mapping, which is aligned to a page and lives as long as
        // `self`. Every word of it is a valid `u64`. This process accesses it through atomics only,
        // and so does every process that uses this crate. Another program may write any value, but
        // cannot make this a data race, which is between threads of one program. (This is not
        // `AtomicU64::from_ptr`, which needs memory that may be written. `Relaxed` loads of 8 bytes
        // work in read-only memory on 64-bit targets, see `std::sync::atomic`.) If another program
        // has cut the page off, the access is a SIGBUS: the process ends and nothing is read.
        unsafe { &*words.add(index) }
    }

    /// Writes what has changed to the file, and waits until that is done.
    pub(super) fn flush(&self) -> io::Result<()> {
        self.map.flush()
    }
}

/// One word of a mapping, which it keeps mapped.
///
/// It keeps the address: looking the word up made an addition by two threads 10 % slower.
#[derive(Clone)]
pub(super) struct Word {
    address: NonNull<AtomicU64>,
    _mapping: Arc<Mapping>,
}

impl Word {
    /// The word at `index`, as [`Mapping::word`].
    pub(super) fn new(mapping: Arc<Mapping>, index: usize) -> Self {
        Self { address: NonNull::from(mapping.word(index)), _mapping: mapping }
    }
}

impl Deref for Word {
    type Target = AtomicU64;

    #[inline]
    fn deref(&self) -> &AtomicU64 {
        // SAFETY: The address comes from a reference into the mapping. The mapping stays in its
        // place until the last `Arc` of it is gone, and `self` has one.
        unsafe { self.address.as_ref() }
    }
}

// SAFETY: A `Word` is used as a `&AtomicU64`, which may be sent and shared, and so may its `Arc`.
unsafe impl Send for Word where Arc<Mapping>: Send {}
// SAFETY: As above.
unsafe impl Sync for Word where Arc<Mapping>: Sync {}
