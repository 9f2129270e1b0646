//! Runs a small program under every schedule, and writes down each step.
//!
//! [loom](https://docs.rs/loom) chooses the schedules. It runs the threads in turns on one real
//! thread, and changes the thread only where one of its own objects is used. Here that is one atomic
//! word, which each step touches before it acts. So a step is never cut in two, all orders of steps
//! are tried, and the steps can be written down one below the other.
//!
//! This shows what follows from the order of steps alone. What memory orders such as `Relaxed` allow
//! beyond that is shown in `08_signals`.
#![allow(dead_code, unreachable_pub, unused_imports)] // each program uses a part of it

mod lock;
pub mod play;
mod run;
mod schedule;
mod task;
mod word;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use loom::thread;

pub use lock::Lock;
pub use run::{Run, Step};
pub use schedule::forbid_locks;
pub use task::{run_as_task, write_to_the_log};
pub use word::Word;

/// Runs up to four threads under every schedule. They share what `new` returns. When all have ended,
/// `after` is called as well, if it is given.
pub fn every_run<S, T>(
    new: fn() -> S,
    threads: &[fn(&S) -> T],
    after: Option<fn(&S) -> T>,
) -> BTreeSet<Run<T>>
where
    S: Send + Sync + 'static,
    T: Ord + Send + 'static,
{
    let runs = Arc::new(Mutex::new(BTreeSet::new()));
    let (all_runs, threads) = (runs.clone(), threads.to_vec());
    let stopped = schedule::catch(|| {
        loom::model(move || {
            schedule::begin();
            let state = Arc::new(new());
            let mut others = Vec::new();
            for (name, part) in ["B", "C", "D"].into_iter().zip(threads[1..].to_vec()) {
                let shared = state.clone();
                let work = move || schedule::catch(|| part(&shared));
                let thread = thread::Builder::new().name(name.to_string());
                others.push(thread.spawn(work).expect("loom starts it"));
            }
            let mut returned = vec![schedule::catch(|| threads[0](&state))];
            for other in others {
                returned.push(other.join().expect("its panic is caught"));
            }
            let steps = schedule::take_steps();
            returned.extend(after.map(|after| schedule::catch(|| after(&state))));
            let returned = returned.into_iter().collect();
            runs.lock().unwrap().insert(Run { steps, returned });
        });
    });
    let mut all_runs = std::mem::take(&mut *all_runs.lock().unwrap());
    if let Err(reason) = stopped {
        all_runs.insert(Run { steps: schedule::take_steps(), returned: Err(reason) });
    }
    all_runs
}
