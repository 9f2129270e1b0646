use std::fs;
use std::path::Path;

/// What an example says of itself.
pub(crate) struct Header {
    /// How to run it.
    pub run: String,
    /// What it prints; `…` stands for what varies.
    pub prints: String,
}

impl Header {
    /// Reads the header of the example `name`.
    pub(crate) fn of(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        let paths = [folder.join(format!("{name}.rs")), folder.join(name).join("main.rs")];
        let path = paths.iter().find(|path| path.is_file());
        let path = path.unwrap_or_else(|| panic!("there is no examples/{name}.rs"));
        let source = fs::read_to_string(path).expect("it can be read");
        Self::read(&source)
            .unwrap_or_else(|missing| panic!("the header of {name} has no {missing}"))
    }

    fn read(source: &str) -> Result<Self, &'static str> {
        let header = text_of(source.lines().map_while(|line| line.strip_prefix("//!")));
        let question = header.split_once("\n\n").filter(|(question, _)| question.contains('?'));
        question.ok_or("question as its first paragraph")?;
        let (_, run) = header.split_once("\nRun it: `").ok_or("line `Run it: …`")?;
        let (run, _) = run.split_once('`').ok_or("end of the command")?;
        // A program of the course asks for a prediction first. There the output stands at the end.
        let at_the_end = text_of(source.lines().filter_map(|line| line.strip_prefix("//")));
        let (_, prints) = header
            .split_once("\n```text\n")
            .or_else(|| at_the_end.split_once("\n```text\n"))
            .ok_or("```text block")?;
        let (prints, _) = prints.split_once("```\n").ok_or("end of the ```text block")?;
        Ok(Self { run: run.to_string(), prints: prints.to_string() })
    }
}

/// Joins the lines of a comment, each without the space at its begin.
fn text_of<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"]).collect()
}

/// Where `printed` is not what `pattern` says, if anywhere. A `…` and the spaces before it stand for
/// any part of a line that is not blank, so that columns may be as wide as they need.
pub(crate) fn difference(pattern: &str, printed: &str) -> Option<String> {
    let (mut patterns, mut lines) = (pattern.lines(), printed.lines());
    for number in 1.. {
        match (patterns.next(), lines.next()) {
            (None, None) => return None,
            (Some(pattern), Some(line)) if matches(pattern, line) => {}
            (pattern, line) => {
                let [pattern, line] = [pattern, line].map(|line| line.unwrap_or("<the end>"));
                return Some(format!("line {number}\n  says:   {pattern}\n  prints: {line}"));
            }
        }
    }
    None
}

fn matches(pattern: &str, line: &str) -> bool {
    let Some((before, pattern)) = pattern.split_once('…') else { return pattern == line };
    let Some(line) = line.strip_prefix(before.trim_end()) else { return false };
    // Any length may be right for the first `…`, as long as the rest matches.
    line.char_indices()
        .filter(|(_, c)| *c != ' ')
        .any(|(at, c)| matches(pattern, &line[at + c.len_utf8()..]))
}

#[test]
fn dots_stand_for_a_part_of_a_line_that_is_not_blank() {
    let same = [
        ("", ""),
        ("a\nb\n", "a\nb\n"),
        ("… of …\n", "3 of 4\n"),
        ("a … b …", "a b b b c"),
        ("a    … │…", "a 1234567 │█"),
    ];
    for (pattern, printed) in same {
        assert_eq!(difference(pattern, printed), None, "{pattern:?} {printed:?}");
    }
    let different = [
        ("a\n", "a\nb\n"),
        ("a\nb\n", "a\n"),
        ("a\n", "b\n"),
        ("a …\n", "a \n"),
        ("… of 5\n", "3 of 50\n"),
        ("of …\n", "3 of 5\n"),
        ("…\n", "a\nb\n"),
        ("a … b", "a  c"),
    ];
    for (pattern, printed) in different {
        assert!(difference(pattern, printed).is_some(), "{pattern:?} {printed:?}");
    }
}

#[test]
fn a_header_needs_a_question_a_command_and_an_output() {
    let whole =
        "//! Why?\n//!\n//! Run it: `cargo run`\n//! ```text\n//! a\n//!\n//!   b\n//! ```\n";
    let header = Header::read(whole).unwrap_or_else(|missing| panic!("{missing}"));
    assert_eq!((&*header.run, &*header.prints), ("cargo run", "a\n\n  b\n"));
    let at_the_end = whole.replace("//! ```text", "\nfn main() {}\n\n//! ```text");
    let at_the_end = at_the_end.replace(
        "//! ```text\n//! a\n//!\n//!   b\n//! ```",
        "// ```text\n// a\n//\n//   b\n// ```",
    );
    let header = Header::read(&at_the_end).unwrap_or_else(|missing| panic!("{missing}"));
    assert_eq!((&*header.run, &*header.prints), ("cargo run", "a\n\n  b\n"));
    for (part, missing) in [
        ("?", "question as its first paragraph"),
        ("Run it", "line `Run it: …`"),
        ("```text", "```text block"),
        ("//! ```\n", "end of the ```text block"),
    ] {
        assert_eq!(Header::read(&whole.replace(part, "")).err(), Some(missing));
    }
}
