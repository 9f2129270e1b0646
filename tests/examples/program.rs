use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant, UNIX_EPOCH};

/// An example, ready to be started. `cargo test` has built it, beside the test programs.
pub(crate) fn example(name: &str) -> Command {
    let test = std::env::current_exe().expect("the test has a path");
    let target = test.ancestors().nth(2).expect("it lies in target/<profile>/deps");
    let path: PathBuf =
        target.join("examples").join(name).with_extension(std::env::consts::EXE_EXTENSION);
    let state = if !path.exists() {
        "missing"
    } else if is_stale(&path) {
        "older than its source"
    } else {
        return Command::new(path);
    };
    let release = if target.ends_with("release") { " --release" } else { "" };
    panic!(
        "{} is {state}: `cargo test{release}` builds the examples before it runs them, \
         `cargo test --test examples` does not: run `cargo build{release} --examples` first, \
         with the same features",
        path.display()
    );
}

/// Runs a program that ends by itself in seconds. After a minute it hangs, and is stopped.
pub(crate) fn run(mut program: Command) -> Output {
    let (stdout, stderr) = (Stdio::piped(), Stdio::piped());
    let mut process = program.stdout(stdout).stderr(stderr).spawn().expect("it starts");
    let started = Instant::now();
    while process.try_wait().expect("it can be asked").is_none() {
        if started.elapsed() > Duration::from_secs(60) {
            process.kill().expect("it can be stopped");
            let output = process.wait_with_output().expect("it was stopped");
            panic!("{program:?} hangs after {}", String::from_utf8_lossy(&output.stdout));
        }
        thread::sleep(Duration::from_millis(5));
    }
    process.wait_with_output().expect("it has ended")
}

/// Whether a source was changed after the program was built. Cargo lists the sources beside it,
/// as `program: source source …`.
fn is_stale(program: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|file| file.modified());
    let sources = fs::read_to_string(program.with_extension("d")).expect("cargo wrote the list");
    let (_, sources) = sources.split_once(": ").expect("the program, then its sources");
    let built = changed(program).expect("the program is there");
    sources.replace("\\ ", "\0").split_whitespace().any(|source| {
        let source = source.replace('\0', " ");
        // A source that is gone is a change as well.
        changed(source.as_ref()).map_or(true, |changed| changed > built)
    })
}

/// A server among the examples; stopped when dropped.
pub(crate) struct Server {
    process: Child,
    agent: ureq::Agent,
    pub url: String,
    /// What it prints after its address.
    pub output: Box<dyn Iterator<Item = io::Result<String>> + Send + Sync>,
}

impl Server {
    /// Starts `name` on a free port and waits until it says where it listens.
    pub(crate) fn start(name: &str) -> Self {
        Self::start_with(name, &[])
    }

    /// The same, with further arguments.
    pub(crate) fn start_with(name: &str, arguments: &[&str]) -> Self {
        let mut process = example(name)
            .args(["--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the example starts");
        let output = process.stdout.take().expect("it was piped");
        let mut output = BufReader::new(output).lines();
        let line = output.next().expect("a line").expect("it is text");
        let url = line.rsplit(' ').next().expect("the address comes last").to_string();
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        Self { process, agent, url, output: Box::new(output) }
    }

    /// What a GET of `path` answers, whatever its status.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let mut answer = self.agent.get(format!("{}{path}", self.url)).call().expect("it answers");
        (answer.status().as_u16(), answer.body_mut().read_to_string().expect("it is text"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_program_is_stale_when_a_source_is_newer_or_gone() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stale program");
    fs::create_dir_all(&folder).expect("a folder for this test");
    let [program, list, source, other] =
        ["program", "program.d", "a source.rs", "other.rs"].map(|name| folder.join(name));
    let escaped = |path: &Path| path.display().to_string().replace(' ', "\\ ");
    let paths = [&program, &source, &other].map(|path| escaped(path));
    fs::write(&list, format!("{}: {} {}\n", paths[0], paths[1], paths[2])).expect("the list");
    let write = |path: &Path, seconds| {
        let file = fs::File::create(path).expect("it is written");
        file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds)).expect("it is dated");
    };
    write(&program, 100);
    write(&source, 99);
    write(&other, 100);
    assert!(!is_stale(&program));
    write(&source, 101);
    assert!(is_stale(&program));
    write(&source, 99);
    fs::remove_file(&other).expect("it was there");
    assert!(is_stale(&program));
}
