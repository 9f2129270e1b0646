use std::error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Why a counter file could not be opened, created, or given one more counter.
///
/// Every message names the path and says what to do. Whatever the error, the file is as it was.
#[derive(Debug)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields are what their names say")]
pub enum Error {
    /// There is no such file, and it was to be read only.
    NotFound { path: PathBuf },
    /// The file was to be created in a directory that does not exist.
    NoDirectory { path: PathBuf },
    /// The path is a symbolic link to a file that does not exist.
    DanglingLink { path: PathBuf },
    /// The path is a directory.
    Directory { path: PathBuf },
    /// The path is a FIFO, a named pipe.
    Fifo { path: PathBuf },
    /// The path is a device.
    Device { path: PathBuf },
    /// The path is something else that is not a regular file, such as a socket.
    NotAFile { path: PathBuf },
    /// The permission to read, to write or to create the file is missing.
    Permission { path: PathBuf, source: io::Error },
    /// The disk, or a quota, has no room for the file.
    NoSpace { path: PathBuf, source: io::Error },
    /// The file system has no hard links, with which a new file is put into place whole.
    NoHardLinks { path: PathBuf, source: io::Error },
    /// The capacity is not from 1 to 16,777,216.
    Capacity { path: PathBuf, capacity: usize },
    /// The file has no byte in it.
    Empty { path: PathBuf },
    /// The file ends inside the header.
    Short { path: PathBuf },
    /// The file holds text.
    Text { path: PathBuf },
    /// The file is something else, not a counter file.
    Foreign { path: PathBuf },
    /// The first bytes are damaged as by a copy in text mode.
    DamagedMagic { path: PathBuf },
    /// The header is damaged.
    DamagedHeader { path: PathBuf },
    /// The file was made by a later version of this crate.
    NewerVersion { path: PathBuf, version: u32 },
    /// The file was made on a machine with the other byte order.
    OtherByteOrder { path: PathBuf },
    /// The file is shorter or longer than its header says.
    WrongLength { path: PathBuf, expected: u64, found: u64 },
    /// The name of a counter is damaged; `offset` is where, in bytes.
    DamagedSlot { path: PathBuf, offset: usize },
    /// The name of a counter is empty.
    EmptyName { path: PathBuf },
    /// The name of a counter is too long.
    NameTooLong { path: PathBuf, name: String, longest: usize },
    /// The file has no room for a new counter.
    Full { path: PathBuf, name: String, capacity: usize },
    /// Another file is at the path by now, or none.
    Replaced { path: PathBuf },
    /// Somebody else holds the lock of the file and does not give it back.
    Busy { path: PathBuf },
    /// Anything else that the system says.
    Io { path: PathBuf, source: io::Error },
}

impl Error {
    pub(super) fn from_io(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            ErrorKind::NotFound => Self::NotFound { path },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                Self::Permission { path, source }
            }
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::NoSpace { path, source }
            }
            _ => Self::Io { path, source },
        }
    }

    /// The path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::NotFound { path }
            | Self::NoDirectory { path }
            | Self::DanglingLink { path }
            | Self::Directory { path }
            | Self::Fifo { path }
            | Self::Device { path }
            | Self::NotAFile { path }
            | Self::Permission { path, .. }
            | Self::NoSpace { path, .. }
            | Self::NoHardLinks { path, .. }
            | Self::Capacity { path, .. }
            | Self::Empty { path }
            | Self::Short { path }
            | Self::Text { path }
            | Self::Foreign { path }
            | Self::DamagedMagic { path }
            | Self::DamagedHeader { path }
            | Self::NewerVersion { path, .. }
            | Self::OtherByteOrder { path }
            | Self::WrongLength { path, .. }
            | Self::DamagedSlot { path, .. }
            | Self::EmptyName { path }
            | Self::NameTooLong { path, .. }
            | Self::Full { path, .. }
            | Self::Replaced { path }
            | Self::Busy { path }
            | Self::Io { path, .. } => path,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const RESTORE: &str = "restore it from a copy, or move it away and a new one is created";
        const OTHER: &str = "choose another path";
        write!(f, "{}: ", self.path().display())?;
        match self {
            Self::NotFound { .. } => write!(f, "no such file; open it for counting to create it"),
            Self::NoDirectory { .. } => write!(f, "no such directory; create it first"),
            Self::DanglingLink { .. } => {
                write!(f, "a link to a file that does not exist; remove the link or correct it")
            }
            Self::Directory { .. } => write!(f, "a directory, not a file; {OTHER}"),
            Self::Fifo { .. } => write!(f, "a FIFO, not a file; {OTHER}"),
            Self::Device { .. } => write!(f, "a device, not a file; {OTHER}"),
            Self::NotAFile { .. } => write!(f, "not a regular file; {OTHER}"),
            Self::Permission { source, .. } => write!(
                f,
                "{source}; permit it (to count: to read and write the file, and to create it: to \
                 write in its directory), or open it read-only"
            ),
            Self::NoSpace { source, .. } => write!(f, "{source}; make room, then try again"),
            Self::NoHardLinks { source, .. } => {
                write!(f, "{source}; this file system has no hard links, choose another")
            }
            Self::Capacity { capacity, .. } => {
                write!(f, "a capacity of {capacity}; choose one from 1 to 16777216")
            }
            Self::Empty { .. } => {
                write!(f, "empty, so no counter file; {OTHER}, or remove the file")
            }
            Self::Short { .. } => write!(f, "cut off inside its header; {RESTORE}"),
            Self::Text { .. } => write!(f, "a text, not a counter file; {OTHER}"),
            Self::Foreign { .. } => write!(f, "not a counter file; {OTHER}"),
            Self::DamagedMagic { .. } => write!(
                f,
                "its first bytes are damaged, as by a copy in text mode; copy it again, as binary"
            ),
            Self::DamagedHeader { .. } => write!(f, "its header is damaged; {RESTORE}"),
            Self::NewerVersion { version, .. } => {
                write!(f, "of format {version}, this program knows 1; use a newer hotcount")
            }
            Self::OtherByteOrder { .. } => {
                write!(f, "made on a machine with the other byte order; use it there")
            }
            Self::WrongLength { expected, found, .. } => {
                write!(f, "{found} bytes long in place of {expected}; {RESTORE}")
            }
            Self::DamagedSlot { offset, .. } => {
                write!(f, "the counter at byte {offset} is damaged; {RESTORE}")
            }
            Self::EmptyName { .. } => write!(f, "a counter needs a name; give it one"),
            Self::NameTooLong { name, longest, .. } => write!(
                f,
                "the name {name:?} has {} bytes; choose one of at most {longest}",
                name.len()
            ),
            Self::Full { name, capacity, .. } => write!(
                f,
                "no room for {name:?}, it has its {capacity} counters; use one of them, or a new \
                 file with more capacity"
            ),
            Self::Replaced { .. } => {
                write!(f, "removed or replaced since it was opened; open it again")
            }
            Self::Busy { .. } => write!(
                f,
                "another program has its lock and keeps it; let that one go on, or end it"
            ),
            Self::Io { source, .. } => write!(f, "{source}; repair that, then try again"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Permission { source, .. }
            | Self::NoSpace { source, .. }
            | Self::NoHardLinks { source, .. }
            | Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
