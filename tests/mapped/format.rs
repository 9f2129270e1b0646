use std::fs;

use hotcount::Counter;
use hotcount::mapped::{CounterFile, Error};

use crate::scratch::Scratch;

/// The CRC-32 of zlib, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    })
}

fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
    bytes[at..at + what.len()].copy_from_slice(what);
}

/// A header as the documentation has it, with a right checksum whatever it says.
fn header(version: u32, mark: [u8; 4], numbers: [u32; 3]) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    put(&mut bytes, 0, b"\x89hotcount\r\n\x1a\n\0\0\0");
    put(&mut bytes, 16, &version.to_le_bytes());
    put(&mut bytes, 20, &mark);
    for (at, number) in [24, 28, 32].into_iter().zip(numbers) {
        put(&mut bytes, at, &number.to_le_bytes());
    }
    let checksum = crc32(&bytes[..124]);
    put(&mut bytes, 124, &checksum.to_le_bytes());
    bytes
}

const NATIVE: [u8; 4] = 0x0102_0304_u32.to_ne_bytes();

#[test]
fn every_byte_of_a_file_is_as_documented() {
    let scratch = Scratch::new();
    let [found, other] = [(); 2].map(|()| scratch.good_file());
    assert_ne!(found[36..48], other[36..48], "each file has random bytes of its own");
    let mut expected = header(1, NATIVE, [4, 128, 128]);
    put(&mut expected, 36, &found[36..48]);
    let checksum = crc32(&expected[..124]);
    put(&mut expected, 124, &checksum.to_le_bytes());
    expected.resize(5 * 128, 0);
    for (slot, name, value) in [(1, "hits", 5_u64), (2, "misses", 7)] {
        let state = u64::from(crc32(name.as_bytes())) << 32 | name.len() as u64;
        put(&mut expected, slot * 128, &value.to_ne_bytes());
        put(&mut expected, slot * 128 + 8, &state.to_ne_bytes());
        put(&mut expected, slot * 128 + 16, name.as_bytes());
    }
    assert_eq!(found, expected);
}

/// The error of both ways to open a file with these bytes, which stays as it is.
fn refusal(bytes: &[u8]) -> Error {
    let scratch = Scratch::new();
    let path = scratch.path("bad");
    fs::write(&path, bytes).expect("it is written");
    let error = CounterFile::open(&path).expect_err("it is damaged");
    let other = CounterFile::open_read_only(&path).expect_err("it is damaged");
    assert_eq!(error.to_string(), other.to_string());
    assert_eq!(error.path(), path);
    assert!(error.to_string().starts_with(&format!("{}: ", path.display())), "{error}");
    assert!(error.to_string().contains("; "), "it says what to do: {error}");
    assert_eq!(fs::read(&path).expect("it is there"), bytes);
    assert_eq!(scratch.names(), ["bad"]);
    error
}

#[test]
fn every_bit_of_the_header_is_checked() {
    let good = Scratch::new().good_file();
    for at in 0..128 {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << bit;
            let error = refusal(&bytes);
            let right = match at {
                0..16 => matches!(error, Error::DamagedMagic { .. } | Error::Foreign { .. }),
                _ => matches!(error, Error::DamagedHeader { .. }),
            };
            assert!(right, "byte {at}, bit {bit}: {error:?}");
        }
    }
}

#[test]
fn a_header_that_is_whole_but_not_of_this_version_is_refused() {
    let with = |header: Vec<u8>| refusal(&[header, vec![0; 4 * 128]].concat());
    let newer = with(header(2, NATIVE, [4, 128, 128]));
    assert!(matches!(newer, Error::NewerVersion { version: 2, .. }), "{newer:?}");
    let newer = with(header(u32::MAX, [0; 4], [0; 3]));
    assert!(matches!(newer, Error::NewerVersion { version: u32::MAX, .. }), "{newer:?}");
    let mut swapped = NATIVE;
    swapped.reverse();
    let swapped = with(header(1, swapped, [4, 128, 128]));
    assert!(matches!(swapped, Error::OtherByteOrder { .. }), "{swapped:?}");
    for (version, mark, numbers) in [
        (0, NATIVE, [4, 128, 128]),
        (1, [0; 4], [4, 128, 128]),
        (1, NATIVE, [0, 128, 128]),
        (1, NATIVE, [u32::MAX, 128, 128]),
        (1, NATIVE, [(1 << 24) + 1, 128, 128]),
        (1, NATIVE, [4, 64, 128]),
        (1, NATIVE, [4, 128, 64]),
    ] {
        let error = with(header(version, mark, numbers));
        assert!(matches!(error, Error::DamagedHeader { .. }), "{error:?}");
    }
}

#[test]
fn every_other_length_is_refused() {
    let good = Scratch::new().good_file();
    for length in 0..good.len() {
        let error = refusal(&good[..length]);
        let right = match (length, &error) {
            (0, error) => matches!(error, Error::Empty { .. }),
            (1..128, error) => matches!(error, Error::Short { .. }),
            (_, Error::WrongLength { expected: 640, found, .. }) => *found == length as u64,
            _ => false,
        };
        assert!(right, "{length} bytes: {error:?}");
    }
    for more in [1, 128, 5000] {
        let error = refusal(&[good.clone(), vec![0; more]].concat());
        assert!(matches!(error, Error::WrongLength { .. }), "{error:?}");
    }
}

#[test]
fn every_bit_of_a_name_is_checked() {
    let good = Scratch::new().good_file();
    for slot in [1, 2] {
        for bit in 8 * 8..128 * 8 {
            let mut bytes = good.clone();
            bytes[slot * 128 + bit / 8] ^= 1 << (bit % 8);
            let error = refusal(&bytes);
            let right = matches!(error, Error::DamagedSlot { offset, .. } if offset == slot * 128);
            assert!(right, "slot {slot}, bit {bit}: {error:?}");
        }
    }
    // A name that was there and is gone would be given to a second counter.
    let mut bytes = good.clone();
    bytes[128..256].fill(0);
    let error = refusal(&bytes);
    assert!(matches!(error, Error::DamagedSlot { offset: 128, .. }), "{error:?}");
    // The same of the last name cannot be known.
    let scratch = Scratch::new();
    let mut bytes = good;
    bytes[256..384].fill(0);
    fs::write(scratch.path("one"), bytes).expect("it is written");
    let file = CounterFile::open(scratch.path("one")).expect("it is whole");
    assert_eq!(file.counter("hits").expect("it is there").get(), 5);
}

#[test]
fn a_value_may_be_anything_and_wraps() {
    let scratch = Scratch::new();
    let mut bytes = scratch.good_file();
    bytes[128..136].fill(0xFF);
    fs::write(scratch.path("file"), bytes).expect("it is written");
    let file = CounterFile::open(scratch.path("file")).expect("it is whole");
    let hits = file.counter("hits").expect("it is there");
    assert_eq!(hits.get(), u64::MAX);
    hits.add(2);
    assert_eq!(format!("{hits:?}"), "MappedCounter(1)");
}
