use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use hotcount::{Counter, mapped::CounterFile};

use crate::program::{example, run};

#[test]
fn watch_counters_shows_values_and_rates_as_text_and_survives_a_removed_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("hits.counters");
    let file = CounterFile::open(&path).expect("the file is created");
    let hits = file.counter("hits").expect("there is room");
    file.counter("two\nlines\x1B[2J").expect("there is room").add(7);
    hits.add(1_000_000);

    let mut watching = example("watch_counters")
        .arg(&path)
        .args(["--every", "0.05", "--looks", "1000"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let lines = BufReader::new(watching.stdout.take().expect("stdout is piped")).lines();
    let mut lines = lines.map(|line| line.expect("UTF-8"));
    assert_eq!(lines.next().as_deref(), Some("hits\t1000000\t0"));
    assert_eq!(lines.next().as_deref(), Some("two\\nlines\\u{1b}[2J\t7\t0"));
    assert_eq!(lines.next().as_deref(), Some(""));

    hits.add(500);
    let rate = lines.find_map(|line| line.strip_prefix("hits\t1000500\t").map(str::to_string));
    let rate: u64 = rate.expect("another look").parse().expect("a number");
    assert!((1..=500 * 1000).contains(&rate), "{rate} per second");

    fs::remove_file(&path).expect("the file is removed");
    let missing = format!("{}: no such file; ", path.display());
    assert!(lines.any(|line| line.starts_with(&missing)));
    let file = CounterFile::open(&path).expect("the file is created");
    file.counter("hits").expect("there is room").add(3);
    assert!(lines.any(|line| line == "hits\t3\t0"));

    watching.kill().expect("the program still runs");
    watching.wait().expect("a child");
}

#[test]
fn watch_counters_looks_as_often_as_asked() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("hits.counters");
    CounterFile::open(&path).expect("the file is created").counter("hits").expect("there is room");
    let arguments = ["--looks", "3", "--every", "0.01"];
    let mut program = example("watch_counters");
    program.arg(&path).args(arguments);
    let output = run(program);
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "hits\t0\t0\n\n".repeat(3));
}

#[test]
fn watch_counters_says_in_one_line_that_there_is_no_file() {
    let mut program = example("watch_counters");
    program.arg("/nowhere/hits");
    let output = run(program);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "watch_counters: /nowhere/hits: no such file; open it for counting to create it\n"
    );
}

#[test]
fn watch_counters_names_arguments_that_make_no_sense() {
    for (argument, value) in
        [("--every", "-1"), ("--every", "0"), ("--every", "nan"), ("--looks", "0")]
    {
        let mut program = example("watch_counters");
        program.args(["x", &format!("{argument}={value}")]);
        let output = run(program);
        assert_eq!(output.status.code(), Some(2), "{argument} {value}");
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains(&format!("invalid value '{value}' for '{argument}")), "{message}");
    }
}
