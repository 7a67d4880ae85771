//! `cargo xtask serve`: the page, on this machine.

pub mod files;

use crate::setup::{self, Tools};
use crate::{process, web, workspace};
use anyhow::Result;
use clap::Args;
use std::env;
use std::process::{Command, Stdio};

const USUAL_PORT: u16 = 8080;

#[derive(Args)]
pub struct Options {
    /// Listen on this port (8080, or any free one when that is taken)
    #[arg(long)]
    port: Option<u16>,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
    /// For work on the page: rebuild at each change, without wasm-opt
    #[arg(long)]
    watch: bool,
}

/// Builds what has changed and serves until interrupted.
///
/// # Errors
/// When the build fails or the port is taken.
pub fn run(options: &Options) -> Result<()> {
    let tools = setup::for_build()?;
    if options.watch {
        return watch(&tools, options.port.unwrap_or(USUAL_PORT));
    }
    web::build(&tools)?;
    let server = match options.port {
        Some(port) => files::listen(port)?,
        None => files::listen(USUAL_PORT).or_else(|_| files::listen(0))?,
    };
    let address = files::address(&server);
    println!("\nThe page is at {address} (Ctrl-C ends this)");
    if !options.no_open {
        open(&address);
    }
    files::serve(&server, &workspace::dist());
    Ok(())
}

fn watch(tools: &Tools, port: u16) -> Result<()> {
    let mut trunk = tools.command("trunk");
    trunk.args(["serve", "--port", &port.to_string()]).env_remove("NO_COLOR");
    process::run("serving the page and rebuilding it at each change", &mut trunk)
}

/// Opens `address` where there is a desktop to open it on.
fn open(address: &str) {
    let desktop = ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(|name| env::var_os(name).is_some());
    let opener = match env::consts::OS {
        "macos" => "open",
        "linux" if desktop => "xdg-open",
        _ => return,
    };
    // The address is printed already: a browser that does not open is no error.
    let _ = Command::new(opener).arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}
