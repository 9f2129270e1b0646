//! A cluster accepts what is sent: a script may only touch keys of one slot.

use hotcount::redis::{Publisher, Tickets};
use hotcount::{AtomicCounter, Counter};

use crate::publisher::publisher_total;
use crate::server::Server;

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn all_that_belongs_to_a_key_stands_in_one_slot_of_a_cluster() {
    let store = Server::with(&["--cluster-enabled", "yes"]);
    let () = store.run(&["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]);
    while !store.run::<String>(&["CLUSTER", "INFO"]).contains("cluster_state:ok") {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let keys = ["", "hits", "/users/{id}", "}", "{}", "a}b"];
    for name in ["web-1", "{web}-2"] {
        let mut publisher = Publisher::connect(&store.url(), name).expect("it parses");
        for key in keys {
            let counter = AtomicCounter::new();
            counter.add(21);
            publisher.watch(key, counter);
        }
        publisher.retire().expect("one slot for each key");
    }
    for key in keys {
        assert_eq!(publisher_total(&store, key), 42, "{key}");
        let tickets = Tickets::connect(&store.url(), key, 3).expect("it parses");
        assert_eq!(tickets.next().expect("one key"), 1);
    }
}
