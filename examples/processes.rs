//! Can processes count together exactly while some of them are killed?
//!
//! All processes open the same counter file. An addition is one instruction on memory that they
//! share. So there is no lock that a killed process could leave locked.
//!
//! First, 50 processes count to 1000 each. Then, 100 times, two processes are killed with `SIGKILL`
//! at a random moment, while two others count to 1000. The two acknowledge each addition through a
//! pipe. Every acknowledged addition must be in the file, and at most one more for each kill: an
//! addition that was made and not yet acknowledged.
//!
//! Run it: `cargo run --release --features mapped --example processes`
//!
//! It prints, with other times and numbers:
//! ```text
//! 50 processes × 1000 = 50000 in 0.08 s
//! 100 rounds, 200 processes killed: 3095954 acknowledged, 3095963 counted, none hung
//! ```

use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};
use hotcount::{Counter, mapped::CounterFile};

/// Counts with many processes, and kills some of them.
#[derive(Parser)]
struct Options {
    /// How often two processes are killed
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    rounds: u64,
    #[command(subcommand)]
    job: Option<Job>,
}

/// What one of the processes does.
#[derive(Subcommand)]
enum Job {
    /// Count to 1000 in this file
    Count { file: PathBuf },
    /// Count in this file, and acknowledge each addition, until killed
    Acknowledge { file: PathBuf },
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    match options.job {
        Some(Job::Count { file }) => {
            let hits = CounterFile::open(file)?.counter("hits")?;
            (0..1000).for_each(|_| hits.increment());
        }
        Some(Job::Acknowledge { file }) => {
            let hits = CounterFile::open(file)?.counter("hits")?;
            loop {
                hits.increment();
                io::stderr().write_all(b".")?;
            }
        }
        None => {
            let directory = tempfile::tempdir()?;
            count_together(&directory.path().join("count.counters"))?;
            kill_some(&directory.path().join("kill.counters"), options.rounds)?;
        }
    }
    Ok(())
}

/// Starts this program once more.
fn start(job: &str, file: &Path) -> io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(job).arg(file).stderr(Stdio::piped()).spawn()
}

/// Waits until a process has counted to 1000. A process that hangs is a failure.
fn finish(mut process: Child) -> io::Result<()> {
    let start = Instant::now();
    while process.try_wait()?.is_none() {
        assert!(start.elapsed() < Duration::from_secs(60), "a process hangs");
        thread::sleep(Duration::from_millis(1));
    }
    let output = process.wait_with_output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

fn count_together(file: &Path) -> Result<(), Box<dyn Error>> {
    let clock = Instant::now();
    let processes: io::Result<Vec<_>> = (0..50).map(|_| start("count", file)).collect();
    processes?.into_iter().try_for_each(finish)?;
    let time = clock.elapsed().as_secs_f64();
    let counted = CounterFile::open_read_only(file)?.get("hits");
    assert_eq!(counted, Some(50_000));
    println!("50 processes × 1000 = 50000 in {time:.2} s");
    Ok(())
}

fn kill_some(file: &Path, rounds: u64) -> Result<(), Box<dyn Error>> {
    let hits = CounterFile::open(file)?.counter("hits")?;
    let random = RandomState::new();
    let (mut acknowledged, mut killed) = (0, 0);
    for round in 0..rounds {
        let victims = [start("acknowledge", file)?, start("acknowledge", file)?];
        let others = [start("count", file)?, start("count", file)?];
        thread::sleep(Duration::from_micros(random.hash_one(round) % 10_000));
        for mut victim in victims {
            victim.kill()?;
            let mut pipe = victim.stderr.take().expect("stderr is piped");
            acknowledged += pipe.read_to_end(&mut Vec::new())? as u64;
            victim.wait()?;
            killed += 1;
        }
        others.into_iter().try_for_each(finish)?;
        let counted = hits.get() - (round + 1) * 2000;
        assert!((acknowledged..=acknowledged + killed).contains(&counted), "{counted} counted");
    }
    let counted = hits.get() - rounds * 2000;
    println!(
        "{rounds} rounds, {killed} processes killed: {acknowledged} acknowledged, {counted} \
         counted, none hung"
    );
    Ok(())
}
