use std::fmt::Write;

use crate::results::{Figure, Results, Series};

/// Group, heading, and what its parameter is.
pub(crate) const GROUPS: [(&str, &str, &str); 9] = [
    ("add", "An increment", "threads"),
    ("get", "A read, by the threads that have counted at once", "threads"),
    ("mixed", "Reads among increments, 8 threads", "% reads"),
    ("many", "An increment, going round many counters", "counters"),
    ("one_key", "An increment under the same one of 10,000 keys, 2 threads", ""),
    ("all_keys", "An increment under each of 10,000 keys in turn, 2 threads", ""),
    ("churn", "A thread that is born, adds once and is gone", ""),
    ("first_add", "A new thread's first addition", ""),
    ("memory", "Bytes per counter, after 8 threads have added to each", "counters"),
];

/// A row for each type, a column for each parameter.
pub(crate) fn times(results: &Results, group: &str, parameter: &str) -> String {
    table(results, group, parameter, |figure, _| {
        let (median, spread) = (figure.median, figure.spread);
        let digits = if median < 10.0 { 2 } else { usize::from(median < 100.0) };
        match group {
            "memory" => format!("{median:.0}"),
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
    let ratio = |figure: &Figure, threads: u32| {
        let base = base_series.get(&threads)?.median;
        Some(format!("{:.2}", figure.median / base))
    };
    let table = table(results, "add", "threads", |figure, threads| {
        ratio(figure, threads).unwrap_or_default()
    });
    format!("\nThe same as multiples of `{base}`:\n\n{table}")
}

fn table(
    results: &Results,
    group: &str,
    parameter: &str,
    cell: impl Fn(&Figure, u32) -> String,
) -> String {
    let types = results.group(group);
    let mut columns: Vec<u32> =
        types.iter().flat_map(|(_, series)| series.keys()).copied().collect();
    columns.sort_unstable();
    columns.dedup();
    let mut table = format!("| {parameter} |");
    for column in &columns {
        let _ = match parameter {
            "" => write!(table, " ns |"),
            _ => write!(table, " {column} |"),
        };
    }
    let _ = writeln!(table, "\n|---|{}", "---|".repeat(columns.len()));
    for (name, series) in types {
        let _ = write!(table, "| {name} |");
        for &column in &columns {
            let shown = |series: &Series| Some(cell(series.get(&column)?, column));
            let _ = write!(table, " {} |", shown(series).unwrap_or_default());
        }
        table.push('\n');
    }
    table
}
