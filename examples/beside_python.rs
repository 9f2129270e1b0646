//! How much faster is a counter in a file than Python's `multiprocessing.Value` with its lock?
//!
//! Both programs do the same: processes count together in one shared counter. The time includes the
//! start of the processes. If `python3` is not installed, the second line says so.
//!
//! Run it: `cargo run --release --features mapped --example beside_python -- --times 1000`. Without
//! `--times`, each of the 50 processes counts to 1,000,000. Python takes minutes for that.
//!
//! It prints, with other times:
//! ```text
//! hotcount  50 processes × 1000 = 50000 in 0.08 s
//! python3   50 processes × 1000 = 50000 in 0.30 s
//! ```

use std::error::Error;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::Instant;

use clap::Parser;
use hotcount::{Counter, mapped::CounterFile};

/// More would take days.
const MOST: u64 = 1_000_000_000_000;

const PYTHON: &str = r"
import multiprocessing, sys, time

def count(counter, times):
    for _ in range(times):
        with counter.get_lock():
            counter.value += 1

if __name__ == '__main__':
    processes, times = int(sys.argv[1]), int(sys.argv[2])
    start = time.perf_counter()
    counter = multiprocessing.Value('Q', 0)
    workers = [multiprocessing.Process(target=count, args=(counter, times)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - start
    assert counter.value == processes * times
    print(f'python3   {processes} processes × {times} = {counter.value} in {seconds:.2f} s')
";

/// Counts with many processes in Rust, then in Python.
#[derive(Parser)]
struct Options {
    /// How many processes count
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=1000))]
    processes: u64,
    /// How far each process counts
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=MOST))]
    times: u64,
    /// Count in this file, as one of the processes
    #[arg(long, hide = true)]
    file: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Options { processes, times, file } = Options::parse();
    if let Some(file) = file {
        let hits = CounterFile::open(file)?.counter("hits")?;
        (0..times).for_each(|_| hits.increment());
        return Ok(());
    }
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("hits.counters");
    let clock = Instant::now();
    let start = |_| -> io::Result<Child> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--times", &times.to_string()]).arg("--file").arg(&file).spawn()
    };
    for mut worker in (0..processes).map(start).collect::<io::Result<Vec<_>>>()? {
        assert!(worker.wait()?.success());
    }
    let seconds = clock.elapsed().as_secs_f64();
    let counted = CounterFile::open_read_only(file)?.get("hits").unwrap_or(0);
    assert_eq!(counted, processes * times);
    println!("hotcount  {processes} processes × {times} = {counted} in {seconds:.2} s");

    let arguments = [processes, times].map(|number| number.to_string());
    match Command::new("python3").args(["-c", PYTHON]).args(arguments).status() {
        Ok(status) => assert!(status.success(), "python3: {status}"),
        Err(error) if error.kind() == ErrorKind::NotFound => println!("python3   is not installed"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
