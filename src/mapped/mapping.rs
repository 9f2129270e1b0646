use std::fs::File;
use std::io;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use memmap2::{MmapOptions, MmapRaw};

use super::slots::Slots;

#[cfg(not(target_pointer_width = "64"))]
compile_error!(
    "the feature `mapped` of hotcount reads 64-bit atomics in read-only memory, which is promised \
     to work on 64-bit targets only: build for one of them, or without the feature"
);

/// A file in memory, seen as atomic words.
///
/// There is no `&[u8]` over it: others write it at any time.
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

    /// The word at `index`, counted in words. Panics when it is not inside the mapping, or the
    /// mapping is read-only.
    pub(super) fn word(&self, index: usize) -> &AtomicU64 {
        assert!(self.writable, "a read-only mapping has no words to write");
        self.any_word(index)
    }

    /// What the word at `index` holds, also in a read-only mapping. Always `Relaxed`: stronger
    /// loads may be compiled to instructions that write.
    pub(super) fn load(&self, index: usize) -> u64 {
        self.any_word(index).load(Relaxed)
    }

    /// A word of any mapping; from a read-only one it may only be loaded, and only `Relaxed`.
    fn any_word(&self, index: usize) -> &AtomicU64 {
        assert!(index < self.map.len() / size_of::<AtomicU64>(), "word {index} is not mapped");
        // A mapping starts at a page.
        #[expect(clippy::cast_ptr_alignment)]
        let words = self.map.as_mut_ptr().cast::<AtomicU64>();
        // SAFETY: the word lies inside the mapping, which is aligned to a page and lives as long as
        // `self`; every word of it is a valid `u64`. This process touches it through atomics only,
        // and so does any other that uses this crate; one that does not may write any value, but
        // not make this a data race, which is between threads of one program. (Not
        // `AtomicU64::from_ptr`, which wants memory that may be written; `Relaxed` loads of 8 bytes
        // work in read-only memory too, as `std::sync::atomic` says for 64-bit targets.) A page that
        // was truncated away by another program is a SIGBUS: the process ends, nothing is read.
        unsafe { &*words.add(index) }
    }

    /// Writes what has changed to the file, and waits until that is done.
    pub(super) fn flush(&self) -> io::Result<()> {
        self.map.flush()
    }
}

/// The value of one slot, which is kept mapped by it.
///
/// It knows the address: to look it up in the slots made an addition by two threads a tenth dearer.
#[derive(Clone)]
pub(super) struct Value {
    address: NonNull<AtomicU64>,
    _slots: Arc<Slots>,
}

impl Value {
    pub(super) fn new(slots: Arc<Slots>, slot: usize) -> Self {
        Self { address: NonNull::from(slots.value(slot)), _slots: slots }
    }
}

impl Deref for Value {
    type Target = AtomicU64;

    #[inline]
    fn deref(&self) -> &AtomicU64 {
        // SAFETY: the address was that of a reference into the mapping, which stays where it is
        // until the last share of its slots is gone, and `self` has one.
        unsafe { self.address.as_ref() }
    }
}

// SAFETY: it is as good as a `&AtomicU64`, which may be sent and shared, and so may its other part.
unsafe impl Send for Value where Arc<Slots>: Send {}
// SAFETY: as above.
unsafe impl Sync for Value where Arc<Slots>: Sync {}
