use std::collections::HashMap;

use hotcount::mapped::{Series, SeriesError};
use proptest::prelude::*;

type Labels = &'static [(&'static str, &'static str)];

#[test]
fn a_series_and_its_name_lead_to_each_other() {
    let cases: [(&str, Labels, &str); 6] = [
        ("hits_total", &[], "hits_total"),
        ("web:hits_total", &[("path", "/")], r#"web:hits_total{path="/"}"#),
        ("a_total", &[("b", "2"), ("a", "1")], r#"a_total{a="1",b="2"}"#),
        ("a_total", &[("q", r#"say "hi""#)], r#"a_total{q="say \"hi\""}"#),
        ("a_total", &[("q", "back\\slash\nline")], r#"a_total{q="back\\slash\nline"}"#),
        ("a_total", &[("q", r#"1",r="2"#), ("s", "}{,=é")], r#"a_total{q="1\",r=\"2",s="}{,=é"}"#),
    ];
    for (metric, labels, name) in cases {
        let series = Series::new(metric, labels).expect("it is a series");
        assert_eq!(series.to_string(), name);
        assert_eq!(Series::of_counter(name), series);
        let mut sorted = labels.to_vec();
        sorted.sort_unstable();
        let read: Vec<_> = series.labels().iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!((series.metric(), read), (metric, sorted));
    }
}

#[test]
fn a_name_that_is_not_written_as_a_series_is_a_label() {
    let names = [
        "page_hits",
        "page hits",
        "_total",
        "9_total",
        "hits_total ",
        "hits_total{}",
        "hits_total{",
        r#"hits_total{path="/"#,
        r#"hits_total{path="/""#,
        r#"hits_total{path="/",}"#,
        r#"hits_total{path="/"},"#,
        r#"hits_total{path="/"}}"#,
        r#"hits_total{path="/"}b="1"}"#,
        r#"hits_total{path="/", a="1"}"#,
        r#"hits_total{path=""}"#,
        r#"hits_total{b="2",a="1"}"#,
        r#"hits_total{a="1",a="1"}"#,
        r#"hits_total{a="1",a="2"}"#,
        r#"hits_total{__name__="x"}"#,
        r#"hits_total{a:b="x"}"#,
        r#"hits_total{a="\t"}"#,
        "hits_total{a=\"\n\"}",
        "counter_file_total",
        r#"counter_file_total{name="page hits"}"#,
    ];
    for name in names {
        let series = Series::of_counter(name);
        assert_eq!(series.metric(), "counter_file_total", "{name}");
        assert_eq!(series.labels(), [("name".to_string(), name.to_string())]);
    }
}

#[test]
fn what_is_no_series_is_refused_with_what_to_do() {
    let refused = |metric: &str, labels: &[(&str, &str)]| {
        Series::new(metric, labels).expect_err("it is refused").to_string()
    };
    let cases = [
        (
            refused("page hits_total", &[]),
            "the metric name \"page hits_total\" does not match [a-zA-Z_:][a-zA-Z0-9_:]*_total: \
             use letters, digits, _ and :, and end it with _total",
        ),
        (
            refused("hits", &[]),
            "the metric name \"hits\" does not match [a-zA-Z_:][a-zA-Z0-9_:]*_total: \
             use letters, digits, _ and :, and end it with _total",
        ),
        (
            refused("counter_file_total", &[]),
            "the metric name \"counter_file_total\" is kept for counters whose names are not \
             series: use another",
        ),
        (
            refused("hits_total", &[("the path", "/")]),
            "the label name \"the path\" does not match [a-zA-Z_][a-zA-Z0-9_]*, or begins with __: \
             use letters, digits and _",
        ),
        (
            refused("hits_total", &[("path", "")]),
            "the label \"path\" has an empty value, which Prometheus takes for no label: \
             leave the label out",
        ),
        (
            refused("hits_total", &[("path", "/"), ("path", "/a")]),
            "the label \"path\" is there twice: give each label one value",
        ),
    ];
    for (message, expected) in cases {
        assert_eq!(message, expected);
    }
    assert_eq!(
        Series::new("hits_total", &[("__x", "/")]),
        Err(SeriesError::Label("__x".to_string()))
    );
}

/// Text that is made of what the encoding treats as special, and a little more.
fn tricky() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            Just("\""),
            Just("\\"),
            Just("\n"),
            Just("n"),
            Just(","),
            Just("="),
            Just("{"),
            Just("}"),
            Just("a"),
            Just("b"),
            Just("_total"),
            Just(" "),
            Just("é"),
        ],
        0..8,
    )
    .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn two_label_sets_have_one_name_only_if_they_are_equal(
        one in proptest::collection::vec(("[ab]{1,2}", tricky()), 0..4),
        other in proptest::collection::vec(("[ab]{1,2}", tricky()), 0..4),
    ) {
        let series = |labels: &[(String, String)]| {
            let labels: Vec<_> = labels.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            Series::new("hits_total", &labels)
        };
        if let (Ok(first), Ok(second)) = (series(&one), series(&other)) {
            let sets = [&one, &other].map(|set| set.iter().cloned().collect::<HashMap<_, _>>());
            prop_assert_eq!(first.to_string() == second.to_string(), sets[0] == sets[1]);
            prop_assert_eq!(Series::of_counter(&first.to_string()), first);
        }
    }

    #[test]
    fn two_names_are_one_series_only_if_they_are_equal(
        one in prop_oneof![tricky(), tricky().prop_map(|labels| format!("a_total{{{labels}"))],
        other in prop_oneof![tricky(), tricky().prop_map(|labels| format!("a_total{{{labels}"))],
    ) {
        let [first, second] = [&one, &other].map(|name| Series::of_counter(name));
        prop_assert_eq!(first == second, one == other);
    }
}
