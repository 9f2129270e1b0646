use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;

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

impl Results {
    pub(crate) fn read(criterion: &Path) -> Result<Self, Box<dyn Error>> {
        let machine = json(&criterion.join("hotcount/machine.json"))?;
        let mut results = Self { machine, groups: BTreeMap::new() };
        results.read_folder(criterion)?;
        let memory = json(&criterion.join("hotcount/memory.json"))?;
        for (name, by_count) in memory.as_object().ok_or("memory.json holds no object")? {
            for (count, bytes) in by_count.as_object().ok_or("memory.json holds no counts")? {
                let median = bytes.as_f64().ok_or("memory.json holds no bytes")?;
                results.add("memory", name, count.parse()?, Figure { median, spread: 0.0 });
            }
        }
        Ok(results)
    }

    fn read_folder(&mut self, folder: &Path) -> Result<(), Box<dyn Error>> {
        if folder.ends_with("new") {
            return self.read_bench(folder);
        }
        for entry in fs::read_dir(folder).map_err(|error| at(folder, &error))? {
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
        let median = estimate("median").ok_or_else(|| at(folder, &"no median"))?;
        let spread = estimate("median_abs_dev").ok_or_else(|| at(folder, &"no spread"))?;
        let parameter = text("value_str").parse().unwrap_or(0);
        self.add(text("group_id"), text("function_id"), parameter, Figure { median, spread });
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
        let place = |name| FIRST.iter().position(|first| *first == name);
        types.sort_by_key(|(name, _)| place(*name).unwrap_or(FIRST.len()));
        types
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
    let text = fs::read_to_string(file).map_err(|error| at(file, &error))?;
    Ok(serde_json::from_str(&text).map_err(|error| at(file, &error))?)
}

fn at(path: &Path, error: &impl ToString) -> String {
    format!("{}: {}", path.display(), error.to_string())
}
