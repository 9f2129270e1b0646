use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::tables::GROUPS;

/// What was measured: for each group, for each type, by parameter.
pub(crate) struct Results {
    machine: Value,
    groups: BTreeMap<String, BTreeMap<String, Series>>,
}

/// One type's figures by parameter: the number of threads, of counters, of reads in a hundred. A
/// bench without a parameter stands at 0.
pub(crate) type Series = BTreeMap<u32, Figure>;

#[derive(Clone, Copy)]
pub(crate) struct Figure {
    pub median: f64,
    /// The median absolute deviation.
    pub spread: f64,
}

/// Benches that measure no time record their figures here: by name, then by parameter.
const RECORDED: [&str; 7] =
    ["memory", "keyed_memory", "get_together", "instructions", "locked", "transfers", "waits"];

impl Results {
    pub(crate) fn read(criterion: &Path) -> Result<Self, Box<dyn Error>> {
        let record = criterion.join("hotcount");
        let machine = json(&record.join("machine.json")).map_err(|error| {
            format!("{error}; nothing was measured yet: run `cargo bench`, or add `--measure`")
        })?;
        let mut results = Self { machine, groups: BTreeMap::new() };
        results.read_folder(criterion)?;
        for group in RECORDED {
            let file = record.join(group).with_extension("json");
            if file.exists() {
                results.read_record(group, &file)?;
            }
        }
        Ok(results)
    }

    fn read_folder(&mut self, folder: &Path) -> Result<(), Box<dyn Error>> {
        if folder.ends_with("new") {
            return self.read_bench(folder);
        }
        for entry in fs::read_dir(folder).map_err(|error| named(folder, &error))? {
            let path = entry?.path();
            if path.is_dir() {
                self.read_folder(&path)?;
            }
        }
        Ok(())
    }

    fn read_bench(&mut self, folder: &Path) -> Result<(), Box<dyn Error>> {
        let bench = json(&folder.join("benchmark.json"))?;
        let estimates = json(&folder.join("estimates.json"))?;
        let text = |key: &str| bench[key].as_str().unwrap_or_default();
        let estimate = |key: &str| estimates[key]["point_estimate"].as_f64();
        let median = estimate("median").ok_or_else(|| named(folder, &"no median"))?;
        let spread = estimate("median_abs_dev").ok_or_else(|| named(folder, &"no spread"))?;
        let parameter = text("value_str").parse().unwrap_or(0);
        self.add(text("group_id"), text("function_id"), parameter, Figure { median, spread });
        Ok(())
    }

    fn read_record(&mut self, group: &str, file: &Path) -> Result<(), Box<dyn Error>> {
        let record: BTreeMap<String, BTreeMap<u32, f64>> = serde_json::from_value(json(file)?)
            .map_err(|error| {
                named(file, &format!("not a record of this tool's benches: {error}"))
            })?;
        for (name, figures) in record {
            for (parameter, median) in figures {
                self.add(group, &name, parameter, Figure { median, spread: 0.0 });
            }
        }
        Ok(())
    }

    fn add(&mut self, group: &str, name: &str, parameter: u32, figure: Figure) {
        let group = self.groups.entry(group.to_string()).or_default();
        group.entry(name.to_string()).or_default().insert(parameter, figure);
    }

    /// A group's types, ours first and then the baselines and peers by name.
    pub(crate) fn group(&self, group: &str) -> Vec<(&str, &Series)> {
        let mut types: Vec<_> =
            self.groups.get(group).into_iter().flatten().map(|(k, v)| (&**k, v)).collect();
        let rank = |name| FIRST.iter().position(|first| *first == name);
        types.sort_by_key(|(name, _)| rank(*name).unwrap_or(FIRST.len()));
        types
    }

    /// The headings of the tables that have no figures.
    pub(crate) fn missing(&self) -> impl Iterator<Item = &'static str> {
        let headings = GROUPS.iter().filter(|(group, ..)| self.group(group).is_empty());
        headings.map(|(_, heading, _)| *heading)
    }

    pub(crate) fn machine(&self, key: &str) -> String {
        let value = &self.machine[key];
        value.as_str().map_or_else(|| value.to_string(), str::to_string)
    }
}

/// Our types and the baselines, in the order of rows and lines; peers follow.
pub(crate) const FIRST: [&str; 7] = [
    "private cell",
    "ShardedCounter",
    "AtomicCounter",
    "AtomicU64",
    "LockedCounter",
    "parking_lot Mutex",
    "std Mutex",
];

fn json(file: &Path) -> Result<Value, Box<dyn Error>> {
    let text = fs::read_to_string(file).map_err(|error| named(file, &error))?;
    Ok(serde_json::from_str(&text).map_err(|error| named(file, &error))?)
}

fn named(path: &Path, error: &impl ToString) -> String {
    format!("{}: {}", path.display(), error.to_string())
}
