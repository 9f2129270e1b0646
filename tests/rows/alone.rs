use std::env;
use std::process::Command;

/// Runs `test` in a process of its own, which has a table of its own.
pub fn run(path: &str, test: fn()) {
    if env::var_os("ALONE").is_some() {
        return test();
    }
    let (_crate, name) = path.split_once("::").expect("it is in a module");
    let output = Command::new(env::current_exe().expect("a test is a program"))
        .args([name, "--exact", "--nocapture"])
        .env("ALONE", "1")
        .output()
        .expect("it starts");
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}{errors}");
}

/// Tests that look at the whole table.
macro_rules! alone {
    ($($(#[doc = $doc:literal])+ fn $name:ident() $body:block)*) => {$(
        $(#[doc = $doc])+
        #[test]
        fn $name() {
            crate::alone::run(concat!(module_path!(), "::", stringify!($name)), || $body);
        }
    )*};
}

pub(crate) use alone;
