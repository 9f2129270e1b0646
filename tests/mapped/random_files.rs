use std::fs;

use hotcount::Counter;
use hotcount::mapped::{CounterFile, ErrorKind};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::scratch::Scratch;

/// Uses `bytes` as a counter file in every way. Returns whether it opened.
fn use_as_a_file(scratch: &Scratch, bytes: &[u8]) -> bool {
    let path = scratch.path("file");
    fs::write(&path, bytes).expect("the file is written");
    let view = CounterFile::open_read_only(&path);
    let file = match CounterFile::options().capacity(9).open(&path) {
        Ok(file) => file,
        Err(error) => {
            let other = view.expect_err("neither opens");
            assert_eq!(error.to_string(), other.to_string());
            assert_eq!(fs::read(&path).expect("the file can be read"), bytes, "{error}");
            return false;
        }
    };
    let view = view.expect("both open");
    let counters: Vec<_> = view.iter().collect();
    for (name, value) in &counters {
        assert_eq!(view.get(name), Some(*value));
        assert_eq!(file.counter(name).expect("the name is known").get(), *value);
    }
    for (name, value) in [("hits", 3), ("new", 4), ("newer", 5), ("newest", 6)] {
        let before = view.get(name).unwrap_or(0);
        match file.counter(name) {
            Ok(counter) => counter.add(value),
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::Full { capacity: 4, .. }), "{error}");
                continue;
            }
        }
        assert_eq!(view.get(name), Some(before.wrapping_add(value)));
    }
    assert!(view.iter().zip(counters).all(|(now, before)| now.0 == before.0));
    true
}

/// Emulators, in which the tests run for other targets, are slow.
const CASES: u32 = if cfg!(all(unix, target_arch = "x86_64")) { 10_000 } else { 200 };

fn check<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(strategy, |case| {
        test(case);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn random_bytes_are_refused() {
    let scratch = Scratch::new();
    let bytes = prop::collection::vec(any::<u8>(), 0..700);
    check(CASES, &bytes, |bytes| assert!(!use_as_a_file(&scratch, &bytes)));
}

#[test]
fn a_good_header_before_random_slots_is_refused_or_works() {
    let scratch = Scratch::new();
    let good = scratch.good_file();
    let slots = prop::collection::vec(any::<u8>(), 512);
    check(CASES, &slots, |slots| {
        use_as_a_file(&scratch, &[&good[..128], &slots[..]].concat());
    });
}

#[test]
fn changed_cut_and_grown_files_are_refused_or_work() {
    let scratch = Scratch::new();
    let good = scratch.good_file();
    let changes = prop::collection::vec((0..640_usize, any::<u8>()), 0..4);
    let length = prop_oneof![6 => Just(640), 1 => 0..1300_usize];
    let opened = std::cell::Cell::new(0);
    check(2 * CASES, &(changes, length), |(changes, length)| {
        let mut bytes = good.clone();
        for (offset, byte) in changes {
            bytes[offset] = byte;
        }
        bytes.resize(length, 0);
        opened.set(opened.get() + u32::from(use_as_a_file(&scratch, &bytes)));
    });
    assert!((CASES / 5..CASES / 5 * 9).contains(&opened.get()), "{} opened", opened.get());
}
