//! The mode of `10_model_checking` in which the reader is the scheduler.

use std::fs::{self, File};
use std::path::Path;

use crate::program::{example, run};

/// What it prints and its exit code, with these arguments and `input` in place of a terminal.
fn play(arguments: &[&str], input: &str) -> (String, String, Option<i32>) {
    let name = format!("play {} {}", arguments.join(" "), input.replace('\n', " "));
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&file, input).expect("a file for this test");
    let mut program = example("10_model_checking");
    program.args(arguments).stdin(File::open(file).expect("it was written"));
    let output = run(program);
    let [printed, errors] =
        [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    (printed, errors, output.status.code())
}

#[test]
fn the_reader_can_give_two_clients_one_number() {
    let (printed, errors, code) = play(&["play"], "a\nb\na\n");
    assert_eq!((&*errors, code), ("", Some(0)));
    assert_eq!(
        printed,
        "Two threads take a number each. Try to give both the same number.\n\
         Which thread goes on, A or B?\n  thread A loads count, it is 0\n\
         Which thread goes on, A or B?\n  thread B loads count, it is 0\n\
         Which thread goes on, A or B?\n  thread A stores 1 in count\n  thread B stores 1 in count\n  \
         thread A gets number 1, thread B gets number 1\nYou found a schedule that fails.\n"
    );
}

#[test]
fn a_schedule_that_is_right_is_told_so() {
    for (arguments, input) in [(&["play"][..], "A A"), (&["play", "yours"], "b")] {
        let (printed, errors, code) = play(arguments, input);
        assert_eq!((&*errors, code), ("", Some(0)));
        assert!(printed.ends_with("Both are right. Try another order.\n"), "{printed}");
    }
}

#[test]
fn an_input_that_ends_early_and_an_unknown_word_are_one_clear_line_and_exit_code_2() {
    for (arguments, input, expected) in [
        (&["play"][..], "a", "the input ends before the threads do; type A or B each time"),
        (&["plya"], "", "unknown `plya`; try `play`, `play yours` or nothing"),
    ] {
        let (_, errors, code) = play(arguments, input);
        assert_eq!((errors, code), (format!("10_model_checking: {expected}\n"), Some(2)));
    }
}
