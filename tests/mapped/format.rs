use std::fs;

use hotcount::Counter;
use hotcount::mapped::{CounterFile, Error, ErrorKind};

use crate::messages::message;
use crate::scratch::Scratch;

/// The CRC-32 of zlib, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    })
}

fn put(bytes: &mut [u8], offset: usize, what: &[u8]) {
    bytes[offset..offset + what.len()].copy_from_slice(what);
}

/// A header as the documentation describes it. The checksum is right whatever the header says.
fn header(version: u32, mark: [u8; 4], numbers: [u32; 3], id: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    put(&mut bytes, 0, b"\x89hotcount\r\n\x1a\n\0\0\0");
    put(&mut bytes, 16, &version.to_le_bytes());
    put(&mut bytes, 20, &mark);
    for (offset, number) in [24, 28, 32].into_iter().zip(numbers) {
        put(&mut bytes, offset, &number.to_le_bytes());
    }
    put(&mut bytes, 36, id);
    let checksum = crc32(&bytes[..124]);
    put(&mut bytes, 124, &checksum.to_le_bytes());
    bytes
}

/// A slot as the documentation describes it.
fn slot(name: &str, value: u64) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    let state = u64::from(crc32(name.as_bytes())) << 32 | name.len() as u64;
    put(&mut bytes, 0, &value.to_ne_bytes());
    put(&mut bytes, 8, &state.to_ne_bytes());
    put(&mut bytes, 16, name.as_bytes());
    bytes
}

const NATIVE: [u8; 4] = 0x0102_0304_u32.to_ne_bytes();

#[test]
fn every_byte_of_a_file_is_as_documented() {
    let scratch = Scratch::new();
    let [found, other] = [(); 2].map(|()| scratch.good_file());
    assert_ne!(found[36..48], other[36..48], "each file has random bytes of its own");
    let header = header(1, NATIVE, [4, 128, 128], &found[36..48]);
    let slots = [slot("hits", 5), slot("misses", 7), vec![0; 128], vec![0; 128]];
    assert_eq!(found, [header, slots.concat()].concat());
}

/// The error of both ways to open a file with these bytes, which stays as it is.
fn refusal(scratch: &Scratch, bytes: &[u8]) -> Error {
    let path = scratch.path("bad");
    fs::write(&path, bytes).expect("the file is written");
    let error = CounterFile::open(&path).expect_err("the file is damaged");
    let other = CounterFile::open_read_only(&path).expect_err("the file is damaged");
    assert_eq!(error.to_string(), other.to_string());
    assert_eq!(error.path(), path);
    assert!(message(&error, &path).contains("; "), "it says what to do: {error}");
    assert_eq!(fs::read(&path).expect("the file can be read"), bytes);
    assert_eq!(scratch.names(), ["bad"]);
    error
}

#[test]
fn every_bit_of_the_header_is_checked() {
    let scratch = Scratch::new();
    let good = scratch.good_file();
    for byte in 0..128 {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[byte] ^= 1 << bit;
            let error = refusal(&scratch, &bytes);
            let right = match byte {
                0..16 => matches!(error.kind(), ErrorKind::DamagedMagic | ErrorKind::Foreign),
                _ => matches!(error.kind(), ErrorKind::DamagedHeader),
            };
            assert!(right, "byte {byte}, bit {bit}: {error}");
        }
    }
}

#[test]
fn a_header_that_is_whole_but_not_of_this_version_is_refused() {
    let scratch = Scratch::new();
    let with = |version, mark, numbers| {
        let bytes = [header(version, mark, numbers, &[7; 12]), vec![0; 512]].concat();
        let error = refusal(&scratch, &bytes);
        error.kind().clone()
    };
    assert_eq!(with(2, NATIVE, [4, 128, 128]), ErrorKind::NewerVersion { version: 2 });
    assert_eq!(with(u32::MAX, [0; 4], [0; 3]), ErrorKind::NewerVersion { version: u32::MAX });
    let mut swapped = NATIVE;
    swapped.reverse();
    assert_eq!(with(1, swapped, [4, 128, 128]), ErrorKind::OtherByteOrder);
    for (version, mark, numbers) in [
        (0, NATIVE, [4, 128, 128]),
        (1, [0; 4], [4, 128, 128]),
        (1, NATIVE, [0, 128, 128]),
        (1, NATIVE, [u32::MAX, 128, 128]),
        (1, NATIVE, [(1 << 24) + 1, 128, 128]),
        (1, NATIVE, [4, 64, 128]),
        (1, NATIVE, [4, 128, 64]),
    ] {
        assert_eq!(with(version, mark, numbers), ErrorKind::DamagedHeader);
    }
}

#[test]
fn every_other_length_is_refused() {
    let scratch = Scratch::new();
    let good = scratch.good_file();
    for length in 0..good.len() {
        let error = refusal(&scratch, &good[..length]);
        let found = length as u64;
        let expected = match length {
            0 => ErrorKind::Empty,
            1..128 => ErrorKind::Short,
            _ => ErrorKind::WrongLength { expected: 640, found },
        };
        assert_eq!(*error.kind(), expected, "{length} bytes");
    }
    for more in [1, 128, 5000] {
        let error = refusal(&scratch, &[good.clone(), vec![0; more]].concat());
        let wrong = ErrorKind::WrongLength { expected: 640, found: 640 + more as u64 };
        assert_eq!(*error.kind(), wrong);
    }
}

#[test]
fn every_bit_of_a_name_is_checked() {
    let scratch = Scratch::new();
    let good = scratch.good_file();
    for slot in [1, 2] {
        for bit in 8 * 8..128 * 8 {
            let mut bytes = good.clone();
            bytes[slot * 128 + bit / 8] ^= 1 << (bit % 8);
            let error = refusal(&scratch, &bytes);
            let damaged = ErrorKind::DamagedSlot { offset: slot * 128 };
            assert_eq!(*error.kind(), damaged, "slot {slot}, bit {bit}");
        }
    }
}

#[test]
fn a_value_may_be_anything_and_wraps() {
    let scratch = Scratch::new();
    let mut bytes = scratch.good_file();
    bytes[128..136].fill(0xFF);
    fs::write(scratch.path("file"), bytes).expect("the file is written");
    let file = CounterFile::open(scratch.path("file")).expect("the file is whole");
    let hits = file.counter("hits").expect("the name is known");
    assert_eq!(hits.get(), u64::MAX);
    hits.add(2);
    assert_eq!(format!("{hits:?} {hits:>2}"), "MappedCounter(1)  1");
}

/// Two names of one length and one CRC-32.
const TWINS: [&str; 2] = ["plumless", "buckeroo"];

#[test]
fn names_of_one_length_and_one_checksum_are_two_counters() {
    assert_eq!(crc32(TWINS[0].as_bytes()), crc32(TWINS[1].as_bytes()));
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::open(&path).expect("the file is created");
    for (name, value) in TWINS.into_iter().zip([1, 2]) {
        file.counter(name).expect("there is room").add(value);
    }
    let view = CounterFile::open_read_only(&path).expect("the file is whole");
    assert_eq!(TWINS.map(|name| view.get(name)), [Some(1), Some(2)]);
    let file = CounterFile::open(&path).expect("the file is whole");
    assert_eq!(file.counter(TWINS[1]).expect("the name is known").get(), 2);
}

#[test]
fn a_name_that_stands_twice_is_damage() {
    let file = |names: &[&str]| {
        let mut bytes = header(1, NATIVE, [6, 128, 128], &[7; 12]);
        bytes.extend(names.iter().flat_map(|name| slot(name, 1)));
        bytes.resize(7 * 128, 0);
        bytes
    };
    let scratch = Scratch::new();
    let [one, other] = TWINS;
    for names in [&["hits", "hits"][..], &["a", "hits", "b", "hits"], &[one, other, one, "x"]] {
        let error = refusal(&scratch, &file(names));
        let name = if names.contains(&"hits") { "hits" } else { one };
        assert_eq!(*error.kind(), ErrorKind::RepeatedName { name: name.into() }, "{names:?}");
    }
}
