//! How does Prometheus read the counters of this crate?
//!
//! Each way to export has a page of its own. All of them count the requests for `/`:
//!
//! - `/metrics`: the `metrics` facade, with a `Sharded` recorder behind it
//! - `/prometheus`: a registry of the crate `prometheus`
//! - `/prometheus-client`: a registry of the crate `prometheus-client`
//! - `/file`: the file of counters given with `--file`, in which any process counts
//!
//! Run it: `cargo run --release --all-features --example exporter -- --file hits.counters`, then
//! `curl http://127.0.0.1:8082/` and `curl http://127.0.0.1:8082/metrics`.
//!
//! It prints its address:
//! ```text
//! exporter listens on http://127.0.0.1:8082
//! ```

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header::CONTENT_TYPE};
use axum::{Router, routing::get};
use clap::Parser;
use hotcount::keyed::CounterFamily;
use hotcount::mapped::CounterFile;
use hotcount::metrics::Sharded;
use hotcount::{Counter, Histogram, ShardedCounter, UpDownCounter, prometheus, prometheus_client};
use metrics::{counter, describe_counter};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;

static HITS: ShardedCounter = ShardedCounter::new();
static IN_FLIGHT: UpDownCounter = UpDownCounter::new();
static BY_PATH: CounterFamily<Labels> = CounterFamily::new();
static LATENCY: LazyLock<Histogram> = LazyLock::new(Histogram::default);

#[derive(Clone, Debug, PartialEq, Eq, Hash, ::prometheus_client::encoding::EncodeLabelSet)]
struct Labels {
    path: &'static str,
    status: u16,
}

type Answer = Result<([(HeaderName, &'static str); 1], String), (StatusCode, String)>;

/// Serves counts to Prometheus.
#[derive(Parser)]
struct Options {
    /// The port to listen on; 0 for any free one
    #[arg(long, default_value_t = 8082)]
    port: u16,
    /// A file of counters to serve on /file
    #[arg(long)]
    file: Option<PathBuf>,
}

async fn index() -> &'static str {
    let start = Instant::now();
    IN_FLIGHT.increment();
    HITS.increment();
    BY_PATH.increment(&Labels { path: "/", status: 200 });
    counter!("pages_total", "path" => "/").increment(1);
    IN_FLIGHT.decrement();
    LATENCY.observe(start.elapsed().as_secs_f64());
    "counted\n"
}

/// The facade: what was counted is handed to the exporter before the page is made.
fn facade() -> Router {
    let recorder = PrometheusBuilder::new().build_recorder();
    let exporter = recorder.handle();
    let sharded = Sharded::new(recorder);
    let flush = sharded.flush_handle();
    metrics::set_global_recorder(sharded).expect("it is the only recorder");
    describe_counter!("pages_total", "Pages served");
    let page = async move || {
        flush.flush();
        exporter.render()
    };
    Router::new().route("/metrics", get(page))
}

/// A registry of the crate `prometheus`.
fn registry() -> ::prometheus::Result<Router> {
    use ::prometheus::{Opts, Registry};
    use prometheus::{CounterMetric, FamilyMetric, GaugeMetric, HistogramMetric};

    let registry = Registry::new();
    let hits = Opts::new("requests_total", "Pages served");
    registry.register(Box::new(CounterMetric::new(hits, &HITS)?))?;
    let in_flight = Opts::new("requests_in_flight", "Pages under way");
    registry.register(Box::new(GaugeMetric::new(in_flight, &IN_FLIGHT)?))?;
    let latency = Opts::new("request_seconds", "Time to make a page");
    registry.register(Box::new(HistogramMetric::new(latency, &*LATENCY)?))?;
    let by_path = Opts::new("path_requests_total", "Pages served, by path and status");
    let values = |labels: &Labels| [labels.path.to_string(), labels.status.to_string()];
    let by_path = FamilyMetric::new(by_path, ["path", "status"], &BY_PATH, values)?;
    registry.register(Box::new(by_path))?;
    let page = async move || text(&registry);
    Ok(Router::new().route("/prometheus", get(page)))
}

fn text(registry: &::prometheus::Registry) -> Answer {
    let page = ::prometheus::TextEncoder::new().encode_to_string(&registry.gather());
    let page = page.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page))
}

/// A registry of the crate `prometheus-client`.
fn client_registry() -> Router {
    use ::prometheus_client::registry::Registry;
    use prometheus_client::{CounterMetric, FamilyMetric, GaugeMetric, HistogramMetric};

    let mut registry = Registry::default();
    registry.register("hits", "Pages served", CounterMetric::new(&HITS));
    registry.register("in_flight", "Pages under way", GaugeMetric::new(&IN_FLIGHT));
    registry.register("seconds", "Time to make a page", HistogramMetric::new(&*LATENCY));
    registry.register("path_hits", "Pages served, by path", FamilyMetric::new(&BY_PATH));
    let registry = Arc::new(registry);
    let page = async move || -> Answer {
        let mut page = String::new();
        ::prometheus_client::encoding::text::encode(&mut page, &registry)
            .map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
        let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        Ok(([(CONTENT_TYPE, kind)], page))
    };
    Router::new().route("/prometheus-client", get(page))
}

/// The file is opened at each scrape, so that it may come later, or be replaced.
async fn file(State(path): State<Arc<Path>>) -> Answer {
    let registry = ::prometheus::Registry::new();
    let view = CounterFile::open_read_only(&path)
        .map_err(|error| (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")))?;
    registry
        .register(Box::new(prometheus::ViewMetrics::new(view)))
        .map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    text(&registry)
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let listener = match TcpListener::bind(("127.0.0.1", options.port)).await {
        Ok(listener) => listener,
        Err(error) => {
            let port = options.port;
            eprintln!("exporter: cannot listen on port {port}: {error}; try another --port");
            return ExitCode::from(2);
        }
    };
    let mut service = Router::new()
        .route("/", get(index))
        .merge(facade())
        .merge(registry().expect("the names are Prometheus's"))
        .merge(client_registry());
    if let Some(path) = options.file {
        service = service.route("/file", get(file).with_state(path.into()));
    }
    let address = listener.local_addr().expect("a listener has an address");
    println!("exporter listens on http://{address}");
    axum::serve(listener, service).await.expect("the server runs until it is stopped");
    ExitCode::SUCCESS
}
