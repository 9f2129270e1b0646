use std::error::Error;

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::results::{FIRST, Results};

/// One group as lines over its parameter.
#[derive(Clone, Copy)]
pub(crate) struct Picture {
    pub group: &'static str,
    pub title: &'static str,
    pub x: (&'static str, Axis),
    pub y: (&'static str, Axis),
    /// From nanoseconds (or bytes) to what is shown.
    pub value: fn(f64) -> f64,
}

/// Starts at zero, or says that it is logarithmic.
#[derive(Clone, Copy)]
pub(crate) enum Axis {
    Linear,
    Logarithmic { base: f64 },
}

impl Axis {
    fn place(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Logarithmic { base } => value.log(base),
        }
    }

    fn tick(self, place: f64) -> String {
        let value = match self {
            Self::Linear => place,
            Self::Logarithmic { base } => base.powf(place),
        };
        // Powers of a half, in a binary fraction, would show their tail.
        format!("{}", (value * 1e6).round() / 1e6)
    }

    /// From where to where, and the distance of the ticks.
    fn range(self, values: impl Iterator<Item = f64> + Clone) -> (f64, f64, f64) {
        let max = values.clone().fold(f64::MIN, f64::max);
        match self {
            Self::Linear => {
                let step = 10_f64.powf((max / 2.0).log10().floor());
                (0.0, (max / step).ceil() * step, step)
            }
            Self::Logarithmic { .. } => {
                let min = values.fold(f64::MAX, f64::min);
                (self.place(min).floor(), self.place(max).ceil(), 1.0)
            }
        }
    }

    fn label(self, label: &str) -> String {
        match self {
            Self::Linear => label.to_string(),
            Self::Logarithmic { .. } => format!("{label} (logarithmic)"),
        }
    }
}

/// The colours of `FIRST`, told apart without colour vision too (Okabe and Ito).
const COLOURS: [RGBColor; FIRST.len()] = [
    RGBColor(120, 120, 120),
    RGBColor(213, 94, 0),
    RGBColor(0, 114, 178),
    RGBColor(86, 180, 233),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(200, 160, 0),
];

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

struct Line {
    name: &'static str,
    colour: RGBColor,
    points: Vec<(f64, f64)>,
}

impl Picture {
    /// Draws an SVG on white, so that it reads the same on a light and on a dark page.
    pub(crate) fn draw(&self, results: &Results) -> Result<String, Box<dyn Error>> {
        let lines = self.lines(results);
        if lines.is_empty() {
            return Err(format!("nothing was measured for {}", self.group).into());
        }
        let mut svg = String::new();
        let area = SVGBackend::with_string(&mut svg, (900, 480)).into_drawing_area();
        area.fill(&WHITE)?;
        let (chart, legend) = area.split_horizontally(740);
        self.chart(&chart, &lines)?;
        draw_legend(&legend, &lines)?;
        area.present()?;
        drop((area, chart, legend));
        Ok(svg)
    }

    fn lines(&self, results: &Results) -> Vec<Line> {
        let group = results.group(self.group);
        let line = |(name, colour)| {
            let (_, series) = group.iter().find(|(known, _)| *known == name)?;
            let points = series.iter().map(|(x, y)| (f64::from(*x), (self.value)(y.median)));
            Some(Line { name, colour, points: points.collect() })
        };
        FIRST.into_iter().zip(COLOURS).filter_map(line).collect()
    }

    fn chart(&self, area: &Area<'_>, lines: &[Line]) -> Result<(), Box<dyn Error>> {
        let ((x_label, x), (y_label, y)) = (self.x, self.y);
        let points = lines.iter().flat_map(|line| &line.points);
        let (left, right, x_step) = x.range(points.clone().map(|point| point.0));
        let (low, high, y_step) = y.range(points.map(|point| point.1));
        // A range is half-open: without a little more, the last tick is missing.
        let (right, high) = (right + x_step / 1_000.0, high + y_step / 1_000.0);
        let mut chart = ChartBuilder::on(area)
            .caption(self.title, ("sans-serif", 22))
            .margin(16)
            .x_label_area_size(44)
            .y_label_area_size(76)
            .build_cartesian_2d((left..right).step(x_step), (low..high).step(y_step))?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .x_desc(x.label(x_label))
            .y_desc(y.label(y_label))
            .x_label_formatter(&|place| x.tick(*place))
            .y_label_formatter(&|place| y.tick(*place))
            .label_style(("sans-serif", 14))
            .draw()?;
        for Line { colour, points, .. } in lines {
            let places: Vec<_> = points.iter().map(|(a, b)| (x.place(*a), y.place(*b))).collect();
            chart.draw_series(LineSeries::new(places.clone(), colour.stroke_width(2)))?;
            chart
                .draw_series(places.iter().map(|place| Circle::new(*place, 3, colour.filled())))?;
        }
        Ok(())
    }
}

/// Beside the chart, where it covers no line.
fn draw_legend(area: &Area<'_>, lines: &[Line]) -> Result<(), Box<dyn Error>> {
    for (y, line) in (150..).step_by(24).zip(lines) {
        area.draw(&PathElement::new([(0, y), (20, y)], line.colour.stroke_width(3)))?;
        area.draw(&Text::new(line.name, (26, y - 7), ("sans-serif", 14)))?;
    }
    Ok(())
}
