//! How many rows there are, how long they are, and when they change hands.

use std::sync::{Arc, Mutex};

use crate::alone::alone;
use crate::counter::Counter;
use crate::sharded::ShardedCounter;
use crate::sharded::row::LENGTHS;
use crate::sharded::table::table;
use crate::sharded::this_thread;
use crate::{LONGER, SHORT, at_once, make_warm, rows, run, warm};

/// A thread-local whose destructor notes whether its thread still has a row.
struct LooksAtTheEnd;

static HAD_A_ROW: Mutex<Vec<bool>> = Mutex::new(Vec::new());

impl Drop for LooksAtTheEnd {
    fn drop(&mut self) {
        HAD_A_ROW.lock().expect("no test panicked").push(this_thread::row().reaches(0));
    }
}

thread_local! {
    static MADE_BEFORE: LooksAtTheEnd = const { LooksAtTheEnd };
    static MADE_AFTER: LooksAtTheEnd = const { LooksAtTheEnd };
}

alone! {
    /// Neither a read nor the first additions to a counter need a row or a column.
    fn reads_and_first_additions_make_no_row() {
        let counter = ShardedCounter::new();
        (0..table().warm_up()).for_each(|_| counter.increment());
        assert_eq!((counter.get(), rows()), (8, vec![]));
        counter.increment();
        assert_eq!((counter.get(), rows()), (9, vec![SHORT]));
    }

    /// One thread at a time, one row; fifty at once, fifty rows.
    fn there_are_as_many_rows_as_threads_that_counted_at_once() {
        static COUNTER: ShardedCounter = ShardedCounter::new();
        run(|| make_warm(&COUNTER));
        (0..1_000).for_each(|_| run(|| COUNTER.increment()));
        assert_eq!((COUNTER.get(), rows()), (1_000, vec![SHORT]));
        (0..20).for_each(|_| at_once(50, &COUNTER));
        assert_eq!(rows(), [SHORT; 50]);
    }

    /// A thread takes a longer row when it needs one, and leaves the short one to the next thread.
    fn a_row_that_was_outgrown_is_reused() {
        let counters: Arc<Vec<_>> = Arc::new((0..=SHORT).map(|_| warm()).collect());
        assert_eq!(rows(), [SHORT, LONGER]);
        let theirs = counters.clone();
        run(move || theirs[0].increment());
        assert_eq!(rows(), [SHORT, LONGER], "the short row suffices for the first column");
        run(move || counters[SHORT].increment());
        assert_eq!(rows(), [SHORT, LONGER, LONGER], "the first thread still has the long one");
    }

    /// A thread's row is kept when it reaches the column.
    fn a_row_never_gets_shorter() {
        let many: Vec<_> = (0..=SHORT).map(|_| warm()).collect();
        assert!(this_thread::row().reaches(SHORT));
        for counter in &many {
            counter.increment();
            warm().increment();
            assert!(this_thread::row().reaches(SHORT));
        }
    }

    /// Columns of low classes go out first, whatever was given back last.
    fn rows_stay_short_after_many_counters() {
        let counters: Vec<_> = (0..20_000).map(|_| warm()).collect();
        drop(counters);
        let few: Vec<_> = (0..SHORT).map(|_| warm()).collect();
        run(move || few.iter().for_each(ShardedCounter::increment));
        let lengths = &LENGTHS[..5];
        assert_eq!(rows(), lengths, "the new thread took the shortest row");
    }

    /// A row that is made late reaches all columns at once.
    fn a_new_row_reaches_all_columns() {
        static FIRST: ShardedCounter = ShardedCounter::new();
        make_warm(&FIRST);
        let many: Vec<_> = (0..LONGER / 2).map(|_| warm()).collect();
        at_once(2, &FIRST);
        assert_eq!(rows(), [SHORT, LONGER, LONGER]);
        drop(many);
    }

    /// Of two destructors of thread-locals, one runs before the row is given back and one after.
    fn a_thread_gives_its_row_back_as_it_ends() {
        run(|| {
            MADE_BEFORE.with(|_| ());
            let _counter = warm();
            assert!(this_thread::row().reaches(0));
            MADE_AFTER.with(|_| ());
        });
        let mut had_a_row = HAD_A_ROW.lock().expect("no thread panicked");
        had_a_row.sort_unstable();
        assert_eq!(*had_a_row, [false, true]);
    }
}
