//! See `common::groups::add`; beside the limit, a private cell for each thread.
#![allow(missing_docs)]

mod common;

use common::runner::{thread_counts, time_private_cells};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

fn limit(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("add");
    for threads in thread_counts() {
        group.bench_function(BenchmarkId::new("private cell", threads), |bencher| {
            bencher.iter_custom(|iterations| time_private_cells(threads, iterations));
        });
    }
}

fn all(criterion: &mut Criterion) {
    limit(criterion);
    common::ask!(add, criterion);
}

criterion_group! { name = benches; config = common::criterion(); targets = all }
criterion_main!(benches);
