use std::fs::File;
use std::io::{self, BufWriter, ErrorKind as Io, Read, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::error::Failure;
use super::error_kind::ErrorKind;
use super::format::Header;
use super::layout::{HEADER, MAX_CAPACITY};
use super::lock::{self, Lock, PAUSE};
use super::new_file::NewFile;

/// How long a creator waits for another one, in addition to the time that the disk takes.
const PATIENCE: Duration = Duration::from_secs(15);
/// Bytes that a slow disk writes in a millisecond.
const SLOW_DISK: u64 = 2_000;

/// Creates the file, unless another thread or process does it first. Afterwards the file is there and
/// whole.
///
/// The file is built out of sight and put into its place at the end, which fails if there is a file
/// already. So of several creators one wins. A lock lets them build one after the other, because
/// their files together may not fit on the disk.
pub(super) fn create(path: &Path, capacity: usize) -> Result<(), Failure> {
    if !(1..=MAX_CAPACITY).contains(&capacity) {
        return Err(ErrorKind::Capacity { capacity }.into());
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let header = Header::new(capacity)?;
    let lock = open_lock(path, directory).ok().map(Lock::new);
    let patience = PATIENCE + Duration::from_millis(header.file_length() / SLOW_DISK);
    let start = Instant::now();
    loop {
        // The lock saves room and time, no more. Without it, or after the time, build all the same.
        let acquired = lock.as_ref().is_none_or(|lock| lock.try_acquire().unwrap_or(true));
        if is_there(path)? {
            return Ok(());
        }
        if acquired || start.elapsed() > patience {
            return build(path, directory, header);
        }
        thread::sleep(PAUSE);
    }
}

fn build(path: &Path, directory: &Path, header: Header) -> Result<(), Failure> {
    let no_directory = |error: io::Error| match error.kind() {
        Io::NotFound => ErrorKind::NoDirectory.into(),
        _ => Failure::from(error),
    };
    let new = NewFile::create_in(directory).map_err(no_directory)?;
    fill(new.as_file(), header)?;
    match new.place_at(path) {
        Err(error) if error.kind() == Io::AlreadyExists => is_there(path).map(drop),
        // Unix reports a file system without hard links in one of these ways.
        Err(error)
            if cfg!(unix) && matches!(error.kind(), Io::Unsupported | Io::PermissionDenied) =>
        {
            Err(Failure::new(ErrorKind::NoHardLinks, error))
        }
        placed => placed.map_err(no_directory),
    }
}

/// Whether there is a file. A link that leads to none can only be an error.
fn is_there(path: &Path) -> Result<bool, Failure> {
    match path.try_exists()? {
        false if path.is_symlink() => Err(ErrorKind::DanglingLink.into()),
        there => Ok(there),
    }
}

/// Writes real zeros. Room that the disk lacks is an error here, and kills a process later.
fn fill(mut file: &File, header: Header) -> io::Result<()> {
    file.write_all(&header.to_bytes())?;
    let zeros = header.file_length() - HEADER as u64;
    // `copy` fills the buffer of the writer: a call of the system for each MiB.
    let mut writer = BufWriter::with_capacity(1 << 20, file);
    io::copy(&mut io::repeat(0).take(zeros), &mut writer)?;
    writer.flush()?;
    file.sync_all()
}

/// Opens what creators lock: the directory, where the system can lock one.
fn open_lock(path: &Path, directory: &Path) -> io::Result<File> {
    if cfg!(unix) { File::open(directory) } else { lock::open_lock_file(path) }
}

/// Waits until the entry of the file in its directory is on the disk.
pub(super) fn sync_entry(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(directory) = path.parent() {
        match File::open(directory).and_then(|directory| directory.sync_all()) {
            // A directory that may be used but not read, or a file system without this.
            Err(error)
                if matches!(
                    error.kind(),
                    Io::PermissionDenied | Io::InvalidInput | Io::Unsupported
                ) => {}
            synced => return synced,
        }
    }
    let _ = path;
    Ok(())
}
