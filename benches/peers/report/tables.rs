use std::collections::BTreeSet;
use std::fmt::Write;

use crate::results::{Figure, Results};

/// Group, heading, and what its parameter is.
pub(crate) const GROUPS: [(&str, &str, &str); 24] = [
    ("add", "An increment", "threads"),
    ("get", "A read, by the threads that have counted at once", "threads"),
    ("mixed", "Reads among increments, 8 threads", "% reads"),
    ("many", "An increment, going round many counters", "counters"),
    ("add_together_2", "An addition to 2 counts that are read together", "threads"),
    ("add_together_4", "An addition to 4 counts that are read together", "threads"),
    ("add_together_16", "An addition to 16 counts that are read together", "threads"),
    (
        "get_together",
        "A read of counts that are read together, by threads that add without pause",
        "threads",
    ),
    ("observe", "An observation in a histogram of 12 buckets", "threads"),
    ("one_key", "An increment under the same one of 10,000 keys", "threads"),
    ("zipf_keys", "An increment under one of 100 keys with a Zipf law", "threads"),
    ("all_keys", "An increment under each of 10,000 keys in turn", "threads"),
    ("changing_keys", "Increments, removals and sweeps over 10,000 keys", "threads"),
    ("limit_far", "Take a unit and give it back, far from the limit", "threads"),
    ("limit_1", "Take the only unit and give it back, or be refused", "threads"),
    ("limit_full", "Be refused: all units are out", "threads"),
    ("read_key", "A read of one of 10,000 keys, by the threads that have counted", "threads"),
    (
        "keyed_memory",
        "Bytes per key asked of the allocator, when threads have counted under each of 10,000",
        "threads",
    ),
    ("churn", "A thread that is born, adds once and is gone", ""),
    ("first_add", "A new thread's first addition", ""),
    ("redis/hit", "A hit on many machines", ""),
    ("redis/number", "A number on many machines", ""),
    ("redis/publish", "A round that publishes to the store", ""),
    (
        "memory",
        "Bytes per counter asked of the allocator, after 8 threads have added to each",
        "counters",
    ),
];

/// A row for each type, a column for each parameter. Empty if nothing was measured.
pub(crate) fn times(results: &Results, group: &str, parameter: &str) -> String {
    table(results, group, parameter, |figure, _| {
        let (median, spread) = (figure.median, figure.spread);
        let digits = if median < 10.0 { 2 } else { usize::from(median < 100.0) };
        match group {
            "memory" | "keyed_memory" | "get_together" => format!("{median:.0}"),
            _ => format!("{median:.digits$} ± {spread:.digits$}"),
        }
    })
}

/// Times of increments as multiples of those of `base`.
pub(crate) fn ratios(results: &Results, base: &str) -> String {
    let group = results.group("add");
    let Some((_, base_series)) = group.iter().find(|(name, _)| *name == base) else {
        return String::new();
    };
    let table = table(results, "add", "threads", |figure, threads| {
        let base = base_series.get(&threads).map(|base| base.median);
        base.map(|base| format!("{:.2}", figure.median / base)).unwrap_or_default()
    });
    format!("\nThe same as multiples of `{base}`:\n\n{table}")
}

/// What does not depend on the machine: instructions, and cache lines that travel.
pub(crate) fn on_every_machine(results: &Results) -> Option<String> {
    let mut text = String::new();
    let instructions = results.group("instructions");
    if !instructions.is_empty() {
        let locked = results.group("locked");
        text += "### Instructions of an increment (x86-64, release build)\n\n\
                 One increment in a thread that has counted before, single-stepped. A locked \
                 instruction owns its cache line until it ends.\n\n\
                 | | instructions | of them locked |\n|---|---|---|\n";
        for (name, series) in instructions {
            let count = |series: &crate::results::Series| series.get(&0).map_or(0.0, |f| f.median);
            let locked = locked.iter().find(|(known, _)| *known == name);
            let locked = locked.map_or(0.0, |(_, series)| count(series));
            let _ = writeln!(text, "| {name} | {} | {locked} |", count(series));
        }
    }
    for (group, heading, note) in [
        (
            "transfers",
            "Cache lines that travel for one increment, by cores (simulated)",
            "Each core adds in a loop. A line travels when a core writes it and another core has it.",
        ),
        (
            "waits",
            "How long an increment waits for its cache line, in transfers, by cores (simulated)",
            "A line goes to one core at a time, in the order of the requests. Published by McKenney \
             (*Is Parallel Programming Hard*, data of 2024, AMD Milan) for one word \
             and for a cell per thread: an atomic increment takes 2.5 ns with 1 CPU and 2,672 ns with 160; a \
             per-thread one 0.70 ns and 1.30 ns. The book itself has 14,820 ns with 420 CPUs.",
        ),
    ] {
        let table = table(results, group, "cores", |figure, _| {
            let digits = usize::from(figure.median.fract() != 0.0) * 2;
            format!("{:.digits$}", figure.median)
        });
        if !table.is_empty() {
            let _ = write!(text, "\n### {heading}\n\n{note}\n\n{table}");
        }
    }
    (!text.is_empty()).then_some(text)
}

fn table(
    results: &Results,
    group: &str,
    parameter: &str,
    cell: impl Fn(&Figure, u32) -> String,
) -> String {
    let types = results.group(group);
    if types.is_empty() {
        return String::new();
    }
    let columns: BTreeSet<u32> =
        types.iter().flat_map(|(_, series)| series.keys()).copied().collect();
    let headings = columns.iter().map(|column| match parameter {
        "" => "ns".to_string(),
        _ => column.to_string(),
    });
    let mut table = row(parameter, headings);
    let _ = writeln!(table, "|---|{}", "---|".repeat(columns.len()));
    for (name, series) in types {
        let cells = columns.iter().map(|column| {
            series.get(column).map(|figure| cell(figure, *column)).unwrap_or_default()
        });
        table += &row(name, cells);
    }
    table
}

fn row(name: &str, cells: impl Iterator<Item = String>) -> String {
    let cells: String = cells.map(|cell| format!(" {cell} |")).collect();
    format!("| {name} |{cells}\n")
}
