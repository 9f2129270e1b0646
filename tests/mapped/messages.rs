//! What the errors of this program's mistakes and of a full file say.

use std::fs;
use std::path::Path;

use hotcount::mapped::{CounterFile, Error, ErrorKind};

use crate::scratch::Scratch;

/// The errors of both ways to open a path, with the message after the path.
pub(crate) fn refusals(path: &Path) -> [(Error, String); 2] {
    let error = CounterFile::open(path).expect_err("the path is refused");
    let other = CounterFile::open_read_only(path).expect_err("the path is refused");
    [error, other].map(|error| {
        assert_eq!(error.path(), path);
        let message = message(&error, path);
        (error, message)
    })
}

/// The message after the path.
pub(crate) fn message(error: &Error, path: &Path) -> String {
    let shown = format!("{}: ", path.display());
    error.to_string().strip_prefix(&shown).expect("the message names the path").to_string()
}

// On Windows, a file in the place of a directory is a path that is not found.
#[cfg(unix)]
#[test]
fn an_error_prints_its_cause_once_and_debug_prints_the_same() {
    use std::error::Error as _;
    let scratch = Scratch::new();
    let parent = scratch.path("file");
    fs::write(&parent, "text").expect("the file is written");
    let path = parent.join("hits.counters");
    let error = CounterFile::open_read_only(&path).expect_err("the parent is a file");
    let cause = error.io_error().expect("the system said so").to_string();
    assert!(error.source().is_none());
    assert_eq!(message(&error, &path), format!("{cause}; repair that, then try again"));
    assert_eq!(format!("{error:?}"), error.to_string());
}

#[test]
fn control_characters_of_a_path_are_escaped() {
    let scratch = Scratch::new();
    let error = CounterFile::open_read_only(scratch.path("red\u{1B}[31m\nü")).expect_err("absent");
    let shown = scratch.path(r"red\u{1b}[31m\nü");
    assert!(error.to_string().starts_with(&format!("{}: ", shown.display())), "{error}");
}

#[test]
fn a_path_without_a_file_name_is_refused() {
    let scratch = Scratch::new();
    let existing = scratch.path("file");
    CounterFile::open(&existing).expect("the file is created");
    let missing = scratch.path("missing");
    let with = |path: &Path, end: &str| Path::new(&format!("{}{end}", path.display())).to_owned();
    let paths = [
        with(&missing, "/"),
        with(&missing, "/."),
        with(&missing, "/sub/"),
        with(&existing, "/"),
        with(&existing, "/."),
        Path::new("").to_owned(),
    ];
    for path in paths {
        for (error, message) in refusals(&path) {
            assert_eq!(*error.kind(), ErrorKind::NoFileName, "{error}");
            let says = "does not end in the name of a file; add one, or remove the last slash";
            assert_eq!(message, says);
        }
    }
    for (error, _) in refusals(&scratch.path("")) {
        assert_eq!(*error.kind(), ErrorKind::Directory, "{error}");
    }
    assert_eq!(scratch.names(), ["file"]);
}

#[test]
fn a_missing_file_or_directory_is_named() {
    let scratch = Scratch::new();
    let error = CounterFile::open(scratch.path("missing/hits.counters")).expect_err("absent");
    assert_eq!(*error.kind(), ErrorKind::NoDirectory, "{error}");
    let error = CounterFile::open_read_only(scratch.path("hits.counters")).expect_err("absent");
    assert_eq!(*error.kind(), ErrorKind::NotFound, "{error}");
    assert_eq!(scratch.names(), [""; 0]);
}

#[test]
fn a_full_file_refuses_a_new_name_and_counts_on() {
    use hotcount::Counter;
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::options().capacity(2).open(&path).expect("the file is created");
    let hits = file.counter("hits").expect("there is room");
    file.counter("misses").expect("there is room");
    let before = fs::read(&path).expect("the file can be read");
    let error = file.counter("one more").expect_err("the file is full");
    assert_eq!(*error.kind(), ErrorKind::Full { name: "one more".into(), capacity: 2 });
    let says = "no room for \"one more\", it has its 2 counters; use one of them, or a new file \
                with more capacity";
    assert_eq!(message(&error, &path), says);
    assert_eq!(fs::read(&path).expect("the file can be read"), before);
    hits.increment();
    assert_eq!(file.counter("hits").expect("the name is known").get(), 1);
}

#[test]
fn a_name_has_1_to_111_bytes() {
    use hotcount::Counter;
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::open(&path).expect("the file is created");
    let longest = "é".repeat(55) + "x";
    for name in ["x", "a name\nof two lines", "\0", "12345678", "Besucher 訪問者 🚀", &longest]
    {
        file.counter(name).expect("this is a name").add(name.len() as u64);
    }
    let view = CounterFile::open_read_only(&path).expect("the file opens");
    assert_eq!(view.iter().count(), 6);
    assert!(view.iter().all(|(name, value)| name.len() as u64 == value));
    assert_eq!((longest.len(), view.get(&longest)), (111, Some(111)));

    let error = file.counter("").expect_err("the name is empty");
    assert_eq!(*error.kind(), ErrorKind::EmptyName);
    let long = longest + "x";
    let error = file.counter(&long).expect_err("the name is too long");
    assert!(error.to_string().ends_with("has 112 bytes; choose one of at most 111"), "{error}");
    assert_eq!(*error.kind(), ErrorKind::NameTooLong { name: long.clone() });
    assert_eq!((view.get(""), view.get(&long)), (None, None));
    assert_eq!(view.iter().count(), 6);
}
