use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Once;

use loom::sync::atomic::{AtomicU64, Ordering::SeqCst};
use loom::thread;

use super::Step;

/// What belongs to the schedule under way.
#[derive(Default)]
struct Schedule {
    /// loom may let another thread go on wherever this is touched.
    turn: AtomicU64,
    steps: RefCell<Vec<Step>>,
    /// Whether the threads stand for tasks, which take turns only at an `.await`.
    tasks: Cell<bool>,
    no_locks: Cell<bool>,
    /// Why loom has stopped, if it has.
    stopped: RefCell<Option<String>>,
    /// The threads that wait for a lock.
    waiting: RefCell<Vec<thread::Thread>>,
}

// All threads of loom are one real thread, so they all see the same.
thread_local! {
    static SCHEDULE: RefCell<Rc<Schedule>> = panic!("`every_run` begins a schedule first");
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

fn schedule() -> Rc<Schedule> {
    SCHEDULE.with_borrow(Rc::clone)
}

/// Begins a schedule.
pub(super) fn begin() {
    SCHEDULE.set(Rc::default());
}

/// Takes the steps that were written down.
pub(super) fn take_steps() -> Vec<Step> {
    schedule().steps.take()
}

/// Lets any other thread go on before the caller does.
pub(super) fn switch() {
    schedule().turn.fetch_add(0, SeqCst);
}

/// Waits until another thread calls [`wake_all`].
pub(super) fn wait() {
    schedule().waiting.borrow_mut().push(thread::current());
    thread::park();
}

/// Lets all threads that wait try again.
pub(super) fn wake_all() {
    for thread in schedule().waiting.take() {
        thread.unpark();
    }
}

/// Takes one step, and writes it down.
pub(super) fn step<T>(act: impl FnOnce() -> (T, String)) -> T {
    before_step();
    let (value, what) = act();
    note(what);
    value
}

/// Threads take turns at each step, tasks do not.
pub(super) fn before_step() {
    if !in_tasks() {
        switch();
    }
}

/// Writes a step down.
pub(super) fn note(what: String) {
    let kind = if in_tasks() { "task" } else { "thread" };
    let by = format!("{kind} {}", thread::current().name().unwrap_or("A"));
    schedule().steps.borrow_mut().push(Step { by, what });
}

pub(super) fn in_tasks() -> bool {
    schedule().tasks.get()
}

/// Lets the threads stand for tasks from now on.
pub(super) fn be_tasks() {
    schedule().tasks.set(true);
}

/// From now on a lock ends the schedule with a message.
pub fn forbid_locks() {
    schedule().no_locks.set(true);
}

pub(super) fn are_locks_forbidden() -> bool {
    schedule().no_locks.get()
}

/// Returns what `act` returns, or the message of its panic, which is not printed.
pub(super) fn catch<T>(act: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                before(panic);
            }
        }));
    });
    let was_quiet = QUIET.replace(true);
    let result = catch_unwind(AssertUnwindSafe(act));
    QUIET.set(was_quiet);
    result.map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        // loom stops when all threads wait, and when a schedule has more than 1000 steps. Whatever
        // uses loom after that panics as well, so the first reason counts.
        let schedule = schedule();
        let mut stopped = schedule.stopped.borrow_mut();
        if text.starts_with("deadlock") {
            stopped.get_or_insert("each thread waits for another one".to_string());
        } else if text.contains("maximum number of branches") {
            stopped.get_or_insert("a thread loops forever".to_string());
        }
        stopped.clone().unwrap_or(text)
    })
}
