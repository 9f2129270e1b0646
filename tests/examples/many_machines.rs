use std::thread::{sleep, spawn};
use std::time::Duration;

use crate::program::example;
use crate::server::Server;

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn machines_publish_what_they_counted_although_redis_was_killed() {
    let mut store = Server::start();
    let mut machines = example("many_machines");
    machines.args(["--url", &store.url(), "--machines", "3", "--seconds", "4"]);
    let output = spawn(move || machines.output().expect("it runs"));
    sleep(Duration::from_millis(1_500));
    store.kill();
    sleep(Duration::from_millis(1_200));
    store.restart();
    let output = output.join().expect("it ends");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}");
    assert!(printed.contains("the store is not available"), "{printed}");
    let last = printed.lines().last().expect("a line");
    let (counted, published) = last.split_once(", published ").expect("the comparison");
    let counted = counted.strip_prefix("counted ").expect("the comparison");
    assert_eq!(counted, published);
    assert!(counted.parse::<u64>().expect("a number") > 3_000, "{printed}");
}

#[test]
fn what_is_no_url_is_one_clear_line_and_exit_code_2() {
    let output = example("many_machines").args(["--url", "nonsense"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(error.starts_with("many_machines: not a Redis URL, such as redis://"), "{error}");
}
