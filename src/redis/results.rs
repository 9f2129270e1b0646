use std::collections::BTreeMap;
use std::time::Instant;

use super::error::Error;
use super::total::Total;

/// The results of a round of exchanges with the store.
pub(super) struct Results {
    asked: Instant,
    keys: BTreeMap<String, Result<Total, Error>>,
    /// Errors to report in addition to those in `keys`.
    told: Vec<Error>,
    /// The error that ended the round early.
    failed: Option<Error>,
}

impl Results {
    pub(super) fn new() -> Self {
        Self { asked: Instant::now(), keys: BTreeMap::new(), told: Vec::new(), failed: None }
    }

    pub(super) fn add(&mut self, key: &str, total: Result<u64, Error>) {
        let total = total.map(|total| Total::new(total, self.asked));
        self.keys.insert(key.into(), total);
    }

    pub(super) fn tell(&mut self, error: Option<Error>) {
        self.told.extend(error);
    }

    pub(super) fn fail(&mut self, error: Error) {
        self.failed = Some(error);
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// The outcome so far: all errors as one.
    pub(super) fn outcome(&self) -> Result<(), Error> {
        let errors = self.keys.values().filter_map(|total| total.as_ref().err());
        let errors = self.failed.iter().chain(&self.told).chain(errors).cloned().collect();
        Error::of_all(errors).map_or(Ok(()), Err)
    }

    /// The total of a key that the round has read.
    pub(super) fn total(&self, key: &str) -> Result<Total, Error> {
        match (self.keys.get(key), &self.failed) {
            (Some(total), _) => total.clone(),
            (None, Some(error)) => Err(error.clone()),
            (None, None) => Err(Error::NotRead { key: key.into() }),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.failed.is_none()
    }
}
