//! Steps that are no critical section.

use crate::Counter;
use crate::claims::sections::{Sections, Seen, critical_sections};
use crate::sync::Mutex;

/// A section that takes the lock for each of its steps.
struct DividedSections {
    value: Mutex<u64>,
}

impl From<u64> for DividedSections {
    fn from(start: u64) -> Self {
        Self { value: Mutex::new(start) }
    }
}

impl Counter for DividedSections {
    fn add(&self, n: u64) {
        *self.value.lock() += n;
    }

    fn get(&self) -> u64 {
        *self.value.lock()
    }
}

impl Sections for DividedSections {
    fn section(&self, times: usize) -> (u64, u64) {
        let before = self.get();
        (0..times).for_each(|_| self.add(1));
        (before, self.get())
    }
}

#[test]
fn a_section_that_releases_its_lock_is_divided() {
    let divided = |&((before, after), ..): &Seen| after != before + 1;
    assert!(critical_sections::<DividedSections>().iter().any(divided));
}
