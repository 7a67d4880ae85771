//! How fast the page is, in Chromium.

use crate::serve::files;
use crate::setup::Tools;
use crate::{process, workspace};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::thread;

/// A series of traces of one photo, in milliseconds.
pub struct Series {
    /// The first, which may still compile and allocate.
    pub first: f64,
    /// The middle one of the others.
    pub median: f64,
    /// How many others there were.
    pub others: usize,
}

/// What the browser was timed at, in milliseconds.
pub struct Browser {
    /// From opening the page to its readiness, with an empty cache.
    pub cold: f64,
    /// The same with everything in the cache.
    pub warm: f64,
    /// Compiling the CPU module and loading the model.
    pub cpu_load: f64,
    /// On the CPU.
    pub cpu: Series,
    /// Compiling the WebGPU module, loading the model, the self-check and the trial run.
    pub gpu_load: f64,
    /// On the software WebGPU adapter, or why it was not used.
    pub gpu: Result<Series, String>,
}

impl Series {
    /// From all times in the order of their runs; `None` for fewer than two.
    pub fn new(times: &[f64]) -> Option<Self> {
        let (&first, others) = times.split_first()?;
        let mut sorted = others.to_vec();
        sorted.sort_by(f64::total_cmp);
        let median = *sorted.get(others.len() / 2)?;
        Some(Self { first, median, others: others.len() })
    }
}

/// Runs `tests/browser/bench.mjs` on the built page; it writes the photo it traces to `photo`.
///
/// # Errors
/// When the page does not work.
pub fn measure(tools: &Tools, photo: &Path) -> Result<Browser> {
    let server = files::listen(0)?;
    let mut node = tools.command("node");
    node.current_dir(workspace::root().join("tests/browser"))
        .args(["bench.mjs", &files::address(&server), &sample()?])
        .arg(photo);
    let mut json = Value::Null;
    thread::scope(|scope| {
        scope.spawn(|| files::serve(&server, &workspace::dist()));
        let result = process::run_watching("timing the page in Chromium", &mut node, |line| {
            json = serde_json::from_str(line).unwrap_or_default();
        });
        files::stop(&server);
        result
    })?;
    read(&json)
}

/// A picture on the page for the browser to trace.
fn sample() -> Result<String> {
    let folder = workspace::dist().join("samples");
    let names = fs::read_dir(&folder)
        .with_context(|| format!("cannot list {}", folder.display()))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let first = names.filter(|name| name.ends_with(".jpg")).min();
    Ok(format!("samples/{}", first.with_context(|| format!("no JPEG in {}", folder.display()))?))
}

fn read(json: &Value) -> Result<Browser> {
    let number = |pointer: &str| {
        let value = json.pointer(pointer).and_then(Value::as_f64);
        value.with_context(|| format!("the browser's times have no {pointer}"))
    };
    let series = |pointer: &str| {
        let times: Vec<_> =
            json.pointer(pointer).and_then(Value::as_array)?.iter().filter_map(Value::as_f64).collect();
        Series::new(&times)
    };
    ensure!(number("/cpu/faces")? >= 1.0, "no face was found in the photo: it does not stand for a real one");
    let on_gpu = json.pointer("/gpu/backend").and_then(Value::as_str) == Some("gpu");
    let gpu = if on_gpu {
        Ok(series("/gpu/traces").context("too few times on the GPU")?)
    } else {
        Err(json.pointer("/gpu/notice").unwrap_or(&Value::Null).to_string())
    };
    Ok(Browser {
        cold: number("/cold")?,
        warm: number("/warm")?,
        cpu_load: number("/cpu/load")?,
        cpu: series("/cpu/traces").context("too few times on the CPU")?,
        gpu_load: number("/gpu/load")?,
        gpu,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_run_is_apart_from_the_median() {
        let series = Series::new(&[900.0, 30.0, 10.0, 20.0]).unwrap();
        assert_eq!((series.first, series.median, series.others), (900.0, 20.0, 3));
        assert!(Series::new(&[900.0]).is_none());
    }

    #[test]
    fn a_browser_without_an_adapter_says_why() {
        let times =
            json!({"load": 50.0, "traces": [3.0, 2.0], "faces": 1, "backend": "cpu", "notice": "no adapter"});
        let browser = read(&json!({"cold": 2.0, "warm": 1.0, "cpu": times, "gpu": times})).unwrap();
        assert_eq!(browser.cpu.median, 2.0);
        assert_eq!(browser.gpu.err().as_deref(), Some("\"no adapter\""));
    }

    #[test]
    fn a_photo_without_a_face_is_refused() {
        let times = json!({"load": 50.0, "traces": [3.0, 2.0], "faces": 0, "backend": "cpu"});
        assert!(read(&json!({"cold": 2.0, "warm": 1.0, "cpu": times, "gpu": times})).is_err());
    }
}
