use plotters::style::RGBColor;

use crate::axis::Axis;
use crate::dots::Shape;
use crate::picture::{Picture, Style};

/// The pictures, each of one group.
pub(crate) fn all() -> [Picture; 6] {
    let binary = Axis::Logarithmic { base: 2.0 };
    let decimal = Axis::Logarithmic { base: 10.0 };
    [
        Picture {
            group: "add",
            title: "Increments of one counter",
            x: ("threads that add at once", binary),
            y: ("million per second, all threads", decimal),
            value: |ns| 1_000.0 / ns,
            lines: &COUNTERS,
        },
        Picture {
            group: "one_key",
            title: "Increments of one hot key",
            x: ("threads that add at once", binary),
            y: ("million per second, all threads", decimal),
            value: |ns| 1_000.0 / ns,
            lines: &MAPS,
        },
        Picture {
            group: "all_keys",
            title: "Increments of 10,000 keys in turn",
            x: ("threads that add at once", binary),
            y: ("million per second, all threads", decimal),
            value: |ns| 1_000.0 / ns,
            lines: &MAPS,
        },
        Picture {
            group: "get",
            title: "A read",
            x: ("threads that have counted at once", decimal),
            y: ("ns per read", decimal),
            value: |ns| ns,
            lines: &COUNTERS,
        },
        Picture {
            group: "mixed",
            title: "Reads among increments, 8 threads",
            x: ("% reads", Axis::Linear),
            y: ("ns per operation", Axis::Linear),
            value: |ns| ns,
            lines: &COUNTERS,
        },
        Picture {
            group: "memory",
            title: "Memory after 8 threads have added to each counter",
            x: ("counters", decimal),
            y: ("bytes per counter", decimal),
            value: |bytes| bytes,
            lines: &COUNTERS,
        },
    ]
}

/// The lines that are drawn, told apart by color (Okabe and Ito's, for color-blind readers too) and
/// by shape. `AtomicCounter` would hide behind `AtomicU64`, and `parking_lot`'s lock behind ours.
const COUNTERS: [Style; 5] = [
    ("private cell", RGBColor(130, 130, 130), Shape::Circle),
    ("ShardedCounter", RGBColor(213, 94, 0), Shape::Disk),
    ("AtomicU64", RGBColor(0, 125, 200), Shape::Square),
    ("LockedCounter", RGBColor(0, 158, 115), Shape::Triangle),
    ("std Mutex", RGBColor(204, 121, 167), Shape::Cross),
];

const MAPS: [Style; 6] = [
    ("a thread's own HashMap", RGBColor(130, 130, 130), Shape::Circle),
    ("CounterFamily", RGBColor(213, 94, 0), Shape::Disk),
    ("prometheus-client Family", RGBColor(0, 125, 200), Shape::Square),
    ("CounterMap", RGBColor(0, 158, 115), Shape::Triangle),
    ("Mutex<HashMap>", RGBColor(204, 121, 167), Shape::Cross),
    ("DashMap", RGBColor(170, 140, 0), Shape::Diamond),
];
