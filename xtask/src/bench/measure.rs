//! Processes, and what they cost.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde::{Deserialize, Serialize};

use crate::failure::{Result, Trying};

/// What one run of a process and its children cost.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Cost {
    /// From start to end, in milliseconds.
    pub(super) wall_ms: f64,
    /// User and system time of all threads, in milliseconds.
    pub(super) cpu_ms: f64,
    /// The most memory at one time, in MB.
    pub(super) peak_mb: f64,
    /// How many bytes it printed.
    pub(super) output_bytes: u64,
}

/// Runs a command and measures it. Its output is counted and thrown away.
///
/// The system adds up what all children of a process cost, so each run has a parent of its own:
/// this program, as `bench measure`.
pub(super) fn measure(command: &[String], folder: &Path) -> Result<Cost> {
    let this = std::env::current_exe().trying("the path of xtask")?;
    let mut child = Command::new(this);
    child
        .args(["bench", "measure"])
        .args(command)
        .current_dir(folder)
        .stderr(Stdio::piped());
    let output = child.output().trying("bench measure")?;
    if !output.status.success() {
        let complained = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{} failed: {complained}", command.join(" ")));
    }
    serde_json::from_slice(&output.stdout).trying("bench measure")
}

/// The parent of a run: `bench measure PROGRAM ARGUMENT...`.
pub(super) fn as_parent(command: &[String]) -> Result<()> {
    let (program, arguments) = command.split_first().ok_or("bench measure: what?")?;
    let started = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .trying(program)?;
    let mut output = child.stdout.take().ok_or("a pipe is missing")?;
    let output_bytes = io::copy(&mut output, &mut io::sink()).trying(program)?;
    let status = child.wait().trying(program)?;
    let wall_ms = started.elapsed().as_secs_f64() * 1e3;
    if !status.success() {
        return Err(format!("{program}: {status}"));
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).trying("getrusage")?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    let cost = Cost {
        wall_ms,
        cpu_ms: micros as f64 / 1e3,
        peak_mb: usage.max_rss() as f64 / 1024.0,
        output_bytes,
    };
    println!("{}", serde_json::to_string(&cost).trying("cost")?);
    Ok(())
}

/// The median of several runs, each figure for itself.
pub(super) fn median(costs: &[Cost]) -> Option<Cost> {
    Some(Cost {
        wall_ms: middle(costs.iter().map(|cost| cost.wall_ms))?,
        cpu_ms: middle(costs.iter().map(|cost| cost.cpu_ms))?,
        peak_mb: middle(costs.iter().map(|cost| cost.peak_mb))?,
        output_bytes: costs.first()?.output_bytes,
    })
}

fn middle(figures: impl Iterator<Item = f64>) -> Option<f64> {
    let mut figures = figures.collect::<Vec<_>>();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}
