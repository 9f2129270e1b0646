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

#[test]
fn the_diff_of_a_registry_compiles_on_both_sides() {
    mod before {
        include!("prometheus_before.rs");
        pub(super) const MAIN: fn() -> prometheus::Result<()> = main;
    }
    mod after {
        include!("prometheus_after.rs");
        pub(super) const MAIN: fn() -> prometheus::Result<()> = main;
    }
    let docs = include_str!("../../src/prometheus/mod.rs");
    diff::is_in(docs, include_str!("prometheus_before.rs"), include_str!("prometheus_after.rs"));
    let hits = || {
        let families = prometheus::gather();
        families
            .iter()
            .find(|f| f.name() == "hits_total")
            .map(|f| f.get_metric()[0].get_counter().get_value())
    };
    after::MAIN().expect("it registers");
    assert_eq!(hits(), Some(3.0));
    std::panic::catch_unwind(before::MAIN).expect_err("the names are taken");
}
