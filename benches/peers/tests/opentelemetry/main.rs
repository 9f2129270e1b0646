//! The recipe of `hotcount::docs::opentelemetry`, with both temporalities at once.
#![allow(missing_docs)]

mod exports;
mod recipe;

use std::thread;

use exports::{Exports, Totals};
use hotcount::Counter;
use opentelemetry::KeyValue;
use opentelemetry_sdk::metrics::Temporality::{Cumulative, Delta};

#[test]
fn the_recipe_of_the_docs_is_what_is_tested_here() {
    let docs = include_str!("../../../../src/docs/opentelemetry.rs");
    let line = |line: &str| format!("{}\n", format!("//! {line}").trim_end());
    let recipe: String = include_str!("recipe.rs").lines().map(line).collect();
    assert!(docs.contains(&recipe), "the docs do not show\n{recipe}");
}

fn requests(totals: &Totals, status: i64) -> Option<i64> {
    totals.get("requests", &[KeyValue::new("route", "/"), KeyValue::new("status", status)])
}

fn bucket(totals: &Totals, bound: f64) -> Option<i64> {
    totals.get("latency_bucket", &[KeyValue::new("le", bound.to_string())])
}

#[test]
fn totals_are_exact_with_either_temporality_beside_load() {
    let exports = [Cumulative, Delta].map(Exports::start);
    let mut last = [0; 2];
    thread::scope(|scope| {
        let counting = [(); 4].map(|()| {
            scope.spawn(|| {
                for n in 0..20_000 {
                    recipe::IN_FLIGHT.increment();
                    recipe::HITS.increment();
                    recipe::LATENCY.observe(f64::from(n % 2));
                    recipe::REQUESTS.increment(&("/", 200 + n % 2));
                    recipe::IN_FLIGHT.decrement();
                }
            })
        });
        while !counting.iter().all(thread::ScopedJoinHandle::is_finished) {
            for (exports, last) in exports.iter().zip(&mut last) {
                let now = exports.collect();
                let hits = now.get("hits", &[]).expect("it is exported");
                assert!((*last..=80_000).contains(&hits), "{hits} after {last}");
                *last = hits;
                let in_flight = now.get("in_flight", &[]).expect("it is exported");
                assert!((0..=4).contains(&in_flight), "{in_flight} in flight");
                // Half of the observations are at most 0.005, and all are at most 1.
                let [some, all] = [0.005, 1.0].map(|bound| bucket(&now, bound).unwrap_or(0));
                assert!(some <= all && all <= 80_000, "{some} of {all} observations");
                let even = requests(&now, 200).unwrap_or(0);
                assert!((0..=40_000).contains(&even), "{even} requests");
            }
        }
    });
    for exports in &exports {
        for _ in 0..2 {
            let now = exports.collect();
            assert_eq!(now.get("hits", &[]), Some(80_000));
            assert_eq!(now.get("in_flight", &[]), Some(0));
            let buckets = [0.005, 0.5, 1.0, f64::INFINITY].map(|bound| bucket(&now, bound));
            assert_eq!(buckets, [40_000, 40_000, 80_000, 80_000].map(Some));
            assert_eq!([200, 201].map(|status| requests(&now, status)), [Some(40_000); 2]);
        }
    }
}
