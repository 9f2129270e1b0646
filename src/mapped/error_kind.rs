use std::fmt;

use super::layout::{MAX_CAPACITY, VERSION};
use super::name;

/// What an [`Error`](super::Error) is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no such file, and it was to be read only.
    NotFound,
    /// The file was to be created in a directory that does not exist.
    NoDirectory,
    /// The path does not end in the name of a file: it is empty, or it ends in a slash or a dot.
    NoFileName,
    /// The path is a symbolic link to a file that does not exist.
    DanglingLink,
    /// The path is a directory.
    Directory,
    /// The path is a FIFO, also called a named pipe.
    Fifo,
    /// The path is a device.
    Device,
    /// The path is something else that is not a regular file, such as a socket.
    NotAFile,
    /// The permission to read, to write or to create the file is missing.
    Permission,
    /// The disk, a quota or a limit of the process has no room for the file.
    NoSpace,
    /// The file system has no hard links, which put a new file into place on this system.
    NoHardLinks,
    /// The capacity is not between 1 and 16,777,216.
    Capacity {
        /// The capacity that was asked for.
        capacity: usize,
    },
    /// The file has no bytes.
    Empty,
    /// The file ends inside its header.
    Short,
    /// The file is a text.
    Text,
    /// The file is of another kind.
    Foreign,
    /// The first bytes are damaged in the way a copy in text mode damages them.
    DamagedMagic,
    /// The header is damaged.
    DamagedHeader,
    /// A later version of this crate made the file.
    NewerVersion {
        /// The version of the file's format.
        version: u32,
    },
    /// A machine with the other byte order made the file.
    OtherByteOrder,
    /// The file is shorter or longer than its header says.
    WrongLength {
        /// The length according to the header, in bytes.
        expected: u64,
        /// The length of the file, in bytes.
        found: u64,
    },
    /// The name of a counter is damaged.
    DamagedSlot {
        /// Where the counter starts, in bytes from the start of the file.
        offset: usize,
    },
    /// Two counters have the same name.
    RepeatedName {
        /// The name.
        name: String,
    },
    /// The name of a counter is empty.
    EmptyName,
    /// The name of a counter is longer than 111 bytes.
    NameTooLong {
        /// The name.
        name: String,
    },
    /// The file has no room for a new counter.
    Full {
        /// The name of the new counter.
        name: String,
        /// The number of counters that the file has room for.
        capacity: usize,
    },
    /// There is another file at the path by now, or none.
    Replaced,
    /// Another program holds the lock of the file, or a lease on it, and keeps it.
    Busy,
    /// Any other error of the system.
    Io,
}

impl ErrorKind {
    /// Writes what is wrong, unless the system has said it, and what to do.
    pub(super) fn explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const RESTORE: &str = "restore it from a copy, or move it away to let a new one be created";
        const OTHER: &str = "choose another path";
        match self {
            Self::NotFound => write!(f, "no such file; open it for counting to create it"),
            Self::NoDirectory => write!(f, "no such directory; create it first"),
            Self::NoFileName => {
                write!(f, "does not end in the name of a file; add one, or remove the last slash")
            }
            Self::DanglingLink => {
                write!(f, "a link to a file that does not exist; remove the link or correct it")
            }
            Self::Directory => write!(f, "a directory, not a file; {OTHER}"),
            Self::Fifo => write!(f, "a FIFO, not a file; {OTHER}"),
            Self::Device => write!(f, "a device, not a file; {OTHER}"),
            Self::NotAFile => write!(f, "not a regular file; {OTHER}"),
            Self::Permission => write!(
                f,
                "permit it (counting reads and writes the file, creating it writes in its \
                 directory), or open it read-only"
            ),
            Self::NoSpace => write!(f, "make room, then try again"),
            Self::NoHardLinks => write!(f, "this file system has no hard links, choose another"),
            Self::Capacity { capacity } => {
                write!(f, "a capacity of {capacity}; choose one from 1 to {MAX_CAPACITY}")
            }
            Self::Empty => write!(f, "empty, not a counter file; {OTHER}, or remove the file"),
            Self::Short => write!(f, "cut off inside its header; {RESTORE}"),
            Self::Text => write!(f, "a text, not a counter file; {OTHER}"),
            Self::Foreign => write!(f, "not a counter file; {OTHER}"),
            Self::DamagedMagic => write!(
                f,
                "its first bytes are damaged, as by a copy in text mode; copy it again, as binary"
            ),
            Self::DamagedHeader => write!(f, "its header is damaged; {RESTORE}"),
            Self::NewerVersion { version } => {
                write!(f, "of format {version}, this program knows {VERSION}; use a newer hotcount")
            }
            Self::OtherByteOrder => {
                write!(f, "made on a machine with the other byte order; use it there")
            }
            Self::WrongLength { expected, found } => {
                write!(f, "{found} bytes long instead of {expected}; {RESTORE}")
            }
            Self::DamagedSlot { offset } => {
                write!(f, "the counter at byte {offset} is damaged; {RESTORE}")
            }
            Self::RepeatedName { name } => {
                write!(f, "has two counters with the name {name:?}; {RESTORE}")
            }
            Self::EmptyName => write!(f, "a counter needs a name; give it one"),
            Self::NameTooLong { name } => write!(
                f,
                "the name {name:?} has {} bytes; choose one of at most {}",
                name.len(),
                name::MAX
            ),
            Self::Full { name, capacity } => write!(
                f,
                "no room for {name:?}, it has its {capacity} counters; use one of them, or a new \
                 file with more capacity"
            ),
            Self::Replaced => write!(f, "removed or replaced since it was opened; open it again"),
            Self::Busy => write!(
                f,
                "another program holds its lock, or a lease on it; let that program go on, or end \
                 it"
            ),
            Self::Io => write!(f, "repair that, then try again"),
        }
    }
}
