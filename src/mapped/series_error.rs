use std::error::Error;
use std::fmt;

/// Why a metric's name and labels are not a [`Series`](super::Series).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SeriesError {
    /// This is not the name of a counter in Prometheus.
    Metric(String),
    /// This metric is kept for the counters whose names are not series.
    Kept(String),
    /// This is not the name of a label.
    Label(String),
    /// This label has an empty value.
    NoValue(String),
    /// There are two labels with this name.
    Twice(String),
}

impl fmt::Display for SeriesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Metric(name) => write!(
                f,
                "the metric name {name:?} does not match [a-zA-Z_:][a-zA-Z0-9_:]*_total: \
                 use letters, digits, _ and :, and end it with _total"
            ),
            Self::Kept(name) => write!(
                f,
                "the metric name {name:?} is kept for counters whose names are not series: \
                 use another"
            ),
            Self::Label(name) => write!(
                f,
                "the label name {name:?} does not match [a-zA-Z_][a-zA-Z0-9_]*, or begins with __: \
                 use letters, digits and _"
            ),
            Self::NoValue(name) => write!(
                f,
                "the label {name:?} has an empty value, which Prometheus takes for no label: \
                 leave the label out"
            ),
            Self::Twice(name) => {
                write!(f, "the label {name:?} is there twice: give each label one value")
            }
        }
    }
}

impl Error for SeriesError {}
