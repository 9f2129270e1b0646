use crate::program::{example, run};

#[test]
fn processes_count_to_50_000_and_kills_lose_nothing() {
    let mut program = example("processes");
    program.args(["--rounds", "10"]);
    let output = run(program);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    let [counted, killed] = printed.lines().collect::<Vec<_>>()[..] else { panic!("{printed}") };
    assert!(counted.starts_with("50 processes × 1000 = 50000 in "), "{printed}");
    let numbers: Vec<u64> = killed.split([' ', ':']).filter_map(|word| word.parse().ok()).collect();
    let [10, 20, acknowledged, counted] = numbers[..] else { panic!("{printed}") };
    assert!(acknowledged > 0, "{printed}");
    assert!((acknowledged..=acknowledged + 20).contains(&counted), "{printed}");
    assert!(killed.ends_with(", none hung"), "{printed}");
}
