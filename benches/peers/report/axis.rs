/// Starts at zero, or says that it is logarithmic.
#[derive(Clone, Copy)]
pub(crate) enum Axis {
    Linear,
    Logarithmic { base: f64 },
}

impl Axis {
    pub(crate) fn position(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Logarithmic { base } => value.log(base),
        }
    }

    pub(crate) fn tick(self, position: f64) -> String {
        let value = match self {
            Self::Linear => position,
            Self::Logarithmic { base } => base.powf(position),
        };
        // Powers of a half, in a binary fraction, would show their tail.
        format!("{}", (value * 1e6).round() / 1e6)
    }

    /// From where to where, and the distance of the ticks.
    pub(crate) fn range(self, values: impl Iterator<Item = f64> + Clone) -> (f64, f64, f64) {
        let max = values.clone().fold(f64::MIN, f64::max);
        match self {
            Self::Linear => {
                let step = 10_f64.powf((max / 2.0).log10().floor());
                (0.0, (max / step).ceil() * step, step)
            }
            Self::Logarithmic { .. } => {
                let min = values.fold(f64::MAX, f64::min);
                (self.position(min).floor(), self.position(max).ceil(), 1.0)
            }
        }
    }

    pub(crate) fn label(self, label: &str) -> String {
        match self {
            Self::Linear => label.to_string(),
            Self::Logarithmic { .. } => format!("{label} (logarithmic)"),
        }
    }
}
