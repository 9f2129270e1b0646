use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::error::Error;

/// Bytes of the header, and of each slot.
pub(super) const HEADER: usize = 128;
pub(super) const SLOT: usize = 128;
/// A file of 2 GiB.
pub(super) const MAX_CAPACITY: usize = 1 << 24;

/// A copy in text mode changes it: by the byte above 127, the line ends, or the end-of-file mark.
const MAGIC: [u8; 16] = *b"\x89hotcount\r\n\x1a\n\0\0\0";
const VERSION: u32 = 1;
/// Stored in the order of the machine.
const ORDER_MARK: u32 = 0x0102_0304;
const ID: usize = 36;
const CHECKSUM: usize = HEADER - 4;

/// The length of a file with room for `capacity` counters.
pub(super) fn length(capacity: usize) -> u64 {
    (HEADER + capacity * SLOT) as u64
}

/// The random part of the ids of a file's counters.
pub(super) type FileId = [u8; 12];

/// What a header says.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) capacity: usize,
    pub(super) id: FileId,
}

/// The header of a file with room for `capacity` counters, at most [`MAX_CAPACITY`].
#[expect(clippy::cast_possible_truncation, reason = "all of these are small")]
pub(super) fn header(Header { capacity, id }: Header) -> [u8; HEADER] {
    let mut bytes = [0; HEADER];
    bytes[..16].copy_from_slice(&MAGIC);
    bytes[16..20].copy_from_slice(&VERSION.to_le_bytes());
    bytes[20..24].copy_from_slice(&ORDER_MARK.to_ne_bytes());
    bytes[24..28].copy_from_slice(&(capacity as u32).to_le_bytes());
    bytes[28..32].copy_from_slice(&(HEADER as u32).to_le_bytes());
    bytes[32..36].copy_from_slice(&(SLOT as u32).to_le_bytes());
    bytes[ID..][..size_of::<FileId>()].copy_from_slice(&id);
    let checksum = crc32fast::hash(&bytes[..CHECKSUM]);
    bytes[CHECKSUM..].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

/// Returns the header of `file`, when it is whole and every byte of it can be read.
///
/// It reads in the ordinary way, because what is an error there would kill a process that has the
/// file mapped.
pub(super) fn judge(mut file: &File, path: &Path) -> Result<Header, Error> {
    let error = |source| Error::from_io(path, source);
    let mut bytes = Vec::with_capacity(HEADER);
    file.take(HEADER as u64).read_to_end(&mut bytes).map_err(error)?;
    let header = judge_header(&bytes, path)?;
    let expected = length(header.capacity);
    let found = file.metadata().map_err(error)?.len();
    if found == expected {
        let rest = io::copy(&mut file, &mut io::sink()).map_err(error)?;
        if rest + HEADER as u64 == expected {
            return Ok(header);
        }
    }
    Err(Error::WrongLength { path: path.into(), expected, found })
}

fn judge_header(bytes: &[u8], path: &Path) -> Result<Header, Error> {
    let path = path.to_path_buf();
    let magic = bytes.len().min(MAGIC.len());
    if bytes.is_empty() {
        return Err(Error::Empty { path });
    }
    if bytes[..magic] != MAGIC[..magic] {
        return Err(if is_text(bytes) {
            Error::Text { path }
        } else if bytes[..magic].windows(8).any(|name| name == &MAGIC[1..9]) {
            Error::DamagedMagic { path }
        } else {
            Error::Foreign { path }
        });
    }
    let Ok(bytes) = <&[u8; HEADER]>::try_from(bytes) else {
        return Err(Error::Short { path });
    };
    let u32_at = |at: usize| [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    if crc32fast::hash(&bytes[..CHECKSUM]) != u32::from_le_bytes(u32_at(CHECKSUM)) {
        return Err(Error::DamagedHeader { path });
    }
    let version = u32::from_le_bytes(u32_at(16));
    if version > VERSION {
        return Err(Error::NewerVersion { path, version });
    }
    if u32::from_ne_bytes(u32_at(20)) == ORDER_MARK.swap_bytes() {
        return Err(Error::OtherByteOrder { path });
    }
    let capacity = u32::from_le_bytes(u32_at(24)) as usize;
    let mut id = FileId::default();
    id.copy_from_slice(&bytes[ID..][..size_of::<FileId>()]);
    let found = Header { capacity, id };
    // All that the checksum cannot know: the header is one that this version writes.
    if (1..=MAX_CAPACITY).contains(&capacity) && *bytes == header(found) {
        Ok(found)
    } else {
        Err(Error::DamagedHeader { path })
    }
}

fn is_text(bytes: &[u8]) -> bool {
    let whole = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // The last character may go on after these bytes.
        Err(cut) if cut.error_len().is_none() => {
            std::str::from_utf8(&bytes[..cut.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    whole.chars().all(|c| !c.is_control() || c.is_ascii_whitespace())
}
