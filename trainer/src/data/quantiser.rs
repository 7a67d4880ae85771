//! How coarsely a JPEG was quantised, which tells its encoder and quality.

/// The sum of the 64 steps of the first quantisation table of a JPEG (ITU-T T.81, B.2.4.1): 64 at the highest
/// quality, about 3,700 at the IJG encoder's quality 50. `None` where there is no such table.
pub fn luma_steps(jpeg: &[u8]) -> Option<u32> {
    let mut at = 2;
    loop {
        let &[prefix, marker, high, low] = jpeg.get(at..at + 4)? else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        match (prefix, marker) {
            (0xFF, 0xDB) => {
                let table = jpeg.get(at + 4..at + 2 + length)?;
                let (kind, steps) = table.split_first()?;
                let sum = if kind >> 4 == 0 {
                    steps.get(..64)?.iter().map(|&step| u32::from(step)).sum()
                } else {
                    let pairs = steps.get(..128)?.chunks_exact(2);
                    pairs.map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).sum()
                };
                return Some(sum);
            }
            // Pixels begin: no table came before them.
            (0xFF, 0xDA) => return None,
            (0xFF, 0xFF) => at += 1,
            (0xFF, _) => at += 2 + length.max(2),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use image::{RgbImage, codecs::jpeg::JpegEncoder};

    use super::*;

    #[test]
    fn a_lower_quality_has_larger_steps() {
        let steps = |quality| {
            let mut bytes = Vec::new();
            JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&RgbImage::new(16, 16)).unwrap();
            luma_steps(&bytes).unwrap()
        };
        assert_eq!(steps(100), 64);
        assert!(steps(50) > 3000 && steps(75) < steps(50), "{} {}", steps(75), steps(50));
        assert_eq!(luma_steps(b"\x89PNG\r\n\x1a\n"), None);
        assert_eq!(luma_steps(&[]), None);
    }
}
