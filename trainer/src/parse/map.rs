//! A parsing map: the class of every pixel, on disk a PNG with the classes' colours as its palette.

use std::{fs::File, io::BufReader, path::Path};

use anyhow::{Context, Result, bail, ensure};
use image::GrayImage;
use png::{BitDepth, ColorType};

use super::{classes::ClassSet, files::write_whole};

/// Reads the class indices of a palette PNG or a grey PNG of at most 8 bits, whatever its colours.
pub fn read(path: &Path, classes: usize) -> Result<GrayImage> {
    let map = indices(path).with_context(|| path.display().to_string())?;
    if let Some((x, y, index)) = map.enumerate_pixels().find(|(_, _, p)| usize::from(p.0[0]) >= classes) {
        let (name, index) = (path.display(), index.0[0]);
        bail!("{name}: class {index} at ({x}, {y}); there are {classes} classes, 0 to {}", classes - 1);
    }
    Ok(map)
}

fn indices(path: &Path) -> Result<GrayImage> {
    let file = File::open(path).context("cannot read it")?;
    let mut reader = png::Decoder::new(BufReader::new(file)).read_info().context("not a readable PNG")?;
    let info = reader.info();
    let (width, height, depth) = (info.width, info.height, info.bit_depth);
    let fits =
        matches!(info.color_type, ColorType::Indexed | ColorType::Grayscale) && depth != BitDepth::Sixteen;
    ensure!(
        fits,
        "{:?} of {} bits; a mask is a palette or grey PNG whose pixels are class indices",
        info.color_type,
        depth as u8
    );
    ensure!(
        width.max(height) <= bmrl::MAX_SIDE,
        "{width} x {height} pixels; at most {} a side",
        bmrl::MAX_SIDE
    );
    let mut rows = vec![0; reader.output_buffer_size().context("it is too large")?];
    reader.next_frame(&mut rows).context("the PNG is damaged")?;
    let line = reader.output_line_size(width).context("it is too large")?;
    let bits = depth as usize;
    let unpacked = rows.chunks_exact(line).flat_map(|row| {
        (0..width as usize).map(move |x| {
            let at = x * bits;
            // The first pixel stands in a byte's highest bits.
            (row[at / 8] >> (8 - bits - at % 8)) & (0xFF >> (8 - bits))
        })
    });
    GrayImage::from_raw(width, height, unpacked.collect()).context("the PNG is damaged")
}

/// Writes a map; the file appears whole or not at all.
pub fn write(path: &Path, map: &GrayImage, classes: &ClassSet) -> Result<()> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, map.width(), map.height());
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(classes.palette());
    let mut writer = encoder.write_header()?;
    writer.write_image_data(map.as_raw())?;
    writer.finish()?;
    write_whole(path, &bytes)
}

/// The part of a map that its commonest class takes, 0 to 1.
pub fn largest_share(map: &GrayImage) -> f64 {
    let mut counts = [0_usize; 256];
    for &index in map.as_raw() {
        counts[usize::from(index)] += 1;
    }
    counts.into_iter().max().unwrap_or_default() as f64 / map.as_raw().len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::classes::KnownSet;
    use image::Luma;

    #[test]
    fn a_map_is_read_as_written_and_shows_its_colours() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.png");
        let map = GrayImage::from_fn(7, 5, |x, y| Luma([((x + y) % 6) as u8]));
        let classes = KnownSet::Face6.classes();
        write(&path, &map, &classes).unwrap();
        assert_eq!(read(&path, 6).unwrap(), map);
        // What training sees is the palette's colours.
        let shown = bmrl::decode(&std::fs::read(&path).unwrap()).unwrap().pixels;
        for (x, y, pixel) in shown.enumerate_pixels() {
            assert_eq!(pixel.0, classes.classes[usize::from(map.get_pixel(x, y).0[0])].colour);
        }
        let error = read(&path, 5).unwrap_err().to_string();
        assert!(error.contains("class 5 at (5, 0)") && error.contains("map.png"), "{error}");
    }

    #[test]
    fn packed_indices_are_unpacked_and_colour_pictures_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("packed.png");
        let mut encoder = png::Encoder::new(File::create(&path).unwrap(), 3, 2);
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(BitDepth::Two);
        encoder.set_palette(vec![0; 12]);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[0b00_01_10_00, 0b11_10_01_00]).unwrap();
        writer.finish().unwrap();
        assert_eq!(read(&path, 4).unwrap().into_raw(), [0, 1, 2, 3, 2, 1]);
        image::RgbImage::new(4, 4).save(&path).unwrap();
        let error = format!("{:#}", read(&path, 4).unwrap_err());
        assert!(error.contains("Rgb of 8 bits"), "{error}");
    }

    #[test]
    fn the_largest_share_is_that_of_the_commonest_class() {
        assert_eq!(largest_share(&GrayImage::from_raw(4, 1, vec![2, 2, 0, 2]).unwrap()), 0.75);
    }
}
