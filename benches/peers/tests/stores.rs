//! Totals and blocks of numbers in SQLite: the recipe of `hotcount::redis`, "which store?".
//!
//! ```sh
//! cargo test --manifest-path benches/peers/Cargo.toml
//! ```
#![allow(missing_docs)]

use std::thread;

use hotcount::{AtomicCounter, Counter};
use rusqlite::{Connection, Result};

/// A publisher over SQLite. The processes share the database: a file, or memory.
pub struct SqlPublisher {
    store: Connection,
    life: String,
}

impl SqlPublisher {
    /// A publisher under the name `life`, which belongs to one life of its counters.
    pub fn new(store: Connection, life: &str) -> Result<Self> {
        store.busy_timeout(std::time::Duration::from_secs(10))?;
        store.execute_batch(
            "CREATE TABLE IF NOT EXISTS totals (
                 key TEXT, life TEXT, total INTEGER NOT NULL, PRIMARY KEY (key, life));
             CREATE TABLE IF NOT EXISTS tickets (series TEXT PRIMARY KEY, last BIGINT NOT NULL)",
        )?;
        Ok(Self { store, life: life.into() })
    }

    /// Sends the total of `counter`. Once or ten times, late or in order: it counts once.
    pub fn publish(&self, key: &str, counter: &impl Counter) -> Result<()> {
        self.keep_the_larger(key, counter.get())
    }

    /// Keeps the larger of what is stored and `total`. Above 2^63 - 1 it is an error.
    pub fn keep_the_larger(&self, key: &str, total: u64) -> Result<()> {
        self.store.execute(
            "INSERT INTO totals VALUES (?1, ?2, ?3)
             ON CONFLICT (key, life) DO UPDATE SET total = max(totals.total, excluded.total)",
            (key, &self.life, i64::try_from(total).map_err(to_sql_error)?),
        )?;
        Ok(())
    }

    /// Takes `block` numbers of a series, and returns the last one.
    pub fn take(&self, series: &str, block: i64) -> Result<i64> {
        self.store.query_row(
            "INSERT INTO tickets VALUES (?1, ?2)
             ON CONFLICT (series) DO UPDATE SET last = tickets.last + excluded.last
             RETURNING last",
            (series, block),
            |row| row.get(0),
        )
    }

    /// The total over all lives.
    pub fn total(&self, key: &str) -> Result<u64> {
        let sum = "SELECT coalesce(sum(total), 0) FROM totals WHERE key = ?1";
        let total: i64 = self.store.query_row(sum, [key], |row| row.get(0))?;
        Ok(total.unsigned_abs())
    }
}

fn to_sql_error(error: std::num::TryFromIntError) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(error.into())
}

fn open(name: &str, life: &str) -> SqlPublisher {
    let path = format!("file:{name}?mode=memory&cache=shared");
    SqlPublisher::new(Connection::open(path).expect("memory"), life).expect("a table")
}

#[test]
fn a_total_sent_twice_or_late_counts_once() {
    let (one, other) = (open("late", "web-1"), open("late", "web-2"));
    let hits = AtomicCounter::from(5);
    one.publish("hits", &hits).expect("it is stored");
    one.publish("hits", &hits).expect("it is stored already");
    hits.add(10);
    one.publish("hits", &hits).expect("it is stored");
    one.keep_the_larger("hits", 5).expect("the first one, late");
    other.publish("hits", &hits).expect("it is stored");
    other.publish("misses", &AtomicCounter::from(1)).expect("it is stored");
    let totals = ["hits", "misses", "missing"].map(|key| one.total(key).expect("a sum"));
    assert_eq!(totals, [30, 1, 0]);
}

#[test]
fn eight_writers_at_once_are_summed_exactly_and_get_each_number_once() {
    let dir = std::env::temp_dir().join(format!("hotcount-stores-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a directory");
    let file = dir.join("totals.sqlite");
    let open = |life: &str| {
        SqlPublisher::new(Connection::open(&file).expect("a file"), life).expect("a table")
    };
    let reader = open("reader");
    let mut numbers: Vec<i64> = thread::scope(|scope| {
        let write = |writer: u64| {
            let publisher = open(&format!("web-{writer}"));
            scope.spawn(move || {
                let (hits, mut numbers) = (AtomicCounter::new(), Vec::new());
                for _ in 0..25 {
                    hits.add(writer + 1);
                    publisher.publish("hits", &hits).expect("it is stored");
                    let last = publisher.take("orders", 3).expect("a block");
                    numbers.extend([last - 2, last - 1, last]);
                }
                numbers
            })
        };
        let writers: Vec<_> = (0..8).map(write).collect();
        writers.into_iter().flat_map(|writer| writer.join().expect("it counts")).collect()
    });
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(1..=8 * 25 * 3));
    assert_eq!(reader.total("hits").expect("a sum"), 25 * (1..=8).sum::<u64>());
    drop(reader);
    std::fs::remove_dir_all(dir).expect("it is ours");
}

#[test]
fn a_total_above_the_integers_of_sqlite_is_an_error_and_changes_nothing() {
    let publisher = open("large", "web-1");
    let largest = AtomicCounter::from(i64::MAX as u64);
    publisher.publish("hits", &largest).expect("the largest");
    largest.increment();
    publisher.publish("hits", &largest).expect_err("one more");
    assert_eq!(publisher.total("hits").expect("a sum"), i64::MAX as u64);
}
