//! How fast is it here? Turns what the benches measured into tables and pictures.
//!
//! It reads criterion's own JSON, and what the other benches recorded beside it, in
//! `target/criterion`. It writes one section for this machine and the pictures to `target/report`.
//! With `--merge` it puts the section into `benches/RESULTS.md`, beside those of other machines.
//!
//! Run it: `cargo run --release --manifest-path benches/peers/Cargo.toml -- --measure`

mod axis;
mod dots;
mod measure;
mod page;
mod picture;
mod pictures;
mod results;
mod tables;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base64::{Engine, prelude::BASE64_STANDARD};
use clap::Parser;
use page::Page;
use results::Results;

/// Turns what the benches measured into tables and pictures.
#[derive(Parser)]
struct Options {
    /// Run every bench first, other crates' included: about half an hour on a quiet machine
    #[arg(long)]
    measure: bool,
    /// Put this machine's section into `benches/RESULTS.md`, and its pictures beside it
    #[arg(long)]
    merge: bool,
    /// The root of the project
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))]
    root: PathBuf,
}

fn main() -> ExitCode {
    match report(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("report: {error}");
            ExitCode::FAILURE
        }
    }
}

fn report(options: &Options) -> Result<(), Box<dyn Error>> {
    let root = fs::canonicalize(&options.root)
        .map_err(|error| format!("{}: {error}", options.root.display()))?;
    let left_out = if options.measure { measure::everything(&root) } else { Vec::new() };
    let results = Results::read(&root.join("target/criterion"))?;
    let to = root.join(if options.merge { "benches" } else { "target/report" });
    for picture in pictures::all() {
        match picture.draw(&results)? {
            Some(svg) => {
                write(&to.join(format!("pictures/{}.svg", picture.group)), &svg)?;
                if picture.group == "add" {
                    write(&to.join("pictures/add.md"), &embedded(&svg))?;
                }
            }
            None => println!("not drawn: {}.svg, nothing was measured for it", picture.group),
        }
    }
    let file = to.join("RESULTS.md");
    let mut page = Page::read(&root.join("benches/RESULTS.md"))?;
    if !options.merge {
        page.keep_nothing();
    }
    page.put_machines_section(&results);
    page.put_section_of_all_machines(&results);
    write(&file, &page.to_string())?;
    for group in results.missing() {
        println!("not measured: {group}");
    }
    left_out.iter().for_each(|bench| println!("not measured: {bench}"));
    Ok(())
}

/// The docs show this picture in a page where a relative link would lead nowhere.
fn embedded(svg: &str) -> String {
    format!("[add]: data:image/svg+xml;base64,{}\n", BASE64_STANDARD.encode(svg))
}

fn write(file: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    let error = |error| format!("{}: {error}", file.display());
    fs::create_dir_all(file.parent().expect("the file lies in a folder")).map_err(error)?;
    fs::write(file, text).map_err(error)?;
    println!("{}", file.display());
    Ok(())
}
