use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::schedule::{be_tasks, note, switch};

/// Runs a task. All tasks share one thread, and another task can go on only at an `.await`.
pub fn run_as_task<T>(task: impl Future<Output = T>) -> T {
    be_tasks();
    switch(); // another task may begin first
    let mut task = pin!(task);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        match task.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => switch(),
        }
    }
}

/// Stands for anything that takes time: a query, a log line, the body of the request.
pub async fn write_to_the_log() {
    let mut begun = false;
    poll_fn(|_| {
        if begun {
            return Poll::Ready(());
        }
        begun = true;
        note("awaits the log".to_string());
        Poll::Pending
    })
    .await;
}
