//! How do I watch what processes count, without any change to them?
//!
//! The program opens the file read-only, and opens it anew for each reading. So it keeps running
//! when processes restart and when the file is replaced. On a terminal the counters stay in place.
//! Elsewhere it prints lines of name, value and rate, with tabs between them, then an empty line.
//!
//! Run it: `cargo run --release --features mapped --example watch_counters -- hits.counters`
//!
//! It prints, each second:
//! ```text
//! hits.counters                          value        per second
//! page_hits                             120358              1204
//! errors                                     7                 0
//! ```

use std::collections::HashMap;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use hotcount::mapped::{CounterFile, Error};

/// Shows the counters of a file, and how fast they go up.
#[derive(Parser)]
struct Options {
    /// The counter file
    file: PathBuf,
    /// Seconds between two looks at the file
    #[arg(long, default_value = "1", value_parser = seconds)]
    every: Duration,
    /// How often to look at the file; without it, until the program is stopped
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    looks: Option<u64>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let sensible = Duration::from_millis(10)..=Duration::from_secs(86_400);
    seconds.filter(|seconds| sensible.contains(seconds)).ok_or("choose 0.01 to 86400".into())
}

/// The counters at one moment, in the order of the file.
struct Look {
    counters: Vec<(String, u64)>,
    taken: Instant,
}

impl Look {
    fn take(file: &Path) -> Result<Self, Error> {
        let view = CounterFile::open_read_only(file)?;
        Ok(Self { counters: view.iter().collect(), taken: Instant::now() })
    }

    /// Each counter with its rate since `before`. A counter that is new, or lower, has rate 0.
    fn rates<'a>(&'a self, before: Option<&'a Look>) -> impl Iterator<Item = (String, u64, u64)> {
        let before = before.unwrap_or(self);
        let old: HashMap<_, _> =
            before.counters.iter().map(|(name, value)| (name, *value)).collect();
        let millis = (self.taken - before.taken).as_millis().max(1);
        self.counters.iter().map(move |(name, value)| {
            let more = old.get(name).map_or(0, |old| value.saturating_sub(*old));
            let rate = u128::from(more) * 1000 / millis;
            // A name can contain commands for the terminal.
            (name.escape_debug().to_string(), *value, rate.try_into().unwrap_or(u64::MAX))
        })
    }
}

fn show(file: &Path, look: Result<&Look, &Error>, before: Option<&Look>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let terminal = out.is_terminal();
    if terminal {
        // Move to the corner, then clear the screen.
        write!(out, "\x1B[H\x1B[J")?;
    }
    match look {
        Err(error) => writeln!(out, "{error}")?,
        Ok(look) if terminal => {
            writeln!(out, "{:<26} {:>17} {:>17}", file.display(), "value", "per second")?;
            for (name, value, rate) in look.rates(before) {
                writeln!(out, "{name:<26} {value:>17} {rate:>17}")?;
            }
        }
        Ok(look) => {
            for (name, value, rate) in look.rates(before) {
                writeln!(out, "{name}\t{value}\t{rate}")?;
            }
            writeln!(out)?;
        }
    }
    out.flush()
}

fn main() -> ExitCode {
    let Options { file, every, looks } = Options::parse();
    let mut before = None;
    for taken in 1.. {
        let look = Look::take(&file);
        if let (Err(error), None) = (&look, &before) {
            eprintln!("watch_counters: {error}");
            return ExitCode::from(2);
        }
        if show(&file, look.as_ref(), before.as_ref()).is_err() || looks.is_some_and(|n| n <= taken)
        {
            break; // The output is closed, or this was the last look.
        }
        before = look.ok().or(before);
        thread::sleep(every);
    }
    ExitCode::SUCCESS
}
