//! An async program whose store hangs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hotcount::redis::{Publisher, Tickets};
use hotcount::{AtomicCounter, Counter};

use crate::server::Server;
use crate::totals::{LONG, total};

/// Timers slip by more than this if a task blocks the runtime's only thread.
const SLIP: Duration = Duration::from_millis(50);

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn timers_do_not_slip_while_the_store_hangs() {
    let store = Server::with(&[]);
    let hits = Arc::new(AtomicCounter::new());
    let publisher = Arc::new(Publisher::connect(store.url(), "web").expect("it parses"));
    publisher.publish_every(Duration::from_millis(20));
    publisher.watch("hits", hits.clone());
    publisher.publish().expect("the store is up");
    let tickets = Arc::new(Tickets::connect(store.url(), "orders", 10).expect("it parses"));
    tickets.next_within(LONG).expect("the store is up");
    store.hang();

    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let (slips, refused) = runtime.expect("a runtime").block_on(async {
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let (publisher, tickets) = (publisher.clone(), tickets.clone());
                let hits = hits.clone();
                tokio::spawn(async move {
                    let mut refused = 0;
                    loop {
                        hits.increment();
                        publisher.total("hits").expect("the last one is known");
                        refused += u32::from(tickets.next().is_err());
                        if publisher.health().failing_since.is_some() && refused > 100 {
                            return refused;
                        }
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                })
            })
            .collect();
        let timer = tokio::spawn(async {
            let mut slips = Vec::new();
            while slips.len() < 300 {
                let start = Instant::now();
                tokio::time::sleep(Duration::from_millis(10)).await;
                slips.push(start.elapsed().saturating_sub(Duration::from_millis(10)));
            }
            slips
        });
        let mut refused = Vec::new();
        for task in tasks {
            refused.push(task.await.expect("it ends"));
        }
        (timer.await.expect("it ends"), refused)
    });
    assert!(refused.iter().all(|refused| *refused > 0), "{refused:?}");
    // The machine may stop this program at any moment: a slip is a fault when it comes often.
    let late = slips.iter().filter(|slip| **slip > SLIP).count();
    assert!(late <= 2, "{late} of {} timers: {:?}", slips.len(), slips.iter().max());

    store.wake();
    publisher.retire().expect("the store is up");
    assert_eq!(total(&store, "hits"), hits.get());
}
