//! See `common::groups::get`.
#![allow(missing_docs)]

mod common;

use criterion::{Criterion, criterion_group, criterion_main};

fn all(criterion: &mut Criterion) {
    common::ask!(get, criterion);
}

criterion_group! { name = benches; config = common::criterion(); targets = all }
criterion_main!(benches);
