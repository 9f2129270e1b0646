//! The diffs that the docs show compile, on both sides.
#![allow(missing_docs)]

mod diff;

#[test]
fn the_diff_of_a_recorder_compiles_on_both_sides() {
    mod before {
        include!("metrics_before.rs");
        pub(super) const MAIN: fn() -> Result<(), Box<dyn std::error::Error>> = main;
    }
    mod after {
        include!("metrics_after.rs");
        pub(super) const MAIN: fn() -> Result<(), Box<dyn std::error::Error>> = main;
    }
    let docs = include_str!("../../src/metrics/mod.rs");
    diff::is_in(docs, include_str!("metrics_before.rs"), include_str!("metrics_after.rs"));
    after::MAIN().expect("it installs its recorder");
    before::MAIN().expect_err("there is a recorder already");
}
