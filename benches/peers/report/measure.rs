use std::path::Path;
use std::process::Command;

/// Every bench that leaves figures, as a command at the root of the project.
const BENCHES: [&[&str]; 3] = [
    &["cargo", "bench", "--all-features"],
    &["cargo", "bench", "--manifest-path", "benches/peers/Cargo.toml"],
    &["java", "benches/peers/LongAdderBench.java"],
];

/// Runs all benches and returns those that failed, each with the reason.
pub(crate) fn everything(root: &Path) -> Vec<String> {
    let run = |command: &&[&str]| {
        let shown = command.join(" ");
        println!("$ {shown}");
        let reason = match Command::new(command[0]).args(&command[1..]).current_dir(root).status() {
            Ok(status) if status.success() => return None,
            Ok(status) => format!("it ended with {status}"),
            Err(error) => error.to_string(),
        };
        Some(format!("`{shown}`: {reason}"))
    };
    BENCHES.iter().filter_map(run).collect()
}
