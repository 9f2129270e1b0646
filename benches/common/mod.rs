//! What all benches share: the questions, the runner, the baselines, the record of the machine.
#![allow(dead_code, unused_imports, unused_macros)] // no bench uses all of it

pub(crate) mod baselines;
pub(crate) mod groups;
pub(crate) mod record;
pub(crate) mod runner;

use std::path::PathBuf;
use std::time::Duration;

use criterion::Criterion;

/// The root of the project, also when the benches are those of `benches/peers`.
pub(crate) fn root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    if manifest.ends_with("benches/peers") { manifest.join("../..") } else { manifest }
}

/// Where criterion and the record write.
pub(crate) fn output() -> PathBuf {
    root().join("target/criterion")
}

/// Short runs, many of them: the spread shows what a long one would hide.
pub(crate) fn criterion() -> Criterion {
    record::machine();
    Criterion::default()
        .output_directory(&output())
        .without_plots()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .sample_size(20)
        .configure_from_args()
}

/// Asks a question of our counters and of the baselines, in one run.
macro_rules! ask {
    ($question:ident, $criterion:expr) => {{
        use hotcount::{AtomicCounter, LockedCounter, ShardedCounter};
        use $crate::common::{baselines::*, groups::$question};
        $question($criterion, "ShardedCounter", ShardedCounter::new);
        $question($criterion, "AtomicCounter", AtomicCounter::new);
        $question($criterion, "AtomicU64", Atomic::default);
        $question($criterion, "LockedCounter", LockedCounter::new);
        $question($criterion, "parking_lot Mutex", ParkingLotMutex::default);
        $question($criterion, "std Mutex", StdMutex::default);
    }};
}

pub(crate) use ask;
