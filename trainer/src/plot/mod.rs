//! Figures as SVG: dark text on a white ground, which stays readable on a dark page, in colours that people with any colour
//! vision can tell apart (Okabe and Ito 2008).

mod dots;
mod lines;
mod matrix;
mod panels;
mod reliability;
mod scatter;

pub use dots::{DotRow, dots};
pub use lines::{Axes, Series, lines};
pub use matrix::matrix;
pub use panels::{Panel, panels};
pub use reliability::reliability;
pub use scatter::scatter;

use anyhow::Result;
use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

/// Where something is drawn.
pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// In this order. Yellow is left out: on white it cannot be seen.
const PALETTE: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(0, 0, 0),
];

/// Text.
const INK: RGBColor = RGBColor(34, 34, 34);

/// Frames and ticks.
const LINE: RGBColor = RGBColor(130, 130, 130);

/// Lines behind the data.
const FAINT: RGBColor = RGBColor(224, 224, 224);

/// Sizes in pixels.
const TITLE: i32 = 16;
const LABEL: i32 = 13;
const SMALL: i32 = 11;

fn colour(index: usize) -> RGBColor {
    PALETTE[index % PALETTE.len()]
}

/// A figure of this size in pixels.
fn figure(size: (u32, u32), draw: impl FnOnce(&Area<'_>) -> Result<()>) -> Result<String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&WHITE)?;
        draw(&area)?;
        area.present()?;
    }
    Ok(svg)
}

/// Text at a place, anchored as said.
fn text(area: &Area<'_>, words: &str, at: (i32, i32), size: i32, across: HPos, down: VPos) -> Result<()> {
    coloured_text(area, words, at, size, Pos::new(across, down), &INK)
}

fn coloured_text(
    area: &Area<'_>,
    words: &str,
    at: (i32, i32),
    size: i32,
    pos: Pos,
    colour: &RGBColor,
) -> Result<()> {
    let style = ("sans-serif", size).into_font().color(colour).pos(pos);
    area.draw(&Text::new(words.to_string(), at, style))?;
    Ok(())
}

/// Text that is read from below.
fn upward_text(area: &Area<'_>, words: &str, at: (i32, i32), size: i32, across: HPos) -> Result<()> {
    let font = ("sans-serif", size).into_font().transform(FontTransform::Rotate270);
    area.draw(&Text::new(words.to_string(), at, font.color(&INK).pos(Pos::new(across, VPos::Center))))?;
    Ok(())
}

fn line(area: &Area<'_>, points: Vec<(i32, i32)>, colour: &RGBColor, width: u32) -> Result<()> {
    area.draw(&PathElement::new(points, colour.stroke_width(width)))?;
    Ok(())
}

/// About how wide text is, in pixels; letters of a sans-serif are half as wide as high.
fn text_width(words: &str, size: i32) -> i32 {
    (words.chars().count() as f64 * f64::from(size) * 0.58).ceil() as i32
}

/// A rectangle of pixels that stands for ranges of numbers.
#[derive(Clone, Copy)]
struct Frame {
    left: i32,
    top: i32,
    right: i32,
    bottom: i32,
    x: (f64, f64),
    y: (f64, f64),
}

impl Frame {
    fn x(&self, value: f64) -> i32 {
        let part = (value - self.x.0) / (self.x.1 - self.x.0);
        self.left + (part * f64::from(self.right - self.left)).round() as i32
    }

    fn y(&self, value: f64) -> i32 {
        let part = (value - self.y.0) / (self.y.1 - self.y.0);
        self.bottom - (part * f64::from(self.bottom - self.top)).round() as i32
    }

    fn at(&self, (x, y): (f64, f64)) -> (i32, i32) {
        (self.x(x), self.y(y))
    }

    /// The outline.
    fn outline(&self, area: &Area<'_>) -> Result<()> {
        area.draw(&Rectangle::new([(self.left, self.top), (self.right, self.bottom)], LINE.stroke_width(1)))?;
        Ok(())
    }

    /// Faint lines and numbers at fifths of both ranges.
    fn grid(&self, area: &Area<'_>) -> Result<()> {
        for step in 0..=5 {
            let part = f64::from(step) / 5.0;
            let (x, y) = (self.x.0 + part * (self.x.1 - self.x.0), self.y.0 + part * (self.y.1 - self.y.0));
            line(area, vec![(self.x(x), self.top), (self.x(x), self.bottom)], &FAINT, 1)?;
            line(area, vec![(self.left, self.y(y)), (self.right, self.y(y))], &FAINT, 1)?;
            text(area, &format!("{x:.1}"), (self.x(x), self.bottom + 7), SMALL, HPos::Center, VPos::Top)?;
            text(area, &format!("{y:.1}"), (self.left - 7, self.y(y)), SMALL, HPos::Right, VPos::Center)?;
        }
        Ok(())
    }

    /// What the axes show.
    fn axis_names(&self, area: &Area<'_>, x: &str, y: &str) -> Result<()> {
        text(area, x, ((self.left + self.right) / 2, self.bottom + 26), LABEL, HPos::Center, VPos::Top)?;
        upward_text(area, y, (self.left - 42, (self.top + self.bottom) / 2), LABEL, HPos::Center)
    }
}

/// Names with their colours, one below the other.
fn legend<'a>(
    area: &Area<'_>,
    (x, mut y): (i32, i32),
    names: impl IntoIterator<Item = &'a str>,
) -> Result<()> {
    for (index, name) in names.into_iter().enumerate() {
        line(area, vec![(x, y), (x + 20, y)], &colour(index), 3)?;
        text(area, name, (x + 27, y), LABEL, HPos::Left, VPos::Center)?;
        y += 20;
    }
    Ok(())
}
