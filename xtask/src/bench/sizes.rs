//! How many bytes the page makes a browser download.

use crate::workspace;
use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// One or more files, as a web host may send them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Size {
    /// As they are.
    pub raw: usize,
    /// With `gzip -9`, which every host can do.
    pub gzip: usize,
    /// With brotli at its best, 11.
    pub brotli: usize,
}

/// What is downloaded, by part.
pub struct Sizes {
    /// index.html, the style sheets, the icon and all JavaScript but the modules' own.
    pub page: Size,
    /// The module that answers first, with its JavaScript.
    pub cpu: Size,
    /// The module that is fetched where there is a GPU, with its JavaScript.
    pub gpu: Size,
    /// The model.
    pub bundle: Size,
}

impl Size {
    fn of(bytes: &[u8]) -> Result<Self> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes)?;
        let mut brotli = Vec::new();
        let best = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
        brotli::BrotliCompress(&mut &*bytes, &mut brotli, &best)?;
        Ok(Self { raw: bytes.len(), gzip: gzip.finish()?.len(), brotli: brotli.len() })
    }

    /// Each file is compressed by itself, as hosts do.
    pub fn plus(self, other: Self) -> Self {
        Self { raw: self.raw + other.raw, gzip: self.gzip + other.gzip, brotli: self.brotli + other.brotli }
    }
}

/// Compresses everything in `dist/` that a browser fetches before and while it traces.
///
/// # Errors
/// When a file of the built page is not there.
pub fn measure() -> Result<Sizes> {
    let dist = workspace::dist();
    let module = |name: &str| total(&[dist.join(format!("{name}.js")), dist.join(format!("{name}_bg.wasm"))]);
    let mut page = vec![dist.join("index.html")];
    downloaded(&dist.join("www"), &mut page)?;
    Ok(Sizes {
        page: total(&page)?,
        cpu: module("tracer-cpu")?,
        gpu: module("tracer-gpu")?,
        bundle: total(&[dist.join("models/bmrl-web.safetensors")])?,
    })
}

fn total(files: &[PathBuf]) -> Result<Size> {
    files.iter().try_fold(Size::default(), |sum, file| {
        let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok(sum.plus(Size::of(&bytes)?))
    })
}

/// All files but type declarations, which no browser asks for.
fn downloaded(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            downloaded(&path, files)?;
        } else if !path.to_string_lossy().ends_with(".d.ts") {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_compresses_and_sums_add_up() {
        let size = Size::of(&[b'a'; 10_000]).unwrap();
        assert_eq!(size.raw, 10_000);
        assert!(size.gzip < 100 && size.brotli < size.gzip, "{size:?}");
        let twice = size.plus(size);
        assert_eq!((twice.raw, twice.gzip, twice.brotli), (20_000, 2 * size.gzip, 2 * size.brotli));
    }
}
