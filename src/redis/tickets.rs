use std::fmt;
use std::time::Instant;

use super::block::Block;
use super::script::{Calls, count, name};
use super::{Error, Link, TIMEOUT};
use crate::sync::Mutex;

const TICKETS: &str = concat!(include_str!("decimal.lua"), include_str!("tickets.lua"));

/// Numbers that are unique over all machines: 1, 2, 3 …, taken from the store in blocks.
///
/// [`next`](Self::next) costs a few nanoseconds inside a block, which all threads of the process
/// share, and one round trip when it is used up. Numbers rise within a process; over machines they
/// are interleaved in blocks. They have gaps: the rest of a block is lost when its process ends, and
/// a whole block when the store's answer is.
///
/// # Promise
///
/// No number comes twice, whatever becomes of processes, threads and answers (but the child of a
/// `fork` has to [`connect`](Self::connect) anew: it has a copy of the block), as long as the store
/// keeps what it has answered: for Redis that is `appendonly yes` with `appendfsync always`, and no
/// failover to a replica that lags behind. A store that has gone back is noticed by a process that
/// has had later numbers, and goes on after those: [`Error::WentBack`], once, or never when that
/// very answer is lost.
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
    store: Mutex<Store>,
}

struct Store {
    link: Link,
    /// The last number that came from it.
    had: u64,
}

impl Tickets {
    /// Tickets of the series `key`, in blocks of `block` numbers. The URL is only parsed: the
    /// network is first used by [`next`](Self::next).
    ///
    /// All that share a series share the URL's store and the key; their blocks may differ in
    /// length. A longer block means fewer round trips and longer gaps.
    ///
    /// # Errors
    ///
    /// [`Error::Url`], and [`Error::Block`] for a block of 0 or of more than `i64::MAX` numbers.
    pub fn connect(url: &str, key: &str, block: u64) -> Result<Self, Error> {
        if block == 0 || i64::try_from(block).is_err() {
            return Err(Error::Block(block));
        }
        let store = Mutex::new(Store { link: Link::new(url)?, had: 0 });
        Ok(Self { key: key.into(), length: block, block: Block::new(), store })
    }

    /// Takes a number.
    ///
    /// # Errors
    ///
    /// Only when the block is used up, and then within [`TIMEOUT`], however many threads wait:
    /// [`Error::Unavailable`], [`Error::Refused`], [`Error::NotACount`], [`Error::WentBack`] and
    /// [`Error::Exhausted`]. The next call tries again.
    #[inline]
    pub fn next(&self) -> Result<u64, Error> {
        match self.block.take() {
            Some(number) => Ok(number),
            None => self.next_of_a_new_block(),
        }
    }

    #[cold]
    fn next_of_a_new_block(&self) -> Result<u64, Error> {
        let deadline = Instant::now() + TIMEOUT;
        let mut store = self.store.try_lock_until(deadline).ok_or_else(Error::timed_out)?;
        if let Some(number) = self.block.take() {
            return Ok(number); // Another thread has fetched the block meanwhile.
        }
        let mut calls = Calls::new(TICKETS);
        calls.add(
            &[name(&self.key, "tickets")],
            &[&self.length.to_string(), &store.had.to_string()],
        );
        let answers = calls.run(&mut store.link, deadline)?;
        let last = count(&self.key, answers.into_iter().next().unwrap_or_default())?;
        if last < store.had {
            return Err(Error::WentBack { key: self.key.clone(), stored: last, had: store.had });
        }
        let first = last.checked_sub(self.length - 1).filter(|first| *first > store.had);
        let first = first.ok_or_else(|| {
            let found = last.to_string();
            Error::NotACount { key: self.key.clone(), found }
        })?;
        store.had = last;
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
