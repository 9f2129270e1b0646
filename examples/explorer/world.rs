use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Once;

use loom::sync::atomic::{AtomicU64, Ordering::SeqCst};
use loom::thread;

use super::Step;

/// What belongs to the schedule under way.
#[derive(Default)]
struct World {
    /// loom may let another thread go on wherever this is touched.
    turn: AtomicU64,
    steps: RefCell<Vec<Step>>,
    /// Whether the threads stand for tasks, which take turns only at an `.await`.
    tasks: Cell<bool>,
    no_locks: Cell<bool>,
}

// All threads of loom are one real thread, so they all see the same.
thread_local! {
    static WORLD: RefCell<Rc<World>> = panic!("`every_run` begins a schedule first");
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

fn world() -> Rc<World> {
    WORLD.with_borrow(Rc::clone)
}

/// Begins a schedule.
pub(super) fn begin() {
    WORLD.set(Rc::default());
}

/// Takes the steps that were written down.
pub(super) fn take_steps() -> Vec<Step> {
    world().steps.take()
}

/// Lets any other thread go on before the caller does.
pub(super) fn switch() {
    world().turn.fetch_add(0, SeqCst);
}

/// Lets the other threads go on until they have all gone on.
pub(super) fn wait() {
    thread::yield_now();
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
    world().steps.borrow_mut().push(Step { by, what });
}

pub(super) fn in_tasks() -> bool {
    world().tasks.get()
}

/// Lets the threads stand for tasks from now on.
pub(super) fn be_tasks() {
    world().tasks.set(true);
}

/// From now on a lock ends the schedule with a message.
pub fn forbid_locks() {
    world().no_locks.set(true);
}

pub(super) fn are_locks_forbidden() -> bool {
    world().no_locks.get()
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
        text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
    })
}
