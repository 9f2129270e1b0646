use std::error::Error;
use std::fmt;

/// The most bounds that a histogram can have.
pub(super) const MAX_BOUNDS: usize = 1_000;

/// Why a [`Histogram`](super::Histogram) cannot have the given bounds.
///
/// # Examples
///
/// ```
/// use hotcount::Histogram;
///
/// let error = Histogram::with_bounds(&[0.5, 0.1]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "bound 1 is 0.1, which is not above bound 0 (0.5): list each bound once, in ascending order"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum InvalidBounds {
    /// The bound at `index` is NaN or infinite.
    NotFinite {
        /// The place of the bound, from 0.
        index: usize,
        /// The bound.
        bound: f64,
    },
    /// The bound at `index` is not above the one before.
    NotAscending {
        /// The place of the bound, from 0.
        index: usize,
        /// The bound.
        bound: f64,
        /// The bound before it.
        before: f64,
    },
    /// There are more than [`Histogram::MAX_BOUNDS`](super::Histogram::MAX_BOUNDS).
    TooMany,
}

impl fmt::Display for InvalidBounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFinite { index, bound } => write!(
                f,
                "bound {index} is {bound}: take finite numbers, and leave infinity out, because \
                 the last bucket always ends at infinity"
            ),
            Self::NotAscending { index, bound, before } => write!(
                f,
                "bound {index} is {bound}, which is not above bound {} ({before}): list each bound \
                 once, in ascending order",
                index - 1
            ),
            Self::TooMany => write!(
                f,
                "there are more than {MAX_BOUNDS} bounds: take fewer, because each has a cell in the \
                 row of every thread"
            ),
        }
    }
}

impl Error for InvalidBounds {}
