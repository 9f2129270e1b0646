//! loom's thread-locals in the shape of std's, and additions after they are gone.

use std::{cell::Cell, collections::HashMap, ops::Deref};

/// A cell has no destructor and goes to loom as it is; anything else runs what `at_exit` left.
macro_rules! locals {
    ($($(#[$doc:meta])* static $name:ident: $type:ident $(<$arg:ty>)? = const $init:block;)*) => {
        $($crate::sync::thread_locals::locals!(@ $name: $type $(<$arg>)? = $init);)*
    };
    (@ $name:ident: Cell<$arg:ty> = $init:block) => {
        loom::thread_local! { static $name: Cell<$arg> = $init; }
    };
    (@ $name:ident: $type:ident = $init:block) => {
        loom::thread_local! {
            static $name: $crate::sync::thread_locals::Local<$type> = $crate::sync::thread_locals::Local::new($init);
        }
    };
}

pub(crate) use locals;

type Late = Box<dyn FnOnce()>;

std::thread_local! {
    static LATE: Cell<Option<HashMap<loom::thread::ThreadId, Late>>> = const { Cell::new(None) };
}

/// Runs `late` when the calling thread ends, after its thread-locals are gone. It has to be said
/// before the thread has a row, and the thread has to try to take one.
pub fn at_exit(late: impl FnOnce() + 'static) {
    let mut all = LATE.take().unwrap_or_default();
    all.insert(loom::thread::current().id(), Box::new(late));
    LATE.set(Some(all));
}

/// Whether what the calling thread left to `at_exit` waits for the thread's first addition.
pub fn waits_for_an_addition() -> bool {
    let all = LATE.take().unwrap_or_default();
    let waits = all.contains_key(&loom::thread::current().id());
    LATE.set(Some(all));
    waits
}

/// A thread-local with a destructor. loom drops a thread's locals in random order, so only this one
/// may do what loom sees, and what comes after it comes from here.
pub struct Local<T> {
    value: Option<T>,
    late: Option<Late>,
}

impl<T> Local<T> {
    pub fn new(value: T) -> Self {
        let mut all = LATE.take().unwrap_or_default();
        let late = all.remove(&loom::thread::current().id());
        LATE.set(Some(all));
        Self { value: Some(value), late }
    }
}

impl<T> Deref for Local<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().unwrap()
    }
}

impl<T> Drop for Local<T> {
    fn drop(&mut self) {
        self.value = None;
        if let Some(late) = self.late.take() {
            late();
        }
    }
}
