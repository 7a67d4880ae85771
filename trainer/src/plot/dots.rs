//! Shares with their intervals, a line of names below each other.

use anyhow::Result;
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, VPos},
};

use crate::metrics::Interval;

use super::{FAINT, Frame, LABEL, SMALL, TITLE, colour, figure, legend, line, text, text_width};

/// A name, and for each series its value and interval.
pub struct DotRow {
    /// At the left.
    pub name: String,
    /// In the order of the series.
    pub values: Vec<Option<(f64, Option<Interval>)>>,
}

/// One dot and whisker per row and series, on a scale from 0 to 1.
pub fn dots(title: &str, x: &str, series: &[String], rows: &[DotRow]) -> Result<String> {
    let names = rows.iter().map(|row| text_width(&row.name, LABEL)).max().unwrap_or(0);
    let legends = series.iter().map(|name| text_width(name, LABEL)).max().unwrap_or(0);
    let step = 12 * series.len() as i32 + 12;
    let left = names + 24;
    let right = left + 380;
    let bottom = 48 + step * rows.len() as i32;
    let width = (right + 70 + legends).max(40 + text_width(title, TITLE));
    figure((width as u32, (bottom + 58) as u32), |area| {
        let frame = Frame { left, top: 48, right, bottom, x: (0.0, 1.0), y: (0.0, 1.0) };
        text(area, title, (12, 24), TITLE, HPos::Left, VPos::Center)?;
        for tick in 0..=5 {
            let value = f64::from(tick) / 5.0;
            line(area, vec![(frame.x(value), frame.top), (frame.x(value), bottom)], &FAINT, 1)?;
            text(area, &format!("{value:.1}"), (frame.x(value), bottom + 7), SMALL, HPos::Center, VPos::Top)?;
        }
        frame.outline(area)?;
        text(area, x, ((left + right) / 2, bottom + 26), LABEL, HPos::Center, VPos::Top)?;
        for (place, row) in rows.iter().enumerate() {
            let middle = frame.top + step * place as i32 + step / 2;
            text(area, &row.name, (left - 10, middle), LABEL, HPos::Right, VPos::Center)?;
            if place > 0 {
                line(area, vec![(left, middle - step / 2), (right, middle - step / 2)], &FAINT, 1)?;
            }
            for (index, value) in row.values.iter().enumerate() {
                let Some((value, interval)) = value else { continue };
                let y = middle + 12 * index as i32 - 6 * (series.len() as i32 - 1);
                if let Some((low, high)) = interval {
                    line(area, vec![(frame.x(*low), y), (frame.x(*high), y)], &colour(index), 2)?;
                }
                area.draw(&Circle::new((frame.x(*value), y), 4, colour(index).filled()))?;
            }
        }
        legend(area, (right + 20, frame.top + 10), series.iter().map(String::as_str))
    })
}
