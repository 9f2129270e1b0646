use std::error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::error_kind::ErrorKind;

/// Why a counter file could not be opened, created, synced, or given one more counter.
///
/// The message names the path, says what is wrong, and says what to do. It contains what the
/// system said, so [`source`](error::Error::source) returns `None`. `Debug` prints the same
/// message, because that is what `fn main() -> Result` prints.
///
/// The file is as it was before the call.
///
/// # Examples
///
/// ```
/// use hotcount::mapped::{CounterFile, ErrorKind};
///
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path();
/// let error = CounterFile::open(path).unwrap_err();
/// assert_eq!(*error.kind(), ErrorKind::Directory);
/// assert_eq!(
///     error.to_string(),
///     format!("{}: a directory, not a file; choose another path", path.display()),
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Error {
    path: PathBuf,
    failure: Failure,
}

impl Error {
    /// Returns the path of the file, as the caller gave it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns what went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.failure.kind
    }

    /// Returns what the system said, if the error came from the system.
    #[must_use]
    pub fn io_error(&self) -> Option<&io::Error> {
        self.failure.cause.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.path.to_string_lossy().chars() {
            // A terminal would obey a control sequence in a path.
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                write!(f, "{character}")?;
            }
        }
        f.write_str(": ")?;
        if let Some(cause) = &self.failure.cause {
            write!(f, "{cause}; ")?;
        }
        self.failure.kind.explain(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl error::Error for Error {}

/// An error before the path is added to it.
#[derive(Debug)]
pub(super) struct Failure {
    kind: ErrorKind,
    cause: Option<io::Error>,
}

impl Failure {
    /// A failure of which the system says only a part.
    pub(super) fn new(kind: ErrorKind, cause: io::Error) -> Self {
        Self { kind, cause: Some(cause) }
    }

    pub(super) fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Adds the path, as the caller gave it.
    pub(super) fn at(self, path: &Path) -> Error {
        Error { path: path.into(), failure: self }
    }
}

impl From<ErrorKind> for Failure {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, cause: None }
    }
}

impl From<io::Error> for Failure {
    fn from(cause: io::Error) -> Self {
        use io::ErrorKind as Io;
        match cause.kind() {
            Io::NotFound => ErrorKind::NotFound.into(),
            // To open a file that another program holds a lease on.
            Io::WouldBlock => ErrorKind::Busy.into(),
            Io::PermissionDenied | Io::ReadOnlyFilesystem => {
                Self::new(ErrorKind::Permission, cause)
            }
            Io::StorageFull | Io::QuotaExceeded | Io::FileTooLarge => {
                Self::new(ErrorKind::NoSpace, cause)
            }
            _ => Self::new(ErrorKind::Io, cause),
        }
    }
}
