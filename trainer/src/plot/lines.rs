//! Curves between 0 and 1.

use anyhow::Result;
use plotters::style::text_anchor::{HPos, VPos};

use super::{Frame, LINE, TITLE, colour, figure, legend, line, text, text_width};

/// A curve.
pub struct Series {
    /// For the legend.
    pub name: String,
    /// From left to right.
    pub points: Vec<(f64, f64)>,
}

/// What a figure of curves says.
pub struct Axes<'a> {
    /// Above it.
    pub title: &'a str,
    /// Below it, with the unit.
    pub x: &'a str,
    /// At its left, with the unit.
    pub y: &'a str,
    /// Whether to draw the line of chance.
    pub diagonal: bool,
}

/// Curves on the unit square, the legend at the right.
pub fn lines(axes: &Axes<'_>, series: &[Series]) -> Result<String> {
    let names = series.iter().map(|one| text_width(&one.name, super::LABEL)).max().unwrap_or(0);
    let width = (460 + 50 + names).max(80 + text_width(axes.title, TITLE));
    figure((width as u32, 470), |area| {
        let frame = Frame { left: 64, top: 48, right: 434, bottom: 418, x: (0.0, 1.0), y: (0.0, 1.0) };
        text(area, axes.title, (frame.left, 24), TITLE, HPos::Left, VPos::Center)?;
        frame.grid(area)?;
        if axes.diagonal {
            line(area, vec![frame.at((0.0, 0.0)), frame.at((1.0, 1.0))], &LINE, 1)?;
        }
        frame.outline(area)?;
        frame.axis_names(area, axes.x, axes.y)?;
        for (index, one) in series.iter().enumerate() {
            line(area, one.points.iter().map(|point| frame.at(*point)).collect(), &colour(index), 2)?;
        }
        legend(area, (frame.right + 20, frame.top + 10), series.iter().map(|one| &*one.name))
    })
}
