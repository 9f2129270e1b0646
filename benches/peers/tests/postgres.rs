//! The SQL of `hotcount::redis`, "which store?", on a PostgreSQL server of the test's own.
//!
//! Without a server it prints so and tests nothing: Debian's package is `postgresql`.
#![allow(missing_docs)]

use std::collections::BTreeSet;
use std::env::temp_dir;
use std::fs::{create_dir_all, read_dir, remove_dir_all};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, id};
use std::thread;

const DOCUMENTED: &str = include_str!("../../../src/redis/stores.md");

/// A server on a socket in a directory of its own.
struct Server {
    programs: PathBuf,
    directory: PathBuf,
    /// The server refuses to run as root: the user to become, if the test is.
    user: Option<String>,
}

impl Server {
    fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            println!("left out, no PostgreSQL server: `apt-get install postgresql`");
            return None;
        };
        let directory = temp_dir().join(format!("hotcount-postgres-{}", id()));
        create_dir_all(&directory).expect("a directory");
        let of_user = |option| {
            let ran = Command::new("id").args(option).output().expect("`id` is installed");
            String::from_utf8(ran.stdout).expect("a number").trim().parse::<u32>().ok()
        };
        let is_root = of_user(&["-u"][..]) == Some(0);
        if is_root {
            chown(&directory, of_user(&["-u", "postgres"]), None).expect("root may");
        }
        let user = is_root.then(|| "postgres".into());
        let server = Self { programs, directory, user };
        let path = |name: &str| server.directory.join(name).display().to_string();
        server.run("initdb", &["-D", &path("data"), "-A", "trust", "-U", "test", "-N"]);
        let options = format!("-k {} -c listen_addresses=", server.directory.display());
        server.run(
            "pg_ctl",
            &["-D", &path("data"), "-l", &path("log"), "-o", &options, "-w", "start"],
        );
        Some(server)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let program = self.programs.join(program);
        let mut command = Command::new(&program);
        if let Some(user) = &self.user {
            command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(&program);
        }
        // `pg_ctl` leaves a server behind that keeps an inherited pipe open.
        let output = self.directory.join(format!("output-{:?}", thread::current().id()));
        let file = std::fs::File::create(&output).expect("a file");
        let errors = file.try_clone().expect("the same file");
        command.args(arguments).current_dir(&self.directory).stdout(file).stderr(errors);
        let status = command.status().expect("the program was found");
        let text = std::fs::read_to_string(&output).expect("the file is there");
        assert!(status.success(), "{program:?} {arguments:?}: {text}");
        text
    }

    /// Runs statements and returns the rows of the last one.
    fn sql(&self, statements: &str) -> String {
        let socket = self.directory.display().to_string();
        let options =
            ["-h", &socket, "-U", "test", "-d", "postgres", "-qAt", "-v", "ON_ERROR_STOP=1"];
        self.run("psql", &[&options[..], &["-c", statements]].concat()).trim().into()
    }

    fn total(&self, key: &str) -> String {
        let select = &documented()[2];
        self.sql(&format!("PREPARE total(text) AS {select}; EXECUTE total('{key}')"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.directory.join("data").display().to_string();
        self.run("pg_ctl", &["-D", &data, "-m", "immediate", "-w", "stop"]);
        let _ = remove_dir_all(&self.directory);
    }
}

/// Where the server's programs are.
fn programs() -> Option<PathBuf> {
    let debian = read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = debian.map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = debian.chain(std::env::split_paths(&path)).collect();
    let is_complete = |folder: &&PathBuf| {
        ["initdb", "pg_ctl", "psql"].iter().all(|program| Path::new(folder).join(program).exists())
    };
    folders.iter().find(is_complete).cloned()
}

/// The documented statements, in order.
fn documented() -> Vec<String> {
    let blocks = DOCUMENTED.split("```sql\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().expect("it ends"));
    blocks
        .flat_map(|block| block.split(';'))
        .map(|one| one.trim().to_owned())
        .filter(|one| !one.is_empty())
        .collect()
}

#[test]
fn the_documented_statements_count_exactly_and_give_each_number_once() {
    let Some(server) = Server::start() else { return };
    let [create_totals, keep, _, create_tickets, take] = &documented()[..] else {
        panic!("five statements: {:?}", documented());
    };
    server.sql(create_totals);
    server.sql(create_tickets);
    let publish = |life: &str, total: u64| {
        server.sql(&format!(
            "PREPARE keep(text, text, numeric) AS {keep}; EXECUTE keep('hits', '{life}', {total})"
        ));
    };
    // Sent twice, sent late, and one of another life.
    [5, 5, 15, 5].iter().for_each(|total| publish("web-1", *total));
    publish("web-2", 15);
    assert_eq!(server.total("hits"), "30");
    // No digit is lost at the end of the numbers.
    publish("web-3", u64::MAX);
    assert_eq!(server.total("hits"), (u128::from(u64::MAX) + 30).to_string());

    let numbers: Vec<u64> = thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let (server, publish) = (&server, &publish);
                scope.spawn(move || {
                    let mut numbers = Vec::new();
                    for n in 1..=10 {
                        publish(&format!("thread-{writer}"), n * (writer + 1));
                        let last = server.sql(&format!(
                            "PREPARE take(text, bigint) AS {take}; EXECUTE take('orders', 3)"
                        ));
                        let last: u64 = last.parse().expect("a number");
                        numbers.extend([last - 2, last - 1, last]);
                    }
                    numbers
                })
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().expect("it counts")).collect()
    });
    let counted = 10 * (1..=8).sum::<u128>();
    assert_eq!(server.total("hits"), (u128::from(u64::MAX) + 30 + counted).to_string());
    let different: BTreeSet<u64> = numbers.iter().copied().collect();
    assert!(numbers.len() == 240 && different.into_iter().eq(1..=240), "{numbers:?}");
}
