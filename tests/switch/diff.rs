/// Asserts that one of the diffs in `docs` leads from the program `before` to the program `after`.
///
/// Both programs are compiled where they stand, so the diff is one that works as it is printed.
pub(crate) fn is_in(docs: &str, before: &str, after: &str) {
    let lines = docs.lines().map(|line| line.trim_start_matches("//!"));
    let lines: Vec<_> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    let diffs: Vec<_> = lines
        .split(|line| line.starts_with("```diff"))
        .skip(1)
        .map(|rest| rest.split(|line| *line == "```").next().expect("a block that ends"))
        .map(|diff| (side(diff, '+'), side(diff, '-')))
        .collect();
    let wanted = (before.trim_end().to_string(), after.trim_end().to_string());
    assert!(
        diffs.contains(&wanted),
        "no diff in the docs is the one between\n{before}\nand\n{after}"
    );
}

/// A diff without the lines that begin with `left_out`, and without marks.
fn side(diff: &[&str], left_out: char) -> String {
    let lines = diff.iter().filter(|line| !line.starts_with(left_out));
    lines.map(|line| line.get(1..).unwrap_or("")).collect::<Vec<_>>().join("\n")
}
