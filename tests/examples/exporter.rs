use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use prometheus_parse::{Scrape, Value};

use crate::program::{Server, example, run};

const CLIENTS: u32 = 8;
const REQUESTS: u32 = 50;
const TOTAL: f64 = 400.0;
/// The pages, with the counter of requests on each.
const PAGES: [(&str, &str); 5] = [
    ("metrics", "pages_total"),
    ("prometheus", "requests_total"),
    ("prometheus", "path_requests_total"),
    ("prometheus-client", "hits_total"),
    ("prometheus-client", "path_hits_total"),
];

/// The histograms of the requests' times, on the pages of the registries.
const HISTOGRAMS: [&str; 2] = ["request_seconds", "seconds"];

/// A file that no process has made yet.
fn file(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&path);
    path
}

/// Processes that count in the file, to 4000 together.
fn processes_count(file: &Path) {
    for _ in 0..4 {
        let mut process = example("processes");
        process.arg("count").arg(file);
        assert!(run(process).status.success());
    }
}

/// Asks for the counted page from several threads, while `meanwhile` runs.
fn load(server: &Server, meanwhile: impl Fn()) {
    thread::scope(|scope| {
        let client = || {
            for _ in 0..REQUESTS {
                assert_eq!(server.get("/"), (200, "counted\n".to_string()));
            }
        };
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(client)).collect();
        while !clients.iter().all(thread::ScopedJoinHandle::is_finished) {
            meanwhile();
        }
    });
}

/// The value of a counter or gauge on one of the pages.
fn scraped(server: &Server, page: &str, name: &str) -> Option<f64> {
    let (status, page) = server.get(&format!("/{page}"));
    assert_eq!(status, 200);
    let lines = page.lines().map(|line| Ok(line.to_string()));
    let scrape = Scrape::parse(lines).expect("it is in Prometheus's format");
    let sample = scrape.samples.iter().find(|sample| sample.metric == name)?;
    match sample.value {
        Value::Counter(value) | Value::Gauge(value) | Value::Untyped(value) => Some(value),
        _ => panic!("{name} is {:?}", sample.value),
    }
}

#[test]
#[cfg_attr(
    not(all(
        feature = "keyed",
        feature = "mapped",
        feature = "metrics",
        feature = "prometheus",
        feature = "prometheus-client"
    )),
    ignore = "needs a feature that is off: try --all-features"
)]
fn scrapes_beside_load_never_exceed_the_truth_and_end_at_the_exact_total() {
    let server = Server::start("exporter");
    assert_eq!(scraped(&server, "prometheus-client", "hits_total"), Some(0.0));
    load(&server, || {
        for (page, name) in PAGES {
            let now = scraped(&server, page, name).unwrap_or(0.0);
            assert!((0.0..=TOTAL).contains(&now), "{name} {now}");
        }
    });
    for (page, name) in PAGES {
        assert_eq!(scraped(&server, page, name), Some(TOTAL), "{name}");
    }
    assert_eq!(scraped(&server, "prometheus", "requests_in_flight"), Some(0.0));
    assert_eq!(scraped(&server, "prometheus-client", "in_flight"), Some(0.0));
    let (_, page) = server.get("/metrics");
    let expected = "# HELP pages_total Pages served\n# TYPE pages_total counter\n\
                    pages_total{path=\"/\"} 400\n\n";
    assert_eq!(page, expected);
}

#[test]
#[cfg_attr(
    not(all(
        feature = "keyed",
        feature = "mapped",
        feature = "metrics",
        feature = "prometheus",
        feature = "prometheus-client"
    )),
    ignore = "needs a feature that is off: try --all-features"
)]
fn a_file_that_other_processes_count_in_is_served_as_soon_as_it_is_there() {
    let path = file("served.counters");
    let server = Server::start_with("exporter", &["--file", path.to_str().expect("UTF-8")]);
    let (status, message) = server.get("/file");
    assert_eq!(status, 503);
    assert!(message.contains("served.counters"), "{message}");
    for round in 1..=2 {
        processes_count(&path);
        let expected = format!("counter_file_total{{name=\"hits\"}} {}\n", round * 4000);
        assert!(server.get("/file").1.ends_with(&expected), "{}", server.get("/file").1);
    }
}

/// What `promtool` finds wrong on a page in Prometheus's text format.
fn faults(page: &str) -> String {
    let mut promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool is installed");
    let mut input = promtool.stdin.take().expect("it was piped");
    input.write_all(page.as_bytes()).expect("it reads");
    drop(input);
    let output = promtool.wait_with_output().expect("it ends");
    let said = [output.stdout, output.stderr].concat();
    format!("{}{}", String::from_utf8_lossy(&said), if output.status.success() { "" } else { "!" })
}

#[test]
#[ignore = "needs promtool, of Debian's package prometheus, and --all-features"]
fn promtool_finds_no_fault_on_a_page_in_the_text_format() {
    let path = file("checked.counters");
    processes_count(&path);
    let server = Server::start_with("exporter", &["--file", path.to_str().expect("UTF-8")]);
    load(&server, || ());
    for page in ["/metrics", "/prometheus", "/file"] {
        let (status, text) = server.get(page);
        assert_eq!((status, faults(&text).as_str()), (200, ""), "{page}: {text}");
    }
    assert_ne!(faults("hits{path=/} 1\n"), "", "promtool reads what it is given");
}

/// The bucket of a histogram in which all observations are.
fn bucket(histogram: &str) -> String {
    format!("{histogram}_bucket%7Ble=%22%2BInf%22%7D")
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs a Prometheus server, of Debian's package prometheus, and --all-features"]
fn a_prometheus_server_scrapes_the_exact_totals() {
    let path = file("scraped.counters");
    let server = Server::start_with("exporter", &["--file", path.to_str().expect("UTF-8")]);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("prometheus");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for this test");
    let target = server.url.strip_prefix("http://").expect("it serves http");
    let job = |name: &str| {
        format!(
            "- job_name: {name}\n  scrape_interval: 500ms\n  scrape_timeout: 500ms\n  \
             metrics_path: /{name}\n  static_configs: [{{targets: ['{target}']}}]\n"
        )
    };
    let jobs = ["metrics", "prometheus", "prometheus-client", "file"].map(job).concat();
    let config = format!("scrape_configs:\n{jobs}");
    fs::write(folder.join("prometheus.yml"), config).expect("it is written");
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = free.local_addr().expect("it has one").to_string();
    drop(free);
    let _prometheus = Killed(
        Command::new("prometheus")
            .current_dir(&folder)
            .args(["--config.file=prometheus.yml", "--storage.tsdb.path=data"])
            .arg(format!("--web.listen-address={address}"))
            .stderr(Stdio::null())
            .spawn()
            .expect("prometheus is installed"),
    );
    load(&server, || ());
    processes_count(&path);
    let histograms = HISTOGRAMS.map(|name| [format!("{name}_count"), bucket(name)]).concat();
    let names = PAGES.map(|(_, name)| name.to_string()).into_iter().chain(histograms);
    let totals = names.map(|name| (name, TOTAL));
    for (name, expected) in totals.chain([("counter_file_total".to_string(), 4000.0)]) {
        let url = format!("http://{address}/api/v1/query?query={name}");
        let total = || {
            let answer = ureq::get(&url).call().ok()?.body_mut().read_to_string().ok()?;
            let answer: serde_json::Value = serde_json::from_str(&answer).ok()?;
            let value = answer["data"]["result"][0]["value"][1].as_str()?;
            value.parse::<f64>().ok()
        };
        let mut seen = None;
        for _ in 0..600 {
            seen = total();
            if seen == Some(expected) {
                break;
            }
            thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(seen, Some(expected), "{name}, after a minute of scrapes");
    }
}
