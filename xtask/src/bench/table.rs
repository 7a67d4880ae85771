//! The tables, in Markdown.

use super::browser::{Browser, Series};
use super::sizes::{Size, Sizes};

/// Budgets, in bytes. Compressed code is counted with gzip, which every host can do.
const FIRST_CODE: usize = 1_000_000;
const ALL_CODE: usize = 4_000_000;
const BUNDLE: usize = 12_000_000;
/// Budgets for one 1024x1024 photo, in milliseconds.
const CPU_TRACE: f64 = 600.0;
const NATIVE_TRACE: f64 = 250.0;

/// Bytes over the wire.
pub fn sizes(sizes: &Sizes) -> String {
    let Sizes { page, cpu, gpu, bundle } = *sizes;
    let first = page.plus(cpu);
    let all = first.plus(gpu);
    let mut text = String::from(
        "| over the wire, MB | raw | gzip -9 | brotli 11 | budget | |\n|---|---:|---:|---:|---|---|\n",
    );
    let mut row = |name: &str, size: Size, budget: &str, kept: Option<bool>| {
        let [raw, gzip, brotli] = [size.raw, size.gzip, size.brotli].map(megabytes);
        text += &format!("| {name} | {raw} | {gzip} | {brotli} | {budget} | {} |\n", mark(kept));
    };
    row("page: HTML, CSS, JavaScript", page, "", None);
    row("CPU module: wasm and its JavaScript", cpu, "", None);
    row("WebGPU module: wasm and its JavaScript", gpu, "", None);
    row("**code before the first answer**", first, "gzip at most 1 MB", Some(first.gzip <= FIRST_CODE));
    row("**all code**", all, "gzip at most 4 MB", Some(all.gzip <= ALL_CODE));
    row("**bundle**", bundle, "raw at most 12 MB", Some(bundle.raw <= BUNDLE));
    text
}

/// Times of the page and of the native program.
pub fn times(browser: &Browser, native: &Series) -> String {
    let mut text =
        String::from("| time, ms | first | median of the others | budget | |\n|---|---:|---:|---|---|\n");
    let mut once = |name: &str, time: f64| text += &format!("| {name} | {time:.0} | | | |\n");
    once("page ready, cold cache", browser.cold);
    once("page ready, warm cache", browser.warm);
    once("CPU module and model loaded (cached)", browser.cpu_load);
    once("WebGPU module and model loaded, checked and tried (cached)", browser.gpu_load);
    let mut series = |name: &str, times: &Series, budget: Option<f64>| {
        let Series { first, median, others } = times;
        let words = budget.map(|most| format!("at most {most:.0}")).unwrap_or_default();
        let mark = mark(budget.map(|most| *median <= most));
        text += &format!("| trace, {name} | {first:.0} | {median:.0} (of {others}) | {words} | {mark} |\n");
    };
    series("CPU in wasm", &browser.cpu, Some(CPU_TRACE));
    series("native CPU", native, Some(NATIVE_TRACE));
    match &browser.gpu {
        Ok(gpu) => series("WebGPU on the software adapter", gpu, None),
        Err(reason) => {
            text += &format!("| trace, WebGPU on the software adapter: not used, {reason} | | | | |\n")
        }
    }
    text + "\nEach trace is of one 1024x1024 JPEG with a face: decoding, finding the face, the views and the model. \
            In the browser the way to the worker and back is in it.\n"
}

fn megabytes(bytes: usize) -> String {
    format!("{:.3}", bytes as f64 / 1e6)
}

fn mark(kept: Option<bool>) -> &'static str {
    match kept {
        Some(true) => "pass",
        Some(false) => "**fail**",
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_budget_shows() {
        let code = Size { raw: 9_000_000, gzip: 900_000, brotli: 600_000 };
        let table = sizes(&Sizes { page: code, cpu: code, gpu: code, bundle: code });
        let row = |name| table.lines().find(|line| line.contains(name)).unwrap();
        assert!(
            row("before the first answer")
                .ends_with("| 18.000 | 1.800 | 1.200 | gzip at most 1 MB | **fail** |")
        );
        assert!(row("all code").ends_with("| gzip at most 4 MB | pass |"));
        assert!(row("bundle").ends_with("| raw at most 12 MB | pass |"));
    }

    #[test]
    fn times_are_held_against_their_budgets() {
        let series = |median| Series { first: 1000.0, median, others: 8 };
        let browser = Browser {
            cold: 900.0,
            warm: 400.0,
            cpu_load: 200.0,
            cpu: series(599.0),
            gpu_load: 7000.0,
            gpu: Err("no adapter".to_owned()),
        };
        let table = times(&browser, &series(251.0));
        assert!(table.contains("| trace, CPU in wasm | 1000 | 599 (of 8) | at most 600 | pass |"), "{table}");
        assert!(
            table.contains("| trace, native CPU | 1000 | 251 (of 8) | at most 250 | **fail** |"),
            "{table}"
        );
        assert!(table.contains("not used, no adapter"), "{table}");
    }
}
