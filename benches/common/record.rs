use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use super::{output, root};

/// Whether the benches are only tried or listed.
pub(crate) fn nothing_is_measured() -> bool {
    std::env::args().any(|argument| argument == "--test" || argument == "--list")
}

/// Records what the figures beside it were measured on.
pub(crate) fn machine() {
    if nothing_is_measured() {
        return;
    }
    let root = root().display().to_string();
    let git = |arguments: &[&str]| command("git", &[&["-C", &root], arguments].concat());
    let changed = if git(&["status", "--porcelain", "src"]).is_empty() { "" } else { ", changed" };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    write(
        "machine",
        &json!({
            "cpu": cpu(),
            "cores": cores,
            "system": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            "rustc": command("rustc", &["--version"]),
            "commit": git(&["rev-parse", "--short", "HEAD"]) + changed,
            "date": command("date", &["-u", "+%Y-%m-%d"]),
        }),
    );
}

/// What a bench that measures no time leaves for the report: figures by name and parameter.
pub(crate) type Figures = BTreeMap<String, BTreeMap<usize, f64>>;

/// Records figures under the name that the report knows them by.
pub(crate) fn figures(name: &str, figures: &Figures) {
    write(name, &json!(figures));
}

fn write(name: &str, value: &Value) {
    let folder = output().join("hotcount");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let file = folder.join(name).with_extension("json");
    fs::write(file, format!("{value:#}\n")).expect("the target folder can be written");
}

/// The CPU by its numbers where it has them: one marketing name covers several generations.
fn cpu() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let mut fields = info.lines().filter_map(|line| line.split_once(':'));
        fields.find(|(known, _)| known.trim() == name).map(|(_, value)| value.trim())
    };
    let numbers = ["vendor_id", "cpu family", "model", "stepping"].map(field);
    match numbers {
        [Some(vendor), Some(family), Some(model), Some(stepping)] => {
            format!("{vendor} family {family} model {model} stepping {stepping}")
        }
        _ => command("sysctl", &["-n", "machdep.cpu.brand_string"]),
    }
}

/// What a command prints, or "unknown".
fn command(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let printed = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_string());
    printed.unwrap_or_else(|_| "unknown".to_string())
}
