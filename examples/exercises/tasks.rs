//! What each exercise asks for, as a trait.

/// Exercise 1.
pub trait LoseNothing {
    fn new() -> Self;

    /// Adds 1.
    fn add_one(&self);

    /// Returns the sum of all additions, when no thread adds any more.
    fn get(&self) -> u64;
}

/// Exercise 2.
pub trait HandOutNumbers {
    fn new() -> Self;

    /// Returns 1 to one caller, 2 to the next one, and so on.
    fn take_number(&self) -> u64;
}

/// Exercise 3.
pub trait OneSeat {
    fn new() -> Self;

    /// Takes the only seat. Returns whether the caller got it.
    fn take_seat(&self) -> bool;
}

/// Exercise 4.
pub trait LastOneOut {
    /// Two threads are in the room.
    fn new() -> Self;

    /// The caller leaves the room. Returns whether it is the last one, which turns off the light.
    fn leave(&self) -> bool;
}

/// Exercise 5.
pub trait Windows {
    fn new() -> Self;

    fn add(&self, n: u64);

    /// Returns what was added since this reader's last call, or since the begin. There are two
    /// readers, 0 and 1, each on a thread of its own.
    fn take(&self, reader: usize) -> u64;
}

/// Exercise 6.
pub trait CountBesideAwait {
    fn new() -> Self;

    /// Counts a visitor, writes to the log, and returns the visitor's number: 1, 2, and so on.
    async fn visit(&self) -> u64;
}

/// Exercise 7.
pub trait TwoCounts {
    fn new() -> Self;

    /// Counts a request that has sent `bytes`, less than a thousand.
    fn record(&self, bytes: u64);

    /// Returns the number of requests, and the bytes that exactly these requests have sent.
    fn read(&self) -> (u64, u64);
}

/// Exercise 8.
pub trait CellPerThread {
    fn new() -> Self;

    /// A thread begins. Returns its cell, 0 or 1, which no other thread has at the same time.
    fn begin(&self) -> usize;

    /// Adds 1 in the cell of the calling thread.
    fn add_one(&self, cell: usize);

    /// A thread ends. Another thread may get its cell.
    fn end(&self, cell: usize);

    /// Returns the sum of all additions, also of threads that have ended.
    fn get(&self) -> u64;
}
