use ::prometheus::core::{Desc, Opts};
use ::prometheus::proto::{LabelPair, Metric, MetricFamily, MetricType};
use ::prometheus::{Error, Result};

use super::proto::family;

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
        if let Some(label) = opts.variable_labels.first() {
            let without = format!("the label {label:?} has no value: use a family, or const_label");
            return Err(explain(&name, Error::Msg(without)));
        }
        let desc = Desc::new(name.clone(), opts.help, Vec::new(), opts.const_labels);
        Ok(Self { desc: desc.map_err(|error| explain(&name, error))?, kind })
    }

    pub(super) fn desc(&self) -> Vec<&Desc> {
        vec![&self.desc]
    }

    /// The labels that every value of the metric has.
    pub(super) fn const_labels(&self) -> Vec<LabelPair> {
        self.desc.const_label_pairs.clone()
    }

    pub(super) fn collect(&self, metrics: Vec<Metric>) -> Vec<MetricFamily> {
        vec![family(&self.desc.fq_name, &self.desc.help, self.kind, metrics)]
    }
}

/// Adds to the registry's message which metric it is about and what it takes.
fn explain(name: &str, error: Error) -> Error {
    let Error::Msg(message) = error else { return error };
    Error::Msg(format!(
        "cannot export the metric {name:?}: {message} (a metric's name matches \
         [a-zA-Z_:][a-zA-Z0-9_:]*, a label's name [a-zA-Z_][a-zA-Z0-9_]*, and the help is not empty)"
    ))
}
