use std::error::Error;
use std::fmt::{self, Display, Write};
use std::path::Path;
use std::{fs, io};

use crate::results::Results;
use crate::{pictures, tables};

/// `RESULTS.md`: an introduction, what holds on every machine, and a section for each machine.
pub(crate) struct Page {
    /// Heading and text of each section, in the order of the page.
    sections: Vec<(String, String)>,
}

const INTRODUCTION: &str = "\
# Results

Two kinds of figures stand here. The first section holds on every machine: it counts what a
machine cannot change. The others are times, one section for each machine that was measured.

A time is a median with its median absolute deviation. It is wall time divided by the operations of
all threads: with two cores, two threads can halve it. Every bench asserts the counter's total, but
those of `sharded-counter`, which gives ids and has no total. Bytes are those that were asked of the
allocator: the operating system backs only the pages of a row that are used. A machine is named by its CPU's vendor,
family, model and stepping, because marketing names cover several generations.

To measure your machine, and to write its section to `target/report/RESULTS.md`:

```sh
cargo run --release --manifest-path benches/peers/Cargo.toml -- --measure
```
";

const EVERY_MACHINE: &str = "On every machine";

impl Page {
    /// Reads the sections of a page that this tool wrote. A page that is not there has none.
    pub(crate) fn read(file: &Path) -> Result<Self, Box<dyn Error>> {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(format!("{}: {error}", file.display()).into()),
        };
        let sections = text.split("\n## ").skip(1).map(|section| {
            let (heading, text) = section.split_once('\n').unwrap_or((section, ""));
            (heading.to_string(), format!("{}\n", text.trim()))
        });
        Ok(Self { sections: sections.collect() })
    }

    pub(crate) fn keep_nothing(&mut self) {
        self.sections.clear();
    }

    /// Puts the section of the machine that was measured in the place of its last one.
    pub(crate) fn put_machines_section(&mut self, results: &Results) {
        let machine = |key: &str| results.machine(key);
        let heading =
            format!("{}, {} cores, {}", machine("cpu"), machine("cores"), machine("system"));
        let mut text = format!(
            "Measured with {}, commit {}, on {}.\n",
            machine("rustc"),
            machine("commit"),
            machine("date"),
        );
        for (group, title, parameter) in tables::GROUPS {
            let table = tables::times(results, group, parameter);
            if table.is_empty() {
                continue;
            }
            let _ = write!(text, "\n### {title}\n\n{table}");
            if group == "add" {
                text += &tables::ratios(results, "private cell");
                text += &tables::ratios(results, "AtomicU64");
            }
            if pictures::all().iter().any(|picture| picture.group == group) {
                let _ = write!(text, "\n![{title}](pictures/{group}.svg)\n");
            }
        }
        self.put(&heading, text);
    }

    /// Puts the counts of instructions and of cache lines first, if they were made.
    pub(crate) fn put_section_of_all_machines(&mut self, results: &Results) {
        if let Some(text) = tables::on_every_machine(results) {
            self.sections.retain(|(heading, _)| heading != EVERY_MACHINE);
            self.sections.insert(0, (EVERY_MACHINE.to_string(), text));
        }
    }

    fn put(&mut self, heading: &str, text: String) {
        // One picture of a kind lies beside the page: it is that of the section measured last.
        for (_, other) in &mut self.sections {
            let redrawn = |line: &str| line.starts_with("![") && text.contains(line);
            let lines = other.lines().filter(|line| !redrawn(line)).collect::<Vec<_>>();
            *other = lines.join("\n").replace("\n\n\n", "\n\n") + "\n";
        }
        match self.sections.iter_mut().find(|(known, _)| known == heading) {
            Some((_, old)) => *old = text,
            None => self.sections.push((heading.to_string(), text)),
        }
    }
}

impl Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(INTRODUCTION)?;
        self.sections
            .iter()
            .try_for_each(|(heading, text)| write!(f, "\n## {heading}\n\n{}\n", text.trim()))
    }
}
