use metrics::Recorder;

pub type BoxedRecorder = Box<dyn Recorder + Send + Sync>;

/// Where a recorder sends its counts.
pub trait Backend: Sized {
    /// A recorder, and what receives from it.
    fn start() -> (BoxedRecorder, Self);

    /// Receives what the recorder has; called after each step.
    fn collect(&self) {}

    /// The total of `hits_total{path="/"}` that was received.
    fn total(&self) -> u64;
}
