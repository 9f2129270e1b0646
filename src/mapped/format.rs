use std::fs::File;
use std::io::{self, Read};

use super::error::Failure;
use super::error_kind::ErrorKind;
use super::layout::{HEADER, MAX_CAPACITY, SLOT, VERSION};

/// A copy in text mode changes it: by the byte above 127, the line ends, or the end-of-file mark.
const MAGIC: [u8; 16] = *b"\x89hotcount\r\n\x1a\n\0\0\0";
/// Stored in the machine's byte order.
const ORDER_MARK: u32 = 0x0102_0304;
const ID: usize = 36;
const CHECKSUM: usize = HEADER - 4;

/// The random part of the ids of a file's counters.
pub(super) type FileId = [u8; 12];

/// What a header says.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) capacity: usize,
    pub(super) id: FileId,
}

impl Header {
    /// The header of a new file.
    pub(super) fn new(capacity: usize) -> io::Result<Self> {
        let mut id = FileId::default();
        getrandom::fill(&mut id).map_err(io::Error::other)?;
        Ok(Self { capacity, id })
    }

    /// The length of the whole file.
    pub(super) fn file_length(&self) -> u64 {
        (HEADER + self.capacity * SLOT) as u64
    }

    #[expect(clippy::cast_possible_truncation, reason = "all of these are small")]
    pub(super) fn to_bytes(self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..16].copy_from_slice(&MAGIC);
        bytes[16..20].copy_from_slice(&VERSION.to_le_bytes());
        bytes[20..24].copy_from_slice(&ORDER_MARK.to_ne_bytes());
        bytes[24..28].copy_from_slice(&(self.capacity as u32).to_le_bytes());
        bytes[28..32].copy_from_slice(&(HEADER as u32).to_le_bytes());
        bytes[32..36].copy_from_slice(&(SLOT as u32).to_le_bytes());
        bytes[ID..][..size_of::<FileId>()].copy_from_slice(&self.id);
        let checksum = crc32fast::hash(&bytes[..CHECKSUM]);
        bytes[CHECKSUM..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, ErrorKind> {
        let start = bytes.len().min(MAGIC.len());
        if bytes.is_empty() {
            return Err(ErrorKind::Empty);
        }
        if bytes[..start] != MAGIC[..start] {
            return Err(if is_text(bytes) {
                ErrorKind::Text
            } else if bytes[..start].windows(8).any(|name| name == &MAGIC[1..9]) {
                ErrorKind::DamagedMagic
            } else {
                ErrorKind::Foreign
            });
        }
        let bytes = <&[u8; HEADER]>::try_from(bytes).map_err(|_| ErrorKind::Short)?;
        let u32_at = |at: usize| [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        if crc32fast::hash(&bytes[..CHECKSUM]) != u32::from_le_bytes(u32_at(CHECKSUM)) {
            return Err(ErrorKind::DamagedHeader);
        }
        let version = u32::from_le_bytes(u32_at(16));
        if version > VERSION {
            return Err(ErrorKind::NewerVersion { version });
        }
        if u32::from_ne_bytes(u32_at(20)) == ORDER_MARK.swap_bytes() {
            return Err(ErrorKind::OtherByteOrder);
        }
        let mut id = FileId::default();
        id.copy_from_slice(&bytes[ID..][..size_of::<FileId>()]);
        let header = Self { capacity: u32::from_le_bytes(u32_at(24)) as usize, id };
        // A checksum can be right over numbers that this version never writes.
        if (1..=MAX_CAPACITY).contains(&header.capacity) && *bytes == header.to_bytes() {
            Ok(header)
        } else {
            Err(ErrorKind::DamagedHeader)
        }
    }
}

/// Returns the header of a file that is whole, after every byte of it was read.
///
/// It reads in the ordinary way. A byte that the disk cannot read is an error here, and kills a
/// process that has the file mapped.
pub(super) fn read(file: &File) -> Result<Header, Failure> {
    read_all(file, file.metadata()?.len())
}

fn read_all(mut file: impl Read, found: u64) -> Result<Header, Failure> {
    let mut bytes = Vec::with_capacity(HEADER);
    file.by_ref().take(HEADER as u64).read_to_end(&mut bytes)?;
    let header = Header::from_bytes(&bytes)?;
    let expected = header.file_length();
    if found != expected {
        return Err(ErrorKind::WrongLength { expected, found }.into());
    }
    // Another program can change the length meanwhile.
    let found = HEADER as u64 + io::copy(&mut file, &mut io::sink())?;
    if found == expected {
        Ok(header)
    } else {
        Err(ErrorKind::WrongLength { expected, found }.into())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk that cannot read past the bytes it is given.
    struct BadDisk<'a>(&'a [u8]);

    impl Read for BadDisk<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::Error::other("bad sector")),
                read => Ok(read),
            }
        }
    }

    #[test]
    fn every_byte_is_read_before_a_file_is_mapped() {
        let header = Header::new(2).expect("the system has random bytes");
        let mut bytes = header.to_bytes().to_vec();
        bytes.resize(3 * 128, 0);
        for readable in 0..bytes.len() {
            let error = read_all(BadDisk(&bytes[..readable]), 3 * 128).err().expect("an error");
            assert_eq!(*error.kind(), ErrorKind::Io, "{readable} bytes can be read");
        }
        assert!(read_all(&bytes[..], 3 * 128).is_ok());
    }

    #[test]
    fn a_file_that_changes_its_length_while_it_is_read_is_refused() {
        let header = Header::new(2).expect("the system has random bytes");
        for length in [128, 129, 383, 385] {
            let mut bytes = header.to_bytes().to_vec();
            bytes.resize(length, 0);
            let error = read_all(&bytes[..], 384).err().expect("an error");
            let wrong = ErrorKind::WrongLength { expected: 384, found: length as u64 };
            assert_eq!(*error.kind(), wrong);
        }
    }
}
