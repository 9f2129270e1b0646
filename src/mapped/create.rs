use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::error::Error;
use super::format::{self, FileId, HEADER, Header, MAX_CAPACITY};

/// Makes the file, unless somebody else makes it first; either way it is there and whole.
///
/// It is built aside and then linked into place, so nobody ever sees a part of it, and of several
/// that race exactly one wins.
pub(super) fn create(path: &Path, capacity: usize) -> Result<(), Error> {
    if !(1..=MAX_CAPACITY).contains(&capacity) {
        return Err(Error::Capacity { path: path.into(), capacity });
    }
    if path.file_name().is_none() {
        return Err(Error::NotAFile { path: path.into() });
    }
    let error = |source| Error::from_io(path, source);
    let (aside, file) = Aside::create(path)?;
    fill(file, capacity).map_err(error)?;
    match fs::hard_link(&aside.path, path) {
        Err(source) if source.kind() == ErrorKind::AlreadyExists => {
            match (path.is_symlink(), path.try_exists()) {
                (true, Ok(false)) => Err(Error::DanglingLink { path: path.into() }),
                _ => Ok(()),
            }
        }
        Err(source) if source.kind() == ErrorKind::Unsupported => {
            Err(Error::NoHardLinks { path: path.into(), source })
        }
        // What Linux says of a file system without them, such as FAT.
        Err(source) if source.kind() == ErrorKind::PermissionDenied => {
            Err(Error::NoHardLinks { path: path.into(), source })
        }
        linked => linked.map_err(error),
    }
}

/// Waits until the entry of the file at `path` in its directory is on the disk.
pub(super) fn sync_entry(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(directory) = path.parent() {
        match File::open(directory).and_then(|directory| directory.sync_all()) {
            // A directory that may be used but not read, or a file system that knows no such thing.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {}
            Err(error) if error.kind() == ErrorKind::InvalidInput => {}
            Err(error) if error.kind() == ErrorKind::Unsupported => {}
            synced => return synced,
        }
    }
    let _ = path;
    Ok(())
}

/// Real zeros, because room that the disk lacks is an error here and kills a process later.
fn fill(mut file: File, capacity: usize) -> io::Result<()> {
    let mut id = FileId::default();
    getrandom::fill(&mut id).map_err(io::Error::other)?;
    file.write_all(&format::header(Header { capacity, id }))?;
    let zeros = format::length(capacity) - HEADER as u64;
    io::copy(&mut io::Read::take(io::repeat(0), zeros), &mut file)?;
    file.sync_all()
}

/// A new file beside the one to be made; removed when dropped.
struct Aside {
    path: PathBuf,
}

impl Aside {
    fn create(path: &Path) -> Result<(Self, File), Error> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        loop {
            let number = NUMBER.fetch_add(1, Relaxed);
            let aside = path.with_file_name(format!(".hotcount-{}-{number}.new", process::id()));
            match File::create_new(&aside) {
                Ok(file) => return Ok((Self { path: aside }, file)),
                // Left by a killed process that had the same number, or of another container.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    return Err(Error::NoDirectory { path: path.into() });
                }
                Err(error) => return Err(Error::from_io(path, error)),
            }
        }
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
