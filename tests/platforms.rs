//! The table of platforms in the docs is that of the script that tests them.
#![allow(missing_docs)]

const PAGE: &str = include_str!("../src/docs/platforms.rs");
const SCRIPT: &str = include_str!("../.ci/platforms");
const MANIFEST: &str = include_str!("../Cargo.toml");

/// What stands between `start` and `end`, at its first place in `text`.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, after) = text.split_once(start).unwrap_or_else(|| panic!("there is no {start:?}"));
    after.split_once(end).unwrap_or_else(|| panic!("there is no {end:?}")).0
}

/// The cells of each row of the table that has a name.
fn rows() -> Vec<Vec<&'static str>> {
    let rows = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("//! "))
        .filter(|line| line.starts_with("| `"));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn each_row_of_the_table_is_a_target_of_the_script() {
    let targets: Vec<_> = between(SCRIPT, "\nevery=(", ")").split_whitespace().collect();
    let names: Vec<_> = rows().iter().map(|row| row[0].trim_matches('`')).collect();
    assert_eq!(names, targets);
    for row in rows() {
        let name = row[0].trim_matches('`');
        let commands = between(SCRIPT, &format!("\ntest_{name}() {{"), "\n}");
        let commands = commands.split("\ntest_").next().expect("the text before is there");
        for target in row[1].split(", ").map(|target| target.trim_matches('`')) {
            let native = target == "x86_64-unknown-linux-gnu";
            assert!(native || commands.contains(target), "{name} does not build for {target}");
        }
        assert_eq!(
            row[3].contains(" run"),
            commands.contains("cargo test") || commands.contains("emulated "),
            "{name}: tests run if the table says so"
        );
    }
}

#[test]
fn the_minimum_rust_is_the_one_that_is_tested() {
    let minimum = between(MANIFEST, "\nrust-version = \"", "\"");
    let msrv = rows().into_iter().find(|row| row[0] == "`msrv`").expect("it is in the table");
    assert_eq!(msrv[2], minimum);
    assert!(
        between(SCRIPT, "\ntest_msrv() {", "\n}").contains(&format!("with {minimum} cargo test"))
    );
    let readme = include_str!("../README.md");
    assert!(readme.contains(&format!("The minimum Rust is {minimum}")));
}
