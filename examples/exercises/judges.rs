//! One judge for each exercise: it runs the threads under every schedule, and names what goes wrong.

use std::collections::BTreeSet;

use super::explorer::{Run, Step, every_run, forbid_locks, run_as_task};
use super::tasks::{
    CellPerThread, CountBesideAwait, HandOutNumbers, LastOneOut, LoseNothing, OneSeat, TwoCounts,
    Windows,
};

/// What is wrong, and a schedule that shows it.
pub struct Fault {
    pub what: String,
    pub run: Run<()>,
}

impl Fault {
    pub fn new(what: String, steps: &[Step]) -> Self {
        Self { what, run: Run { steps: steps.to_vec(), returned: Ok(vec![]) } }
    }
}

/// The number of schedules, none of which fails, or a fault.
pub type Verdict = Result<usize, Fault>;

/// Judges all runs. `fault` says what is wrong with what the threads have returned, if anything.
fn judge<T: Ord>(runs: &BTreeSet<Run<T>>, fault: impl Fn(&[T]) -> Option<String>) -> Verdict {
    let fault_of = |run: &Run<T>| match &run.returned {
        Ok(returned) => fault(returned),
        Err(reason) => Some(reason.clone()),
    };
    match Run::failing(runs, |run| fault_of(run).is_some()) {
        (None, _) => Ok(runs.len()),
        (Some(run), _) => Err(Fault::new(fault_of(run).unwrap(), &run.steps)),
    }
}

/// The explorer sees the steps of `Word` and `Lock` only, and would wait for any other lock forever.
pub fn uses_only_words_and_locks(source: &str) -> Result<(), Fault> {
    match ["std::sync", "parking_lot"].into_iter().find(|name| source.contains(name)) {
        None => Ok(()),
        Some(name) => {
            Err(Fault::new(format!("it uses {name}, of which the explorer sees no step"), &[]))
        }
    }
}

pub fn lose_nothing<C: LoseNothing + Send + Sync + 'static>() -> Verdict {
    let new = || {
        forbid_locks();
        C::new()
    };
    let add = |count: &C| {
        count.add_one();
        0
    };
    let runs = every_run(new, &[add, add], Some(C::get));
    judge(&runs, |returned| {
        let total = returned[2];
        (total != 2).then(|| format!("an addition is lost: 2 additions count as {total}"))
    })
}

pub fn hand_out_numbers<C: HandOutNumbers + Send + Sync + 'static>() -> Verdict {
    let new = || {
        forbid_locks();
        C::new()
    };
    let runs = every_run(new, &[C::take_number, C::take_number], None);
    judge(&runs, |numbers| wrong_numbers(numbers, "thread"))
}

/// What is wrong with two numbers that should be 1 and 2.
fn wrong_numbers(numbers: &[u64], receiver: &str) -> Option<String> {
    let [a, b] = numbers else { panic!("two take a number") };
    match (a, b) {
        (1, 2) | (2, 1) => None,
        _ if a == b => Some(format!("both {receiver}s get number {a}")),
        _ => Some(format!("{receiver} A gets number {a}, {receiver} B gets number {b}")),
    }
}

pub fn one_seat<C: OneSeat + Send + Sync + 'static>() -> Verdict {
    let runs = every_run(C::new, &[C::take_seat, C::take_seat], None);
    judge(&runs, |got| match got {
        [true, true] => Some("both threads get the one seat".to_string()),
        [false, false] => Some("no thread gets the seat".to_string()),
        _ => None,
    })
}

pub fn last_one_out<C: LastOneOut + Send + Sync + 'static>() -> Verdict {
    let new = || {
        forbid_locks();
        C::new()
    };
    let runs = every_run(new, &[C::leave, C::leave], None);
    judge(&runs, |is_last| match is_last {
        [true, true] => Some("both threads turn off the light".to_string()),
        [false, false] => Some("no thread turns off the light".to_string()),
        _ => None,
    })
}

pub fn windows<C: Windows + Send + Sync + 'static>() -> Verdict {
    let new = || {
        forbid_locks();
        C::new()
    };
    let add_and_take = |hits: &C| {
        hits.add(5);
        vec![hits.take(0)]
    };
    let take = |hits: &C| vec![hits.take(1)];
    let afterwards: fn(&C) -> Vec<u64> = |hits| vec![hits.take(0), hits.take(1)];
    let runs = every_run(new, &[add_and_take, take], Some(afterwards));
    judge(&runs, |taken| {
        [0, 1].into_iter().find_map(|reader| {
            let told = taken[reader][0].wrapping_add(taken[2][reader]);
            (told != 5).then(|| format!("5 were added, and reader {reader} is told of {told}"))
        })
    })
}

pub fn count_beside_await<C: CountBesideAwait + Send + Sync + 'static>() -> Verdict {
    let task = |visitors: &C| run_as_task(visitors.visit());
    let runs = every_run(C::new, &[task, task], None);
    let tried = judge(&runs, |numbers| wrong_numbers(numbers, "visitor"))?;
    let awaits =
        |run: &Run<u64>| run.steps.iter().filter(|it| it.what.starts_with("awaits")).count();
    match runs.iter().find(|run| awaits(run) != 2) {
        None => Ok(tried),
        Some(run) => Err(Fault::new("a visit does not write to the log".to_string(), &run.steps)),
    }
}

pub fn two_counts<C: TwoCounts + Send + Sync + 'static>() -> Verdict {
    let new = || {
        forbid_locks();
        C::new()
    };
    let record_10 = |counts: &C| {
        counts.record(10);
        (0, 0)
    };
    let record_100_and_read = |counts: &C| {
        counts.record(100);
        counts.read()
    };
    let runs = every_run(new, &[record_10, record_100_and_read], Some(C::read));
    judge(&runs, |returned| {
        let (meanwhile, afterwards) = (returned[1], returned[2]);
        if ![(1, 100), (2, 110)].contains(&meanwhile) {
            let (requests, bytes) = meanwhile;
            return Some(format!("thread B reads {requests} requests with {bytes} bytes"));
        }
        let (requests, bytes) = afterwards;
        (afterwards != (2, 110))
            .then(|| format!("2 requests with 110 bytes count as {requests} with {bytes} bytes"))
    })
}

pub fn cell_per_thread<C: CellPerThread + Send + Sync + 'static>() -> Verdict {
    let new = || {
        forbid_locks();
        C::new()
    };
    let live = |cells: &C| {
        let cell = cells.begin();
        cells.add_one(cell);
        cells.end(cell);
        (cell as u64, 0)
    };
    let read_once = |cells: &C| (cells.get(), 0);
    let read_twice = |cells: &C| (cells.get(), cells.get());

    // A thread begins, adds and ends, while another one reads.
    let runs = every_run(new, &[live, read_twice], Some(read_once));
    let alone = judge(&runs, |returned| {
        let ((first, second), (total, _)) = (returned[1], returned[2]);
        if first > 1 || second > 1 || total > 1 {
            let read = first.max(second).max(total);
            Some(format!("an addition is counted twice: thread B reads {read}"))
        } else if second < first || total != 1 {
            Some("an addition that was counted is missing later".to_string())
        } else {
            None
        }
    })?;

    // Two threads that begin, add and end.
    let runs = every_run(new, &[live, live], Some(read_once));
    let together = judge(&runs, |returned| {
        let (total, _) = returned[2];
        (total != 2).then(|| format!("2 additions count as {total}"))
    })?;
    Ok(alone + together)
}
