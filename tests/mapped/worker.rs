use std::hash::{BuildHasher, RandomState};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::{env, thread, time::Duration};

use crate::jobs::{FILE, JOB};

/// Another process: this program once more. It does one job and reports through a pipe.
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
            .expect("the worker starts");
        Self { process }
    }

    /// Waits for this many bytes of the report.
    pub(crate) fn hear(&mut self, bytes: usize) -> Vec<u8> {
        let mut report = vec![0; bytes];
        let pipe = self.process.stderr.as_mut().expect("stderr is piped");
        pipe.read_exact(&mut report).expect("the worker reports more");
        report
    }

    /// Tells the worker to go on.
    pub(crate) fn go_on(&mut self) {
        let pipe = self.process.stdin.as_mut().expect("stdin is piped");
        pipe.write_all(b".").expect("the worker listens");
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: i32) {
        let id = self.process.id().try_into().expect("a process id");
        // SAFETY: the process has not been waited for, so the id is its own.
        assert_eq!(unsafe { libc::kill(id, signal) }, 0);
    }

    /// Kills the worker and returns the rest of its report.
    pub(crate) fn kill(mut self) -> Vec<u8> {
        self.process.kill().expect("the worker is a child");
        let report = self.rest();
        let status = self.process.wait().expect("the worker is a child");
        #[cfg(unix)]
        {
            let signal = std::os::unix::process::ExitStatusExt::signal(&status);
            assert_eq!(signal, Some(libc::SIGKILL), "{}", String::from_utf8_lossy(&report));
        }
        assert!(!status.success());
        report
    }

    /// Waits until the worker has done its job and returns the rest of its report.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let report = self.rest();
        let status = self.process.wait().expect("the worker is a child");
        assert!(status.success(), "{status}: {}", String::from_utf8_lossy(&report));
        report
    }

    /// Waits until the worker has ended in any way.
    #[cfg(unix)]
    pub(crate) fn end(mut self) {
        self.process.wait().expect("the worker is a child");
    }

    fn rest(&mut self) -> Vec<u8> {
        let mut report = Vec::new();
        let pipe = self.process.stderr.as_mut().expect("stderr is piped");
        pipe.read_to_end(&mut report).expect("a pipe");
        report
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits for a random time of up to this many microseconds.
pub(crate) fn wait_up_to(micros: u64) {
    thread::sleep(Duration::from_micros(RandomState::new().hash_one(0) % micros));
}
