//! Points on a plane without units, each of a named class.

use std::collections::BTreeMap;

use anyhow::Result;
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, VPos},
};

use super::{Area, Frame, LABEL, PALETTE, SMALL, TITLE, figure, text, text_width};

/// Side of the plane in pixels.
const SIDE: i32 = 560;

/// Classes by colour, and where colours run out by shape; `real` is grey, behind the others.
pub fn scatter(title: &str, caption: &str, points: &[(f32, f32, String)]) -> Result<String> {
    let mut classes = BTreeMap::<&str, Vec<(f64, f64)>>::new();
    for (x, y, name) in points {
        classes.entry(name).or_default().push((f64::from(*x), f64::from(*y)));
    }
    // Real ones first, so that they are drawn first.
    let mut classes: Vec<(&str, Vec<(f64, f64)>)> = classes.into_iter().collect();
    classes.sort_by_key(|(name, _)| *name != bmrl::REAL);
    let names = classes.iter().map(|(name, _)| text_width(name, LABEL)).max().unwrap_or(0);
    let width = (SIDE + 110 + names).max(40 + text_width(title, TITLE));
    let range = |of: fn(&(f32, f32, String)) -> f32| {
        let ends =
            points.iter().map(of).fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(v), high.max(v)));
        let margin = ((ends.1 - ends.0) * 0.03).max(f32::MIN_POSITIVE);
        (f64::from(ends.0 - margin), f64::from(ends.1 + margin))
    };
    figure((width as u32, (SIDE + 90) as u32), |area| {
        let (x, y) = (range(|point| point.0), range(|point| point.1));
        let frame = Frame { left: 20, top: 48, right: 20 + SIDE, bottom: 48 + SIDE, x, y };
        text(area, title, (20, 24), TITLE, HPos::Left, VPos::Center)?;
        frame.outline(area)?;
        text(area, caption, (20, frame.bottom + 20), SMALL, HPos::Left, VPos::Center)?;
        let mut fakes = 0;
        for (place, (name, members)) in classes.iter().enumerate() {
            let look = if *name == bmrl::REAL {
                Look { colour: RGBColor(176, 176, 176), shape: 0 }
            } else {
                fakes += 1;
                Look { colour: PALETTE[(fakes - 1) % PALETTE.len()], shape: (fakes - 1) / PALETTE.len() }
            };
            for point in members {
                look.draw(area, frame.at(*point))?;
            }
            let y = frame.top + 10 + 20 * place as i32;
            look.draw(area, (frame.right + 26, y))?;
            text(area, name, (frame.right + 40, y), LABEL, HPos::Left, VPos::Center)?;
        }
        Ok(())
    })
}

/// How a class is drawn.
struct Look {
    colour: RGBColor,
    shape: usize,
}

impl Look {
    fn draw(&self, area: &Area<'_>, at: (i32, i32)) -> Result<()> {
        match self.shape {
            0 => area.draw(&Circle::new(at, 3, self.colour.mix(0.8).filled()))?,
            1 => area.draw(&TriangleMarker::new(at, 5, self.colour.filled()))?,
            _ => area.draw(&Cross::new(at, 4, self.colour.stroke_width(2)))?,
        }
        Ok(())
    }
}
