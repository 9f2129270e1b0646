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
fn range(name: &str, threads: &str) -> String {
    let medians = machines().into_iter().filter_map(|machine| {
        let cell = cell(machine, "An increment\n", name, threads)?;
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
    format!("{}–{} ns", two_digits(first), two_digits(last))
}

#[test]
fn the_readmes_times_are_those_of_the_results() {
    for (threads, label) in
        [("1", "an increment, 1 thread"), ("2", "an increment, 2 threads at once")]
    {
        let [atomic, locked, sharded] =
            ["AtomicCounter", "LockedCounter", "ShardedCounter"].map(|name| range(name, threads));
        let row = format!("| {label} | {atomic} | {locked} | **{sharded}** |");
        assert!(README.contains(&row), "the README has no row\n{row}");
    }
}
