//! What an increment in a mapped file costs, beside one in memory. See `common::groups::add`.
#![allow(missing_docs)]

mod common;

use common::baselines::Atomic;
use common::groups::add;
use criterion::{Criterion, criterion_group, criterion_main};
use hotcount::{AtomicCounter, FetchAdd, mapped::CounterFile};

fn all(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let file =
        CounterFile::open(folder.path().join("bench.counters")).expect("the file is created");
    let names = AtomicCounter::new();
    let new = || file.counter(&names.increment_and_get().to_string()).expect("there is room");
    add(criterion, "AtomicU64", Atomic::default);
    add(criterion, "MappedCounter", new);
}

criterion_group! { name = benches; config = common::criterion(); targets = all }
criterion_main!(benches);
