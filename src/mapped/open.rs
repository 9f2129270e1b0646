use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::path::{Path, is_separator};

use super::error::Failure;
use super::error_kind::ErrorKind;

/// What a file is opened for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    ReadAndWrite,
}

/// Opens a regular file that exists. Never waits, neither for a FIFO's other end nor for a lease.
pub(super) fn open(path: &Path, access: Access) -> Result<File, Failure> {
    // Before the file is opened, because opening a device can start something.
    let metadata = fs::metadata(path);
    if !has_file_name(path) && !metadata.as_ref().is_ok_and(Metadata::is_dir) {
        return Err(ErrorKind::NoFileName.into());
    }
    check_type(metadata?.file_type())?;
    let mut options = OpenOptions::new();
    options.read(true).write(access == Access::ReadAndWrite);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits();
        options.custom_flags(flags.try_into().expect("flags are small"));
    }
    let file = options.open(path)?;
    // Again, because the path can lead to another file by now.
    check_type(file.metadata()?.file_type())?;
    Ok(file)
}

/// Whether the path ends in a name. `Path::file_name` does not tell: it ignores a last slash or dot.
fn has_file_name(path: &Path) -> bool {
    let path = path.to_string_lossy();
    !matches!(path.rsplit(is_separator).next(), None | Some("" | "." | ".."))
}

fn check_type(file_type: FileType) -> Result<(), ErrorKind> {
    if file_type.is_file() {
        return Ok(());
    }
    if file_type.is_dir() {
        return Err(ErrorKind::Directory);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if file_type.is_fifo() {
            return Err(ErrorKind::Fifo);
        }
        if file_type.is_char_device() || file_type.is_block_device() {
            return Err(ErrorKind::Device);
        }
    }
    Err(ErrorKind::NotAFile)
}
