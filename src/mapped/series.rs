use std::fmt::{self, Write};

use super::series_error::SeriesError;

/// The metric of the counters whose names are not series.
pub(crate) const OTHERS: &str = "counter_file_total";

/// A metric's name and labels, written as the name of a counter in a file.
///
/// Exporters show the counters of a file as series of Prometheus: `ViewMetrics` of the modules
/// `prometheus` and `prometheus_client`. The name of a counter is its series in the text form that
/// Prometheus uses, so that people can read it and any program can write it:
///
/// ```text
/// hits_total
/// hits_total{method="GET",path="/"}
/// ```
///
/// - The metric's name matches `[a-zA-Z_:][a-zA-Z0-9_:]*` and ends with `_total`.
/// - A label's name matches `[a-zA-Z_][a-zA-Z0-9_]*` and does not begin with `__`. Labels are sorted
///   by their names, and no name occurs twice.
/// - A label's value is not empty. In it `\` is written `\\`, `"` is written `\"`, and a line feed
///   `\n`.
/// - There is no other character, such as a space or a last comma.
///
/// Any other name is exported too: as `counter_file_total`, with the name as the label `name`. So
/// every counter is on the page, and two names are never one series.
///
/// A name has at most 111 bytes, so long label values do not fit: [`CounterFile::counter`] refuses
/// them with [`NameTooLong`](super::ErrorKind::NameTooLong).
///
/// [`CounterFile::counter`]: super::CounterFile::counter
///
/// # Examples
///
/// ```
/// use hotcount::mapped::Series;
///
/// let series = Series::new("hits_total", &[("path", "/"), ("method", "GET")])?;
/// assert_eq!(series.to_string(), r#"hits_total{method="GET",path="/"}"#);
/// assert_eq!(Series::of_counter(&series.to_string()), series);
///
/// let other = Series::of_counter("page hits");
/// assert_eq!(other.to_string(), r#"counter_file_total{name="page hits"}"#);
/// # Ok::<(), hotcount::mapped::SeriesError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Series {
    metric: String,
    /// Sorted, no name twice.
    labels: Vec<(String, String)>,
}

impl Series {
    /// Returns the series of a metric with these labels. Their order does not matter.
    ///
    /// Its text is the name for the counter: `file.counter(&series.to_string())`.
    ///
    /// # Errors
    ///
    /// If a name or value is not as [`Series`] says, or if the metric is `counter_file_total`, which
    /// is kept for other names.
    pub fn new(metric: &str, labels: &[(&str, &str)]) -> Result<Self, SeriesError> {
        let stem = metric.strip_suffix("_total").unwrap_or("");
        if !is_name(stem, ":") {
            return Err(SeriesError::Metric(metric.into()));
        }
        if metric == OTHERS {
            return Err(SeriesError::Kept(metric.into()));
        }
        for (name, value) in labels {
            if !is_name(name, "") || name.starts_with("__") {
                return Err(SeriesError::Label((*name).into()));
            }
            if value.is_empty() {
                return Err(SeriesError::NoValue((*name).into()));
            }
        }
        let mut labels: Vec<_> =
            labels.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        labels.sort_unstable();
        if let Some([(name, _), ..]) = labels.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(SeriesError::Twice(name.clone()));
        }
        Ok(Self { metric: metric.into(), labels })
    }

    /// Returns the series that the counter with this name is exported as.
    #[must_use]
    pub fn of_counter(name: &str) -> Self {
        Self::parse(name).unwrap_or_else(|| Self {
            metric: OTHERS.into(),
            labels: vec![("name".into(), name.into())],
        })
    }

    /// The metric's name.
    #[must_use]
    pub fn metric(&self) -> &str {
        &self.metric
    }

    /// The labels, names and values, sorted by name.
    #[must_use]
    pub fn labels(&self) -> &[(String, String)] {
        &self.labels
    }

    fn parse(name: &str) -> Option<Self> {
        let (metric, mut rest) = name.split_once('{').unwrap_or((name, ""));
        let mut labels = Vec::new();
        while !rest.is_empty() {
            let (label, quoted) = rest.split_once("=\"")?;
            let (value, after) = unquote(quoted)?;
            labels.push((label, value));
            rest = after.strip_prefix([',', '}'])?;
        }
        let labels: Vec<_> = labels.iter().map(|(label, value)| (*label, value.as_str())).collect();
        let series = Self::new(metric, &labels).ok()?;
        // Only one text is the name of a series, so that two names are never one series.
        (series.to_string() == name).then_some(series)
    }
}

/// Splits at the quote that ends a value, and resolves what is escaped before it.
fn unquote(quoted: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = quoted.chars();
    loop {
        match chars.next()? {
            '"' => return Some((value, chars.as_str())),
            '\\' => value.push(match chars.next()? {
                'n' => '\n',
                other => other,
            }),
            other => value.push(other),
        }
    }
}

/// Whether this is a name in Prometheus: ASCII letters, `_`, the characters in `also`, and digits,
/// which cannot come first.
fn is_name(name: &str, also: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_' || also.contains(c);
    name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit())
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.metric)?;
        let mut before = '{';
        for (name, value) in &self.labels {
            write!(f, "{before}{name}=\"")?;
            for c in value.chars() {
                match c {
                    '\n' => f.write_str("\\n")?,
                    '\\' | '"' => write!(f, "\\{c}")?,
                    c => f.write_char(c)?,
                }
            }
            f.write_char('"')?;
            before = ',';
        }
        if self.labels.is_empty() { Ok(()) } else { f.write_char('}') }
    }
}
