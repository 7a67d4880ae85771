//! `cargo xtask bench`: sizes and speeds, into `docs/performance.md`.

mod browser;
mod document;
mod machine;
mod native;
mod sizes;
mod table;

use crate::{process, setup, web, workspace};
use anyhow::{Context, Result};
use std::fs;

/// Measures, prints the tables and writes them into the document.
///
/// # Errors
/// When something cannot be built, run or written. A missed budget is shown in the table and is no error.
pub fn run() -> Result<()> {
    let tools = setup::for_tests()?;
    web::build(&tools)?;
    let mut build = tools.command("cargo");
    build.args(["build", "--release", "--package", "trainer"]);
    process::run("building the native program", &mut build)?;

    // Before the measurements, which load the machine themselves.
    let conditions = machine::conditions(&tools);
    let folder = workspace::root().join("target/bench");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let photo = folder.join("photo-1024.jpg");
    let browser = browser::measure(&tools, &photo)?;
    let native = native::measure(&tools, &photo)?;
    println!("==> compressing what the page downloads");
    let sizes = sizes::measure()?;

    let tables = format!("{conditions}\n{}\n{}", table::sizes(&sizes), table::times(&browser, &native));
    println!("\n{tables}");
    document::write(&tables)
}
