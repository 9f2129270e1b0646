use std::fs::{self, File, FileType, OpenOptions};
use std::path::Path;

use super::error::Error;
use super::format;
use super::mapping::Mapping;
use super::slots::Slots;

/// What a file is opened for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    ReadAndWrite,
}

/// Opens a file that exists. It never waits, and nothing but a regular file is opened.
pub(super) fn open(path: &Path, access: Access) -> Result<File, Error> {
    let error = |source| Error::from_io(path, source);
    // Before the file is opened, because to open a device can start something.
    refuse_all_but_files(path, fs::metadata(path).map_err(error)?.file_type())?;
    let mut options = OpenOptions::new();
    options.read(true).write(access == Access::ReadAndWrite);
    // And after it, because there may be another one by now; a FIFO would wait for its other end.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        libc::O_NONBLOCK | libc::O_NOCTTY,
    );
    let file = options.open(path).map_err(error)?;
    refuse_all_but_files(path, file.metadata().map_err(error)?.file_type())?;
    Ok(file)
}

/// Judges a file by reading it, and maps it if it is whole.
pub(super) fn map(file: &File, path: &Path, access: Access) -> Result<Slots, Error> {
    let header = format::judge(file, path)?;
    let mapping =
        Mapping::new(file, format::length(header.capacity), access == Access::ReadAndWrite);
    let slots = Slots::new(mapping.map_err(|source| Error::from_io(path, source))?, header);
    match slots.check() {
        Ok(()) => Ok(slots),
        Err(offset) => Err(Error::DamagedSlot { path: path.into(), offset }),
    }
}

fn refuse_all_but_files(path: &Path, kind: FileType) -> Result<(), Error> {
    let path = path.to_path_buf();
    if kind.is_file() {
        return Ok(());
    }
    if kind.is_dir() {
        return Err(Error::Directory { path });
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Err(Error::Fifo { path });
        }
        if kind.is_char_device() || kind.is_block_device() {
            return Err(Error::Device { path });
        }
    }
    Err(Error::NotAFile { path })
}
