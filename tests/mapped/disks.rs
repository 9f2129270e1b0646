//! Disks that fill up, fail, and lose power. Each is a file system in a file, or in memory.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use hotcount::Counter;
use hotcount::mapped::{CounterFile, ErrorKind};

use crate::scratch::{Scratch, is_in_a_user_namespace};
use crate::worker::Worker;

/// Mounts of one test. Only its thread and its children see them, and they end with it.
struct Mounts(Scratch);

impl Mounts {
    /// `None`, and a line that says so, if this process cannot mount.
    fn new() -> Option<Self> {
        if !is_installed("mount", "mount") {
            return None;
        }
        // SAFETY: the call has no memory to do with. It is for this thread alone.
        if unsafe { libc::unshare(libc::CLONE_NEWNS) } != 0 {
            println!("not checked: mounts need root: {}", io::Error::last_os_error());
            return None;
        }
        run("mount", &["--make-rprivate", "/"]);
        Some(Self(Scratch::on_disk()))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    /// A directory with so much room in memory.
    fn memory(&self, name: &str, room: &str) -> PathBuf {
        let directory = self.path(name);
        fs::create_dir(&directory).expect("the directory is made");
        let size = format!("size={room}");
        run("mount", &["-t", "tmpfs", "-o", &size, "tmpfs", text(&directory)]);
        directory
    }

    /// Mounts an image of a file system.
    fn image(&self, name: &str, image: &Path) -> PathBuf {
        let directory = self.path(name);
        fs::create_dir(&directory).expect("the directory is made");
        run("mount", &["-o", "loop", text(image), text(&directory)]);
        directory
    }
}

/// Whether this process can make and mount images. The root of a user namespace may not.
fn can_mount_images() -> bool {
    let may_not = is_in_a_user_namespace();
    if may_not {
        println!("not checked: images are mounted by the root of the machine");
    }
    !may_not && is_installed("mkfs.ext4", "e2fsprogs")
}

/// Whether a command is there. Says which package has it, if not.
fn is_installed(command: &str, package: &str) -> bool {
    let is_there = Command::new(command).arg("-V").output().is_ok();
    if !is_there {
        println!("not checked: there is no {command} in the path: install {package}");
    }
    is_there
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn run(command: &str, arguments: &[&str]) {
    let output = Command::new(command).args(arguments).output().expect("the command is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command} {arguments:?}: {said}");
}

/// Makes the image of an empty file system of 16 MB, which takes room as it is written.
fn make_image(image: &Path, file_system: &str) {
    File::create(image).and_then(|file| file.set_len(16 << 20)).expect("the image is made");
    run("mkfs", &["-t", file_system, "-q", "-b", "4096", text(image)]);
}

#[test]
fn a_new_file_survives_a_power_cut_as_soon_as_it_is_open() {
    let Some(mounts) = Mounts::new().filter(|_| can_mount_images()) else { return };
    let image = mounts.path("image");
    make_image(&image, "ext4");
    let disk = mounts.image("disk", &image);
    let file = CounterFile::options().capacity(20_000).open(disk.join("hits.counters"));
    let file = file.expect("the file is created");
    // What the disk has now is what a power cut would leave.
    fs::copy(&image, mounts.path("image 1")).expect("the image is copied");
    file.counter("hits").expect("there is room").add(7);
    file.sync().expect("the file is synced");
    fs::copy(&image, mounts.path("image 2")).expect("the image is copied");

    for (image, disk, hits) in [("image 1", "disk 1", None), ("image 2", "disk 2", Some(7))] {
        let disk = mounts.image(disk, &mounts.path(image));
        let view = CounterFile::open_read_only(disk.join("hits.counters"));
        assert_eq!(view.expect("the file survives").get("hits"), hits, "{image}");
    }
}

#[test]
fn a_sync_after_a_failed_sync_writes_what_the_first_could_not() {
    let Some(mounts) = Mounts::new().filter(|_| can_mount_images()) else { return };
    let memory = mounts.memory("memory", "20M");
    let image = memory.join("image");
    make_image(&image, "ext2");
    let disk = mounts.image("disk", &image);
    let file = CounterFile::options().capacity(31).open(disk.join("hits.counters"));
    let file = file.expect("the file is created");
    let hits = file.counter("hits").expect("there is room");
    hits.add(5);
    file.sync().expect("the disk has room");
    let block = block_of_the_counters(&image);
    let stored = || {
        let bytes = fs::read(&image).expect("the image can be read");
        u64::from_ne_bytes(*bytes[block * 4096 + 128..].first_chunk().expect("a value"))
    };
    assert_eq!(stored(), 5);

    // The block goes, and the room that it had. So the file cannot be written any more.
    let offset = (block * 4096).to_string();
    let filler = memory.join("filler");
    let fill_up = || {
        run("fallocate", &["--punch-hole", "--offset", &offset, "--length", "4096", text(&image)]);
        let write = |mut file| io::copy(&mut io::repeat(0), &mut file);
        File::create(&filler).and_then(write).expect_err("the memory is full");
    };
    fill_up();
    hits.add(2);
    for attempt in 1..=3 {
        let error = file.sync().expect_err("the disk is full");
        let expected = [ErrorKind::NoSpace, ErrorKind::Io];
        assert!(expected.contains(error.kind()), "attempt {attempt}: {error}");
    }
    fs::remove_file(&filler).expect("the filler is removed");
    sync_with_room(&file);
    assert_eq!(stored(), 7);

    // Another process that opens the file after a failure can rely on its own sync, too.
    fill_up();
    hits.increment();
    file.sync().expect_err("the disk is full");
    drop((file, hits));
    fs::remove_file(&filler).expect("the filler is removed");
    let file = CounterFile::open(disk.join("hits.counters")).expect("the file opens");
    sync_with_room(&file);
    assert_eq!(stored(), 8);
}

/// Syncs when there is room again. The system writes in its own time as well: if that failed while
/// the disk was full, the next sync reports it.
fn sync_with_room(file: &CounterFile) {
    if file.sync().is_err() {
        file.sync().expect("the disk has room");
    }
}

/// The block of the image in which the file of counters starts.
fn block_of_the_counters(image: &Path) -> usize {
    let bytes = fs::read(image).expect("the image can be read");
    let mut blocks = bytes.chunks(4096);
    blocks.position(|block| block.starts_with(b"\x89hotcount")).expect("a file of counters")
}

#[test]
fn racing_creators_need_room_for_one_file() {
    let Some(mounts) = Mounts::new() else { return };
    for round in 0..3 {
        // A file takes 12.8 MB, so two do not fit.
        let path = mounts.memory(&round.to_string(), "20M").join("hits.counters");
        let mut workers = [(); 8].map(|()| Worker::start("large 100000", &path));
        workers.iter_mut().for_each(|worker| assert_eq!(worker.hear(1), b"."));
        workers.iter_mut().for_each(Worker::go_on);
        for error in workers.map(Worker::finish) {
            assert_eq!(String::from_utf8_lossy(&error), "");
        }
        let view = CounterFile::open_read_only(&path).expect("the file is created");
        assert_eq!(view.get("hits"), Some(8));
        assert_eq!(
            fs::read_dir(path.parent().expect("a directory")).expect("a directory").count(),
            1
        );
    }
}
