//! The report, run as the program that it is, over measurements made up here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Writes what a bench leaves behind.
fn measured(root: &Path, group: &str, name: &str, parameter: Option<u32>, median: f64) {
    let folder = root.join("target/criterion").join(group).join(name);
    let folder = folder.join(parameter.unwrap_or(0).to_string()).join("new");
    let value = parameter.map_or("null".to_string(), |parameter| format!("\"{parameter}\""));
    let bench =
        format!(r#"{{"group_id": "{group}", "function_id": "{name}", "value_str": {value}}}"#);
    let estimates = format!(
        r#"{{"median": {{"point_estimate": {median}}}, "median_abs_dev": {{"point_estimate": 0.5}}}}"#
    );
    write(&folder.join("benchmark.json"), &bench);
    write(&folder.join("estimates.json"), &estimates);
}

fn recorded(root: &Path, name: &str, json: &str) {
    write(&root.join("target/criterion/hotcount").join(name).with_extension("json"), json);
}

fn machine(root: &Path, cpu: &str) {
    let json = format!(
        r#"{{"cpu": "{cpu}", "cores": 2, "system": "B", "rustc": "C", "commit": "D", "date": "E"}}"#
    );
    recorded(root, "machine", &json);
}

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("the folder is made");
    fs::write(file, text).expect("it is written");
}

fn empty_root(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for this test");
    fs::canonicalize(folder).expect("it is there")
}

fn report(root: &Path, options: &[&str]) -> Output {
    let mut report = Command::new(env!("CARGO_BIN_EXE_report"));
    report.arg("--root").arg(root).args(options).output().expect("it runs")
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("it prints text")
}

fn assert_contains(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part}\nis not in\n{page}");
    }
}

fn measure_everything(root: &Path) {
    for (threads, limit, sharded, atomic) in [(1, 0.25, 0.5, 5.0), (2, 0.2, 0.25, 8.0)] {
        measured(root, "add", "private cell", Some(threads), limit);
        measured(root, "add", "AtomicU64", Some(threads), atomic);
        measured(root, "add", "ShardedCounter", Some(threads), sharded);
    }
    measured(root, "get", "ShardedCounter", Some(1_000), 600.0);
    measured(root, "mixed", "ShardedCounter", Some(50), 12.34);
    measured(root, "churn", "ShardedCounter", None, 20_000.0);
    recorded(root, "memory", r#"{"ShardedCounter": {"100": 24.0}}"#);
    recorded(root, "instructions", r#"{"ShardedCounter": {"0": 6}, "AtomicU64": {"0": 1}}"#);
    recorded(root, "locked", r#"{"AtomicU64": {"0": 1}}"#);
    recorded(root, "transfers", r#"{"one word": {"1": 0, "2": 0.5}}"#);
}

#[test]
fn the_same_measurements_give_the_same_page_and_pictures() {
    let root = empty_root("report");
    machine(&root, "A");
    measure_everything(&root);
    let first = printed(&report(&root, &[]));
    let written = |name: &str| {
        let file = root.join("target/report").join(name);
        assert!(first.contains(&format!("{}\n", file.display())), "{name} is not in\n{first}");
        fs::read_to_string(file).expect("it was written")
    };
    let names = ["pictures/add.svg", "pictures/get.svg", "pictures/memory.svg", "RESULTS.md"];
    let once = names.map(written);
    assert_eq!(first, printed(&report(&root, &[])));
    assert_eq!(once, names.map(written));
    assert!(written("pictures/add.md").starts_with("[add]: data:image/svg+xml;base64,"));
    assert_contains(
        &once[0],
        &["threads that add at once (logarithmic)", "Increments of one counter, on 2 cores"],
    );
    assert!(!once[0].contains("#FFFFFF"), "no white block in a dark page");
    assert_contains(
        &once[3],
        &[
            "\n## A, 2 cores, B\n\nMeasured with C, commit D, on E.\n",
            "| threads | 1 | 2 |\n|---|---|---|\n| private cell | 0.25 ± 0.50 | 0.20 ± 0.50 |\n\
             | ShardedCounter | 0.50 ± 0.50 | 0.25 ± 0.50 |\n\
             | AtomicU64 | 5.00 ± 0.50 | 8.00 ± 0.50 |\n",
            "The same as multiples of `private cell`:\n\n| threads | 1 | 2 |\n|---|---|---|\n\
             | private cell | 1.00 | 1.00 |\n| ShardedCounter | 2.00 | 1.25 |\n\
             | AtomicU64 | 20.00 | 40.00 |\n",
            "| ShardedCounter | 0.10 | 0.03 |\n| AtomicU64 | 1.00 | 1.00 |\n",
            "| threads | 1000 |\n|---|---|\n| ShardedCounter | 600 ± 0 |\n",
            "| % reads | 50 |\n|---|---|\n| ShardedCounter | 12.3 ± 0.5 |\n",
            "|  | ns |\n|---|---|\n| ShardedCounter | 20000 ± 0 |\n",
            "| counters | 100 |\n|---|---|\n| ShardedCounter | 24 |\n",
            "| ShardedCounter | 6 | 0 |\n| AtomicU64 | 1 | 1 |\n",
            "| cores | 1 | 2 |\n|---|---|---|\n| one word | 0 | 0.50 |\n",
        ],
    );
    assert_contains(&first, &["\nnot measured: A new thread's first addition\n"]);
    assert!(!first.contains("not measured: An increment\n"), "{first}");
}

#[test]
fn a_merge_replaces_the_machines_own_section_and_keeps_the_others() {
    let root = empty_root("merge");
    let page = || fs::read_to_string(root.join("benches/RESULTS.md")).expect("it was merged");
    for (cpu, median) in [("A", 0.25), ("B", 0.5), ("A", 0.75)] {
        machine(&root, cpu);
        measured(&root, "add", "ShardedCounter", Some(1), median);
        printed(&report(&root, &["--merge"]));
    }
    let page = page();
    assert_contains(
        &page,
        &["| ShardedCounter | 0.50 ± 0.50 |", "| ShardedCounter | 0.75 ± 0.50 |"],
    );
    assert!(!page.contains("0.25 ± "), "the first run of A is replaced:\n{page}");
    let headings: Vec<_> = page.lines().filter(|line| line.starts_with("## ")).collect();
    assert_eq!(headings, ["## A, 2 cores, B", "## B, 2 cores, B"]);
    let pictures = page.lines().filter(|line| line.starts_with("![")).count();
    assert_eq!(pictures, 1, "the picture is that of the last run:\n{page}");
}

#[test]
fn without_measurements_it_says_what_to_do() {
    let root = empty_root("nothing measured");
    let output = report(&root, &[]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr);
    let file = root.join("target/criterion/hotcount/machine.json");
    assert!(error.starts_with(&format!("report: {}: ", file.display())), "{error}");
    assert!(error.ends_with("run `cargo bench`, or add `--measure`\n"), "{error}");
}

#[test]
fn one_bench_alone_is_reported() {
    let root = empty_root("one bench");
    machine(&root, "A");
    measured(&root, "churn", "ShardedCounter", None, 20_000.0);
    let printed = printed(&report(&root, &[]));
    assert_contains(&printed, &["not drawn: add.svg", "not measured: An increment\n"]);
}

#[test]
fn a_damaged_record_is_named() {
    let root = empty_root("damaged");
    machine(&root, "A");
    recorded(&root, "memory", r#"{"ShardedCounter": "24"}"#);
    let output = report(&root, &[]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("memory.json: not a record of this tool's benches"), "{error}");
}
