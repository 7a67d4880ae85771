//! Whether probabilities mean what they say, and how many answers are behind each.

use anyhow::Result;
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, VPos},
};

use super::{Frame, LINE, SMALL, TITLE, colour, figure, legend, line, text, text_width};
use crate::metrics::Bin;

/// Accuracy by confidence, a line per series, above the share of the answers in each bin.
pub fn reliability(title: &str, series: &[(String, Vec<Bin>)]) -> Result<String> {
    let names = series.iter().map(|one| text_width(&one.0, super::LABEL)).max().unwrap_or(0);
    let width = (460 + 50 + names).max(80 + text_width(title, TITLE));
    figure((width as u32, 596), |area| {
        let frame = Frame { left: 64, top: 48, right: 434, bottom: 418, x: (0.0, 1.0), y: (0.0, 1.0) };
        text(area, title, (frame.left, 24), TITLE, HPos::Left, VPos::Center)?;
        frame.grid(area)?;
        line(area, vec![frame.at((0.0, 0.0)), frame.at((1.0, 1.0))], &LINE, 1)?;
        frame.outline(area)?;
        frame.axis_names(area, "", "share that is right (0 to 1)")?;
        let below = Frame { top: 448, bottom: 536, y: (0.0, 1.0), ..frame };
        below.outline(area)?;
        for share in [0.0, 0.5, 1.0] {
            text(
                area,
                &format!("{share:.1}"),
                (below.left - 7, below.y(share)),
                SMALL,
                HPos::Right,
                VPos::Center,
            )?;
        }
        for step in 0..=5 {
            let value = f64::from(step) / 5.0;
            text(
                area,
                &format!("{value:.1}"),
                (below.x(value), below.bottom + 7),
                SMALL,
                HPos::Center,
                VPos::Top,
            )?;
        }
        below.axis_names(area, "probability of the answer given (0 to 1)", "share of all")?;
        for (index, (_, bins)) in series.iter().enumerate() {
            let answers: usize = bins.iter().map(|bin| bin.answers).sum();
            let filled = bins.iter().filter(|bin| bin.answers > 0);
            let points: Vec<(i32, i32)> =
                filled.clone().map(|bin| frame.at((bin.confidence, bin.accuracy))).collect();
            for point in &points {
                area.draw(&Circle::new(*point, 4, colour(index).filled()))?;
            }
            line(area, points, &colour(index), 2)?;
            for bin in filled {
                // Side by side inside the bin.
                let part = (bin.to - bin.from) * 0.86 / series.len() as f64;
                let from = bin.from + (bin.to - bin.from) * 0.07 + part * index as f64;
                let share = bin.answers as f64 / answers as f64;
                let corners = [below.at((from, share)), below.at((from + part, 0.0))];
                area.draw(&Rectangle::new(corners, colour(index).filled()))?;
            }
        }
        legend(area, (frame.right + 20, frame.top + 10), series.iter().map(|one| &*one.0))
    })
}
