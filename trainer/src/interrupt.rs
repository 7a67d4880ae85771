//! Ctrl-C: long work stops where nothing is lost, and says how to go on.

use std::{
    process::ExitCode,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

/// What a shell expects of a program that Ctrl-C ended.
pub const INTERRUPTED: u8 = 130;

static STOP: AtomicBool = AtomicBool::new(false);
static INSTALLED: OnceLock<()> = OnceLock::new();

/// From here on the first Ctrl-C or termination signal asks for a stop, and a second one ends the program at once.
pub fn install() {
    INSTALLED.get_or_init(|| {
        let handler = || {
            if STOP.swap(true, Ordering::Relaxed) {
                std::process::exit(INTERRUPTED.into());
            }
            eprintln!("\nStopping as soon as nothing is lost; Ctrl-C again stops at once.");
        };
        // Fails only where a handler is installed already; then Ctrl-C ends the program, as it does anywhere.
        let _ = ctrlc::set_handler(handler);
    });
}

/// Whether a stop was asked for.
pub fn requested() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// The exit code of work that was stopped, after saying how to go on.
pub fn stopped(how_to_go_on: &str) -> ExitCode {
    eprintln!("trainer: stopped; {how_to_go_on}");
    ExitCode::from(INTERRUPTED)
}
