//! Platforms, compilers and versions: what is tested, and what is only compiled.
//!
//! `.ci/run` does all of this for every change. Each row with a name is a target of
//! `.ci/platforms`. You can run such a target alone: `.ci/platforms aarch64`.
//!
//! | name | target | compiler | what is done |
//! |---|---|---|---|
//! | | `x86_64-unknown-linux-gnu` | stable | every test, model and example runs; the benches are checked by clippy |
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
//! - **No weak memory in the emulator.** It runs on x86-64, which orders memory more strictly than
//!   ARM and PowerPC. The models check the orderings.
//! - **Targets without 64-bit atomics** (`powerpc`, MIPS, older ARM) count through
//!   [`portable-atomic`](https://docs.rs/portable-atomic), which takes a lock for each operation.
//!   So do not use any counter in a signal handler there. A thread zeroes the memory of its row
//!   itself.
//! - **Targets without 64-bit pointers** have no `mapped`.
//! - **Windows.** A process that ends kills its other threads. A thread that is killed while it
//!   holds the table's lock never releases it. Additions that need the lock then go to the
//!   counter's own word, and nothing waits.
//! - **Global allocators.** See [`ShardedCounter`](crate::ShardedCounter#where-it-works) for the
//!   targets on which it may count in one.
//!
//! # Without std
//!
//! The core needs thread-locals with destructors and a lock that parks threads. Without std there
//! is neither. Only [`AtomicCounter`](crate::AtomicCounter) would remain, which adds little to an
//! `AtomicU64`. So there is no `no_std` build.
