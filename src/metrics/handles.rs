use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, Weak};

use metrics::{Counter, Key};

use super::key_counter::KeyCounter;

/// The handles that a thread has asked for: for each key, one for each recorder.
type Handles = HashMap<Key, Vec<(Weak<()>, Counter)>, BuildHasherDefault<Hashed>>;

/// Takes the hash that a key brings along; to hash that once more would cost as much as the rest.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

thread_local! {
    static HANDLES: RefCell<Handles> = RefCell::default();
}

/// Returns this thread's handle of a recorder's counter; `find` looks for the counter when the
/// thread has none yet. `recorder` is what lives as long as the recorder does.
///
/// `counter!` asks for a handle at each use, clones it and drops it. A handle of the thread's own,
/// an `Arc` around the one that all share, makes it wait for no other thread in any of these steps.
pub(super) fn of_this_thread(
    recorder: &Arc<()>,
    key: &Key,
    find: impl FnOnce() -> Arc<KeyCounter>,
) -> Counter {
    let known = HANDLES.try_with(|handles| {
        let handles = handles.borrow();
        let mut of_key = handles.get(key)?.iter();
        let (_, handle) = of_key.find(|(of, _)| of.as_ptr() == Arc::as_ptr(recorder))?;
        Some(handle.clone())
    });
    if let Ok(Some(handle)) = known {
        return handle;
    }
    let handle = Counter::from_arc(Arc::new(find()));
    // In a thread that is ending there is nothing to keep it in.
    let _ = HANDLES.try_with(|handles| {
        let mut handles = handles.borrow_mut();
        let of_key = handles.entry(key.clone()).or_default();
        of_key.retain(|(of, _)| of.strong_count() > 0);
        of_key.push((Arc::downgrade(recorder), handle.clone()));
    });
    handle
}
