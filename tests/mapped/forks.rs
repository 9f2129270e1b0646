use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use hotcount::mapped::CounterFile;
use hotcount::{Counter, FetchAdd};

use crate::scratch::{Scratch, wait_until};

/// Forks children that each run `work`, and waits for them.
fn in_children(children: u32, work: impl Fn(u32) -> bool) {
    let fork = |child| {
        // SAFETY: the child runs `work`, which allocates as C libraries permit it, and exits. A
        // child that hangs is killed.
        unsafe {
            let id = libc::fork();
            if id == 0 {
                libc::alarm(40);
                libc::_exit(i32::from(!work(child)));
            }
            assert!(id > 0, "no child");
            id
        }
    };
    let ids: Vec<_> = (0..children).map(fork).collect();
    for id in ids {
        let mut status = 0;
        // SAFETY: the status lives until the call returns.
        assert_eq!(unsafe { libc::waitpid(id, &raw mut status, 0) }, id);
        assert_eq!(status, 0, "a child failed or was killed");
    }
}

#[test]
fn forked_children_count_with_what_their_parent_opened() {
    let scratch = Scratch::new();
    let file = CounterFile::open(scratch.path("hits.counters")).expect("the file is created");
    let hits = file.counter("hits").expect("there is room");
    in_children(8, |_| {
        (0..1000).for_each(|_| hits.increment());
        file.sync().is_ok()
    });
    assert_eq!(hits.get(), 8_000);
}

#[test]
fn children_forked_during_a_sync_can_sync() {
    let scratch = Scratch::on_disk();
    let file = CounterFile::open(scratch.path("hits.counters")).expect("the file is created");
    let hits = file.counter("hits").expect("there is room");
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let syncing = scope.spawn(|| {
            while !stop.load(Relaxed) {
                hits.increment();
                file.sync().expect("the file is synced");
            }
        });
        for _ in 0..20 {
            in_children(1, |_| file.sync().is_ok());
        }
        stop.store(true, Relaxed);
        syncing.join().expect("the thread ends");
    });
}

#[test]
fn two_forked_children_that_register_at_once_share_one_name_and_not_the_others() {
    let scratch = Scratch::new();
    let file = CounterFile::open(scratch.path("hits.counters")).expect("the file is created");
    let arrived = file.counter("arrived").expect("there is room");
    for round in 0..100 {
        let name = format!("round {round}");
        in_children(2, |child| {
            arrived.increment();
            wait_until("both children arrive", || arrived.get() >= (round + 1) * 2);
            let own = file.counter(&format!("{name}, child {child}"));
            let shared = file.counter(&name);
            own.is_ok_and(|counter| counter.increment_and_get() == 1)
                && shared.is_ok_and(|counter| counter.increment_and_get() <= 2)
        });
        assert_eq!(file.counter(&name).expect("the name is known").get(), 2, "round {round}");
    }
    let view = CounterFile::open_read_only(scratch.path("hits.counters")).expect("the file opens");
    assert_eq!(view.iter().count(), 301);
    assert_eq!(view.iter().map(|(_, value)| value).sum::<u64>(), 200 + 200 + 200);
}

#[test]
fn children_forked_while_a_thread_registers_can_register_too() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::options().capacity(100_000).open(path).expect("the file is created");
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let registering = scope.spawn(|| {
            let mut names = 0;
            while !stop.load(Relaxed) && names < 90_000 {
                file.counter(&format!("parent {names}")).expect("there is room").increment();
                names += 1;
            }
            names
        });
        for round in 0..50 {
            in_children(2, |child| {
                let name = format!("child {child} of {round}");
                file.counter(&name).is_ok_and(|counter| counter.increment_and_get() == 1)
            });
        }
        stop.store(true, Relaxed);
        let names = registering.join().expect("the thread registers");
        let view = CounterFile::open_read_only(scratch.path("hits.counters"));
        let view = view.expect("the file opens");
        assert_eq!(view.iter().filter(|(_, value)| *value == 1).count(), names + 100);
        assert_eq!(view.iter().count(), names + 100);
    });
}
