//! Counters in a file that processes share and that outlives them.
//!
//! A counter in memory belongs to one process: it is wrong as soon as a server has several workers,
//! and it is gone after a restart. Here the counters are in a memory-mapped file. Each is one atomic
//! word that all processes add to. It has the contract and the cost of an
//! [`AtomicCounter`](crate::AtomicCounter), over processes as over threads.
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
//! - **A process that dies loses nothing and blocks no other process.** An addition that has
//!   returned is in memory that belongs to the system. The file contains no lock. After a `SIGKILL`
//!   a counter has every addition that returned, and at most the one that was in progress.
//! - **No process sees a part of a new file.** The file gets its name when all of it is on the disk.
//!   Of several creators at once, one wins and all get the same file. They build it one after the
//!   other, so the disk needs room for one. On Linux a creator that is killed leaves nothing behind.
//!   Elsewhere, and on a file system without unnamed files, it can leave a file `.hotcount-….new`,
//!   which you can remove.
//! - **A name is one counter**, even if several processes or threads ask for it first at once.
//! - **[`sync`](CounterFile::sync) makes counts survive a power cut**, if the disk keeps its own
//!   promise. Counts after the last `sync` that returned `Ok` can be lost, and so can new names. The
//!   file can be opened and counts on.
//! - **A damaged file is an error**, see [`ErrorKind`], and stays as it is.
//!
//! # What is not promised
//!
//! - **A process that can write the file can write any value into it.** The permissions of the file
//!   are the only guard. A new file has those of any new file. It is checked when it is opened, not
//!   at each addition.
//! - **A process that can read the file can hold its lock**, because the locks of Unix need no
//!   more. New names then fail with [`Busy`](ErrorKind::Busy). Counting and reading go on. A lock on
//!   the directory only delays the creation of a file, by 15 s, and more for a large file. The system
//!   does not open a file for writing while another program has a lease on it: also `Busy`.
//! - **Another program must not shorten the file** while it is open. A page that is gone kills every
//!   process that touches it (`SIGBUS`). The same holds for a page that the disk can no longer read
//!   or store. A new file owns its room from the start. A copy without its zeros
//!   (`cp --sparse=always`) does not, nor does a file on a file system that compresses or copies on
//!   write.
//! - **A file that is removed or replaced** still counts for the processes that have it open, and
//!   for no others. The same holds if a symbolic link in the path is changed. Only a new name
//!   reports it, with [`Replaced`](ErrorKind::Replaced).
//! - **Local disks only.** Machines that share a file over NFS or the like do not share memory, so
//!   additions are lost. A virtual machine that returns to a snapshot returns to its counts, and
//!   gives out numbers again.
//! - **Overlay file systems of containers**, with a file from a lower layer: a [`CounterView`] opened
//!   before the first [`CounterFile`] keeps showing the lower file. Put the file on a volume.
//! - **A process that is stopped** (`SIGSTOP`, a debugger) while it registers a name holds the lock.
//!   Other registrations fail with [`Busy`](ErrorKind::Busy) after 5 s. A process that forks a child
//!   and is killed, both within the microseconds of a registration, leaves the lock to the child.
//!   Counting and reading go on.
//!
//! The feature needs 64-bit Unix or Windows. On Windows, processes lock a second file, with `.lock`
//! added to the name, because a locked file could not be read there.
//!
//! # How to grow a full file
//!
//! A file keeps its capacity. Stop the processes that count, move the counters to a larger file, and
//! start them again:
//!
//! ```
//! use hotcount::Counter;
//! use hotcount::mapped::CounterFile;
//!
//! # let directory = tempfile::tempdir()?;
//! # let [path, new_path] = ["old", "new"].map(|name| directory.path().join(name));
//! # CounterFile::options().capacity(1).open(&path)?.counter("hits")?.add(7);
//! let full = CounterFile::open_read_only(&path)?;
//! let larger = CounterFile::options().capacity(100_000).open(&new_path)?;
//! for (name, value) in full.iter() {
//!     larger.counter(&name)?.add(value);
//! }
//! larger.sync()?;
//! std::fs::rename(&new_path, &path)?;
//! # let file = CounterFile::open(&path)?;
//! # file.counter("misses")?.add(1);
//! # assert_eq!(file.counter("hits")?.get(), 7);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A process that still had the old file open would count on in it. For a new name it gets
//! [`Replaced`](ErrorKind::Replaced). The counters in the larger file have new
//! [ids](crate::Counter::persistent_id). Room costs 128 bytes a counter, so it is simpler to ask
//! for enough at the start.
//!
//! # The format, version 1
//!
//! A header of 128 bytes, which never changes, then a slot of 128 bytes for each counter that there
//! is room for. The file has exactly that length. Numbers are little-endian. *Native* numbers have
//! the byte order of the machine that made the file.
//!
//! | byte | of the header |
//! |---|---|
//! | 0–15 | `89`, `hotcount`, `0D 0A 1A 0A 00 00 00`: damaged by a copy in text mode |
//! | 16–19 | the version, 1 |
//! | 20–23 | 0x01020304, native |
//! | 24–27 | the capacity: the number of slots, 1 to 16,777,216 |
//! | 28–31 | the length of the header, 128 |
//! | 32–35 | the length of a slot, 128 |
//! | 36–47 | random bytes, the file's part of [`persistent_id`](crate::Counter::persistent_id) |
//! | 48–123 | zeros |
//! | 124–127 | the CRC-32 (that of zlib) of bytes 0–123 |
//!
//! | byte | of a slot |
//! |---|---|
//! | 0–7 | the value, native |
//! | 8–15 | 0 for a free slot; else, native, the length of the name + 2<sup>32</sup> × its CRC-32 |
//! | 16–127 | the name, 1 to 111 bytes of UTF-8, then at least one zero |
//!
//! Two slots share no cache line, so two counters do not slow each other down.
//!
//! A slot is taken once, in order, by a process that holds the file's lock. The process writes the
//! name, and then bytes 8–15 in one store. Until then the slot is free, and a process that is killed
//! halfway leaves it free. A slot lies within one disk sector, and sectors reach the disk in any
//! order. So after a power cut a free slot can be followed by taken ones. The next new name takes it.
//!
//! Every later version keeps bytes 0–23 of the header and its checksum.

mod counter;
mod create;
mod disk;
mod error;
mod error_kind;
#[cfg(any(feature = "prometheus", feature = "prometheus-client"))]
mod families;
mod file;
mod format;
mod layout;
mod lock;
#[allow(unsafe_code, reason = "memory that other processes write cannot be had otherwise")]
mod mapping;
mod name;
mod new_file;
mod open;
mod options;
mod series;
mod series_error;
mod slot;
mod slots;
mod view;

pub use counter::MappedCounter;
pub use error::Error;
pub use error_kind::ErrorKind;
#[cfg(any(feature = "prometheus", feature = "prometheus-client"))]
pub(crate) use families::{HELP, families};
pub use file::CounterFile;
pub use options::CounterFileOptions;
#[cfg(feature = "prometheus")]
pub(crate) use series::OTHERS;
pub use series::Series;
pub use series_error::SeriesError;
pub use view::CounterView;
