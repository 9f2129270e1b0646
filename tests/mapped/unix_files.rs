//! Paths, permissions and limits as Unix has them.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use hotcount::Counter;
use hotcount::mapped::{CounterFile, Error, ErrorKind};

use crate::jobs::report;
use crate::messages::{message, refusals};
use crate::scratch::{Scratch, is_in_a_user_namespace};
use crate::worker::Worker;

#[test]
fn directories_fifos_devices_and_sockets_are_refused_at_once() {
    let scratch = Scratch::new();
    let check = |path: &Path, kind, says: &str| {
        for (error, message) in refusals(path) {
            assert_eq!((error.kind(), &*message), (&kind, says));
        }
    };
    check(&scratch.path("."), ErrorKind::Directory, "a directory, not a file; choose another path");
    let device = "a device, not a file; choose another path";
    check(Path::new("/dev/null"), ErrorKind::Device, device);
    check(Path::new("/dev/tty"), ErrorKind::Device, device);

    let fifo = scratch.path("fifo");
    let name = std::ffi::CString::new(fifo.to_str().expect("UTF-8")).expect("no zero");
    // SAFETY: the name lives until the call returns.
    assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
    check(&fifo, ErrorKind::Fifo, "a FIFO, not a file; choose another path");
    let link = scratch.path("link");
    symlink(&fifo, &link).expect("the link is made");
    check(&link, ErrorKind::Fifo, "a FIFO, not a file; choose another path");

    let socket = scratch.path("socket");
    let _listener = UnixListener::bind(&socket).expect("the socket is made");
    check(&socket, ErrorKind::NotAFile, "not a regular file; choose another path");
    assert_eq!(scratch.names(), ["fifo", "link", "socket"]);
}

#[test]
fn a_link_leads_to_a_file_and_a_link_to_none_is_an_error() {
    let scratch = Scratch::new();
    let link = scratch.path("link");
    symlink(scratch.path("target"), &link).expect("the link is made");
    let error = CounterFile::open(&link).expect_err("the link leads to nothing");
    assert_eq!(*error.kind(), ErrorKind::DanglingLink, "{error}");
    assert_eq!(scratch.names(), ["link"]);

    CounterFile::open(scratch.path("target")).expect("the file is created");
    let linked = CounterFile::open(&link).expect("the link leads to a file");
    linked.counter("hits").expect("there is room").add(2);
    let view = CounterFile::open_read_only(scratch.path("target")).expect("the file opens");
    assert_eq!(view.get("hits"), Some(2));
}

#[test]
fn a_link_that_was_changed_is_noticed_by_a_new_name() {
    let scratch = Scratch::new();
    let link = scratch.path("current");
    for target in ["one", "other"] {
        CounterFile::open(scratch.path(target)).expect("the file is created");
    }
    symlink("one", &link).expect("the link is made");
    let file = CounterFile::open(&link).expect("the file opens");
    file.counter("hits").expect("there is room");
    fs::remove_file(&link).expect("the link is removed");
    symlink("other", &link).expect("the link is made");
    let error = file.counter("new").expect_err("the link leads to another file");
    assert_eq!(*error.kind(), ErrorKind::Replaced, "{error}");
    file.counter("hits").expect("the name is known");
}

#[test]
fn a_new_file_has_the_permissions_of_any_new_file() {
    let scratch = Scratch::on_disk();
    let (path, other) = (scratch.path("hits.counters"), scratch.path("other"));
    CounterFile::open(&path).expect("the file is created");
    fs::write(&other, "").expect("the file is written");
    let [mode, expected] = [path, other].map(|path| fs::metadata(path).expect("a file").mode());
    assert_eq!(mode, expected);
}

#[test]
fn a_new_file_owns_all_of_its_room() {
    let scratch = Scratch::on_disk();
    let path = scratch.path("hits.counters");
    CounterFile::open(&path).expect("the file is created");
    let metadata = fs::metadata(&path).expect("the file is there");
    assert_eq!(metadata.len(), 1025 * 128);
    assert!(metadata.blocks() * 512 >= metadata.len(), "{} blocks", metadata.blocks());
}

#[test]
fn a_file_that_another_program_has_a_lease_on_is_busy() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    CounterFile::open(&path).expect("the file is created");
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsRawFd;
        let file = File::open(&path).expect("the file opens");
        // SAFETY: these calls have no memory to do with. The signal tells of the attempt to open.
        unsafe {
            libc::signal(libc::SIGIO, libc::SIG_IGN);
            assert_eq!(libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, libc::F_RDLCK), 0);
        }
        let error = CounterFile::open(&path).expect_err("there is a lease");
        assert_eq!(*error.kind(), ErrorKind::Busy);
        assert!(message(&error, &path).starts_with("another program holds its lock, or a lease"));
        drop(file);
    }
    CounterFile::open(&path).expect("there is no lease");
}

/// What a process without privileges is told.
fn report_unprivileged(path: &Path) -> String {
    String::from_utf8(Worker::start("unprivileged", path).finish()).expect("UTF-8")
}

pub(crate) fn open_unprivileged(path: &Path) {
    // SAFETY: these calls have no memory to do with.
    unsafe {
        if libc::geteuid() == 0 {
            assert_eq!((libc::setgid(65534), libc::setuid(65534)), (0, 0));
        }
    }
    report_error(&CounterFile::open(path).expect_err("this is forbidden"));
    if let Err(error) = CounterFile::open_read_only(path) {
        report_error(&error);
    }
}

fn report_error(error: &Error) {
    report(format!("{:?} {error}\n", error.kind()).as_bytes());
}

#[test]
fn a_missing_permission_is_named_and_read_only_needs_the_one_to_read() {
    if is_in_a_user_namespace() {
        println!("not checked: root cannot become another user here");
        return;
    }
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let set = |path: &Path, mode| {
        fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("the file is ours");
    };
    set(&scratch.path("."), 0o555);
    let report = report_unprivileged(&path);
    assert!(report.starts_with("Permission "), "the file cannot be created: {report}");

    set(&scratch.path("."), 0o755);
    CounterFile::open(&path).expect("the file is created");
    set(&path, 0o444);
    let report = report_unprivileged(&path);
    let shown =
        format!("Permission {}: Permission denied (os error 13); permit it", path.display());
    assert!(report.starts_with(&shown), "{report}");
    assert_eq!(report.lines().count(), 1, "reading is permitted: {report}");

    set(&path, 0o000);
    let report = report_unprivileged(&path);
    assert_eq!(report.lines().count(), 2, "{report}");
    assert!(report.lines().all(|line| line.starts_with(&shown)), "{report}");
}

/// Creates a file that is larger than the process may write. Without `survive` that kills it.
pub(crate) fn create_under_a_limit(path: &Path, survive: &str) {
    let limit = libc::rlimit { rlim_cur: 64 * 1024, rlim_max: 64 * 1024 };
    // SAFETY: the limit lives until the call returns.
    unsafe {
        if survive == "survive" {
            libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        }
        assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit), 0);
    }
    report_error(&CounterFile::open(path).expect_err("there is no room"));
}

#[test]
fn no_room_on_the_disk_is_an_error_that_leaves_nothing() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let error = Worker::start("limit survive", &path).finish();
    let error = String::from_utf8(error).expect("UTF-8");
    assert!(error.starts_with(&format!("NoSpace {}: ", path.display())), "{error}");
    assert!(error.ends_with("; make room, then try again\n"), "{error}");
    assert_eq!(scratch.names(), [""; 0]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_creator_that_a_limit_kills_leaves_nothing() {
    let scratch = Scratch::new();
    Worker::start("limit", &scratch.path("hits.counters")).end();
    assert_eq!(scratch.names(), [""; 0]);
}

#[test]
fn a_damaged_view_leaves_the_damaged_name_out() {
    use std::os::unix::fs::FileExt;
    let scratch = Scratch::new();
    let path = scratch.path("file");
    File::create(&path).expect("a file").write_all(&scratch.good_file()).expect("it is written");
    let view = CounterFile::open_read_only(&path).expect("the file opens");
    let raw = fs::OpenOptions::new().write(true).open(&path).expect("the file opens");
    raw.write_all_at(b"X", 128 + 16).expect("it is written");
    assert_eq!(view.iter().collect::<Vec<_>>(), [("misses".to_string(), 7)]);
}
