use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use super::deadline::TIMEOUT;
use super::error::Error;
use super::health::Health;
use super::job::Job;
use super::link::Link;
use super::memory::Memory;
use super::store::Store;
use super::total::Total;
use super::worker::Worker;
use crate::counter::Counter;

/// 1 s: how often a [`Publisher`] publishes, unless you call
/// [`publish_every`](Publisher::publish_every).
pub const INTERVAL: Duration = Duration::from_secs(1);

/// Publishes the totals of this process's counters, and reads the totals over all processes.
///
/// A background thread does the work: every [`INTERVAL`] (1 s) it sends the values of all watched
/// counters in one exchange, and keeps the totals that the store answers. See [the module](super)
/// for what is promised.
///
/// | call | waits |
/// |---|---|
/// | [`watch`](Self::watch), [`total`](Self::total), [`health`](Self::health), drop | never |
/// | [`total_within`](Self::total_within) | up to the limit that you give |
/// | [`publish`](Self::publish), [`retire`](Self::retire) | up to [`TIMEOUT`] (2 s) |
/// | [`sweep`](Self::sweep) | up to [`TIMEOUT`] for each 1,000 lives |
///
/// All methods take `&self`, so threads and tasks can share a publisher. Dropping it stops the
/// background thread and publishes nothing: call [`retire`](Self::retire) before.
///
/// # Examples
///
/// ```no_run
/// use hotcount::{Counter, ShardedCounter, redis::Publisher};
///
/// static HITS: ShardedCounter = ShardedCounter::new();
///
/// let publisher = Publisher::connect("redis://127.0.0.1:6379/", "web")?;
/// publisher.watch("page_hits", &HITS);
///
/// HITS.increment(); // published within a second
///
/// match publisher.total("page_hits") {
///     Ok(total) => println!("{} hits, {:?} ago", total.value(), total.age()),
///     Err(error) => eprintln!("{error}"),
/// }
/// publisher.retire()?; // before the program ends
/// # Ok::<(), hotcount::redis::Error>(())
/// ```
pub struct Publisher {
    label: String,
    jobs: Sender<Job>,
    memory: Arc<Memory>,
}

impl Publisher {
    /// Starts a publisher for `store`. It connects in the background.
    ///
    /// The `label` shows in the store what the process is: `web`, `web-1`. It need not be unique,
    /// because a random life is part of each name.
    ///
    /// # Errors
    ///
    /// [`Error::Url`], [`Error::NoTls`] and [`Error::Thread`].
    pub fn connect<S>(store: S, label: &str) -> Result<Self, Error>
    where
        S: TryInto<Store>,
        Error: From<S::Error>,
    {
        let link = Link::new(store.try_into()?);
        let memory = Arc::new(Memory::default());
        let worker = Worker::new(link, label.into(), memory.clone(), INTERVAL);
        let (jobs, to_do) = channel();
        thread::Builder::new()
            .name("hotcount-publisher".into())
            .spawn(move || worker.run(&to_do))
            .map_err(|error| Error::Thread(Arc::new(error)))?;
        Ok(Self { label: label.into(), jobs, memory })
    }

    /// Publishes every `interval` from now on, instead of every [`INTERVAL`].
    ///
    /// `Duration::MAX` means only when [`publish`](Self::publish) is called. The shortest interval
    /// is 1 ms.
    pub fn publish_every(&self, interval: Duration) {
        let _ = self.jobs.send(Job::Interval(interval));
    }

    /// Publishes `counter` under `key` from now on: a `&'static` counter, an `Arc` of one, or any
    /// other. The value that it has already is published as well.
    ///
    /// A counter with a [`persistent_id`](Counter::persistent_id), as one in a file, is published
    /// under that id. So it counts once, however many processes publish it and however often they
    /// restart.
    ///
    /// # Panics
    ///
    /// If the key is watched already: one of the two counters would not be counted.
    pub fn watch(&self, key: &str, counter: impl Counter + 'static) {
        let is_new = self.memory.watch(key);
        assert!(is_new, "{key:?} is watched already: take another key for the second counter");
        let _ = self.jobs.send(Job::Watch { key: key.into(), counter: Box::new(counter) });
    }

    /// Publishes all watched counters now, and waits for the store's answer.
    ///
    /// After `Ok`, a total that is read on any machine counts every addition that happened before
    /// the call.
    ///
    /// # Errors
    ///
    /// The error of the store, or [`Error::Several`]. An error of one key does not keep the others
    /// from being published. The next round sends what this one did not.
    pub fn publish(&self) -> Result<(), Error> {
        self.ask(TIMEOUT, |reply| Job::Publish { last: false, reply })
    }

    /// Publishes a last time and ends this process's part in the store: call it before the program
    /// ends.
    ///
    /// The total keeps the counts. The store remembers the 1,000 lives of each key that ended last.
    /// After this call the background thread publishes no more, until [`publish`](Self::publish) is
    /// called.
    ///
    /// # Errors
    ///
    /// Those of [`publish`](Self::publish). You can call it again.
    pub fn retire(&self) -> Result<(), Error> {
        self.ask(TIMEOUT, |reply| Job::Publish { last: true, reply })
    }

    /// Returns the last known total of `key`, with its [`age`](Total::age). Never waits.
    ///
    /// The background thread reads the totals of the keys that are watched. It also reads any other
    /// key that you ask for. It stops when you have not asked for a minute, or for two intervals if
    /// that is longer. So the memory is bounded by the keys in use. A key that no process has
    /// published has the total 0.
    ///
    /// # Errors
    ///
    /// - [`Error::NotRead`], until the background thread has asked the store for this key.
    /// - The error of the last round, if the store refused the key or no total has been read yet.
    ///   The last total stays and becomes older while the store cannot be reached, is starting, has
    ///   no primary, or refuses the connection.
    pub fn total(&self, key: &str) -> Result<Total, Error> {
        if self.memory.follow(key) {
            let _ = self.jobs.send(Job::Follow);
        }
        self.memory.total(key).unwrap_or_else(|| Err(Error::NotRead { key: key.into() }))
    }

    /// Asks the store for the total of `key`, and waits up to `limit` for it.
    ///
    /// It counts everything that was published before the call, on any machine.
    ///
    /// # Errors
    ///
    /// The store's error, or [`Error::Unavailable`] if there is no answer in time.
    pub fn total_within(&self, key: &str, limit: Duration) -> Result<Total, Error> {
        self.memory.follow(key);
        self.ask(limit, |reply| Job::Total { key: key.into(), reply })
    }

    /// Ends the [lives](super#what-is-promised) of `key` that have not published for `silence`:
    /// those of processes that were killed. Returns their number.
    ///
    /// The total does not change. Without sweeps the store keeps a life for each process that ended
    /// without [`retire`](Self::retire). If its process is alive after all, a swept life goes on
    /// and counts exactly, see [the module](super#what-is-promised). Take a `silence` of hours: it
    /// should be longer than any loss of the network. Lives of counters with a
    /// [`persistent_id`](Counter::persistent_id) do not end.
    ///
    /// The store does it in steps of about 1,000 lives and serves its other clients in between.
    ///
    /// # Errors
    ///
    /// The store's error, or [`Error::Unavailable`] if a step has no answer within [`TIMEOUT`].
    pub fn sweep(&self, key: &str, silence: Duration) -> Result<u64, Error> {
        let (mut from, mut swept) = (String::from("0"), 0);
        loop {
            let step = |reply| Job::Sweep { key: key.into(), from, silence, reply };
            let (next, ended) = self.ask(TIMEOUT, step)?;
            swept += ended;
            if next == "0" {
                return Ok(swept);
            }
            from = next;
        }
    }

    /// Returns the successes, failures and last error of the background thread. Never waits.
    #[must_use]
    pub fn health(&self) -> Health {
        self.memory.health()
    }

    /// Gives the background thread a job and waits up to `limit` for the answer.
    fn ask<T>(
        &self,
        limit: Duration,
        job: impl FnOnce(SyncSender<Result<T, Error>>) -> Job,
    ) -> Result<T, Error> {
        let (reply, answer) = sync_channel(1);
        self.jobs.send(job(reply)).map_err(|_| Error::Stopped)?;
        answer.recv_timeout(limit).unwrap_or_else(|error| match error {
            RecvTimeoutError::Timeout => Err(Error::timed_out(limit)),
            RecvTimeoutError::Disconnected => Err(Error::Stopped),
        })
    }
}

impl fmt::Debug for Publisher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publisher").field("label", &self.label).finish_non_exhaustive()
    }
}
