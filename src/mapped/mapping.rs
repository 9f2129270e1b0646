use std::fs::File;
use std::io;
use std::sync::atomic::AtomicU64;

use memmap2::{MmapOptions, MmapRaw};

#[cfg(not(target_pointer_width = "64"))]
compile_error!(
    "the feature `mapped` of hotcount reads 64-bit atomics in read-only memory, which is promised \
     to work on 64-bit targets only: build for one of them, or without the feature"
);

/// A file in memory, seen as atomic words.
///
/// There is no `&[u8]` over it: others write it at any time.
pub struct Mapping {
    map: MmapRaw,
}

impl Mapping {
    /// Maps the first `length` bytes of `file`; a read-only mapping is only to be loaded from.
    pub fn new(file: &File, length: u64, writable: bool) -> io::Result<Self> {
        let length = usize::try_from(length).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let mut options = MmapOptions::new();
        options.len(length);
        let map = if writable { options.map_raw(file) } else { options.map_raw_read_only(file) }?;
        Ok(Self { map })
    }

    /// The word at `index`, counted in words.
    ///
    /// From a read-only mapping it may only be loaded, and only `Relaxed`: other loads may be
    /// compiled to instructions that write.
    ///
    /// Panics when it is not inside the mapping.
    #[inline]
    pub fn word(&self, index: usize) -> &AtomicU64 {
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
    pub fn flush(&self) -> io::Result<()> {
        self.map.flush()
    }
}
