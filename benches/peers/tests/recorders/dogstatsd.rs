use std::net::UdpSocket;
use std::time::{Duration, Instant};

use metrics::{Counter, Key, Label, Level, Metadata, Recorder};
use metrics_exporter_dogstatsd::DogStatsDBuilder;

use super::backend::{Backend, BoxedRecorder};

/// An agent that receives what was added, in packets that are sent every few milliseconds.
pub struct Agent {
    socket: UdpSocket,
    /// A counter that is sent along, to know which packets have arrived.
    marker: Counter,
}

impl Backend for Agent {
    fn start() -> (BoxedRecorder, Self) {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        socket.set_read_timeout(Some(Duration::from_secs(10))).expect("it takes a timeout");
        let recorder = DogStatsDBuilder::default()
            .with_remote_address(socket.local_addr().expect("an address").to_string())
            .expect("it is an address")
            .with_flush_interval(Duration::from_millis(5))
            .with_telemetry(false)
            .build()
            .expect("a recorder");
        let key = Key::from_parts("marker", vec![Label::new("path", "/")]);
        let marker = recorder.register_counter(&key, &Metadata::new("", Level::INFO, None));
        (Box::new(recorder), Self { socket, marker })
    }

    fn total(&self) -> u64 {
        let start = Instant::now();
        let mut total = 0;
        // A packet with a second marker was made after the one with the first, and that one after
        // all that was counted before.
        for _ in 0..2 {
            self.marker.increment(1);
            let mut marked = false;
            while !marked {
                assert!(start.elapsed() < Duration::from_secs(20), "the marker does not arrive");
                let mut packet = [0; 65_536];
                let length = self.socket.recv(&mut packet).expect("a packet");
                let packet = str::from_utf8(&packet[..length]).expect("it is text");
                for line in packet.lines() {
                    let (name, rest) = line.split_once(':').expect("a name and a value");
                    let added = rest.strip_suffix("|c|#path:/").expect("a counter");
                    match name {
                        "marker" => marked = true,
                        "hits_total" => total += added.parse::<u64>().expect("a number"),
                        _ => panic!("{line}"),
                    }
                }
            }
        }
        total
    }
}
