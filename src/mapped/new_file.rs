use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// A new file that is not in its place yet. Until then it goes away when it is dropped.
pub(super) enum NewFile {
    /// A file without a name, which the system removes with its last handle. So a process that is
    /// killed leaves nothing behind.
    #[cfg(target_os = "linux")]
    Unnamed(File),
    Named(NamedTempFile),
}

impl NewFile {
    /// Creates the file, with the permissions of any new file.
    pub(super) fn create_in(directory: &Path) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if let Some(file) = unnamed::create_in(directory) {
            return Ok(Self::Unnamed(file));
        }
        Self::named_in(directory)
    }

    fn named_in(directory: &Path) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".hotcount-").suffix(".new");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.tempfile_in(directory).map(Self::Named)
    }

    pub(super) fn as_file(&self) -> &File {
        match self {
            #[cfg(target_os = "linux")]
            Self::Unnamed(file) => file,
            Self::Named(file) => file.as_file(),
        }
    }

    /// Puts the file at `path`, where no file may be.
    pub(super) fn place_at(self, path: &Path) -> io::Result<()> {
        match self {
            #[cfg(target_os = "linux")]
            Self::Unnamed(file) => unnamed::place_at(&file, path),
            Self::Named(file) => Ok(file.persist_noclobber(path).map(drop)?),
        }
    }
}

#[cfg(target_os = "linux")]
mod unnamed {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::OpenOptionsExt;
    use std::path::{Path, PathBuf};

    use rustix::fs::{AtFlags, CWD, OFlags, linkat};

    /// `None` if the file system or the kernel does not have such files.
    pub(super) fn create_in(directory: &Path) -> Option<File> {
        let flags = OFlags::TMPFILE.bits().try_into().ok()?;
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).custom_flags(flags).open(directory).ok()?;
        address(&file).exists().then_some(file)
    }

    pub(super) fn place_at(file: &File, path: &Path) -> io::Result<()> {
        Ok(linkat(CWD, address(file), CWD, path, AtFlags::SYMLINK_FOLLOW)?)
    }

    /// A path that leads to the file, as `open(2)` describes it.
    fn address(file: &File) -> PathBuf {
        format!("/proc/self/fd/{}", file.as_raw_fd()).into()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{ErrorKind, Write};

    use super::*;

    #[test]
    fn a_new_file_goes_to_a_free_path_only_and_leaves_nothing_else() {
        for create in [NewFile::create_in, NewFile::named_in] {
            let directory = tempfile::tempdir().expect("a directory");
            let path = directory.path().join("file");
            let new = |content: &[u8]| {
                let file = create(directory.path()).expect("the file is created");
                file.as_file().write_all(content).expect("the file is written");
                file
            };
            let late = new(b"late");
            drop(new(b"dropped"));
            new(b"first").place_at(&path).expect("the path is free");
            let error = late.place_at(&path).expect_err("the path is taken");
            assert_eq!(error.kind(), ErrorKind::AlreadyExists);
            assert_eq!(fs::read(&path).expect("the file is there"), b"first");
            assert_eq!(fs::read_dir(&directory).expect("a directory").count(), 1);

            fs::write(directory.path().join("other"), "").expect("the file is written");
            let permissions =
                |name| fs::metadata(directory.path().join(name)).expect("a file").permissions();
            assert_eq!(permissions("file"), permissions("other"));
        }
    }
}
