//! `cargo xtask e2e`: what users install, and what dbt makes of it.
//!
//! Each file of this folder is one part, with a function that makes its checks, each of which is one
//! line on the terminal. Whatever a part needs is installed from PyPI, into environments of its own; if
//! that cannot be, its check fails: none is skipped.

mod browser;
mod checks;
mod ci_kit;
mod docs;
mod docs_index;
mod documentation;
pub(crate) mod duckdb_driver;
mod glibc;
mod init;
mod lab;
mod old_debian;
mod plugin;
mod python_module;
mod refresh;
mod selectors;
mod server;
mod shop;
mod tableau_client;
mod v2_parser;
mod wanted;
mod wheel;

use std::path::Path;

use crate::failure::Result;
use checks::Checks;
use lab::Lab;

/// Makes the checks of a part, to which the path of the wheel is given.
type Part = fn(&Lab, &Path, &mut Checks);

/// The parts that need the wheel, by name.
const PARTS: [(&str, Part); 11] = [
    ("ci-kit", ci_kit::check),
    ("docs", docs::check),
    ("docs-index", docs_index::check),
    ("documentation", documentation::check),
    ("init", init::check),
    ("old-debian", old_debian::check),
    ("plugin", plugin::check),
    ("refresh", refresh::check),
    ("selectors", selectors::check),
    ("tableau-client", tableau_client::check),
    ("v2-parser", v2_parser::check),
];

/// Makes all checks, or those of the parts that are named; with `--quick` those that take little time,
/// for few versions of dbt.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (quick, names): (Vec<_>, Vec<_>) = arguments.iter().partition(|given| *given == "--quick");
    let is_quick = !quick.is_empty();
    let parts = parts(&names)?;
    let lab = Lab::new(is_quick)?;
    let mut checks = Checks::default();
    python_module::check(&lab, &mut checks);
    if let Some(wheel) = wheel::check(&lab, &mut checks) {
        for check in parts {
            check(&lab, &wheel, &mut checks);
        }
    }
    checks.verdict()
}

/// The parts with these names; all without names.
fn parts(names: &[&String]) -> Result<Vec<Part>> {
    let named = names.iter().map(|name| {
        let found = PARTS.iter().find(|(part, _)| part == name);
        let (_, check) = found.ok_or_else(|| format!("not a part of the checks: {name}"))?;
        Ok(*check)
    });
    let named = named.collect::<Result<Vec<_>>>()?;
    if named.is_empty() {
        return Ok(PARTS.iter().map(|(_, check)| *check).collect());
    }
    Ok(named)
}
