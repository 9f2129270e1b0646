//! What is given back is there for the next, whatever the other threads do at that time.

use std::process::{self, Command};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use crate::alone::alone;
use crate::counter::Counter;
use crate::sharded::ShardedCounter;
use crate::sharded::table::table;
use crate::{SHORT, make_warm, rows, run, warm};

alone! {
    /// A thousand counters after one another need one column.
    fn a_column_is_reused() {
        for _ in 0..1_000 {
            let counter = warm();
            counter.add(7);
            assert_eq!(counter.get(), 7);
        }
        let columns: Vec<_> = (0..SHORT).map(|_| warm()).collect();
        assert_eq!(rows(), [SHORT], "the columns of one short row were enough");
        drop(columns);
    }

    /// A row and a column that are given back while another thread has the lock are there for the
    /// next.
    fn a_held_lock_loses_no_row_and_no_column() {
        static COUNTER: ShardedCounter = ShardedCounter::new();
        make_warm(&COUNTER);
        run(|| COUNTER.increment());
        let fill = || (0..SHORT - 1).map(|_| warm()).collect::<Vec<_>>();
        let (counters, barrier) = (fill(), Barrier::new(2));
        assert_eq!(rows(), [SHORT; 2]);
        thread::scope(|scope| {
            let ends = scope.spawn(|| {
                COUNTER.increment();
                barrier.wait();
                barrier.wait();
            });
            barrier.wait();
            let lock = table().try_lock().expect("no other thread takes a row now");
            barrier.wait();
            ends.join().expect("it ends");
            drop(counters);
            drop(lock);
        });
        let counters = fill();
        run(move || counters.iter().for_each(ShardedCounter::increment));
        assert_eq!(rows(), [SHORT; 2]);
        assert_eq!(COUNTER.get(), 2);
    }

    /// The process is stopped and goes on, eight times, while threads and counters come and go.
    fn pauses_lose_no_row_and_no_column() {
        static COUNTER: ShardedCounter = ShardedCounter::new();
        static STOP: AtomicBool = AtomicBool::new(false);
        if cfg!(not(unix)) {
            println!("skipped: it needs signals");
            return;
        }
        make_warm(&COUNTER);
        let pauses = format!(
            "for i in 1 2 3 4 5 6 7 8; do kill -STOP {0}; sleep 0.2; kill -CONT {0}; sleep 0.05; done",
            process::id()
        );
        let mut pauses = Command::new("sh").args(["-c", &pauses]).spawn().expect("there is a shell");
        let churn = || {
            let mut rounds = 0;
            while !STOP.load(Relaxed) {
                run(|| {
                    drop(warm());
                    COUNTER.increment();
                });
                rounds += 1;
            }
            rounds
        };
        let threads = [(); 8].map(|()| thread::spawn(churn));
        assert!(pauses.wait().expect("it ends").success());
        STOP.store(true, Relaxed);
        let rounds: u64 = threads.into_iter().map(|thread| thread.join().expect("it counts")).sum();
        assert_eq!(COUNTER.get(), rounds);
        let rows = rows();
        assert!(rows.len() <= 9 && rows.iter().all(|&length| length == SHORT), "{rows:?}");
    }

    /// The row counts, not the counter's own word, whatever other threads take and give back.
    fn a_thread_with_a_row_adds_nothing_to_the_own_word() {
        static COUNTER: ShardedCounter = ShardedCounter::new();
        make_warm(&COUNTER);
        let in_the_word = COUNTER.own_word();
        thread::scope(|scope| {
            let busy = [(); 3].map(|()| scope.spawn(|| (0..200).for_each(|_| run(|| drop(warm())))));
            let mut added = 0;
            while added < 10_000 || !busy.iter().all(thread::ScopedJoinHandle::is_finished) {
                COUNTER.increment();
                added += 1;
            }
            assert_eq!((COUNTER.own_word(), COUNTER.get()), (in_the_word, added));
        });
    }
}
