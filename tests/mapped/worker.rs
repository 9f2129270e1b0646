use std::hash::{BuildHasher, RandomState};
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::{env, thread, time::Duration};

use crate::jobs::{FILE, JOB};

/// Another process: this program once more, doing one job and telling of it through a pipe.
pub(crate) struct Worker {
    process: Child,
}

impl Worker {
    pub(crate) fn start(job: &str, path: &Path) -> Self {
        let process = Command::new(env::current_exe().expect("this program has a path"))
            .args(["jobs::a_worker_does_its_job", "--exact", "--ignored", "--nocapture"])
            .env(JOB, job)
            .env(FILE, path)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        Self { process }
    }

    /// Waits for so many bytes of what it tells.
    pub(crate) fn hear(&mut self, bytes: usize) -> Vec<u8> {
        let mut told = vec![0; bytes];
        let pipe = self.process.stderr.as_mut().expect("it was piped");
        pipe.read_exact(&mut told).expect("it tells more");
        told
    }

    /// Says that it may go on.
    pub(crate) fn say(&mut self) {
        let pipe = self.process.stdin.as_mut().expect("it was piped");
        pipe.write_all(b".").expect("it listens");
    }

    pub(crate) fn signal(&self, signal: i32) {
        let id = self.process.id().try_into().expect("a process id");
        // SAFETY: it has not been waited for, so the id is its own.
        assert_eq!(unsafe { libc::kill(id, signal) }, 0);
    }

    /// Kills it, and returns what it told before.
    pub(crate) fn kill(mut self) -> Vec<u8> {
        self.signal(libc::SIGKILL);
        let told = self.rest();
        let status = self.process.wait().expect("it is a child");
        assert_eq!(status.signal(), Some(libc::SIGKILL), "{}", String::from_utf8_lossy(&told));
        told
    }

    /// Waits until it has done its job, and returns what it told.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let told = self.rest();
        let status = self.process.wait().expect("it is a child");
        assert!(status.success(), "{status}: {}", String::from_utf8_lossy(&told));
        told
    }

    fn rest(&mut self) -> Vec<u8> {
        let mut told = Vec::new();
        let pipe = self.process.stderr.as_mut().expect("it was piped");
        pipe.read_to_end(&mut told).expect("it is a pipe");
        told
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A moment of up to so many microseconds.
pub(crate) fn wait_up_to(micros: u64) {
    thread::sleep(Duration::from_micros(RandomState::new().hash_one(0) % micros));
}
