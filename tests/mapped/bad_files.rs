use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use hotcount::mapped::{CounterFile, Error};

use crate::scratch::Scratch;
use crate::worker::Worker;

/// The errors of both ways to open a path, and how the messages go on after it.
fn refusals(path: &Path) -> [(Error, String); 2] {
    let shown = format!("{}: ", path.display());
    let with_message = |error: Error| {
        assert_eq!(error.path(), path);
        let message = error.to_string();
        let message = message.strip_prefix(&shown).expect("it names the path").to_string();
        (error, message)
    };
    let error = CounterFile::open(path).expect_err("it is no counter file");
    let other = CounterFile::open_read_only(path).expect_err("it is no counter file");
    [error, other].map(with_message)
}

macro_rules! assert_refused {
    ($path:expr, $variant:ident, $message:expr) => {
        for (error, message) in refusals($path) {
            assert!(matches!(error, Error::$variant { .. }), "{error:?}");
            assert_eq!(message, $message);
        }
    };
}

#[test]
fn bytes_that_are_no_counter_file_are_named_for_what_they_are() {
    let scratch = Scratch::new();
    let path = scratch.path("file");
    let refuse = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("it is written");
        let [(error, _), (other, _)] = refusals(&path);
        assert_eq!(format!("{error:?}"), format!("{other:?}"));
        assert_eq!(fs::read(&path).expect("it is there"), bytes);
        format!("{error:?}").split(' ').next().expect("a word").to_string()
    };
    assert_eq!(refuse(b""), "Empty");
    assert_eq!(refuse(b"\x89"), "Short");
    assert_eq!(refuse(b"\x89hotcount\r\n\x1a\n"), "Short");
    assert_eq!(refuse(b"x"), "Text");
    assert_eq!(refuse(b"hotcount\n"), "Text");
    assert_eq!(refuse("página, 訪問者 🚀\r\n\t".repeat(100).as_bytes()), "Text");
    assert_eq!(refuse(&"é".repeat(100).as_bytes()[1..]), "Foreign");
    assert_eq!(refuse(&"xé".repeat(100).as_bytes()[..128]), "Text");
    assert_eq!(refuse(&[0; 4096]), "Foreign");
    assert_eq!(refuse(b"\x7FELF\x02\x01\x01\0"), "Foreign");
    assert_eq!(refuse(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "Foreign");

    let good = scratch.good_file();
    let as_text = good.iter().map(|byte| char::from(*byte)).collect::<String>();
    let unix = as_text.replace("\r\n", "\n");
    let dos = as_text.replace('\n', "\r\n");
    let bytes = |text: String| text.chars().map(|c| u8::try_from(c).unwrap()).collect::<Vec<_>>();
    assert_eq!(refuse(as_text.as_bytes()), "DamagedMagic", "Latin 1 to UTF-8");
    assert_eq!(refuse(String::from_utf8_lossy(&good).as_bytes()), "DamagedMagic", "as UTF-8");
    assert_eq!(refuse(&bytes(unix)), "DamagedMagic", "CR LF to LF");
    assert_eq!(refuse(&bytes(dos)), "DamagedMagic", "LF to CR LF");
    assert_eq!(refuse(&good.iter().map(|b| b & 0x7F).collect::<Vec<_>>()), "DamagedMagic", "7 bit");
}

#[test]
fn directories_fifos_devices_and_sockets_are_refused_at_once() {
    let scratch = Scratch::new();
    let refused = "not a file; choose another path";
    assert_refused!(&scratch.path("."), Directory, format!("a directory, {refused}"));
    assert_refused!(Path::new("/dev/null"), Device, format!("a device, {refused}"));
    assert_refused!(Path::new("/dev/tty"), Device, format!("a device, {refused}"));

    let fifo = scratch.path("fifo");
    let name = std::ffi::CString::new(fifo.to_str().expect("it is text")).expect("no zero");
    // SAFETY: the name lives until the call returns.
    assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
    assert_refused!(&fifo, Fifo, format!("a FIFO, {refused}"));
    let link = scratch.path("link");
    symlink(&fifo, &link).expect("it is made");
    assert_refused!(&link, Fifo, format!("a FIFO, {refused}"));

    let socket = scratch.path("socket");
    let _listener = UnixListener::bind(&socket).expect("it is made");
    assert_refused!(&socket, NotAFile, "not a regular file; choose another path");
    assert_eq!(scratch.names(), ["fifo", "link", "socket"]);
}

/// What somebody is told who is not the owner of anything here.
fn told_to_nobody(path: &Path) -> String {
    String::from_utf8(Worker::start("nobody", path).finish()).expect("it is text")
}

#[test]
fn a_missing_permission_is_named_and_read_only_needs_the_one_to_read() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    fs::set_permissions(scratch.path("."), PermissionsExt::from_mode(0o555)).expect("it is ours");
    assert!(told_to_nobody(&path).starts_with("Permission "), "it cannot be created");

    fs::set_permissions(scratch.path("."), PermissionsExt::from_mode(0o755)).expect("it is ours");
    CounterFile::open(&path).expect("it is created");
    fs::set_permissions(&path, PermissionsExt::from_mode(0o444)).expect("it is ours");
    let told = told_to_nobody(&path);
    let shown =
        format!("Permission {}: Permission denied (os error 13); permit it", path.display());
    assert!(told.starts_with(&shown), "{told}");
    assert_eq!(told.lines().count(), 1, "to read it is permitted: {told}");

    fs::set_permissions(&path, PermissionsExt::from_mode(0o000)).expect("it is ours");
    let told = told_to_nobody(&path);
    assert_eq!(told.lines().count(), 2, "{told}");
    assert!(told.lines().all(|line| line.starts_with(&shown)), "{told}");
}
