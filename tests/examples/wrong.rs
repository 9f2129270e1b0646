//! Every wrong version in the course goes wrong in every run, on one core as well.

use std::process::Command;

use crate::program::{example, run};

/// The program, how the line begins, and what the line would say if nothing went wrong.
const WRONG: [(&str, &str, &str); 5] = [
    ("01_lost_update", "  wrong, load, add, store   ", "0 lost"),
    ("02_locked", "  wrong, a lock around each step      ", "400000 of"),
    ("04_atomic", "  wrong, increment() and then get()   ", "5000 different"),
    ("05_sharded", "The shared cell lost ", "0 additions"),
    ("06_reads_beside_adds", "wrong counter, read during the addition of 10: ", "1,"),
];

fn goes_wrong(name: &str, line: &str, right: &str, program: Command) {
    let output = run(program);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    let rest = printed.lines().find_map(|printed| printed.strip_prefix(line));
    let rest = rest.unwrap_or_else(|| panic!("{name} prints no line `{line}`:\n{printed}"));
    assert!(!rest.starts_with(right), "{name}: the wrong version goes right:\n{printed}");
}

#[test]
fn wrong_versions_go_wrong_in_every_run() {
    for (name, line, right) in WRONG {
        for _ in 0..3 {
            goes_wrong(name, line, right, example(name));
        }
    }
}

#[test]
fn wrong_versions_go_wrong_on_one_core() {
    if !Command::new("taskset").arg("--version").output().is_ok_and(|it| it.status.success()) {
        println!(
            "skipped: there is no `taskset` to run a program on one core (package util-linux)"
        );
        return;
    }
    for (name, line, right) in WRONG {
        let mut program = Command::new("taskset");
        program.args(["--cpu-list", "0"]).arg(example(name).get_program());
        goes_wrong(name, line, right, program);
    }
}
