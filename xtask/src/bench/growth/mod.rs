//! `cargo xtask bench growth`: whether any input costs more than its size.
//!
//! Each kind of input ([`kinds`]) is made in sizes that double, and the exponents of time, memory
//! and output are taken of the largest ones ([`race`]). Here a race fails: an exponent above 1.2.
//! `parts` and `inputs` are what kinds are made of.

mod copies;
mod inputs;
mod kinds;
mod lineage;
mod lost;
mod matching;
mod parts;
mod planning;
mod race;
mod responses;

use std::path::{Path, PathBuf};

use crate::failure::Result;
use kinds::KINDS;
use race::Track;

/// Races all kinds whose names begin with one of these; all without any.
///
/// # Errors
/// A race that cannot be run, or the names of the kinds that grow too fast.
pub(super) fn run(program: PathBuf, work: &Path, names: &[String]) -> Result<()> {
    let track = Track {
        program,
        // Two races may run at once, as of two programs.
        folder: work.join(format!("growth-{}", std::process::id())),
    };
    let is_asked =
        |name: &str| names.is_empty() || names.iter().any(|start| name.starts_with(start));
    let asked = KINDS.iter().filter(|kind| is_asked(kind.name));
    println!("\n{}", race::head());
    let mut too_fast = Vec::new();
    for kind in asked {
        let growth = track.run(kind)?;
        println!("{}", growth.line);
        if growth.is_too_fast {
            too_fast.push(growth.name);
        }
    }
    if too_fast.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{} grow faster than their size: {}",
        too_fast.len(),
        too_fast.join(", ")
    ))
}
