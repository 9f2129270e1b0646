//! How fast was it? Turns what `cargo bench` measured into tables and pictures.
//!
//! It reads criterion's own JSON and the record of the machine beside it, in `target/criterion`, and
//! writes `benches/RESULTS.md` and `benches/pictures/`. The same JSON gives the same bytes.
//!
//! Run it: `cargo bench`, then `cargo run --release --example report`
//!
//! It prints the files that it wrote:
//! ```text
//! benches/pictures/add.svg
//! benches/pictures/add.md
//! benches/pictures/get.svg
//! benches/pictures/mixed.svg
//! benches/pictures/memory.svg
//! benches/RESULTS.md
//! ```

mod picture;
mod results;
mod tables;

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use base64::{Engine, prelude::BASE64_STANDARD};
use clap::Parser;
use picture::{Axis, Picture};
use results::Results;

/// Turns what `cargo bench` measured into tables and pictures.
#[derive(Parser)]
struct Options {
    /// The folder that `cargo bench` has written to
    #[arg(long, default_value = "target/criterion")]
    from: PathBuf,
    /// The folder to write to
    #[arg(long, default_value = "benches")]
    to: PathBuf,
}

fn main() -> ExitCode {
    match report(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("report: {error}; run `cargo bench` first, in the same folder");
            ExitCode::FAILURE
        }
    }
}

fn report(options: &Options) -> Result<(), Box<dyn Error>> {
    let results = Results::read(&options.from)?;
    let write = |name: &str, text: &str| {
        let file = options.to.join(name);
        fs::create_dir_all(file.parent().expect("it lies in a folder"))?;
        fs::write(&file, text)?;
        println!("{}", file.display());
        Ok::<_, std::io::Error>(())
    };
    for picture in pictures() {
        let svg = picture.draw(&results)?;
        write(&format!("pictures/{}.svg", picture.group), &svg)?;
        if picture.group == "add" {
            // The docs show this one where a relative link would lead nowhere.
            let link =
                format!("[add]: data:image/svg+xml;base64,{}\n", BASE64_STANDARD.encode(svg));
            write("pictures/add.md", &link)?;
        }
    }
    write("RESULTS.md", &page(&results))?;
    Ok(())
}

fn pictures() -> [Picture; 4] {
    let binary = Axis::Logarithmic { base: 2.0 };
    let decimal = Axis::Logarithmic { base: 10.0 };
    [
        Picture {
            group: "add",
            title: "Increments of one counter",
            x: ("threads that add at once", binary),
            y: ("million increments per second, all threads", decimal),
            value: |ns| 1_000.0 / ns,
        },
        Picture {
            group: "get",
            title: "A read",
            x: ("threads that have counted at once", decimal),
            y: ("ns per read", decimal),
            value: |ns| ns,
        },
        Picture {
            group: "mixed",
            title: "Reads among increments, 8 threads",
            x: ("% reads", Axis::Linear),
            y: ("ns per operation, wall time / operations of all threads", Axis::Linear),
            value: |ns| ns,
        },
        Picture {
            group: "memory",
            title: "Memory after 8 threads have added to each counter",
            x: ("counters", decimal),
            y: ("bytes per counter", decimal),
            value: |bytes| bytes,
        },
    ]
}

fn page(results: &Results) -> String {
    let machine = |key: &str| results.machine(key);
    let mut page = format!(
        "# Results\n\n\
         Measured on {} ({} cores, {}) with {}, commit {}, on {}.\n\n\
         Times are medians with the median absolute deviation, in nanoseconds of wall time divided \
         by the operations of all threads: with more than one core, 2 threads can halve them. Every \
         counter's total is asserted (`sharded-counter` gives ids and has none).\n",
        machine("cpu"),
        machine("cores"),
        machine("system"),
        machine("rustc"),
        machine("commit"),
        machine("date"),
    );
    for (group, heading, parameter) in tables::GROUPS {
        let _ = write!(page, "\n## {heading}\n\n{}", tables::times(results, group, parameter));
        if group == "add" {
            page += &tables::ratios(results, "private cell");
            page += &tables::ratios(results, "AtomicU64");
        }
        if pictures().iter().any(|picture| picture.group == group) {
            let _ = write!(page, "\n![{heading}](pictures/{group}.svg)\n");
        }
    }
    page
}
