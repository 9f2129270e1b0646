use crate::program::{example, run};

#[test]
fn python_counts_the_same() {
    let mut program = example("beside_python");
    program.args(["--processes", "4", "--times", "500"]);
    let output = run(program);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    let [ours, pythons] = printed.lines().collect::<Vec<_>>()[..] else { panic!("{printed}") };
    assert!(ours.starts_with("hotcount  4 processes × 500 = 2000 in "), "{printed}");
    let expected = ["python3   4 processes × 500 = 2000 in ", "python3   is not installed"];
    assert!(expected.iter().any(|start| pythons.starts_with(start)), "{printed}");
}

#[test]
fn arguments_that_make_no_sense_are_named() {
    for arguments in [["--processes", "0"], ["--processes", "1000000"], ["--times", "0"]] {
        let mut program = example("beside_python");
        program.args(arguments);
        let output = run(program);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains(arguments[0]) && message.contains(" is not in "), "{message}");
    }
}
