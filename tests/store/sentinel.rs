//! A primary that Sentinel names.

use std::time::Duration;

use hotcount::Counter;
use hotcount::redis::Publisher;
use redis::sentinel::{SentinelClient, SentinelServerType};

use crate::bounded::insist;
use crate::server::Server;
use crate::totals::total;

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn the_primary_after_a_failover_gets_everything() {
    let (mut old, new) = (Server::start(), Server::start());
    let () = new.run(&["REPLICAOF", "127.0.0.1", &old.port.to_string()]);
    let monitor = format!("sentinel monitor hot 127.0.0.1 {} 1\n", old.port);
    let settings = "sentinel down-after-milliseconds hot 500\nsentinel failover-timeout hot 3000\n";
    let sentinel = Server::with_files(&["sentinel.conf", "--sentinel"], |directory| {
        let file = directory.join("sentinel.conf");
        std::fs::write(file, monitor + settings).expect("a directory");
    });
    let urls = vec![sentinel.url()];
    let client = SentinelClient::build(urls, "hot", None, SentinelServerType::Master);
    let publisher = Publisher::connect(client.expect("a URL"), "web").expect("it starts");
    publisher.publish_every(Duration::from_millis(50));
    let hits = std::sync::Arc::new(hotcount::AtomicCounter::from(3));
    publisher.watch("hits", hits.clone());
    insist("a publish to the first primary", || publisher.publish());
    assert_eq!(total(&old, "hits"), 3);
    insist("the replica is known", || {
        let replicas: Vec<redis::Value> = sentinel.run(&["SENTINEL", "REPLICAS", "hot"]);
        if replicas.is_empty() { Err(()) } else { Ok(()) }
    });
    old.kill();
    hits.add(4);
    insist("a publish to the new primary", || publisher.publish());
    assert_eq!(total(&new, "hits"), 7);
}
