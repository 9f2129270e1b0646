//! The README's figures are those of `benches/RESULTS.md`: ranges over all machines in it.
#![allow(missing_docs)]

const README: &str = include_str!("../README.md");
const RESULTS: &str = include_str!("../benches/RESULTS.md");

/// The sections of the machines that were measured.
fn machines() -> Vec<&'static str> {
    let sections = RESULTS.split("\n## ").skip(1);
    sections.filter(|section| !section.starts_with("On every machine\n")).collect()
}

/// The cell of a table below `heading`: in the row `name`, in the column `column`.
fn cell<'a>(section: &'a str, heading: &str, name: &str, column: &str) -> Option<&'a str> {
    let (_, below) = section.split_once(&format!("### {heading}"))?;
    let mut rows = below.lines().skip_while(|line| !line.starts_with('|'));
    let cells = |line: &'a str| line.trim_matches('|').split('|').map(str::trim);
    let index = cells(rows.next()?).position(|cell| cell == column)?;
    let mut rows = rows.take_while(|line| line.starts_with('|'));
    cells(rows.find(|line| cells(line).next() == Some(name))?).nth(index)
}

/// The smallest and the largest median over all machines, to two digits.
fn range(heading: &str, name: &str, column: &str) -> String {
    let medians = machines().into_iter().filter_map(|machine| {
        let cell = cell(machine, heading, name, column)?;
        cell.split_whitespace().next()?.parse::<f64>().ok()
    });
    let mut medians: Vec<_> = medians.collect();
    medians.sort_by(f64::total_cmp);
    let [first, .., last] = medians[..] else { panic!("{name}: fewer than two machines") };
    let two_digits = |ns: f64| match ns {
        ..0.995 => format!("{ns:.2}"),
        ..9.95 => format!("{ns:.1}"),
        _ => format!("{ns:.0}"),
    };
    match [first, last].map(two_digits) {
        [first, last] if first == last => format!("{first} ns"),
        [first, last] => format!("{first}–{last} ns"),
    }
}

fn assert_has_row(label: &str, [atomic, locked, sharded]: [String; 3]) {
    let row = format!("| {label} | {atomic} | {locked} | {sharded} |");
    assert!(README.contains(&row), "the README has no row\n{row}");
}

const TYPES: [&str; 3] = ["AtomicCounter", "LockedCounter", "ShardedCounter"];

#[test]
fn the_readmes_times_are_those_of_the_results() {
    let (add, get) = ("An increment\n", "A read, by the threads that have counted at once\n");
    for (heading, threads, label) in [
        (add, "1", "an increment, 1 thread"),
        (add, "2", "an increment, 2 threads at once"),
        (get, "8", "a `get`, after 8 threads counted at once"),
        (get, "1000", "a `get`, after 1,000 threads counted at once"),
    ] {
        let mut ranges = TYPES.map(|name| range(heading, name, threads));
        if heading == add {
            ranges[2] = format!("**{}**", ranges[2]);
        }
        assert_has_row(label, ranges);
    }
}

#[test]
fn the_readmes_bytes_are_those_of_the_last_machine_in_the_results() {
    let machine = *machines().last().expect("a machine was measured");
    let heading = "Bytes per counter asked of the allocator, after 8 threads have added to each\n";
    for (counters, label) in [
        ("1", "bytes of one counter that 8 threads added to"),
        ("1000", "bytes of each of 1,000 such counters"),
    ] {
        let bytes = |name| cell(machine, heading, name, counters).expect("it was measured");
        assert_has_row(label, TYPES.map(|name| bytes(name).to_string()));
    }
}

#[test]
fn the_readmes_instructions_are_those_of_the_results() {
    let heading = "Instructions of an increment (x86-64, release build)\n";
    let (_, everywhere) = RESULTS.split_once("\n## On every machine\n").expect("it is first");
    let instructions = |name| cell(everywhere, heading, name, "instructions").expect("counted");
    assert_has_row(
        "instructions of an increment",
        TYPES.map(|name| instructions(name).to_string()),
    );
    let locked =
        TYPES.map(|name| cell(everywhere, heading, name, "of them locked").expect("counted"));
    assert_eq!(locked[2], "0");
    let [atomic, lock] = [locked[0], locked[1]].map(str::to_string);
    assert_has_row("of them locked", [atomic, lock, "**none**".to_string()]);
}

#[test]
fn what_others_measured_is_cited_in_the_results() {
    for time in ["2,672 ns", "1.30 ns"] {
        assert!(README.contains(time) && RESULTS.contains(time), "{time}");
    }
}
