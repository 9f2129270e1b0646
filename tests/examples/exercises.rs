use crate::header::{Header, difference};
use crate::program::{example, run};

#[test]
fn they_are_open_and_the_first_one_is_shown() {
    let output = run(example("exercises"));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(difference(&Header::of("exercises").prints, &printed), None);
}

#[test]
fn a_number_chooses_one() {
    let mut program = example("exercises");
    program.arg("4");
    let output = run(program);
    assert_eq!(output.status.code(), Some(1));
    let expected = "4 the last one out        not yet: both threads turn off the light\n\nGo on with \
         examples/exercises/e4_last_one_out.rs.\nA schedule that fails:\n  thread A adds 1 to left: \
         0 becomes 1\n  thread B adds 1 to left: 1 becomes 2\n  thread B loads left, it is 2\n  \
         thread A loads left, it is 2\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

#[test]
fn a_number_that_is_none_is_one_clear_line_and_exit_code_2() {
    for arguments in [&["9"][..], &["0"], &["one"], &["1", "2"]] {
        let mut program = example("exercises");
        program.args(arguments);
        let output = run(program);
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            error,
            "exercises: give the number of one exercise, 1 to 8, or nothing for all\n"
        );
    }
}
