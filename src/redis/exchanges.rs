//! What a publisher's background thread sends to the store, and how it applies the answers.

use std::time::{Duration, Instant};

use super::answer::{Answer, count};
use super::deadline::TIMEOUT;
use super::error::Error;
use super::job::Swept;
use super::link::Link;
use super::request::{Code, Request, code, send};
use super::results::Results;
use super::watched::{Learned, Watched, totals};

static SWEEP: Code = code!("life.lua", "sweep.lua");

/// Keys in one exchange. More would keep the store from its other clients for too long.
const AT_ONCE: usize = 1_000;

/// Publishes all `watched` counters, and ends their lives if it is the `last` time.
pub(super) fn publish(
    link: &mut Link,
    mut watched: Vec<&mut Watched>,
    label: &str,
    last: bool,
    results: &mut Results,
) {
    for some in watched.chunks_mut(AT_ONCE) {
        let deadline = Instant::now() + TIMEOUT;
        let mut pending: Vec<&mut Watched> = some.iter_mut().map(|one| &mut **one).collect();
        // A second exchange is for lives that the store did not know.
        while !pending.is_empty() && !results.has_failed() {
            let requests = requests(&mut pending, last, results);
            let answers = exchange(link, &requests, deadline, results);
            learn(&mut pending, answers, label, results);
        }
    }
}

/// Reads the totals of `keys`.
pub(super) fn read(link: &mut Link, keys: &[String], results: &mut Results) {
    for keys in keys.chunks(AT_ONCE) {
        let requests: Vec<Request> =
            keys.iter().map(|key| Request::field(totals(key), "total")).collect();
        let deadline = Instant::now() + TIMEOUT;
        let answers = exchange(link, &requests, deadline, results);
        for (key, answer) in keys.iter().zip(answers) {
            let total = answer.parse::<Option<String>>(key);
            results.add(key, total.and_then(|total| total.map_or(Ok(0), |it| count(key, &it))));
        }
    }
}

/// Does one step of a sweep.
pub(super) fn sweep(
    link: &mut Link,
    key: &str,
    from: String,
    silence: Duration,
) -> Result<Swept, Error> {
    let args = vec![from, silence.as_micros().to_string()];
    let request = Request::script(&SWEEP, totals(key), args);
    let answers = send(link, &[request], Instant::now() + TIMEOUT);
    answers.map_err(Error::of_exchange)?.remove(0).parse(key)
}

/// Returns the requests of the `pending` counters. A counter whose request is an error is no longer
/// pending.
fn requests(pending: &mut Vec<&mut Watched>, last: bool, results: &mut Results) -> Vec<Request> {
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
    requests
}

/// Applies the answers: none after a failure. A counter to be sent again stays pending.
fn learn(
    pending: &mut Vec<&mut Watched>,
    answers: Vec<Answer>,
    label: &str,
    results: &mut Results,
) {
    let mut answers = answers.into_iter();
    pending.retain_mut(|watched| {
        let Some(answer) = answers.next() else { return false };
        match watched.learn(answer, label) {
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

/// Sends `requests` and returns the answers: none after a failure, which `results` then holds.
fn exchange(
    link: &mut Link,
    requests: &[Request],
    deadline: Instant,
    results: &mut Results,
) -> Vec<Answer> {
    if requests.is_empty() || results.has_failed() {
        return Vec::new();
    }
    send(link, requests, deadline).unwrap_or_else(|error| {
        results.fail(Error::of_exchange(error));
        Vec::new()
    })
}
