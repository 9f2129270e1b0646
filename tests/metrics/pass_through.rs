use std::sync::atomic::Ordering::Relaxed;

use hotcount::metrics::Sharded;
use metrics::{
    Key, Label, Level, Metadata, Recorder, Unit, counter, describe_counter, describe_gauge,
    describe_histogram, gauge, histogram, with_local_recorder,
};

use super::spy::{OnRegister, Spy, spied};

#[test]
fn everything_but_counts_passes_through() {
    let (spy, sharded) = spied();
    with_local_recorder(&sharded, || {
        describe_counter!("c", Unit::Bytes, "how many");
        describe_gauge!("g", "how full");
        describe_histogram!("h", Unit::Seconds, "how long");
        gauge!("g", "room" => "1").set(1.0);
        histogram!("h").record(1.0);
    });
    let expected = [
        "describe counter c Some(Bytes) how many",
        "describe gauge g None how full",
        "describe histogram h Some(Seconds) how long",
        "gauge Key(g, [room = 1])",
        "histogram Key(h)",
    ];
    assert_eq!(spy.calls(), expected);
}

#[test]
fn labels_and_metadata_arrive_when_registered_and_when_flushed() {
    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    let key = Key::from_parts("hits", vec![Label::new("path", "/")]);
    let metadata = Metadata::new("web", Level::DEBUG, Some("web::pages"));
    sharded.register_counter(&key, &metadata).increment(1);
    flush.flush();
    let registered = r#"counter Key(hits, [path = /]) web Level(Debug) Some("web::pages")"#;
    assert_eq!(spy.calls(), [registered, registered]);
    assert_eq!(spy.counters.lock().unwrap()[&key].load(Relaxed), 1);
}

#[test]
fn an_inner_recorder_may_count_through_the_facade() {
    let spy = Spy::default();
    let inner = spy.clone();
    let sharded = Sharded::new(OnRegister(move |key: &Key, metadata: &Metadata<'_>| {
        if key.name() != "registrations" {
            counter!("registrations").increment(1);
        }
        inner.register_counter(key, metadata)
    }));
    let flush = sharded.flush_handle();
    with_local_recorder(&sharded, || {
        counter!("hits").increment(1);
        flush.flush(); // registers `hits` once more
        flush.flush();
    });
    assert_eq!((spy.value("hits"), spy.value("registrations")), (Some(1), Some(2)));
}
