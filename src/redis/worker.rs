use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use ::redis::{RedisResult, Value};

use super::answer::{count, parse};
use super::job::{Job, Swept};
use super::memory::Memory;
use super::request::{Code, Request, code, send};
use super::results::Results;
use super::watched::{Learned, Watched, totals};
use super::{Error, Link, TIMEOUT};

static SWEEP: Code = code!("life.lua", "sweep.lua");

/// Keys in one exchange. More would keep the store from its other clients for too long.
const AT_ONCE: usize = 1_000;

/// The background thread of a publisher: it publishes and reads in rounds, one every interval and
/// one for the jobs that came meanwhile.
pub(super) struct Worker {
    link: Link,
    label: String,
    memory: Arc<Memory>,
    interval: Duration,
    watched: BTreeMap<String, Watched>,
    /// Keys to read that are not watched.
    followed: BTreeSet<String>,
    /// After the last publish, until the program publishes again.
    retired: bool,
}

impl Worker {
    pub(super) fn new(link: Link, label: String, memory: Arc<Memory>, interval: Duration) -> Self {
        let (watched, followed) = (BTreeMap::new(), BTreeSet::new());
        Self { link, label, memory, interval, watched, followed, retired: false }
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
                self.followed.remove(&key);
                let watched = Watched::new(key.clone(), counter, &self.label);
                self.watched.insert(key, watched);
                return None;
            }
            Job::Interval(interval) => {
                self.interval = interval;
                return None;
            }
            Job::Sweep { key, from, silence, reply } => {
                let _ = reply.send(self.sweep(&key, from, silence));
                return None;
            }
            Job::Follow { ref key } | Job::Total { ref key, .. } => {
                if !self.watched.contains_key(key) {
                    self.followed.insert(key.clone());
                }
            }
            Job::Publish { .. } => {}
        }
        Some(job)
    }

    /// Publishes all watched counters, reads the other totals, and answers the jobs.
    fn round(&mut self, jobs: Vec<Job>) {
        let mut results = Results::new();
        let is_told = jobs.iter().any(|job| matches!(job, Job::Publish { .. }));
        let is_last = jobs.iter().any(|job| matches!(job, Job::Publish { last: true, .. }));
        let mut keys: Vec<String> = self.followed.iter().cloned().collect();
        if is_told || !self.retired {
            self.publish(is_last, &mut results);
        } else {
            keys.extend(self.watched.keys().cloned());
        }
        let publishing = results.outcome();
        // After a failure the rounds go on.
        self.retired = (self.retired && !is_told) || (is_last && publishing.is_ok());
        self.read(&keys, &mut results);
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

    fn publish(&mut self, last: bool, results: &mut Results) {
        let mut all: Vec<&mut Watched> = self.watched.values_mut().collect();
        for some in all.chunks_mut(AT_ONCE) {
            let deadline = Instant::now() + TIMEOUT;
            let mut pending: Vec<&mut Watched> = some.iter_mut().map(|one| &mut **one).collect();
            // A second exchange is for lives that the store did not know.
            while !pending.is_empty() && !results.has_failed() {
                let mut requests = Vec::with_capacity(pending.len());
                pending.retain_mut(|watched| match watched.request(last) {
                    Ok(request) => {
                        requests.push(request);
                        true
                    }
                    Err(error) => {
                        results.add(watched.key(), Err(error));
                        false
                    }
                });
                let mut answers =
                    exchange(&mut self.link, &requests, deadline, results).into_iter();
                pending.retain_mut(|watched| {
                    let Some(answer) = answers.next() else { return false };
                    match watched.learn(answer, &self.label) {
                        Ok(Learned::Again(error)) => {
                            results.tell(error);
                            return true;
                        }
                        Ok(Learned::Total(total)) => results.add(watched.key(), Ok(total)),
                        Err(error) => results.add(watched.key(), Err(error)),
                    }
                    false
                });
            }
        }
    }

    fn read(&mut self, keys: &[String], results: &mut Results) {
        for keys in keys.chunks(AT_ONCE) {
            let requests: Vec<Request> =
                keys.iter().map(|key| Request::field(totals(key), "total")).collect();
            let deadline = Instant::now() + TIMEOUT;
            let answers = exchange(&mut self.link, &requests, deadline, results);
            for (key, answer) in keys.iter().zip(answers) {
                let total = answer.map_err(|error| Error::of_answer(key, error, TIMEOUT));
                let total = total.and_then(|total| parse::<Option<String>>(key, &total));
                results.add(key, total.and_then(|total| total.map_or(Ok(0), |it| count(key, &it))));
            }
        }
    }

    fn sweep(&mut self, key: &str, from: String, silence: Duration) -> Result<Swept, Error> {
        let args = vec![from, silence.as_micros().to_string()];
        let request = Request::script(&SWEEP, totals(key), args);
        let answers = send(&mut self.link, &[request], Instant::now() + TIMEOUT);
        let answer = answers.map_err(|error| Error::of_exchange(error, TIMEOUT))?.remove(0);
        parse(key, &answer.map_err(|error| Error::of_answer(key, error, TIMEOUT))?)
    }
}

/// Sends `requests` and returns the answers: none after a failure, which `results` then holds.
fn exchange(
    link: &mut Link,
    requests: &[Request],
    deadline: Instant,
    results: &mut Results,
) -> Vec<RedisResult<Value>> {
    if requests.is_empty() || results.has_failed() {
        return Vec::new();
    }
    send(link, requests, deadline).unwrap_or_else(|error| {
        results.fail(Error::of_exchange(error, TIMEOUT));
        Vec::new()
    })
}
