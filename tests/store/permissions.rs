//! A user of the store with the documented permissions, and no others.

use std::time::Duration;

use hotcount::AtomicCounter;
use hotcount::redis::{Error, TIMEOUT, Tickets};

use crate::server::Server;
use crate::totals::{LONG, publisher};

const DOCUMENTED: &str = include_str!("../../src/redis/promise.md");

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn the_documented_permissions_are_enough_and_each_is_needed() {
    let store = Server::start();
    let line = DOCUMENTED.lines().find(|line| line.starts_with("ACL SETUSER ")).expect("the line");
    let words: Vec<&str> = line.split(' ').collect();
    let permissions: Vec<&str> =
        words.iter().copied().filter(|word| word.starts_with(['+', '~'])).collect();
    assert!(permissions.len() > 5, "{permissions:?}");
    let run = |number: usize, permissions: &[&str]| {
        let user = format!("user-{number}");
        let command = [&["ACL", "SETUSER", &user, "on", ">secret"], permissions].concat();
        let () = store.run(&command);
        let url = format!("redis://{user}:secret@127.0.0.1:{}/", store.port);
        let publisher = publisher(&url);
        publisher.watch("hits", AtomicCounter::from(2));
        let () = store.run(&["SCRIPT", "FLUSH"]);
        publisher.publish()?;
        // The second one goes by the script's hash.
        publisher.publish()?;
        publisher.retire()?;
        publisher.publish()?;
        publisher.total_within("other", LONG)?;
        publisher.sweep("hits", Duration::ZERO)?;
        let () = store.run(&["SET", "hotcount:tickets:orders", "3"]);
        let tickets = Tickets::connect(url, "orders", 1)?;
        assert_eq!(tickets.next_within(TIMEOUT)?, 4);
        let () = store.run(&["SET", "hotcount:tickets:orders", "1"]);
        loop {
            match tickets.next_within(TIMEOUT) {
                Ok(number) => assert!(number < 9, "the store went back"),
                Err(Error::WentBack { .. }) => return Ok::<(), Error>(()),
                Err(error) => return Err(error),
            }
        }
    };
    run(0, &permissions).expect("the documented permissions");
    for left_out in &permissions {
        let others: Vec<&str> =
            permissions.iter().copied().filter(|word| word != left_out).collect();
        let number = 1 + permissions.iter().position(|word| word == left_out).expect("it");
        let error = run(number, &others).expect_err(left_out).to_string();
        assert!(
            error.ends_with("the permissions that `hotcount::redis` lists"),
            "{left_out}: {error}"
        );
    }
}
