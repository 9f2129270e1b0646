//! Counters in a file that processes share and that outlives them.
//!
//! A counter in memory is one process's: it is wrong as soon as a server has several workers, and
//! gone when it restarts. Here the counters stand in a memory-mapped file. Each is one atomic word
//! that all processes add to, at the cost of an [`AtomicCounter`](crate::AtomicCounter), with the
//! same contract, over processes as over threads.
//!
//! ```
//! use hotcount::FetchAdd;
//! use hotcount::mapped::{CounterFile, MappedCounter};
//!
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("hits.counters");
//! let file = CounterFile::open(&path)?; // creates it if it is absent
//! let hits: MappedCounter = file.counter("page_hits")?; // finds it or creates it
//! let visitor = hits.increment_and_get(); // unique over all processes
//! file.sync()?; // on the disk now
//!
//! let view = CounterFile::open_read_only(&path)?; // for a monitor
//! for (name, value) in view.iter() {
//!     println!("{name} {value}"); // page_hits 1
//! }
//! # assert_eq!((visitor, view.get("page_hits")), (1, Some(1)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is promised
//!
//! - **A process that ends, in whatever way, loses nothing and holds up nobody.** An addition that
//!   has returned is in the file's memory, which belongs to the system; there is no lock in it to
//!   die inside. After a `SIGKILL` a counter has every addition that returned, and at most the one
//!   that was being made.
//! - **Nobody sees half a file.** It is built aside, under the name `.hotcount-…​.new`, and linked
//!   into place when all of it is on the disk; of several that create it at once, all get the same.
//!   (Only a process killed in these milliseconds leaves the file aside behind; remove it.)
//! - **A name is one counter**, also when several processes or threads ask for it first at once.
//! - **[`sync`](CounterFile::sync) is a power cut's limit.** When the system crashes, or the power
//!   fails, what was counted since the last `sync` that returned may be lost; what it confirmed is
//!   there, if the disk keeps its own word.
//! - **A damaged file is an error**, see [`Error`], and stays as it is.
//!
//! # What is not
//!
//! - **Whoever can write the file can write any value into it.** The file's permissions are the
//!   only guard; they are those of any new file. It is checked when it is opened, not at each
//!   addition.
//! - **Another program must not cut the file off** while it is open: a page that is gone kills
//!   every process that touches it (`SIGBUS`). The same holds for a page that the disk cannot read
//!   any more, or cannot store: a new file owns its room from the start, but a copy that leaves
//!   zeros out (`cp --sparse=always`) does not, nor does one on a file system that compresses or
//!   copies on write.
//! - **A file that is removed or replaced** is counted in by those who have it open, and by nobody
//!   else; only a new name tells them, with [`Replaced`](Error::Replaced).
//! - **Local disks only.** Machines that mount it over NFS or the like do not share memory, so they
//!   lose each other's additions. A virtual machine that goes back to a snapshot goes back to its
//!   counts, and gives numbers once more that it has given before.
//! - **A process that is stopped** (`SIGSTOP`, a debugger) while it registers a name makes others
//!   that register one wait, and fail after five seconds with [`Busy`](Error::Busy); so does a child
//!   that was forked by another thread in those microseconds, if its parent is killed in them as
//!   well. Counting and reading go on.
//!
//! It runs on 64-bit Unix and Windows; the tests are run on Linux. On Windows the lock is a file
//! beside it with `.lock` added to the name, because a locked file could not be read there.
//!
//! # The format, version 1
//!
//! A header of 128 bytes, which never changes, then a slot of 128 bytes for each counter that there
//! is room for; the file's length is exactly that. Numbers are little-endian, except where it says
//! *native*: the order of the machine that made the file.
//!
//! | byte | of the header |
//! |---|---|
//! | 0–15 | `89`, `hotcount`, `0D 0A 1A 0A 00 00 00`: damaged by a copy in text mode |
//! | 16–19 | the version, 1 |
//! | 20–23 | 0x01020304, native |
//! | 24–27 | the capacity: the number of slots, 1 to 16,777,216 |
//! | 28–31 | the length of the header, 128 |
//! | 32–35 | the length of a slot, 128 |
//! | 36–47 | random, the file's part of [`MappedCounter::id`] |
//! | 48–123 | zeros |
//! | 124–127 | the CRC-32 (that of zlib) of bytes 0–123 |
//!
//! | byte | of a slot |
//! |---|---|
//! | 0–7 | the value, native |
//! | 8–15 | 0 for a free slot; else, native, the length of the name + 2<sup>32</sup> × its CRC-32 |
//! | 16–127 | the name, 1 to 111 bytes of UTF-8, then zeros; there is always one |
//!
//! A slot takes lines of the cache of its own, so two counters do not slow each other down. Slots
//! are taken in order and for good. Whoever takes one holds the file's lock, writes the name, and
//! bytes 8–15 last, in one store: before that the slot is free, and a process killed halfway leaves
//! it so. Every later version keeps the header's bytes 0–23 and its checksum.

mod access;
mod counter;
mod create;
mod error;
mod file;
mod format;
mod lock;
#[allow(unsafe_code, reason = "memory that other processes write cannot be had otherwise")]
mod mapping;
mod name;
mod options;
mod slots;
mod view;

pub use counter::MappedCounter;
pub use error::Error;
pub use file::CounterFile;
pub use options::CounterFileOptions;
pub use view::CounterView;
