use std::fs;
use std::path::{Path, PathBuf};

use crate::header::Header;
use crate::program::{example, run};

/// Writes what a bench leaves behind.
fn measured(criterion: &Path, group: &str, name: &str, parameter: Option<u32>, median: f64) {
    let folder = criterion.join(group).join(name).join(parameter.unwrap_or(0).to_string());
    let folder = folder.join("new");
    fs::create_dir_all(&folder).expect("a folder for this test");
    let value = parameter.map_or("null".to_string(), |parameter| format!("\"{parameter}\""));
    let bench =
        format!(r#"{{"group_id": "{group}", "function_id": "{name}", "value_str": {value}}}"#);
    let estimates = format!(
        r#"{{"median": {{"point_estimate": {median}}}, "median_abs_dev": {{"point_estimate": 0.5}}}}"#
    );
    fs::write(folder.join("benchmark.json"), bench).expect("it is written");
    fs::write(folder.join("estimates.json"), estimates).expect("it is written");
}

fn empty_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for this test");
    folder
}

#[test]
fn the_same_measurements_give_the_same_pages_and_pictures() {
    let folder = empty_folder("report");
    let criterion = folder.join("criterion");
    for (threads, limit, sharded, atomic) in [(1, 0.25, 0.5, 5.0), (2, 0.2, 0.25, 8.0)] {
        measured(&criterion, "add", "private cell", Some(threads), limit);
        measured(&criterion, "add", "AtomicU64", Some(threads), atomic);
        measured(&criterion, "add", "ShardedCounter", Some(threads), sharded);
    }
    measured(&criterion, "get", "ShardedCounter", Some(1_000), 600.0);
    measured(&criterion, "mixed", "ShardedCounter", Some(50), 12.34);
    measured(&criterion, "churn", "ShardedCounter", None, 20_000.0);
    let record = criterion.join("hotcount");
    fs::create_dir_all(&record).expect("a folder for this test");
    let machine =
        r#"{"cpu": "A", "cores": 2, "system": "B", "rustc": "C", "commit": "D", "date": "E"}"#;
    fs::write(record.join("machine.json"), machine).expect("it is written");
    fs::write(record.join("memory.json"), r#"{"ShardedCounter": {"100": 24.0}}"#).expect("so too");

    let report = |to: &str| {
        let mut report = example("report");
        report.current_dir(&folder).args(["--from", "criterion", "--to", to]);
        let output = run(report);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let printed = String::from_utf8(output.stdout).expect("it prints text");
        assert_eq!(printed, Header::of("report").prints.replace("benches", to));
        let files = printed.lines().map(|file| fs::read_to_string(folder.join(file)).expect(file));
        files.collect::<Vec<_>>()
    };
    let first = report("first");
    assert_eq!(first, report("second"));

    let page = first.last().expect("the page comes last");
    for expected in [
        "Measured on A (2 cores, B) with C, commit D, on E.",
        "| threads | 1 | 2 |\n|---|---|---|\n| private cell | 0.25 ± 0.50 | 0.20 ± 0.50 |\n\
         | ShardedCounter | 0.50 ± 0.50 | 0.25 ± 0.50 |\n| AtomicU64 | 5.00 ± 0.50 | 8.00 ± 0.50 |\n",
        "The same as multiples of `private cell`:\n\n| threads | 1 | 2 |\n|---|---|---|\n\
         | private cell | 1.00 | 1.00 |\n| ShardedCounter | 2.00 | 1.25 |\n\
         | AtomicU64 | 20.00 | 40.00 |\n",
        "| ShardedCounter | 0.10 | 0.03 |\n| AtomicU64 | 1.00 | 1.00 |\n",
        "| threads | 1000 |\n|---|---|\n| ShardedCounter | 600 ± 0 |\n",
        "| % reads | 50 |\n|---|---|\n| ShardedCounter | 12.3 ± 0.5 |\n",
        "|  | ns |\n|---|---|\n| ShardedCounter | 20000 ± 0 |\n",
        "| counters | 100 |\n|---|---|\n| ShardedCounter | 24 |\n",
    ] {
        assert!(page.contains(expected), "{expected}\nis not in\n{page}");
    }
    assert!(first[0].contains("threads that add at once (logarithmic)"));
    assert!(first[1].starts_with("[add]: data:image/svg+xml;base64,"));
}

#[test]
fn without_measurements_it_says_what_to_do() {
    let mut report = example("report");
    report.current_dir(empty_folder("nothing measured"));
    let output = run(report);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.starts_with("report: target/criterion/hotcount/machine.json: "), "{error}");
    assert!(error.ends_with("; run `cargo bench` first, in the same folder\n"), "{error}");
}
