use std::error::Error;

use plotters::prelude::*;

use crate::axis::Axis;
use crate::dots::{Area, Shape};
use crate::results::Results;

/// The name of a type, and the color and the shape of its line.
pub(crate) type Style = (&'static str, RGBColor, Shape);

/// One group as lines over its parameter.
pub(crate) struct Picture {
    pub group: &'static str,
    pub title: &'static str,
    pub x: (&'static str, Axis),
    pub y: (&'static str, Axis),
    /// From nanoseconds (or bytes) to what is shown.
    pub value: fn(f64) -> f64,
    pub lines: &'static [Style],
}

/// Pixels.
const ABOVE_THE_LEGEND: i32 = 390;

/// Readable on white and on black.
const INK: RGBColor = RGBColor(125, 125, 125);

struct Line {
    name: &'static str,
    color: RGBColor,
    shape: Shape,
    points: Vec<(f64, f64)>,
}

impl Picture {
    /// Draws an SVG without a background, or nothing if nothing was measured.
    pub(crate) fn draw(&self, results: &Results) -> Result<Option<String>, Box<dyn Error>> {
        let lines = self.lines(results);
        if lines.is_empty() {
            return Ok(None);
        }
        let mut svg = String::new();
        let area = SVGBackend::with_string(&mut svg, (720, 490)).into_drawing_area();
        let cores = results.machine("cores");
        self.chart(&area, &lines, &format!("{}, on {cores} cores", self.title))?;
        draw_legend(&area, &lines)?;
        area.present()?;
        drop(area);
        Ok(Some(svg))
    }

    fn lines(&self, results: &Results) -> Vec<Line> {
        let group = results.group(self.group);
        let line = |&(name, color, shape): &Style| {
            let (_, series) = group.iter().find(|(known, _)| *known == name)?;
            let points = series.iter().map(|(x, y)| (f64::from(*x), (self.value)(y.median)));
            Some(Line { name, color, shape, points: points.collect() })
        };
        self.lines.iter().filter_map(line).collect()
    }

    fn chart(&self, area: &Area<'_>, lines: &[Line], title: &str) -> Result<(), Box<dyn Error>> {
        let ((x_label, x), (y_label, y)) = (self.x, self.y);
        let points = lines.iter().flat_map(|line| &line.points);
        let (left, right, x_step) = x.range(points.clone().map(|point| point.0));
        let (low, high, y_step) = y.range(points.map(|point| point.1));
        // A range is half-open: without a little more, the last tick is missing.
        let (right, high) = (right + x_step / 1_000.0, high + y_step / 1_000.0);
        let text = |size| ("sans-serif", size).into_font().color(&INK);
        let (above, _) = area.split_vertically(ABOVE_THE_LEGEND);
        let mut chart = ChartBuilder::on(&above)
            .caption(title, text(22))
            .margin(12)
            .margin_right(28)
            .x_label_area_size(52)
            .y_label_area_size(84)
            .build_cartesian_2d((left..right).step(x_step), (low..high).step(y_step))?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(INK.mix(0.35))
            .axis_style(INK)
            .x_desc(x.label(x_label))
            .y_desc(y.label(y_label))
            .x_label_formatter(&|position| x.tick(*position))
            .y_label_formatter(&|position| y.tick(*position))
            .label_style(text(18))
            .draw()?;
        for Line { color, points, shape, .. } in lines {
            let points: Vec<_> =
                points.iter().map(|(a, b)| (x.position(*a), y.position(*b))).collect();
            chart.draw_series(LineSeries::new(points.clone(), color.stroke_width(2)))?;
            for point in &points {
                shape.draw(area, chart.backend_coord(point), *color)?;
            }
        }
        Ok(())
    }
}

/// Below the chart, where it covers no line: two names a row.
fn draw_legend(area: &Area<'_>, lines: &[Line]) -> Result<(), Box<dyn Error>> {
    for (i, line) in (0..).zip(lines) {
        let (x, y) = (90 + i % 2 * 310, ABOVE_THE_LEGEND + 14 + i / 2 * 30);
        area.draw(&PathElement::new([(x, y), (x + 28, y)], line.color.stroke_width(2)))?;
        line.shape.draw(area, (x + 14, y), line.color)?;
        let text = ("sans-serif", 18).into_font().color(&INK);
        area.draw(&Text::new(line.name, (x + 36, y - 9), text))?;
    }
    Ok(())
}
