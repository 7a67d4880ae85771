//! Progress of long work: how far, how fast, how long still.

use std::{
    io::{self, IsTerminal},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

/// Between two lines where standard error is not a terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// A bar on a terminal, a line now and then elsewhere; on standard error, so that answers stay clean.
pub struct Progress {
    bar: ProgressBar,
    what: &'static str,
    terminal: bool,
    last_line: Instant,
}

impl Progress {
    /// Of `total` things named `what`, for instance `pictures`.
    pub fn new(total: usize, what: &'static str) -> Self {
        let terminal = io::stderr().is_terminal();
        let bar = if terminal { ProgressBar::new(total as u64) } else { ProgressBar::hidden() };
        bar.set_length(total as u64);
        let template = "{pos}/{len} {msg} {wide_bar} {per_sec}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what);
        Self { bar, what, terminal, last_line: Instant::now() }
    }

    /// Counts `more` of them.
    pub fn add(&mut self, more: usize) {
        self.bar.inc(more as u64);
        if !self.terminal && self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            let (done, total) = (self.bar.position(), self.bar.length().unwrap_or_default());
            eprintln!(
                "{done}/{total} {}, {:.1}/s, {:.0} s left",
                self.what,
                self.bar.per_sec(),
                self.bar.eta().as_secs_f64()
            );
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
