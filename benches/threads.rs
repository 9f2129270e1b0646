//! See `common::groups::new_threads`.
#![allow(missing_docs)]

mod common;

use criterion::{Criterion, criterion_group, criterion_main};

fn all(criterion: &mut Criterion) {
    common::ask!(new_threads, criterion);
}

criterion_group! { name = benches; config = common::criterion(); targets = all }
criterion_main!(benches);
