//! The handles that each thread has asked for, found without a lock.
//!
//! `counter!` asks for a handle at each use, clones it and drops it. A handle of the thread's own,
//! an `Arc` around the counter that all threads share, makes it wait for no other thread in any of
//! these steps.

use std::cell::RefCell;
use std::sync::Arc;

use hashbrown::HashTable;
use metrics::{Counter, CounterFn, Key};

use super::key_counter::KeyCounter;
use super::recorder_id::{self, RecorderId};

/// A thread keeps no more handles. When it meets one more key it starts again with none, so it looks
/// each up once more. This bounds what a thread holds on to.
const MAX_HANDLES: usize = 4096;

struct Handle {
    recorder: Arc<RecorderId>,
    counter: Arc<KeyCounter>,
}

impl CounterFn for Handle {
    fn increment(&self, value: u64) {
        self.counter.increment(value);
    }

    fn absolute(&self, value: u64) {
        self.counter.absolute(value);
    }
}

struct Handles {
    /// How many recorders had gone when the table was last cleared of theirs.
    gone: u64,
    table: HashTable<Arc<Handle>>,
}

thread_local! {
    static HANDLES: RefCell<Handles> =
        const { RefCell::new(Handles { gone: 0, table: HashTable::new() }) };
}

/// Returns this thread's handle of a recorder's counter. `find` looks for the counter if the thread
/// has none yet.
pub(super) fn of_this_thread(
    recorder: &Arc<RecorderId>,
    key: &Key,
    find: impl FnOnce() -> Arc<KeyCounter>,
) -> Counter {
    let known = HANDLES.try_with(|handles| handles.borrow_mut().find(recorder, key));
    if let Ok(Some(handle)) = known {
        return Counter::from_arc(handle);
    }
    let handle = Arc::new(Handle { recorder: recorder.clone(), counter: find() });
    // In a thread that is ending there is nothing to keep it in.
    let _ = HANDLES.try_with(|handles| handles.borrow_mut().keep(handle.clone()));
    Counter::from_arc(handle)
}

impl Handles {
    #[inline]
    fn find(&mut self, recorder: &Arc<RecorderId>, key: &Key) -> Option<Arc<Handle>> {
        let gone = recorder_id::gone();
        if gone != self.gone {
            self.table.retain(|handle| !handle.recorder.is_gone());
            self.gone = gone;
        }
        let is_it = |handle: &Arc<Handle>| {
            Arc::ptr_eq(&handle.recorder, recorder) && handle.counter.key == *key
        };
        self.table.find(key.get_hash(), is_it).cloned()
    }

    fn keep(&mut self, handle: Arc<Handle>) {
        if self.table.len() == MAX_HANDLES {
            self.table.clear();
        }
        let hash = handle.counter.key.get_hash();
        self.table.insert_unique(hash, handle, |handle| handle.counter.key.get_hash());
    }
}
