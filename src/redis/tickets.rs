use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::block::Block;
use super::error::Error;
use super::health::Health;
use super::link::Link;
use super::store::Store;
use super::supply::{Numbers, Supply};

/// How long [`Tickets::next`] waits for a late block, once.
const NEXT_WAIT: Duration = Duration::from_millis(20);

/// Numbers that are unique over all machines: 1, 2, 3 …, taken from the store in blocks.
///
/// [`next`](Self::next) takes a number from a block that all threads of the process share. A
/// background thread fetches the next block before the present one is used up. Numbers rise within
/// a process. Over several machines they are interleaved in blocks. There are gaps: a process that
/// ends loses the rest of its block and the block ahead, and a lost answer of the store loses a
/// block.
///
/// # Promise
///
/// No number comes twice, whatever happens to processes, threads and answers, as long as the store
/// keeps what it has answered. For Redis that means `appendonly yes` with `appendfsync always`, and
/// no failover to a replica that lags behind. If the store went back, a process that has had later
/// numbers goes on after them and reports [`Error::WentBack`] once.
///
/// The child of a `fork` has a copy of the block: it must [`connect`](Self::connect) anew.
///
/// # Examples
///
/// ```no_run
/// use hotcount::redis::Tickets;
///
/// let tickets = Tickets::connect("redis://127.0.0.1:6379/", "orders", 1_000)?;
/// let order = tickets.next()?;
/// println!("order number {order}");
/// # Ok::<(), hotcount::redis::Error>(())
/// ```
pub struct Tickets {
    key: String,
    length: u64,
    block: Block,
    ahead: Mutex<Ahead>,
    health: Arc<Mutex<Health>>,
}

/// Where the blocks of the background thread arrive.
struct Ahead {
    blocks: Receiver<Result<Numbers, Error>>,
    /// Whether a call has waited in vain since the last block came.
    is_late: bool,
}

impl Tickets {
    /// Starts tickets of the series `key`, in blocks of `block` numbers. The first block is fetched
    /// in the background.
    ///
    /// The processes that share a series connect to one store with one key. Their blocks may differ
    /// in length. A longer block means fewer exchanges with the store and longer gaps.
    ///
    /// # Errors
    ///
    /// [`Error::Url`], [`Error::NoTls`] and [`Error::Thread`]. [`Error::Block`] for a block of 0 or
    /// of more than `i64::MAX` numbers.
    pub fn connect<S>(store: S, key: &str, block: u64) -> Result<Self, Error>
    where
        S: TryInto<Store>,
        Error: From<S::Error>,
    {
        if block == 0 || i64::try_from(block).is_err() {
            return Err(Error::Block(block));
        }
        let link = Link::new(store.try_into()?);
        let health = Arc::new(Mutex::new(Health::default()));
        // Without room in the channel, the supply is one block ahead.
        let (supplied, blocks) = sync_channel(0);
        let supply = Supply::new(link, key.into(), block, Arc::downgrade(&health));
        thread::Builder::new()
            .name("hotcount-tickets".into())
            .spawn(move || supply.run(&supplied))
            .map_err(|error| Error::Thread(Arc::new(error)))?;
        let ahead = Mutex::new(Ahead { blocks, is_late: false });
        Ok(Self { key: key.into(), length: block, block: Block::new(), ahead, health })
    }

    /// Takes a number.
    ///
    /// This takes a few nanoseconds, and usually no longer when a block begins. If the next block
    /// is late, it waits up to 20 ms, once: later calls return an error at once until the block is
    /// there. So a store that hangs does not hold up an async runtime.
    ///
    /// # Errors
    ///
    /// Only when the block is used up and the next one is not there:
    ///
    /// - the last error of the store, while it fails;
    /// - [`Error::Unavailable`], if it has not answered in time;
    /// - [`Error::WentBack`], once.
    ///
    /// The background thread tries again until it succeeds.
    #[inline]
    pub fn next(&self) -> Result<u64, Error> {
        match self.block.take() {
            Some(number) => Ok(number),
            None => self.take_from_next_block(None),
        }
    }

    /// Takes a number, and waits up to `limit` for the store if the next block is late.
    ///
    /// # Errors
    ///
    /// Those of [`next`](Self::next), after the wait.
    pub fn next_within(&self, limit: Duration) -> Result<u64, Error> {
        match self.block.take() {
            Some(number) => Ok(number),
            None => self.take_from_next_block(Some(limit)),
        }
    }

    /// Returns the successes, failures and last error of the background thread. Never waits.
    #[must_use]
    pub fn health(&self) -> Health {
        self.health.lock().clone()
    }

    /// Takes the first number of the next block. Without a `limit` it waits only if the store seems
    /// to work.
    #[cold]
    fn take_from_next_block(&self, limit: Option<Duration>) -> Result<u64, Error> {
        let wait = limit.unwrap_or(NEXT_WAIT);
        let start = Instant::now();
        let late = || self.health().late(wait);
        let mut ahead = self.ahead.try_lock_for(wait).ok_or_else(late)?;
        if let Some(number) = self.block.take() {
            return Ok(number); // Another thread went on meanwhile.
        }
        let is_pointless = ahead.is_late || self.health.lock().failing_since.is_some();
        let wait = match limit {
            None if is_pointless => Duration::ZERO,
            _ => wait.saturating_sub(start.elapsed()),
        };
        let block = ahead.blocks.recv_timeout(wait);
        ahead.is_late = block.is_err();
        let Numbers { first, last } = block.map_err(|_| late())??;
        // Only the thread that has the lock and found the block used up gets here.
        self.block.refill(first + 1, last + 1);
        Ok(first)
    }
}

impl fmt::Debug for Tickets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tickets")
            .field("key", &self.key)
            .field("block", &self.length)
            .finish_non_exhaustive()
    }
}
