//! The results of races for people.

use std::fmt::Write;

use super::race::{Finish, Outcome};

/// A table for each race, and how the cost of the first runner grows from race to race.
pub(super) fn render(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        // Writing to a String does not fail.
        let _ = race(&mut text, outcome);
    }
    let _ = growth(&mut text, outcomes);
    text
}

fn race(text: &mut String, outcome: &Outcome) -> std::fmt::Result {
    writeln!(text, "\n{} ({:.1} MB)", outcome.race, outcome.input_mb)?;
    writeln!(
        text,
        "  {:22} {:>9} {:>9} {:>8} {:>7}  {:>6} {:>6}  {:>6}",
        "median of runs", "wall ms", "cpu ms", "peak MB", "MB/s", "wall x", "cpu x", "runs"
    )?;
    let Some(first) = outcome.results.first().map(|finish| finish.median) else {
        return Ok(());
    };
    for Finish {
        runner,
        median,
        runs,
    } in &outcome.results
    {
        writeln!(
            text,
            "  {runner:22} {:9.1} {:9.1} {:8.0} {:7.0}  {:6.2} {:6.2}  {:6}",
            median.wall_ms,
            median.cpu_ms,
            median.peak_mb,
            outcome.input_mb / median.wall_ms * 1e3,
            median.wall_ms / first.wall_ms,
            median.cpu_ms / first.cpu_ms,
            runs.len()
        )?;
    }
    Ok(())
}

/// How the cost grows with the input: an exponent of 1 is linear.
fn growth(text: &mut String, outcomes: &[Outcome]) -> std::fmt::Result {
    let sizes = outcomes
        .iter()
        .filter(|outcome| outcome.race.contains("MB, "))
        .filter_map(|outcome| Some((outcome, outcome.results.first()?.median)))
        .collect::<Vec<_>>();
    if sizes.len() < 2 {
        return Ok(());
    }
    writeln!(text, "\ngrowth (exponent of the input's size; 1 is linear)")?;
    for pair in sizes.windows(2) {
        let [(small, small_cost), (large, large_cost)] = pair else {
            continue;
        };
        let steps = (large.input_mb / small.input_mb).ln();
        writeln!(
            text,
            "  {:4.0} MB to {:4.0} MB: wall {:.2}, cpu {:.2}",
            small.input_mb,
            large.input_mb,
            (large_cost.wall_ms / small_cost.wall_ms).ln() / steps,
            (large_cost.cpu_ms / small_cost.cpu_ms).ln() / steps,
        )?;
    }
    Ok(())
}
