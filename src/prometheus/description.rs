use ::prometheus::core::{Desc, Opts};
use ::prometheus::proto::{LabelPair, Metric, MetricFamily, MetricType};
use ::prometheus::{Error, Result};

use super::proto::family;
#[cfg(feature = "keyed")]
use super::proto::label;

/// The name, help and labels of a metric, checked.
#[derive(Clone, Debug)]
pub(super) struct Description {
    desc: Desc,
    kind: MetricType,
}

impl Description {
    /// Describes a metric of one value.
    pub(super) fn of_one(opts: Opts, kind: MetricType) -> Result<Self> {
        let name = opts.fq_name();
        refuse_variable_labels(&name, &opts)?;
        if kind == MetricType::HISTOGRAM && opts.const_labels.contains_key("le") {
            let taken = "the label \"le\" is the bound of a bucket: use another".to_owned();
            return Err(explain(&name, Error::Msg(taken)));
        }
        Self::new(&name, opts, Vec::new(), kind)
    }

    /// Describes a metric of one value for each set of values of `labels`.
    #[cfg(feature = "keyed")]
    pub(super) fn of_family(opts: Opts, labels: &[&str], kind: MetricType) -> Result<Self> {
        let name = opts.fq_name();
        refuse_variable_labels(&name, &opts)?;
        if let Some(label) = labels.iter().find(|label| opts.const_labels.contains_key(**label)) {
            let twice = format!("the label {label:?} is a const label as well");
            return Err(explain(&name, Error::Msg(twice)));
        }
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        Self::new(&name, opts, labels, kind)
    }

    fn new(name: &str, opts: Opts, labels: Vec<String>, kind: MetricType) -> Result<Self> {
        let desc = Desc::new(name.into(), opts.help, labels, opts.const_labels);
        Ok(Self { desc: desc.map_err(|error| explain(name, error))?, kind })
    }

    pub(super) fn desc(&self) -> Vec<&Desc> {
        vec![&self.desc]
    }

    /// The labels that every value of the metric has.
    pub(super) fn const_labels(&self) -> Vec<LabelPair> {
        self.desc.const_label_pairs.clone()
    }

    /// The labels of a value of a family, as the registry wants them: sorted.
    #[cfg(feature = "keyed")]
    pub(super) fn labels(&self, values: &[String]) -> Vec<LabelPair> {
        let names = self.desc.variable_labels.iter();
        let mut labels: Vec<_> =
            names.zip(values).map(|(name, value)| label(name, value)).collect();
        labels.extend(self.const_labels());
        labels.sort_unstable();
        labels
    }

    pub(super) fn collect(&self, metrics: Vec<Metric>) -> Vec<MetricFamily> {
        vec![family(&self.desc.fq_name, &self.desc.help, self.kind, metrics)]
    }
}

/// Only `FamilyMetric` has labels that vary, and its constructor takes their names.
fn refuse_variable_labels(name: &str, opts: &Opts) -> Result<()> {
    opts.variable_labels.first().map_or(Ok(()), |label| {
        let message = format!("the variable label {label:?} has no value: use FamilyMetric::new");
        Err(explain(name, Error::Msg(message)))
    })
}

/// Adds the metric's name and the rules for names to the message of the registry.
fn explain(name: &str, error: Error) -> Error {
    let Error::Msg(message) = error else { return error };
    Error::Msg(format!(
        "cannot export the metric {name:?}: {message} (a metric's name matches \
         [a-zA-Z_:][a-zA-Z0-9_:]*, a label's name [a-zA-Z_][a-zA-Z0-9_]*, and the help is not empty)"
    ))
}
