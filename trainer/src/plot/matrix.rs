//! A confusion matrix, each row shaded by its shares.

use anyhow::Result;
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{INK, LABEL, LINE, SMALL, TITLE, coloured_text, figure, text, text_width, upward_text};

/// Side of a cell in pixels.
const CELL: i32 = 42;

/// Counts `[truths, answers]`, written as percent of their row.
pub fn matrix(title: &str, truths: &[String], answers: &[String], counts: &[Vec<usize>]) -> Result<String> {
    let widest = |names: &mut dyn Iterator<Item = String>| {
        names.map(|name| text_width(&name, LABEL)).max().unwrap_or(0)
    };
    let totals: Vec<usize> = counts.iter().map(|row| row.iter().sum()).collect();
    let named: Vec<String> =
        truths.iter().zip(&totals).map(|(name, total)| format!("{name} ({total})")).collect();
    let left = widest(&mut named.iter().cloned()) + 52;
    let top = 52;
    let (right, bottom) = (left + CELL * answers.len() as i32, top + CELL * truths.len() as i32);
    let height = bottom + widest(&mut answers.iter().cloned()) + 50;
    let width = (right + 24)
        .max(30 + text_width(title, TITLE))
        .max(left + text_width("answer, % of the row", LABEL) + 20);
    figure((width as u32, height as u32), |area| {
        text(area, title, (14, 24), TITLE, HPos::Left, VPos::Center)?;
        for (row, name) in named.iter().enumerate() {
            let y = top + CELL * row as i32;
            text(area, name, (left - 8, y + CELL / 2), LABEL, HPos::Right, VPos::Center)?;
            for (column, &count) in counts[row].iter().enumerate() {
                let x = left + CELL * column as i32;
                let share = count as f64 / totals[row].max(1) as f64;
                let cell = Rectangle::new([(x, y), (x + CELL, y + CELL)], shade(share).filled());
                area.draw(&cell)?;
                if count > 0 {
                    let ink = if share > 0.55 { WHITE } else { INK };
                    let words =
                        if share < 0.005 { "<1".to_string() } else { format!("{:.0}", share * 100.0) };
                    let pos = Pos::new(HPos::Center, VPos::Center);
                    coloured_text(area, &words, (x + CELL / 2, y + CELL / 2), SMALL + 1, pos, &ink)?;
                }
            }
        }
        area.draw(&Rectangle::new([(left, top), (right, bottom)], LINE.stroke_width(1)))?;
        for (column, name) in answers.iter().enumerate() {
            upward_text(
                area,
                name,
                (left + CELL * column as i32 + CELL / 2, bottom + 8),
                LABEL,
                HPos::Right,
            )?;
        }
        upward_text(area, "truth (pictures)", (16, (top + bottom) / 2), LABEL, HPos::Center)?;
        text(
            area,
            "answer, % of the row",
            ((left + right) / 2, height - 14),
            LABEL,
            HPos::Center,
            VPos::Center,
        )
    })
}

/// White to dark blue.
fn shade(share: f64) -> RGBColor {
    let mix = |dark: f64| (255.0 + (dark - 255.0) * share).round() as u8;
    RGBColor(mix(0.0), mix(84.0), mix(140.0))
}
