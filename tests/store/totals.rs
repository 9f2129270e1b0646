//! What the tests know of the store's content, and publishers for them.

use std::sync::Arc;
use std::time::Duration;

use hotcount::AtomicCounter;
use hotcount::redis::Publisher;

use crate::server::Server;

/// Far more than an answer takes, on a busy machine.
pub(crate) const LONG: Duration = Duration::from_secs(30);

/// A publisher of one counter, under the key `hits`, which publishes when told.
pub(crate) fn writer(url: &str, start: u64) -> (Publisher, Arc<AtomicCounter>) {
    let hits = Arc::new(AtomicCounter::from(start));
    let publisher = publisher(url);
    publisher.watch("hits", hits.clone());
    (publisher, hits)
}

/// A publisher that publishes when told.
pub(crate) fn publisher(url: &str) -> Publisher {
    let publisher = Publisher::connect(url, "web").expect("it parses");
    publisher.publish_every(Duration::MAX);
    publisher
}

/// The total of `key`, as another machine reads it.
pub(crate) fn total(store: &Server, key: &str) -> u64 {
    let reader = publisher(&store.url());
    reader.total_within(key, LONG).expect("the store is up").value()
}

/// The fields of a key's hash, sorted, without those of the total.
pub(crate) fn lives(store: &Server, key: &str) -> Vec<(String, String)> {
    let fields: Vec<(String, String)> = store.run(&["HGETALL", &format!("hotcount:totals:{key}")]);
    let mut lives: Vec<_> = fields.into_iter().filter(|(field, _)| field.contains(':')).collect();
    lives.sort();
    lives
}
