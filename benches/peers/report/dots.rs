use std::error::Error;

use plotters::coord::Shift;
use plotters::prelude::*;

pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// What marks a measured point.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    Circle,
    Disk,
    Square,
    Triangle,
    Cross,
    Diamond,
}

impl Shape {
    /// Draws a mark at a pixel of `area`. Hollow shapes let a line behind them be seen.
    pub(crate) fn draw(
        self,
        area: &Area<'_>,
        pixel: (i32, i32),
        color: RGBColor,
    ) -> Result<(), Box<dyn Error>> {
        let line = color.stroke_width(2);
        let (x, y) = pixel;
        match self {
            Self::Circle => area.draw(&Circle::new(pixel, 6, line))?,
            Self::Disk => area.draw(&Circle::new(pixel, 4, color.filled()))?,
            Self::Square => area.draw(&Rectangle::new([(x - 5, y - 5), (x + 5, y + 5)], line))?,
            Self::Triangle => area.draw(&TriangleMarker::new(pixel, 6, color.filled()))?,
            Self::Cross => area.draw(&Cross::new(pixel, 5, line))?,
            Self::Diamond => {
                let corners = [(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y), (x, y - 7)];
                area.draw(&PathElement::new(corners, line))?;
            }
        }
        Ok(())
    }
}
