//! Files as a power cut or a copy leaves them: each page as it was at some moment of its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::thread;

use hotcount::mapped::CounterFile;
use hotcount::{Counter, FetchAdd};

use crate::scratch::Scratch;

const PAGE: usize = 4096;
/// Pages of a file with room for 120 counters.
const PAGES: u32 = 4;

/// Wine, in which the tests of Windows run, is slow.
const NAMES: u64 = if cfg!(windows) { 400 } else { 4_000 };
const EVERY: usize = if cfg!(windows) { 7 } else { 1 };

fn name(number: u64) -> String {
    // Long enough for both cache lines of a slot.
    format!("{number:060}")
}

/// Registers names up to `end` and adds 1 to each name. Returns the bytes of the file.
fn register(path: &Path, end: u64) -> Vec<u8> {
    let file = CounterFile::options().capacity(120).open(path).expect("the file opens");
    (0..end).for_each(|number| file.counter(&name(number)).expect("there is room").increment());
    file.sync().expect("the file is synced");
    fs::read(path).expect("the file can be read")
}

#[test]
fn pages_that_reach_the_disk_in_any_order_leave_a_file_with_all_that_sync_confirmed() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let moments = [20, 50, 100].map(|end| register(&path, end));
    assert_eq!(moments[0].len().div_ceil(PAGE), PAGES as usize);
    for order in (0..3_usize.pow(PAGES)).step_by(EVERY) {
        let mut bytes = moments[0].clone();
        for (page, bytes) in bytes.chunks_mut(PAGE).enumerate() {
            let moment = order / 3_usize.pow(u32::try_from(page).expect("few pages")) % 3;
            bytes.copy_from_slice(moments[moment].chunks(PAGE).nth(page).expect("one length"));
        }
        let cut = scratch.path("after the cut");
        fs::write(&cut, &bytes).expect("the file is written");

        let view = CounterFile::open_read_only(&cut).expect("the file is whole");
        let found: Vec<_> = view.iter().collect();
        assert!((0..20).all(|number| view.get(&name(number)) >= Some(1)), "order {order}");
        assert!(found.iter().all(|(name, value)| view.get(name) == Some(*value)));
        let names = (0..100).filter(|number| view.get(&name(*number)).is_some());
        assert_eq!(found.len(), names.count(), "order {order}");

        // Every name is found or registered, in another order than before, and fills the holes.
        let [file, other] = [(); 2].map(|()| CounterFile::open(&cut).expect("the file is whole"));
        let mut ids = BTreeSet::new();
        for number in (0..120).rev() {
            let before = view.get(&name(number)).unwrap_or(0);
            let counter = file.counter(&name(number)).expect("there is room");
            assert_eq!(counter.increment_and_get(), before + 1);
            assert!(ids.insert(counter.persistent_id()));
            let same = other.counter(&name(number)).expect("the name is known");
            assert_eq!((same.get(), same.persistent_id()), (before + 1, counter.persistent_id()));
        }
        assert_eq!(view.iter().count(), 120);
        assert!(file.counter("one more").is_err(), "the file is full");
    }
}

#[test]
fn a_copy_made_while_names_are_registered_can_be_opened() {
    let scratch = Scratch::new();
    let [path, copy] = ["hits.counters", "copy"].map(|name| scratch.path(name));
    let file = CounterFile::options().capacity(4_000).open(&path).expect("the file is created");
    thread::scope(|scope| {
        let registering = scope.spawn(|| {
            let names = (0..NAMES).map(name);
            names.for_each(|name| file.counter(&name).expect("there is room").increment());
        });
        let mut copies = 0;
        while !registering.is_finished() || copies < 10 {
            fs::copy(&path, &copy).expect("the file can be copied");
            let view = CounterFile::open_read_only(&copy).expect("the copy is whole");
            assert!(view.iter().all(|(_, value)| value <= 1));
            copies += 1;
        }
    });
}
