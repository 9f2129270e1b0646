//! `examples/README.md` asks, and each of its answers is one of the tests here.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const PAGE: &str = include_str!("../../examples/README.md");
const ANSWERS: &str = include_str!("answers.rs");

/// The numbered programs of the course, by their names.
fn programs() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("it can be read").file_name());
    let names = names.filter_map(|name| Some(name.to_str()?.strip_suffix(".rs")?.to_string()));
    names.filter(|name| name.starts_with(|first: char| first.is_ascii_digit())).collect()
}

/// The section of a program on the page.
fn section(program: &str) -> &'static str {
    let heading = format!("\n## {program}\n");
    let (_, section) =
        PAGE.split_once(&heading).unwrap_or_else(|| panic!("the page has no section {program}"));
    section.split("\n## ").next().expect("it has a begin")
}

/// The tests that stand after "Checked by" in `text`.
fn cited(text: &str) -> Vec<&str> {
    let after = text.split("Checked by").skip(1);
    let names = after.map(|text| text.trim_start().strip_prefix("<code>").expect("a test"));
    names.map(|name| name.split("</code>").next().expect("it ends")).collect()
}

#[test]
fn each_program_asks_for_a_prediction_and_shows_its_output_last() {
    for name in programs() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{name}.rs"));
        let source = fs::read_to_string(path).expect("it can be read");
        let (header, _) = source.split_once("\n\nuse ").expect("a header");
        let (_, question) = header.split_once("//! Predict first: ").expect(&name);
        assert!(question.split("\n//!\n").next().is_some_and(|text| text.contains('?')), "{name}");
        assert!(source.ends_with("\n// ```\n"), "{name}");
    }
}

#[test]
fn each_program_has_a_folded_answer_and_two_quiz_questions() {
    for name in programs() {
        let section = section(&name);
        let explained = "<details><summary>What it prints, and why</summary>";
        assert_eq!(section.matches(explained).count(), 1, "{name}");
        assert_eq!(section.matches("<details><summary>Answer</summary>").count(), 2, "{name}");
        assert_eq!(section.matches("</details>").count(), 3, "{name}");
        assert_eq!(cited(section).len(), 2, "{name}");
    }
}

#[test]
fn each_answer_is_a_test_and_each_test_is_an_answer() {
    let tests = ANSWERS.split("#[test]\nfn ").skip(1);
    let tests: BTreeSet<&str> =
        tests.map(|text| text.split('(').next().expect("it has a name")).collect();
    assert_eq!(cited(PAGE).into_iter().collect::<BTreeSet<_>>(), tests);
}

#[test]
fn the_page_names_each_exercise() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/exercises");
    let mut exercises = 0;
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let name = entry.expect("it can be read").file_name().into_string().expect("it is text");
        if name.starts_with('e') {
            assert!(PAGE.contains(&format!("](exercises/{name})")), "{name}");
            exercises += 1;
        }
    }
    assert_eq!(exercises, 8);
}
