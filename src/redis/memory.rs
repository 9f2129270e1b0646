use std::collections::HashMap;

use parking_lot::Mutex;

use super::results::Results;
use super::{Error, Health, Total};

/// What the background thread has found out, for callers that do not wait.
#[derive(Default)]
pub(super) struct Memory(Mutex<State>);

#[derive(Default)]
struct State {
    /// The keys that are watched or were asked for.
    keys: HashMap<String, Known>,
    health: Health,
}

#[derive(Default)]
struct Known {
    is_watched: bool,
    /// `None` until the first round.
    total: Option<Result<Total, Error>>,
}

impl Memory {
    /// Enters a key as a watched one. Returns `false` if it was watched before.
    pub(super) fn watch(&self, key: &str) -> bool {
        let mut state = self.0.lock();
        let known = state.keys.entry(key.into()).or_default();
        !std::mem::replace(&mut known.is_watched, true)
    }

    /// Enters a key to be read. Returns `false` if it was there.
    pub(super) fn follow(&self, key: &str) -> bool {
        let mut state = self.0.lock();
        let is_new = !state.keys.contains_key(key);
        if is_new {
            state.keys.insert(key.into(), Known::default());
        }
        is_new
    }

    /// The total of a key, `None` until it has been read.
    pub(super) fn total(&self, key: &str) -> Option<Result<Total, Error>> {
        self.0.lock().keys.get(key)?.total.clone()
    }

    pub(super) fn health(&self) -> Health {
        self.0.lock().health.clone()
    }

    /// Takes in a round. A total stays when the store cannot be reached, and becomes older.
    pub(super) fn record(&self, results: &Results) {
        if results.is_empty() {
            return;
        }
        let mut state = self.0.lock();
        for (key, Known { total, .. }) in &mut state.keys {
            match results.total(key) {
                Err(Error::NotRead { .. }) => {}
                Err(Error::Unavailable(_) | Error::Denied { .. })
                    if matches!(total, Some(Ok(_))) => {}
                new => *total = Some(new),
            }
        }
        match results.outcome() {
            Ok(()) => state.health.succeeded(),
            Err(error) => state.health.failed(error),
        }
    }
}
