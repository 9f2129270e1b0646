use crate::program::example;

#[test]
fn python_counts_the_same() {
    let arguments = ["--processes", "4", "--times", "500"];
    let output = example("beside_python").args(arguments).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).expect("it is text");
    let [ours, pythons] = printed.lines().collect::<Vec<_>>()[..] else { panic!("{printed}") };
    assert!(ours.starts_with("hotcount  4 processes × 500 = 2000 in "), "{printed}");
    let expected = ["python3   4 processes × 500 = 2000 in ", "python3   is not there"];
    assert!(expected.iter().any(|start| pythons.starts_with(start)), "{printed}");
}
