use std::sync::Weak;
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::answer::count;
use super::deadline::TIMEOUT;
use super::error::Error;
use super::health::Health;
use super::link::Link;
use super::request::{Code, Request, code, send};

static TICKETS: Code = code!("decimal.lua", "tickets.lua");

/// The pauses between attempts while the store fails: doubled from the first to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The numbers of a block.
pub(super) struct Numbers {
    pub first: u64,
    pub last: u64,
}

/// The background thread of tickets: it fetches one block ahead.
pub(super) struct Supply {
    link: Link,
    key: String,
    length: u64,
    /// The last number that came from the store.
    had: u64,
    /// Can be upgraded as long as the tickets exist.
    health: Weak<Mutex<Health>>,
}

impl Supply {
    pub(super) fn new(link: Link, key: String, length: u64, health: Weak<Mutex<Health>>) -> Self {
        Self { link, key, length, had: 0, health }
    }

    /// Works until the tickets are dropped.
    pub(super) fn run(mut self, blocks: &SyncSender<Result<Numbers, Error>>) {
        let mut pause = FIRST_PAUSE;
        loop {
            let fetched = self.fetch();
            let Some(health) = self.health.upgrade() else { return };
            match &fetched {
                Ok(_) => health.lock().succeeded(),
                Err(error) => health.lock().failed(error.clone()),
            }
            drop(health);
            // `send` waits until a caller needs the block. A caller also gets a `WentBack`.
            if matches!(fetched, Ok(_) | Err(Error::WentBack { .. })) {
                pause = FIRST_PAUSE;
                if blocks.send(fetched).is_err() {
                    return;
                }
            } else {
                thread::sleep(pause);
                pause = LONGEST_PAUSE.min(2 * pause);
            }
        }
    }

    fn fetch(&mut self) -> Result<Numbers, Error> {
        let args = vec![self.length.to_string(), self.had.to_string()];
        let request = Request::script(&TICKETS, format!("hotcount:tickets:{}", self.key), args);
        let answers = send(&mut self.link, &[request], Instant::now() + TIMEOUT);
        let answer = answers.map_err(Error::of_exchange)?.remove(0);
        let last = count(&self.key, &answer.parse::<String>(&self.key)?)?;
        if last < self.had {
            return Err(Error::WentBack { key: self.key.clone(), stored: last, had: self.had });
        }
        // A number below 1 means that another program wrote the value.
        let first = last.checked_sub(self.length - 1).filter(|first| *first > 0);
        let first = first
            .ok_or_else(|| Error::NotACount { key: self.key.clone(), found: last.to_string() })?;
        self.had = last;
        Ok(Numbers { first, last })
    }
}
