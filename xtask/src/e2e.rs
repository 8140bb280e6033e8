//! `cargo xtask e2e`: what users install, and what dbt makes of it.
//!
//! Each file of this folder is one part, with a function that makes its checks, each of which is one
//! line on the terminal. Whatever a part needs is installed from PyPI, into environments of its own; if
//! that cannot be, its check fails: none is skipped.

mod checks;
mod duckdb_driver;
mod lab;
mod plugin;
mod python_module;
mod shop;
mod v2_parser;
mod wheel;

use crate::failure::Result;
use checks::Checks;
use lab::Lab;

/// Makes all checks; with `--quick` those that take little time, for two versions of dbt.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let is_quick = arguments.iter().any(|argument| argument == "--quick");
    let lab = Lab::new(is_quick)?;
    let mut checks = Checks::default();
    python_module::check(&lab, &mut checks);
    if let Some(wheel) = wheel::check(&lab, &mut checks) {
        plugin::check(&lab, &wheel, &mut checks);
        if !is_quick {
            v2_parser::check(&lab, &wheel, &mut checks);
        }
    }
    checks.verdict()
}
