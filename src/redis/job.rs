use std::sync::mpsc::SyncSender;
use std::time::Duration;

use super::error::Error;
use super::total::Total;
use crate::counter::Counter;

/// A request of a publisher to its background thread.
pub(super) enum Job {
    Watch {
        key: String,
        counter: Box<dyn Counter>,
    },
    /// Read the totals that are followed.
    Follow,
    Interval(Duration),
    Publish {
        last: bool,
        reply: SyncSender<Result<(), Error>>,
    },
    Total {
        key: String,
        reply: SyncSender<Result<Total, Error>>,
    },
    Sweep {
        key: String,
        from: String,
        silence: Duration,
        reply: SyncSender<Result<Swept, Error>>,
    },
}

/// Where a sweep goes on, "0" at its end, and the number of lives that the step has ended.
pub(super) type Swept = (String, u64);
