//! Answers of the store that are errors.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use hotcount::redis::{Error, Publisher, Tickets, Total};
use hotcount::{AtomicCounter, Counter};

use crate::bounded::{Over, insist, until};
use crate::fake::{Fake, counted};
use crate::proxy::{Fault, Proxy};
use crate::server::Server;
use crate::totals::{LONG, publisher, total, writer};

/// The error of the tickets' background thread that contains `text`.
fn ticket_error(tickets: &Tickets, text: &str) -> Error {
    until(text, || tickets.health().last_error.filter(|error| error.to_string().contains(text)))
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn bad_keys_keep_no_other_from_being_published_and_each_is_told() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::None);
    let publisher = publisher(&proxy.url());
    for (key, value) in [("a", 1), ("taken", 2), ("b", 3), ("text", 4), ("life", 5)] {
        publisher.watch(key, AtomicCounter::from(value));
    }
    let () = store.run(&["SET", "hotcount:totals:taken", "precious"]);
    let () = store.run(&["HSET", "hotcount:totals:text", "total", "precious"]);
    let error = publisher.publish().expect_err("two keys are bad");
    let Error::Several(errors) = &error else { panic!("{error}") };
    let [taken, text] = &errors[..] else { panic!("{error}") };
    assert!(matches!(taken, Error::Refused { key, .. } if key == "taken"), "{taken}");
    let message = taken.to_string();
    assert!(message.starts_with("the store refuses \"taken\": WRONGTYPE "), "{message}");
    assert!(message.ends_with("; another program uses this key of the store: choose another one"));
    let told = "the store holds no count for \"text\" but \"precious\": choose another key";
    assert_eq!(text.to_string(), told);
    assert_eq!(error.to_string(), format!("2 errors; {taken}; {text}"));
    assert_eq!(publisher.total("taken").expect_err("it is no hash").to_string(), message);
    assert_eq!(publisher.total_within("text", LONG).expect_err("a text").to_string(), told);
    assert_eq!(["a", "b", "life"].map(|key| total(&store, key)), [1, 3, 5]);
    assert_eq!(proxy.opened(), 1, "a foreign key is no reason for a new connection");

    let () = store.run(&["DEL", "hotcount:totals:taken", "hotcount:totals:text"]);
    let fields: Vec<String> = store.run(&["HKEYS", "hotcount:totals:life"]);
    let life = fields.iter().find(|field| field.starts_with("life:web:")).expect("its life");
    let () = store.run(&["HSET", "hotcount:totals:life", life, "x"]);
    let error = publisher.publish().expect_err("a life's record is foreign");
    assert!(matches!(&error, Error::NotACount { key, found } if key == "life" && found == "x"));
    assert_eq!(total(&store, "taken"), 2);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_store_out_of_memory_changes_nothing_until_it_has_some() {
    let store = Server::start();
    let (publisher, hits) = writer(&store.url(), 2);
    publisher.publish().expect("the store is up");
    let () = store.run(&["CONFIG", "SET", "maxmemory", "1"]);
    let tickets = Tickets::connect(store.url(), "orders", 1).expect("it parses");
    hits.add(3);
    let errors = [
        publisher.publish().expect_err("it takes nothing"),
        ticket_error(&tickets, "OOM"),
        publisher.sweep("hits", Duration::ZERO).expect_err("it takes nothing"),
    ];
    for error in errors {
        let text = error.to_string();
        assert!(text.contains("OOM"), "{text}");
        assert!(text.ends_with("; give the store more memory"), "{text}");
    }
    assert_eq!(total(&store, "hits"), 2, "reading is allowed");
    let () = store.run(&["CONFIG", "SET", "maxmemory", "0"]);
    publisher.publish().expect("it has memory again");
    assert_eq!(total(&store, "hits"), 5);
    assert_eq!(insist("a number", || tickets.next()), 1);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_replica_refuses_and_the_new_primary_is_found() {
    let (store, replica) = (Server::start(), Server::start());
    let port = store.port.to_string();
    let () = replica.run(&["REPLICAOF", "127.0.0.1", &port]);
    let name = Proxy::start(replica.port, Fault::None);
    let (publisher, _) = writer(&name.url(), 6);
    let tickets = Tickets::connect(name.url(), "orders", 1).expect("it parses");
    let errors =
        [publisher.publish().expect_err("it is a replica"), ticket_error(&tickets, "READONLY")];
    for error in errors {
        let text = error.to_string();
        assert!(text.contains("READONLY"), "{text}");
        assert!(text.ends_with("; this is a replica: take the URL of the primary"), "{text}");
    }
    name.lead_to(store.port);
    publisher.publish().expect("the name leads to the primary now");
    assert_eq!(total(&store, "hits"), 6);
    assert_eq!(insist("a number", || tickets.next()), 1);
}

#[test]
fn the_last_total_stays_while_the_server_refuses_all_keys() {
    for (answer, stays) in [
        ("READONLY You can't write against a read only replica.", true),
        ("LOADING Redis is loading the dataset in memory", true),
        ("MASTERDOWN Link with MASTER is down", true),
        ("CLUSTERDOWN The cluster is down", true),
        ("WRONGTYPE Operation against a key holding the wrong kind of value", false),
    ] {
        let refuses = Arc::new(AtomicBool::new(false));
        let now = refuses.clone();
        let store =
            Fake::start(
                move |words| {
                    if now.load(Relaxed) { format!("-{answer}\r\n") } else { counted(words) }
                },
            );
        let (publisher, _) = writer(&store.url(), 6);
        publisher.publish().expect("the store counts");
        refuses.store(true, Relaxed);
        let error = publisher.publish().expect_err(answer);
        assert!(error.to_string().contains(answer), "{error}");
        let total = publisher.total("hits").map(Total::value);
        assert_eq!(total.ok(), stays.then_some(6), "{answer}");
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_wrong_password_and_a_bad_database_are_no_reason_to_try_again() {
    let store = Server::start();
    let mut admin = store.connection();
    let set = |admin: &mut redis::Connection, password: &str| {
        let command = ["SET", "requirepass", password];
        redis::cmd("CONFIG").arg(&command).exec(admin).expect("it is allowed");
    };
    set(&mut admin, "secret");
    let text = writer(&store.url(), 6).0.publish().expect_err("no password").to_string();
    assert!(text.contains("NOAUTH"), "{text}");
    assert!(text.ends_with("; put the password in the URL: redis://:password@host/"), "{text}");

    let url =
        |login: &str, database: u32| format!("redis://{login}@127.0.0.1:{}/{database}", store.port);
    for (url, advice) in [
        (url(":wrong", 0), "correct the user or the password"),
        (url("nobody:secret", 0), "correct the user or the password"),
        (url(":secret", 99), "take a database that the store has: redis://host/0"),
    ] {
        let error = writer(&url, 6).0.publish().expect_err("the store refuses it");
        assert!(matches!(error, Error::Denied { .. }), "{error}");
        let text = error.to_string();
        assert!(text.starts_with("the store refuses the connection: "), "{text}");
        assert!(text.ends_with(advice) && !text.contains("tries again"), "{text}");
    }
    writer(&url(":secret", 3), 6).0.publish().expect("the password is right");
    set(&mut admin, "");
    let reader = publisher(&url("", 3));
    assert_eq!(reader.total_within("hits", LONG).expect("the store is up").value(), 6);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_store_that_is_still_loading_says_so() {
    let mut store = Server::start();
    let (publisher, hits) = writer(&store.url(), 6);
    publisher.publish().expect("the store is up");
    let fill = "for n = 1, 10000 do redis.call('SET', n, n) end";
    let () = store.run(&["EVAL", fill, "0"]);
    store.kill();
    hits.add(1);
    store.restart_slowly();
    let text = publisher.publish().expect_err("it reads its file").to_string();
    assert!(text.contains("LOADING"), "{text}");
    assert!(text.ends_with("; the store is starting: it will answer soon"), "{text}");
    store.kill();
    store.restart();
    publisher.publish().expect("it has read its file");
    assert_eq!(total(&store, "hits"), 7);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_store_that_forgets_its_scripts_all_the_time_fails_no_publish() {
    let store = Server::with(&[]);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _over = Over(&is_over);
        scope.spawn(|| {
            let mut connection = store.connection();
            while !is_over.load(Relaxed) {
                redis::cmd("SCRIPT").arg("FLUSH").exec(&mut connection).expect("it is allowed");
            }
        });
        let (publisher, hits) = writer(&store.url(), 0);
        for _ in 0..300 {
            hits.increment();
            publisher.publish().expect("the script is sent as text");
        }
    });
    assert_eq!(total(&store, "hits"), 300);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_foreign_ticket_key_is_left_alone() {
    let store = Server::start();
    for (series, command, value, text) in [
        ("a", "SET", "!", "value is not an integer"),
        ("b", "LPUSH", "abc", "WRONGTYPE"),
        ("c", "SET", "-1", "the store holds no count for \"c\" but \"4\""),
    ] {
        let key = format!("hotcount:tickets:{series}");
        let () = store.run(&[command, &key, value]);
        let orders = Tickets::connect(store.url(), series, 5).expect("it parses");
        ticket_error(&orders, text);
    }
    let found: String = store.run(&["GET", "hotcount:tickets:a"]);
    assert_eq!(found, "!");
    let publisher = Publisher::connect(store.url(), "web").expect("it parses");
    assert_eq!(publisher.total_within("a", LONG).expect("another key").value(), 0);
}
