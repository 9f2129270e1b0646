use std::collections::BTreeMap;
use std::iter;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::exchanges;
use super::job::Job;
use super::link::Link;
use super::memory::Memory;
use super::results::Results;
use super::watched::Watched;

/// The shortest interval: an endless loop without a pause would take a whole processor.
const SHORTEST: Duration = Duration::from_millis(1);

/// The background thread of a publisher. It publishes and reads in rounds: one in every interval,
/// and one when jobs come.
pub(super) struct Worker {
    link: Link,
    label: String,
    memory: Arc<Memory>,
    interval: Duration,
    watched: BTreeMap<String, Watched>,
    /// Whether a last publish succeeded, and the program has not published since.
    retired: bool,
}

impl Worker {
    pub(super) fn new(link: Link, label: String, memory: Arc<Memory>, interval: Duration) -> Self {
        Self { link, label, memory, interval, watched: BTreeMap::new(), retired: false }
    }

    /// Works until the publisher is dropped.
    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        let mut last_round = Instant::now();
        loop {
            let pause = self.interval.saturating_sub(last_round.elapsed());
            let waiting: Vec<Job> = match jobs.recv_timeout(pause) {
                Ok(first) => iter::once(first).chain(jobs.try_iter()).collect(),
                Err(RecvTimeoutError::Timeout) => Vec::new(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let jobs: Vec<Job> = waiting.into_iter().filter_map(|job| self.begin(job)).collect();
            if !jobs.is_empty() || last_round.elapsed() >= self.interval {
                last_round = Instant::now();
                self.round(jobs);
            }
        }
    }

    /// Does what needs no round. Returns the job if it waits for one.
    fn begin(&mut self, job: Job) -> Option<Job> {
        match job {
            Job::Watch { key, counter } => {
                let watched = Watched::new(key.clone(), counter, &self.label);
                self.watched.insert(key, watched);
                return None;
            }
            Job::Interval(interval) => {
                self.interval = interval.max(SHORTEST);
                return None;
            }
            Job::Sweep { key, from, silence, reply } => {
                let _ = reply.send(exchanges::sweep(&mut self.link, &key, from, silence));
                return None;
            }
            Job::Follow | Job::Total { .. } | Job::Publish { .. } => {}
        }
        Some(job)
    }

    /// Publishes all watched counters, reads the other totals, and answers the jobs.
    fn round(&mut self, jobs: Vec<Job>) {
        let mut results = Results::new();
        let is_told = jobs.iter().any(|job| matches!(job, Job::Publish { .. }));
        let is_last = jobs.iter().any(|job| matches!(job, Job::Publish { last: true, .. }));
        let mut keys = self.memory.followed(self.interval);
        if is_told || !self.retired {
            let watched = self.watched.values_mut().collect();
            exchanges::publish(&mut self.link, watched, &self.label, is_last, &mut results);
        } else {
            keys.extend(self.watched.keys().cloned());
        }
        let publishing = results.outcome();
        // After a last publish that failed, the rounds go on.
        self.retired = (self.retired && !is_told) || (is_last && publishing.is_ok());
        exchanges::read(&mut self.link, &keys, &mut results);
        self.memory.record(&results);
        for job in jobs {
            // A caller that waits no longer has dropped its end.
            match job {
                Job::Publish { reply, .. } => drop(reply.send(publishing.clone())),
                Job::Total { key, reply } => drop(reply.send(results.total(&key))),
                _ => {}
            }
        }
    }
}
