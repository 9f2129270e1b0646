//! A reader of a group returns, also if each of its looks meets an addition: it keeps writers out.
//!
//! These are the very files of `src/`, over primitives that tell the test where the threads are. So
//! the schedule is the same in each run, on any number of cores.
// Some public items of `src` are not public here.
#![allow(missing_docs, dead_code, unreachable_pub)]

#[path = "../../src/counter.rs"]
mod counter;
#[path = "../../src/group/mod.rs"]
mod group;
#[path = "../../src/sync.rs"]
mod primitives;
#[path = "../../src/sharded/mod.rs"]
mod sharded;
mod sync;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

// The docs of `src/` name the types by their public paths.
pub use counter::{Counter, FetchAdd};
pub use group::CounterGroup;
pub use sharded::ShardedCounter;

use group::run::{LOOKS, Run};
use group::sequence;
use sharded::table::table;
use sharded::this_thread;
use sync::BEFORE_WAITING;

static RUN: Run = Run::new(2);
static STOP: AtomicBool = AtomicBool::new(false);

/// How far the writer has come.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Writer {
    IsInsideAnAddition,
    WaitsForTheLock,
}

/// Adds again and again. In the middle of each addition, waits until it may go on.
fn add_without_end(come_to: &Sender<Writer>, may_go_on: &Receiver<()>) {
    (0..=table().warm_up()).for_each(|_| RUN.write(2, |_| ()));
    assert!(this_thread::row().reaches(2), "the thread has cells of its own");
    let waits = come_to.clone();
    BEFORE_WAITING.set(Box::new(move || waits.send(Writer::WaitsForTheLock).expect("it is heard")));
    while !STOP.load(Relaxed) {
        RUN.write(2, |places| {
            sequence::add(&places[0], 1);
            come_to.send(Writer::IsInsideAnAddition).expect("it is heard");
            may_go_on.recv().expect("it may go on");
            sequence::add(&places[1], 1);
        });
    }
}

#[test]
fn a_reader_that_meets_an_addition_in_each_look_returns() {
    let (come_to, writer_is) = channel();
    let (go_on, may_go_on) = channel();
    let writer = thread::spawn(move || add_without_end(&come_to, &may_go_on));
    let writer_is = Rc::new(move || {
        writer_is.recv_timeout(Duration::from_secs(60)).expect("the writer comes so far")
    });
    assert_eq!(writer_is(), Writer::IsInsideAnAddition);

    // Between two looks of the reader, the writer comes as far as it can.
    let pauses = Rc::new(Cell::new(0));
    BEFORE_WAITING.set(Box::new({
        let (go_on, writer_is, pauses) = (go_on.clone(), writer_is.clone(), pauses.clone());
        move || {
            pauses.set(pauses.get() + 1);
            go_on.send(()).expect("the writer waits");
            let expected = match pauses.get() {
                ..=LOOKS => Writer::IsInsideAnAddition,
                _ => Writer::WaitsForTheLock,
            };
            assert_eq!(writer_is(), expected, "after {} looks", pauses.get());
        }
    }));
    let mut counts = [0; 2];
    RUN.read(&mut [0; 2], |row| counts = [counts[0] + row[0], counts[1] + row[1]]);
    let looks_in_vain = LOOKS + 1;
    assert_eq!((pauses.get(), counts), (looks_in_vain, [looks_in_vain as u64; 2]));

    // The writer that was kept out adds again.
    STOP.store(true, Relaxed);
    assert_eq!(writer_is(), Writer::IsInsideAnAddition);
    go_on.send(()).expect("the writer waits");
    writer.join().expect("it adds");
    let mut last = 0;
    RUN.read(&mut [0; 2], |row| last += row[1]);
    assert_eq!(last, looks_in_vain as u64 + 1);
}
