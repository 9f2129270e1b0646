//! Platforms, compilers and versions: what is tested, and what is only compiled.
//!
//! `.ci/platforms` does all of this, for every change. Each row is one of its targets, which can also be
//! run alone: `.ci/platforms aarch64`.
//!
//! | name | target | compiler | what is done |
//! |---|---|---|---|
//! | | `x86_64-unknown-linux-gnu` | stable | every test, model, example and bench |
//! | `msrv` | `x86_64-unknown-linux-gnu` | 1.85 | the tests of the core and of `keyed` run; each feature is compiled alone |
//! | `aarch64` | `aarch64-unknown-linux-gnu` | 1.96 | the tests of the core, `keyed` and `mapped` run in an emulator |
//! | `i686` | `i686-unknown-linux-gnu` | 1.96 | the tests of the core and of `keyed` run |
//! | `powerpc` | `powerpc-unknown-linux-gnu` | 1.96 | the tests of the core run in an emulator |
//! | `windows` | `x86_64-pc-windows-gnu` | 1.96 | the tests of the core, `keyed` and `mapped` run in Wine; all features are compiled |
//! | `apple` | `aarch64-apple-darwin` | 1.96 | all features are compiled |
//! | `freebsd` | `x86_64-unknown-freebsd` | 1.96 | all features are compiled |
//! | `android` | `aarch64-linux-android` | 1.96 | all features are compiled |
//! | `wasm` | `wasm32-unknown-unknown`, `wasm32-wasip1-threads` | 1.96 | all features but `mapped` and `redis` are compiled |
//! | `versions` | `x86_64-unknown-linux-gnu` | stable | the lowest versions of dependencies are compiled, for each feature and each pair |
//! | `docs` | `x86_64-unknown-linux-gnu` | stable, as a nightly | the docs are built as docs.rs builds them |
//!
//! # What differs
//!
//! - **No weak memory in the emulator.** It runs on x86-64, which orders memory more strictly than ARM
//!   and PowerPC. The models check the orderings.
//! - **Targets without 64-bit atomics** (`powerpc`, MIPS, older ARM) count through
//!   [`portable-atomic`](https://docs.rs/portable-atomic), which takes a lock for each operation. No
//!   counter may then be used in a signal handler. A thread zeroes the memory of its row itself.
//!   `mapped` needs a target with 64-bit pointers.
//! - **Windows.** A process that ends kills its other threads. A thread that is killed inside the lock
//!   of the table keeps it. Additions then go to the counter's own word, and nothing waits.
//! - **Global allocators.** See [`ShardedCounter`](crate::ShardedCounter#where-it-works) for the
//!   targets on which it may count in one.
//!
//! # Without std
//!
//! The core needs thread-locals with destructors and a lock that parks threads. Without std there is
//! neither. Only [`AtomicCounter`](crate::AtomicCounter) would remain, which is a few lines over
//! `AtomicU64`. So there is no `no_std` build.
