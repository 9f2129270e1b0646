//! See `common::groups::mixed`.
#![allow(missing_docs)]

mod common;

use criterion::{Criterion, criterion_group, criterion_main};

fn all(criterion: &mut Criterion) {
    common::ask!(mixed, criterion);
}

criterion_group! { name = benches; config = common::criterion(); targets = all }
criterion_main!(benches);
