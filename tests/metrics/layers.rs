use hotcount::metrics::{FlushHandle, Sharded};
use metrics::{Recorder, counter, with_local_recorder};
use metrics_util::layers::{FanoutBuilder, Layer, PrefixLayer};

use super::spy::{Spy, spied};

fn count(recorder: &dyn Recorder) {
    with_local_recorder(recorder, || {
        counter!("hits").increment(2);
        counter!("hits").increment(3);
    });
}

#[test]
fn a_prefix_layer_works_inside_and_outside() {
    let spy = Spy::default();
    let sharded = Sharded::new(PrefixLayer::new("web").layer(spy.clone()));
    count(&sharded);
    sharded.flush_handle().flush();
    assert_eq!((spy.value("web.hits"), spy.value("hits")), (Some(5), None));

    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    count(&PrefixLayer::new("web").layer(sharded));
    flush.flush();
    assert_eq!((spy.value("web.hits"), spy.value("hits")), (Some(5), None));
}

#[test]
fn a_fanout_inside_counts_in_each_of_its_recorders() {
    let [one, two] = [Spy::default(), Spy::default()];
    let fanout = FanoutBuilder::default().add_recorder(one.clone()).add_recorder(two.clone());
    // It is no `Send`, its `&'static` is.
    let sharded = Sharded::new(&*Box::leak(Box::new(fanout.build())));
    let flush = sharded.flush_handle();
    for total in [5, 10] {
        count(&sharded);
        flush.flush();
        assert_eq!((one.value("hits"), two.value("hits")), (Some(total), Some(total)));
    }
}

#[test]
fn a_fanout_outside_counts_in_each_of_its_recorders() {
    let ((one, first), (two, second)) = (spied(), spied());
    let plain = Spy::default();
    let flushes = [first.flush_handle(), second.flush_handle()];
    let fanout = FanoutBuilder::default()
        .add_recorder(first)
        .add_recorder(second)
        .add_recorder(plain.clone())
        .build();
    count(&fanout);
    flushes.iter().for_each(FlushHandle::flush);
    let totals = [&one, &two, &plain].map(|spy| spy.value("hits"));
    assert_eq!(totals, [Some(5); 3]);
}
