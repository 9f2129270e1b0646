//! Lives that a sweep ends, and that the store forgets in the end.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use hotcount::Counter;
use hotcount::redis::Error;

use crate::fake::{Fake, counted, unknown};
use crate::proxy::{Fault, Proxy};
use crate::server::Server;
use crate::totals::{lives, publisher, total, writer};

pub(crate) const HASH: &str = "hotcount:totals:hits";

/// Ends so many other lives that the store forgets all that ended before.
pub(crate) fn end_a_thousand_others(store: &Server) {
    let record = "redis.call('HSET', KEYS[1], unpack(ARGV))";
    for _ in 0..10 {
        let mut fields: Vec<String> = ["EVAL", record, "1", HASH].map(String::from).into();
        for n in 0..100 {
            fields.extend([format!("life:other:{n}"), "0 1".into()]);
        }
        let () = store.run(&fields);
        assert_eq!(
            publisher(&store.url()).sweep("hits", Duration::from_secs(3_600)).expect("it"),
            100
        );
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_command_that_arrives_after_the_end_changes_nothing() {
    let store = Server::start();
    for forgets in [false, true] {
        let proxy = Proxy::start(store.port, Fault::None);
        let (publisher, hits) = writer(&proxy.url(), 5);
        publisher.publish().expect("the store is up");
        hits.add(3);
        proxy.set(Fault::Hold);
        publisher.publish().expect_err("the command is held on the way");
        proxy.set(Fault::None);
        publisher.retire().expect("the store is up");
        let before = total(&store, "hits");
        if forgets {
            end_a_thousand_others(&store);
        }
        proxy.release();
        assert_eq!(total(&store, "hits"), before);
    }
    assert_eq!(total(&store, "hits"), 16);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_life_that_was_swept_by_mistake_goes_on_exactly() {
    let store = Server::start();
    let (alive, hits) = writer(&store.url(), 0);
    let (other, _) = writer(&store.url(), 1_000);
    hits.add(95);
    alive.publish().expect("the store is up");
    other.publish().expect("the store is up");
    assert_eq!(other.sweep("hits", Duration::from_secs(60)).expect("none is silent"), 0);
    assert_eq!(other.sweep("hits", Duration::ZERO).expect("both are"), 2);
    assert_eq!(other.sweep("hits", Duration::ZERO).expect("both have ended"), 0);
    assert_eq!(total(&store, "hits"), 1_095);
    for _ in 0..3 {
        hits.add(10);
        alive.publish().expect("the store is up");
        assert_eq!(total(&store, "hits"), hits.get() + 1_000);
        assert_eq!(other.sweep("hits", Duration::ZERO).expect("it is taken for dead again"), 1);
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_life_that_goes_on_is_not_forgotten_in_its_former_place() {
    let store = Server::start();
    let (alive, hits) = writer(&store.url(), 100);
    alive.publish().expect("the store is up");
    alive.sweep("hits", Duration::ZERO).expect("the store is up");
    alive.publish().expect("it goes on");
    end_a_thousand_others(&store);
    hits.increment();
    alive.publish().expect("the store is up");
    assert_eq!(total(&store, "hits"), 101);
    let records = lives(&store, "hits");
    let living = records.iter().filter(|(field, _)| field.starts_with("life:web:")).count();
    assert_eq!(living, 1, "it is the same life");
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_forgotten_life_goes_on_as_a_new_one_with_the_rest() {
    let store = Server::start();
    let (alive, hits) = writer(&store.url(), 100);
    alive.publish().expect("the store is up");
    alive.sweep("hits", Duration::ZERO).expect("the store is up");
    end_a_thousand_others(&store);
    for n in 1..=3 {
        hits.increment();
        alive.publish().expect("nothing was in doubt");
        assert_eq!(total(&store, "hits"), 100 + n);
    }
    // Had the store lost it as well, its count would be sent again.
    let () = store.run(&["FLUSHDB"]);
    alive.publish().expect("the store is up");
    assert_eq!(total(&store, "hits"), 3, "of this life; the store lost those of the former");
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn what_a_forgotten_life_may_have_sent_is_not_counted_twice_and_told_once() {
    for is_executed in [false, true] {
        let store = Server::start();
        let proxy = Proxy::start(store.port, Fault::None);
        let (alive, hits) = writer(&proxy.url(), 100);
        alive.publish().expect("the store is up");
        hits.add(7);
        proxy.set(if is_executed { Fault::Silent } else { Fault::Hold });
        alive.publish().expect_err("no answer comes");
        proxy.set(Fault::None);
        publisher(&store.url()).sweep("hits", Duration::ZERO).expect("the store is up");
        end_a_thousand_others(&store);
        hits.add(50);
        let error = alive.publish().expect_err("the 7 may be counted or not");
        assert!(matches!(error, Error::Forgotten { missing: 7, .. }), "{error}");
        alive.publish().expect("it is told once");
        assert_eq!(total(&store, "hits"), 150 + if is_executed { 7 } else { 0 });
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn what_is_remembered_of_ended_lives_is_bounded() {
    let store = Server::with(&[]);
    let publish = ["decimal.lua", "life.lua", "publish.lua"].map(|file| {
        let path = format!("{}/src/redis/{file}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).expect("the source")
    });
    let script = redis::Script::new(&publish.concat());
    let mut connection = store.connection();
    for n in 0..3_000_u64 {
        // Each heard a time later than any end before.
        let mut call = script.key(HASH);
        call.arg(format!("life:web:{n}")).arg(2).arg(2_000_000_000_000_000 + n).arg(1);
        let (stored, _, total): (u64, u64, u64) = call.invoke(&mut connection).expect("counts");
        assert_eq!((stored, total), (2, 2 * (n + 1)));
    }
    let fields: u64 = store.run(&["HLEN", HASH]);
    assert_eq!(
        fields,
        3 + 2 * 1_000,
        "total, ended, forgotten; two fields for each of 1,000 lives"
    );
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_sweep_goes_through_all_writers_and_the_total_is_one_field() {
    let store = Server::with(&[]);
    let fill = "for n = 1, 50000 do
        redis.call('HSET', KEYS[1], 'life:web:' .. n, '2 ' .. n) end
        redis.call('HSET', KEYS[1], 'total', 100000)";
    let () = store.run(&["EVAL", fill, "1", HASH]);
    let (publisher, _) = writer(&store.url(), 5);
    publisher.publish().expect("the store is up");
    assert_eq!(publisher.sweep("hits", Duration::from_secs(3_600)).expect("it is up"), 50_000);
    assert_eq!(total(&store, "hits"), 100_005);
    let fields: u64 = store.run(&["HLEN", HASH]);
    assert_eq!(fields, 3 + 2 * 1_000 + 1, "one writer is alive");
}

/// A store that gives these `answers` to publishes, and counts after them. Returns also the amounts
/// that it got.
fn fake(answers: Vec<String>) -> (Fake, Arc<Mutex<Vec<String>>>) {
    let amounts = Arc::new(Mutex::new(Vec::new()));
    let got = amounts.clone();
    let store = Fake::start(move |words| {
        let mut got = got.lock().expect("no panic");
        got.push(words[5].clone());
        answers.get(got.len() - 1).cloned().unwrap_or_else(|| counted(words))
    });
    (store, amounts)
}

#[test]
fn a_life_that_only_introduced_itself_has_sent_nothing() {
    // A failover after the introduction: the new primary forgot ends that are later.
    let (store, amounts) = fake(vec![unknown(5), unknown(9)]);
    let (publisher, _) = writer(&store.url(), 100);
    publisher.publish().expect("nothing was in doubt");
    assert_eq!(*amounts.lock().expect("no panic"), ["100"; 3]);
}

#[test]
fn an_attempt_whose_answer_was_lost_is_not_counted_twice_by_the_next_one() {
    let lost = String::new;
    let no_script = || "-NOSCRIPT No matching script\r\n".into();
    // The store executes an attempt, its answer is lost, and it forgets the life before the next one.
    for answers in [
        vec![unknown(5), lost(), unknown(9)],
        vec![unknown(5), lost(), no_script(), unknown(9)],
        vec![unknown(5), no_script(), lost(), unknown(9)],
    ] {
        let (store, amounts) = fake(answers);
        let (publisher, hits) = writer(&store.url(), 100);
        let error = publisher.publish().expect_err("the 100 may be counted or not");
        assert!(matches!(error, Error::Forgotten { missing: 100, .. }), "{error}");
        hits.add(7);
        publisher.publish().expect("it is told once");
        let amounts = amounts.lock().expect("no panic");
        assert!(amounts.ends_with(&["100", "0", "7"].map(String::from)), "{amounts:?}");
    }
}
