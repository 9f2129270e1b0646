use hotcount::prometheus::{CounterMetric, GaugeMetric};
use hotcount::{ShardedCounter, UpDownCounter};
use prometheus::Opts;

#[test]
fn a_name_that_is_none_is_refused_with_what_to_do() {
    let refuse = |opts: Opts| {
        let counter = CounterMetric::new(opts.clone(), ShardedCounter::new()).map(|_| ());
        let gauge = GaugeMetric::new(opts, UpDownCounter::new()).map(|_| ());
        let [counter, gauge] =
            [counter, gauge].map(|refused| refused.expect_err("it is refused").to_string());
        assert_eq!(counter, gauge);
        counter
    };
    let hint = " (a metric's name matches [a-zA-Z_:][a-zA-Z0-9_:]*, a label's name \
                [a-zA-Z_][a-zA-Z0-9_]*, and the help is not empty)";
    let cases = [
        (Opts::new("page hits", "Hits"), "\"page hits\": 'page hits' is not a valid metric name"),
        (Opts::new("", "Hits"), "\"\": '' is not a valid metric name"),
        (Opts::new("9lives", "Lives"), "\"9lives\": '9lives' is not a valid metric name"),
        (Opts::new("hits_total", ""), "\"hits_total\": empty help string"),
        (
            Opts::new("hits_total", "Hits").const_label("the path", "/"),
            "\"hits_total\": 'the path' is not a valid label name",
        ),
        (
            Opts::new("hits_total", "Hits").variable_label("path"),
            "\"hits_total\": the variable label \"path\" has no value: use FamilyMetric::new",
        ),
    ];
    for (opts, message) in cases {
        assert_eq!(refuse(opts), format!("Error: cannot export the metric {message}{hint}"));
    }
}
