//! How many instructions is an increment, and how many of them lock a cache line?
//!
//! A child process adds once between two breakpoints, after some additions as warm-up. Its parent
//! steps through it, one instruction at a time, and looks at each. So the answer does not depend on
//! how busy the machine is. It counts calls, library functions and thread-locals as well.
#![allow(missing_docs)]

#[path = "../../common/mod.rs"]
mod common;
#[allow(dead_code)] // what only the benches of times need
mod counters;

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod stepper;

#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
fn main() {
    println!("left out: instructions are counted on x86-64 Linux only");
}

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
fn main() {
    use common::baselines::{Atomic, ParkingLotMutex, StdMutex};
    use common::record::{Figures, figures};
    use hotcount::{AtomicCounter, Counter, LockedCounter, ShardedCounter};
    use stepper::count;

    fn measure<C: Counter + Default>() -> (u32, u32) {
        count(&C::default())
    }
    if common::record::nothing_is_measured() {
        return;
    }
    let all: [(&str, (u32, u32)); 13] = [
        ("ShardedCounter", measure::<ShardedCounter>()),
        ("AtomicCounter", measure::<AtomicCounter>()),
        ("AtomicU64", measure::<Atomic>()),
        ("LockedCounter", measure::<LockedCounter>()),
        ("parking_lot Mutex", measure::<ParkingLotMutex>()),
        ("std Mutex", measure::<StdMutex>()),
        ("atomic-counter", measure::<counters::AtomicCounterCrate>()),
        ("contatori", measure::<counters::Contatori>()),
        ("fast-counter", measure::<counters::FastCounter>()),
        ("hytra", measure::<counters::Hytra>()),
        ("opentelemetry", measure::<counters::OpenTelemetry>()),
        ("prometheus", measure::<counters::Prometheus>()),
        ("prometheus-client", measure::<counters::PrometheusClient>()),
    ];
    let (mut instructions, mut locked) = (Figures::new(), Figures::new());
    for (name, (counted, of_them_locked)) in all {
        println!("{name}: {counted} instructions, {of_them_locked} locked");
        instructions.entry(name.to_string()).or_default().insert(0, f64::from(counted));
        locked.entry(name.to_string()).or_default().insert(0, f64::from(of_them_locked));
    }
    // The method can see a locked instruction where there is one, and only there.
    assert_eq!((locked["AtomicU64"][&0], locked["ShardedCounter"][&0]), (1.0, 0.0));
    figures("instructions", &instructions);
    figures("locked", &locked);
}
