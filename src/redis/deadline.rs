use std::io;
use std::time::{Duration, Instant};

use ::redis::RedisResult;

/// 2 s: the time limit of an exchange with the store, and the longest that
/// [`publish`](super::Publisher::publish) and [`retire`](super::Publisher::retire) wait.
pub const TIMEOUT: Duration = Duration::from_secs(2);

/// The time left until `deadline`, or the error of a time-out.
pub(super) fn left(deadline: Instant) -> RedisResult<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(io::Error::from(io::ErrorKind::TimedOut).into());
    }
    Ok(left)
}

/// The middle between now and `deadline`: it leaves time for another attempt.
pub(super) fn halfway(deadline: Instant) -> Instant {
    let now = Instant::now();
    now + deadline.saturating_duration_since(now) / 2
}
