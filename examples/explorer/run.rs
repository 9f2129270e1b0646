use std::collections::BTreeSet;

/// A step of one thread.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// `thread A`, `thread B`, …, or `task A` and so on.
    pub by: String,
    pub what: String,
}

/// What happened under one schedule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run<T> {
    pub steps: Vec<Step>,
    /// What each thread returned, A first, or why a thread did not come to its end.
    pub returned: Result<Vec<T>, String>,
}

impl<T> Run<T> {
    /// Prints each step on a line. Of a run without an end it prints the begin.
    pub fn print(&self) {
        for step in self.steps.iter().take(20) {
            println!("  {} {}", step.by, step.what);
        }
        if self.steps.len() > 20 {
            println!("  … and so on");
        }
    }

    /// How often another thread goes on. The fewer, the easier to follow.
    fn switches(&self) -> usize {
        self.steps.windows(2).filter(|pair| pair[0].by != pair[1].by).count()
    }

    /// Returns the failing run that is easiest to follow, and how many fail.
    pub fn failing(runs: &BTreeSet<Self>, fails: impl Fn(&Self) -> bool) -> (Option<&Self>, usize) {
        let failing = || runs.iter().filter(|run| fails(run));
        (failing().min_by_key(|run| (run.switches(), run.steps.len())), failing().count())
    }
}
