//! How do the counts reach Prometheus, when they are kept in sharded counters?
//!
//! `/metrics` serves what was counted through the `metrics` facade, with a `Sharded` recorder behind
//! it, and `/registry` what is registered with `prometheus-client`. `/` is the page that is counted.
//!
//! Run it:
//! `cargo run --release --features metrics,prometheus-client --example exporter -- --port 8082`,
//! then `curl http://127.0.0.1:8082/` and `curl http://127.0.0.1:8082/metrics`.
//!
//! It prints its address:
//! ```text
//! exporter listens on http://127.0.0.1:8082
//! ```

use std::process::ExitCode;
use std::sync::Arc;

use axum::extract::State;
use axum::{Router, http::header::CONTENT_TYPE, routing::get};
use clap::Parser;
use hotcount::metrics::{FlushHandle, Sharded};
use hotcount::prometheus_client::{CounterMetric, GaugeMetric};
use hotcount::{Counter, ShardedCounter, UpDownCounter};
use metrics::{counter, describe_counter};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use prometheus_client::{encoding::text::encode, registry::Registry};
use tokio::net::TcpListener;

static HITS: ShardedCounter = ShardedCounter::new();
static IN_FLIGHT: UpDownCounter = UpDownCounter::new();

/// Serves counts to Prometheus.
#[derive(Parser)]
struct Options {
    /// The port to listen on; 0 for any free one
    #[arg(long, default_value_t = 8082)]
    port: u16,
}

async fn index() -> &'static str {
    IN_FLIGHT.increment();
    HITS.increment();
    counter!("pages_total", "path" => "/").increment(1);
    IN_FLIGHT.decrement();
    "counted\n"
}

async fn facade(State((flush, exporter)): State<(FlushHandle, PrometheusHandle)>) -> String {
    flush.flush();
    exporter.render()
}

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

async fn registry(
    State(registry): State<Arc<Registry>>,
) -> ([(axum::http::HeaderName, &'static str); 1], String) {
    let mut page = String::new();
    encode(&mut page, &registry).expect("a string takes everything");
    ([(CONTENT_TYPE, OPEN_METRICS)], page)
}

#[tokio::main]
async fn main() -> ExitCode {
    let port = Options::parse().port;
    let listener = match TcpListener::bind(("127.0.0.1", port)).await {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("exporter: cannot listen on port {port}: {error}; try another --port");
            return ExitCode::from(2);
        }
    };

    let recorder = PrometheusBuilder::new().build_recorder();
    let exporter = recorder.handle();
    let sharded = Sharded::new(recorder);
    let flush = sharded.flush_handle();
    metrics::set_global_recorder(sharded).expect("it is the only recorder");
    describe_counter!("pages_total", "Pages served");

    let mut counters = Registry::default();
    counters.register("hits", "Pages served", CounterMetric::new(&HITS));
    counters.register("in_flight", "Pages under way", GaugeMetric::new(&IN_FLIGHT));

    let address = listener.local_addr().expect("a listener has an address");
    println!("exporter listens on http://{address}");
    let service = Router::new()
        .route("/", get(index))
        .route("/metrics", get(facade).with_state((flush, exporter)))
        .route("/registry", get(registry).with_state(Arc::new(counters)));
    axum::serve(listener, service).await.expect("the server runs until it is stopped");
    ExitCode::SUCCESS
}
