//! Small figures beside each other, one for each thing that is done to a picture.

use anyhow::Result;
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, VPos},
};

use super::{FAINT, Frame, LABEL, SMALL, TITLE, colour, figure, legend, line, text, upward_text};

/// Panels in a row.
const COLUMNS: usize = 4;

/// Pixels of a panel with its labels.
const WIDTH: i32 = 270;
const HEIGHT: i32 = 220;

/// One small figure.
pub struct Panel {
    /// Above it, with the unit of the strengths.
    pub title: String,
    /// The strengths, evenly spaced.
    pub ticks: Vec<String>,
    /// For each series its value at each strength, 0 to 1.
    pub values: Vec<Vec<Option<f64>>>,
}

/// Panels of the same series; the legend stands after the last one.
pub fn panels(title: &str, y: &str, series: &[&str], panels: &[Panel]) -> Result<String> {
    let rows = (panels.len() + 1).div_ceil(COLUMNS) as i32;
    let columns = (panels.len() + 1).min(COLUMNS) as i32;
    figure(((WIDTH * columns + 40) as u32, (HEIGHT * rows + 56) as u32), |area| {
        text(area, title, (20, 24), TITLE, HPos::Left, VPos::Center)?;
        upward_text(area, y, (16, 48 + HEIGHT * rows / 2), LABEL, HPos::Center)?;
        let corner =
            |place: usize| (30 + WIDTH * (place % COLUMNS) as i32, 48 + HEIGHT * (place / COLUMNS) as i32);
        for (place, panel) in panels.iter().enumerate() {
            let (x, y) = corner(place);
            let count = panel.ticks.len();
            let frame = Frame {
                left: x + 34,
                top: y + 28,
                right: x + WIDTH - 12,
                bottom: y + HEIGHT - 34,
                x: (-0.4, count as f64 - 0.6),
                y: (0.0, 1.0),
            };
            text(area, &panel.title, (frame.left, y + 15), LABEL, HPos::Left, VPos::Center)?;
            for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
                line(area, vec![(frame.left, frame.y(tick)), (frame.right, frame.y(tick))], &FAINT, 1)?;
                if tick != 0.25 && tick != 0.75 {
                    text(
                        area,
                        &format!("{tick:.1}"),
                        (frame.left - 5, frame.y(tick)),
                        SMALL,
                        HPos::Right,
                        VPos::Center,
                    )?;
                }
            }
            frame.outline(area)?;
            for (index, tick) in panel.ticks.iter().enumerate() {
                let at = (frame.x(index as f64), frame.bottom + 6);
                text(area, tick, at, if count > 8 { SMALL - 2 } else { SMALL }, HPos::Center, VPos::Top)?;
            }
            for (index, values) in panel.values.iter().enumerate() {
                let points: Vec<(i32, i32)> = values
                    .iter()
                    .enumerate()
                    .filter_map(|(strength, value)| Some(frame.at((strength as f64, (*value)?))))
                    .collect();
                for point in &points {
                    area.draw(&Circle::new(*point, 3, colour(index).filled()))?;
                }
                line(area, points, &colour(index), 2)?;
            }
        }
        let (x, y) = corner(panels.len());
        legend(area, (x + 34, y + 40), series.iter().copied())
    })
}
