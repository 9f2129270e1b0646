//! What the compiler makes of an addition: few instructions, and none that locks the memory.
//!
//! Counting instructions is a guard that a busy machine cannot fool. A program of a few lines is
//! compiled as a user's would be, in release mode, and its assembly is read.
#![allow(missing_docs)]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

const PROGRAM: &str = r"
use hotcount::{AtomicCounter, Counter, ShardedCounter};

static SHARDED: ShardedCounter = ShardedCounter::new();
static ATOMIC: AtomicCounter = AtomicCounter::new();

#[unsafe(no_mangle)]
#[inline(never)]
pub fn increment_sharded() {
    SHARDED.increment();
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn add_sharded(counter: &ShardedCounter, n: u64) {
    counter.add(n);
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn increment_atomic() {
    ATOMIC.increment();
}

fn main() {
    increment_sharded();
    add_sharded(&SHARDED, 2);
    increment_atomic();
}
";

/// Compiles the program and returns its assembly.
fn compile() -> String {
    let package = env!("CARGO_MANIFEST_DIR");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("assembly");
    fs::create_dir_all(folder.join("src")).expect("the target folder can be written");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("so can files");
    let manifest = format!(
        "[package]\nname = \"assembly\"\nedition = \"2024\"\n\
         [dependencies]\nhotcount.path = {package:?}\n[workspace]\n"
    );
    write("Cargo.toml", &manifest);
    write("src/main.rs", PROGRAM);
    // The versions that this test was compiled with are there already.
    let _ = fs::copy(Path::new(package).join("Cargo.lock"), folder.join("Cargo.lock"));
    let target = folder.join("target");
    let _ = fs::remove_dir_all(&target); // an older compiler's assembly may lie there
    let output = Command::new(env!("CARGO"))
        .args(["rustc", "--release", "--offline", "--target-dir"])
        .arg(&target)
        .args(["--", "--emit", "asm", "-C", "codegen-units=1"])
        .current_dir(&folder)
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let compiled = fs::read_dir(target.join("release/deps")).expect("it was compiled");
    let mut assembly = compiled.filter_map(|entry| {
        let path = entry.expect("it can be listed").path();
        path.extension().is_some_and(|end| end == "s").then_some(path)
    });
    fs::read_to_string(assembly.next().expect("it was emitted")).expect("it is text")
}

/// The instructions of a function up to its first return: the way that is taken when no jump is.
fn hot_path<'a>(assembly: &'a str, function: &str) -> Vec<&'a str> {
    let (_, body) = assembly.split_once(&format!("\n{function}:\n")).expect("it is there");
    let is_instruction = |line: &&str| !line.starts_with(['.', '#']) && !line.ends_with(':');
    let mut path = Vec::new();
    for line in body.lines().map(str::trim).filter(is_instruction) {
        path.push(line);
        if line.starts_with("ret") {
            return path;
        }
    }
    panic!("{function} does not return:\n{body}");
}

/// What `hotcount::docs::internals` promises for x86-64; the return comes on top.
const INSTRUCTIONS: usize = 6;

#[test]
fn an_addition_is_six_instructions_without_a_lock_prefix() {
    let page = include_str!("../src/docs/internals.md");
    assert!(page.contains("six instructions"), "the page and this test say the same number");
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        println!("skipped: the assembly is read for x86-64 Linux only");
        return;
    }
    let assembly = compile();
    let locks = |path: &[&str]| path.iter().any(|line| line.starts_with("lock"));
    for function in ["increment_sharded", "add_sharded"] {
        let path = hot_path(&assembly, function);
        let (last, addition) = path.split_last().expect("it returns");
        assert!(last.starts_with("ret"), "{path:#?}");
        assert_eq!(addition.len(), INSTRUCTIONS, "{path:#?}");
        assert!(!locks(addition), "{path:#?}");
        assert!(!addition.iter().any(|line| line.starts_with("call")), "{path:#?}");
    }
    // The check can see a lock where there is one.
    let atomic = hot_path(&assembly, "increment_atomic");
    assert!(locks(&atomic), "{atomic:#?}");
}
