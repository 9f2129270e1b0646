use crate::header::{Header, difference};
use crate::program::example;

/// What it prints, line by line, when asked with `flags`.
fn answer(flags: &[&str]) -> String {
    let output = example("which_counter").args(flags).output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("it is text")
}

#[test]
fn the_counter_fits_what_is_needed() {
    const NUMBERS: &str = "--unique-numbers";
    const WRITERS: &str = "--many-writers";
    const STEPS: &str = "--several-steps";
    const DOWN: &str = "--goes-down";
    const LIMIT: &str = "--limit";
    const KEYS: &str = "--keys";
    const PROCESSES: &str = "--many-processes";
    const MACHINES: &str = "--many-machines";
    for (flags, takes, measures) in [
        (&[][..], "AtomicCounter", "AtomicCounter"),
        (&[NUMBERS], "AtomicCounter", "AtomicCounter"),
        (&[WRITERS], "ShardedCounter", "ShardedCounter"),
        (&[NUMBERS, WRITERS], "AtomicCounter", "AtomicCounter"),
        (&[STEPS], "LockedCounter", "LockedCounter"),
        (&[STEPS, NUMBERS, WRITERS], "LockedCounter", "LockedCounter"),
        (&[LIMIT], "LimitedCounter", "LimitedCounter"),
        (&[LIMIT, DOWN, WRITERS], "LimitedCounter", "LimitedCounter"),
        (&[DOWN], "UpDownCounter", "UpDownCounter"),
        (&[DOWN, WRITERS], "UpDownCounter", "UpDownCounter"),
        (
            &[KEYS, WRITERS],
            "keyed::CounterFamily (feature `keyed`)",
            "not measured here; to compare, ShardedCounter",
        ),
        (
            &[PROCESSES],
            "mapped::MappedCounter (feature `mapped`)",
            "not measured here; to compare, AtomicCounter",
        ),
        (
            &[PROCESSES, NUMBERS],
            "mapped::MappedCounter (feature `mapped`)",
            "not measured here; to compare, AtomicCounter",
        ),
        (
            &[MACHINES, WRITERS],
            "redis (feature `redis`)",
            "not measured here; to compare, ShardedCounter",
        ),
        (
            &[MACHINES, PROCESSES, NUMBERS],
            "redis (feature `redis`)",
            "not measured here; to compare, AtomicCounter",
        ),
    ] {
        let change = match measures {
            "LimitedCounter" => "try_add and sub",
            "UpDownCounter" => "addition and subtraction",
            _ => "addition",
        };
        let pattern = format!(
            "take     hotcount::{takes}\nbecause  …\ncost     {measures}: … ns per {change} on 1 \
             thread, … ns on each of … at once; … ns per get\nwrite    …\n"
        );
        assert_eq!(difference(&pattern, &answer(flags)), None, "{flags:?}");
    }
}

#[test]
fn it_answers_as_its_header_says() {
    let header = Header::of("which_counter");
    let flags = header.run.split_once(" -- ").expect("it is run with a flag").1;
    assert_eq!(difference(&header.prints, &answer(&[flags])), None);
}

#[test]
fn help_explains_each_flag() {
    let help = answer(&["--help"]);
    for (flag, explained) in [
        ("--unique-numbers", "Each addition needs its number"),
        ("--many-writers", "Many threads add often"),
        ("--many-processes", "Several processes on one machine"),
        ("--many-machines", "Several machines count together"),
        ("--goes-down", "The count goes down as well"),
        ("--limit", "The count must not exceed a limit"),
        ("--keys", "A count for each key"),
        ("--several-steps", "More than an addition at once"),
    ] {
        let (_, text) = help.split_once(flag).unwrap_or_else(|| panic!("{flag} in {help}"));
        assert!(text.trim_start().starts_with(explained), "{flag} in {help}");
    }
}

#[test]
fn flags_that_exclude_each_other_are_refused_by_name() {
    for (flags, named) in [
        (&["--several-steps", "--many-processes"][..], "'--several-steps' cannot be used with"),
        (&["--limit", "--unique-numbers"], "'--limit' cannot be used with"),
        (&["--goes-down", "--many-machines"], "'--goes-down' cannot be used with"),
        (&["--keys", "--limit"], "'--keys' cannot be used with"),
        (&["--fast"], "unexpected argument '--fast'"),
    ] {
        let output = example("which_counter").args(flags).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(String::from_utf8_lossy(&output.stdout), "");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.contains(named), "{error}");
    }
}
