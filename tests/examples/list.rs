//! Every example is in one of two lists: to add one, add its name.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::header::{Header, difference};
use crate::program::{example, run};

/// Makes a test for each example named; the `_` keeps a number from beginning a name.
macro_rules! programs {
    ($($name:ident $(needs $($feature:literal),+)?;)*) => {
        const PROGRAMS: &[&str] = &[$(stringify!($name)),*];
        $(
            mod $name {
                #[test]
                $(#[cfg_attr(
                    not(all($(feature = $feature),+)),
                    ignore = "it needs a feature that is off: try --all-features"
                )])?
                fn prints_what_its_header_says() {
                    super::runs_as_its_header_says(stringify!($name).trim_start_matches('_'));
                }
            }
        )*
    };
}

// Examples that end by themselves, with the features that they need: `name needs "a", "b";`.
programs! {
    quickstart;
    _01_lost_update;
    _02_locked;
    _03_read_outside_the_lock;
    _04_atomic;
    _05_sharded;
    _06_reads_beside_adds;
    _07_windows;
    _08_signals;
    _09_async;
    _10_model_checking;
    _11_ratio_above_100_percent;
    _12_the_last_seat;
    allocator;
    routes needs "keyed";
}

/// Servers and tools: the tests of each are in the file of its name beside this one. Where it needs a
/// feature, they are marked `#[cfg_attr(not(feature = "…"), ignore = "…")]`.
const WITH_TESTS_OF_THEIR_OWN: &[&str] = &[
    "beside_python",
    "exercises",
    "exporter",
    "many_machines",
    "page_hits",
    "processes",
    "sessions",
    "watch_counters",
    "which_counter",
];

fn runs_as_its_header_says(name: &str) {
    let header = Header::of(name);
    assert!(header.run.contains(&format!("--example {name}")), "{name}: {}", header.run);
    let output = run(example(name));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.is_empty(), "{name} prints errors:\n{errors}");
    assert!(output.status.success(), "{name} ends with {}", output.status);
    let printed = String::from_utf8(output.stdout).expect("it prints text");
    if let Some(difference) = difference(&header.prints, &printed) {
        panic!("{name} does not print what its header says: {difference}\n\n{printed}");
    }
}

/// The names of the files and folders in `examples/`, without the pages.
fn in_the_folder() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let programs = paths.filter(|path| {
        path.extension().is_some_and(|extension| extension == "rs")
            || path.join("main.rs").is_file()
    });
    programs
        .map(|path| path.file_stem().expect("it has a name").to_string_lossy().into_owned())
        .collect()
}

#[test]
fn every_example_is_in_one_list() {
    let programs = PROGRAMS.iter().map(|name| name.trim_start_matches('_'));
    let listed: Vec<_> = programs.chain(WITH_TESTS_OF_THEIR_OWN.iter().copied()).collect();
    let names: BTreeSet<_> = listed.iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), listed.len(), "an example is in the lists twice: {listed:?}");
    let there = in_the_folder();
    assert_eq!(
        (there.difference(&names).collect::<Vec<_>>(), names.difference(&there).collect()),
        (vec![], Vec::<&String>::new()),
        "(examples in neither list, names without an example); add to tests/examples/list.rs",
    );
}

#[test]
fn servers_and_tools_have_tests_of_their_own() {
    for name in WITH_TESTS_OF_THEIR_OWN {
        let module = format!("\nmod {name};\n");
        assert!(include_str!("main.rs").contains(&module), "main.rs has no `mod {name};`");
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/examples/{name}.rs"));
        let tests = fs::read_to_string(tests).expect("the module is a file");
        assert!(tests.contains("\n#[test]\n"), "tests/examples/{name}.rs has no test");
    }
}

/// The course's page shows real runs, each under the command that printed it.
#[test]
fn the_page_names_every_example_and_shows_what_they_print() {
    let page = include_str!("../../examples/README.md");
    for name in in_the_folder() {
        assert!(page.contains(&format!("[`{name}`](")), "examples/README.md has no link to {name}");
    }
    let mut shown = 0;
    for block in page.split("```console\n").skip(1) {
        let (block, _) = block.split_once("```").expect("the block ends");
        let (command, printed) = block.split_once('\n').expect("a command, then its output");
        let name = command.rsplit("--example ").next().expect("it runs an example");
        let name = name.split_whitespace().next().expect("it has a name");
        let difference = difference(&Header::of(name).prints, printed);
        assert_eq!(difference, None, "examples/README.md, below `{command}`");
        shown += 1;
    }
    assert!(shown >= 3, "{shown} runs are shown");
}
