use std::fmt;
use std::time::Instant;

use ::redis::{Pipeline, Value};

use super::script::{Calls, count, name};
use super::{Error, Link, TIMEOUT, TOMBSTONE_LIFETIME};
use crate::counter::Counter;

const PUBLISH: &str = concat!(include_str!("decimal.lua"), include_str!("publish.lua"));
const RETIRE: &str = concat!(include_str!("decimal.lua"), include_str!("retire.lua"));

/// Publishes the totals of this process's counters, and reads the sum over all processes.
///
/// Counting itself stays local and costs what the counter costs; publishing costs one round trip
/// for all watched counters, whenever the program finds it due: every 10 ms, every minute, and once
/// more before it ends. See [the module](super) for what is promised.
///
/// Each call returns within [`TIMEOUT`]. No error loses a count: the next `publish` sends the whole
/// total again.
///
/// # Examples
///
/// ```no_run
/// use hotcount::{Counter, ShardedCounter, redis::Publisher};
///
/// static HITS: ShardedCounter = ShardedCounter::new();
///
/// let name = Publisher::random_name();
/// let mut publisher = Publisher::connect("redis://127.0.0.1:6379/", &name)?;
/// publisher.watch("page_hits", &HITS);
///
/// HITS.increment();
/// if let Err(error) = publisher.publish() {
///     eprintln!("{error}"); // The next one sends what this one did not.
/// }
/// println!("{} hits on all machines", publisher.total("page_hits")?);
/// # Ok::<(), hotcount::redis::Error>(())
/// ```
pub struct Publisher {
    link: Link,
    writer: String,
    watched: Vec<Watched>,
}

struct Watched {
    key: String,
    counter: Box<dyn Counter>,
    /// The most that the store can hold of this writer.
    sent: Option<u64>,
}

impl Publisher {
    /// A publisher for the store at `url`, under the name `writer`. The URL is only parsed: the
    /// network is first used by [`publish`](Self::publish) and [`total`](Self::total).
    ///
    /// **A name belongs to one life of its counters.** Processes that run at once need different
    /// names, and one whose counters start at zero needs a fresh one:
    /// [`random_name`](Self::random_name). Only counters that come back with their totals may come
    /// back under their name.
    ///
    /// # Errors
    ///
    /// [`Error::Url`] and [`Error::EmptyName`].
    pub fn connect(url: &str, writer: &str) -> Result<Self, Error> {
        if writer.is_empty() {
            return Err(Error::EmptyName);
        }
        Ok(Self { link: Link::new(url)?, writer: writer.into(), watched: Vec::new() })
    }

    /// A name that no other process has: 128 random bits.
    ///
    /// # Panics
    ///
    /// When the operating system has no random numbers.
    #[must_use]
    pub fn random_name() -> String {
        let random = || getrandom::u64().expect("the system has random numbers");
        format!("{:016x}{:016x}", random(), random())
    }

    /// Publishes `counter` under `key` from now on: a `&'static` counter, an `Arc` of one, or any
    /// other. Its total so far counts. One that processes share is published by one of them only.
    ///
    /// # Panics
    ///
    /// When the key is watched already: one of the two counters would not be counted.
    pub fn watch(&mut self, key: &str, counter: impl Counter + 'static) {
        let twice = self.watched.iter().any(|watched| watched.key == key);
        assert!(!twice, "{key:?} is watched already: take another key for the second counter");
        self.watched.push(Watched { key: key.into(), counter: Box::new(counter), sent: None });
    }

    /// Sends the totals of all watched counters, in one round trip.
    ///
    /// Who reads [`total`](Self::total) after it, on any machine, counts every addition that
    /// happened before it.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], and for a key the first of [`Error::Refused`],
    /// [`Error::NameInUse`], [`Error::NotACount`] and [`Error::Overflow`] that there was; the other
    /// keys are published.
    pub fn publish(&mut self) -> Result<(), Error> {
        self.publish_each(Instant::now() + TIMEOUT)?.into_iter().collect()
    }

    /// Returns what became of each watched counter.
    fn publish_each(&mut self, deadline: Instant) -> Result<Vec<Result<(), Error>>, Error> {
        if self.watched.is_empty() {
            return Ok(Vec::new());
        }
        let mut calls = Calls::new(PUBLISH);
        let mut sent = Vec::with_capacity(self.watched.len());
        for watched in &mut self.watched {
            let total = watched.counter.get();
            let before = watched.sent.unwrap_or(total);
            calls.add(
                &names(&watched.key, &self.writer),
                &[&field(&self.writer), &total.to_string(), &before.to_string(), &lifetime()],
            );
            // From here on the store may hold it, whether it answers or not.
            watched.sent = Some(before.max(total));
            sent.push((total, before));
        }
        let answers = calls.run(&mut self.link, deadline)?;
        let asked = self.watched.iter_mut().zip(sent).zip(answers);
        let learn = |((watched, (total, before)), answer): ((&mut Watched, _), _)| {
            watched.learn(&self.writer, total, before, answer)
        };
        Ok(asked.map(learn).collect())
    }

    /// Returns the total of `key` over all writers, as far as they have published.
    ///
    /// One round trip; it reads a number for each writer that is not retired. A key that nobody
    /// has published is 0.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Refused`] and [`Error::NotACount`]; [`Error::Overflow`]
    /// when the sum is above `u64::MAX`.
    pub fn total(&mut self, key: &str) -> Result<u64, Error> {
        let mut commands = Pipeline::new();
        commands.cmd("HVALS").arg(name(key, "totals"));
        let answers = self.link.ask(commands, Instant::now() + TIMEOUT)?;
        let answer = answers.into_iter().next().unwrap_or_default();
        let Value::Array(totals) = answer else {
            return count(key, answer);
        };
        totals.into_iter().try_fold(0_u64, |sum, total| {
            let total = count(key, total)?;
            sum.checked_add(total).ok_or_else(|| Error::Overflow { key: key.into() })
        })
    }

    /// Publishes a last time, and folds this writer into the retired ones: what a process does
    /// before it ends, so that the store keeps a number for each *living* writer only.
    ///
    /// The total does not change, and the name stays taken for [`TOMBSTONE_LIFETIME`]. Two round
    /// trips. A publisher that goes on after it still counts exactly, as long as it publishes
    /// more often than that.
    ///
    /// # Errors
    ///
    /// Those of [`publish`](Self::publish). A key with one of them stays as it is, the others are
    /// retired. Calling it again does what is left.
    pub fn retire(&mut self) -> Result<(), Error> {
        let deadline = Instant::now() + TIMEOUT;
        let published = self.publish_each(deadline)?;
        let writer = self.writer.clone();
        self.retire_by(&writer, |at| published[at].is_ok(), deadline)?;
        published.into_iter().collect()
    }

    /// Folds another `writer` into the retired ones, for the keys watched here: one that died
    /// before it could do so itself.
    ///
    /// Should it be alive after all, nothing is lost and nothing counted twice, as long as it
    /// publishes within [`TOMBSTONE_LIFETIME`]. Which writers there are, `HKEYS` tells, see [the
    /// module](super#what-the-store-holds). One round trip.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Refused`] and [`Error::NotACount`].
    pub fn retire_writer(&mut self, writer: &str) -> Result<(), Error> {
        self.retire_by(writer, |_| true, Instant::now() + TIMEOUT)
    }

    /// Folds `writer` for those of the watched keys, by their places, that are `chosen`.
    fn retire_by(
        &mut self,
        writer: &str,
        chosen: impl Fn(usize) -> bool,
        deadline: Instant,
    ) -> Result<(), Error> {
        let places = (0..self.watched.len()).filter(|at| chosen(*at));
        let keys: Vec<&str> = places.map(|at| &*self.watched[at].key).collect();
        let mut calls = Calls::new(RETIRE);
        for key in &keys {
            calls.add(&names(key, writer), &[&field(writer), &lifetime()]);
        }
        let answers = calls.run(&mut self.link, deadline)?;
        keys.iter().zip(answers).try_for_each(|(key, answer)| count(key, answer).map(drop))
    }
}

impl Watched {
    /// Takes in what the store held before it was sent `total`, with `before` as the most that it
    /// could hold.
    fn learn(&mut self, writer: &str, total: u64, before: u64, answer: Value) -> Result<(), Error> {
        let stored = count(&self.key, answer)?;
        // The total itself is there when the command was sent twice.
        if stored > before && stored != total {
            self.sent = Some(before); // It has refused the total.
            let (key, writer) = (self.key.clone(), writer.into());
            return Err(Error::NameInUse { key, writer, sent: total, stored });
        }
        if total < before {
            return Err(Error::Overflow { key: self.key.clone() });
        }
        Ok(())
    }
}

fn names(key: &str, writer: &str) -> [String; 2] {
    [name(key, "totals"), name(key, &format!("retired:{writer}"))]
}

fn field(writer: &str) -> String {
    format!("writer:{writer}")
}

fn lifetime() -> String {
    TOMBSTONE_LIFETIME.as_millis().to_string()
}

impl fmt::Debug for Publisher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.watched.iter().map(|watched| &watched.key).collect();
        f.debug_struct("Publisher")
            .field("writer", &self.writer)
            .field("watched", &keys)
            .finish_non_exhaustive()
    }
}
