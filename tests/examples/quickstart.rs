use crate::program::example;

#[test]
fn quickstart_prints_what_its_header_says() {
    let source = include_str!("../../examples/quickstart.rs");
    let (_, rest) = source.split_once("//! ```text\n").expect("the header shows the output");
    let (shown, _) = rest.split_once("//! ```").expect("the output ends");
    let expected: String =
        shown.lines().map(|line| line.trim_start_matches("//! ").to_string() + "\n").collect();
    let output = example("quickstart").output().expect("it runs");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}
