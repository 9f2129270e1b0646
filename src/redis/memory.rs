use std::collections::HashMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::error::Error;
use super::health::Health;
use super::results::Results;
use super::total::Total;

/// How long a key that is not watched is read after the program last asked for it.
const FOLLOWED: Duration = Duration::from_secs(60);

/// The results of the background thread, for callers that do not wait.
#[derive(Default)]
pub(super) struct Memory(Mutex<State>);

#[derive(Default)]
struct State {
    /// The keys that are watched or were asked for.
    keys: HashMap<String, Known>,
    health: Health,
}

struct Known {
    is_watched: bool,
    /// When the program last asked for the total.
    asked: Instant,
    /// `None` until the first round.
    total: Option<Result<Total, Error>>,
}

impl Known {
    fn new() -> Self {
        Self { is_watched: false, asked: Instant::now(), total: None }
    }
}

impl Memory {
    /// Enters a key as a watched one. Returns `false` if it was watched before.
    pub(super) fn watch(&self, key: &str) -> bool {
        let mut state = self.0.lock();
        let known = state.keys.entry(key.into()).or_insert_with(Known::new);
        !std::mem::replace(&mut known.is_watched, true)
    }

    /// Enters a key to be read. Returns `false` if it was there.
    pub(super) fn follow(&self, key: &str) -> bool {
        let mut state = self.0.lock();
        if let Some(known) = state.keys.get_mut(key) {
            known.asked = Instant::now();
            return false;
        }
        state.keys.insert(key.into(), Known::new());
        true
    }

    /// Returns the keys to read that are not watched. Forgets a key that the program has not asked
    /// for during a minute, or during two intervals if that is longer.
    pub(super) fn followed(&self, interval: Duration) -> Vec<String> {
        let limit = FOLLOWED.max(interval.saturating_mul(2));
        let mut state = self.0.lock();
        state.keys.retain(|_, known| known.is_watched || known.asked.elapsed() < limit);
        let followed = state.keys.iter().filter(|(_, known)| !known.is_watched);
        followed.map(|(key, _)| key.clone()).collect()
    }

    /// The total of a key, `None` until it has been read.
    pub(super) fn total(&self, key: &str) -> Option<Result<Total, Error>> {
        self.0.lock().keys.get(key)?.total.clone()
    }

    pub(super) fn health(&self) -> Health {
        self.0.lock().health.clone()
    }

    /// Records a round. While no server answers for the key, a total stays and becomes older.
    pub(super) fn record(&self, results: &Results) {
        if results.is_empty() {
            return;
        }
        let mut state = self.0.lock();
        for (key, Known { total, .. }) in &mut state.keys {
            match results.total(key) {
                Err(Error::NotRead { .. }) => {}
                Err(error) if error.is_about_the_server() && matches!(total, Some(Ok(_))) => {}
                new => *total = Some(new),
            }
        }
        match results.outcome() {
            Ok(()) => state.health.succeeded(),
            Err(error) => state.health.failed(error),
        }
    }
}
