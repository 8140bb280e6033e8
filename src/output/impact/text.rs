//! Renders which workbooks a change reaches as text for people.

use std::fmt::{self, Write};

use super::ImpactAnswer;
use crate::impact::{Effect, Impact, Severity, Target};
use crate::output::{Options, counted, printable};
use crate::report::WorkbookFacts;

/// Renders the answer.
pub fn render(answer: &ImpactAnswer, _options: Options) -> String {
    let mut text = String::new();
    // Writing to a String does not fail.
    let _ = write_answer(&mut text, answer);
    text
}

fn write_answer(text: &mut String, answer: &ImpactAnswer) -> fmt::Result {
    let count = |severity| answer.of(severity).count();
    let counts = [
        (count(Severity::Breaks), "break"),
        (count(Severity::Touches), "change"),
        (count(Severity::Uncompared), "could not be compared"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts = counts.map(|(count, what)| format!("{count} {what}"));
    let counts = counts.collect::<Vec<_>>();
    if counts.is_empty() {
        writeln!(text, "No workbook is reached by this change.")?;
    } else {
        writeln!(text, "Workbooks: {}.", counts.join(", "))?;
    }
    for severity in Severity::ALL {
        for (reached, workbook) in answer.of(*severity) {
            let title = printable(workbook.title_and_luid().0);
            writeln!(text, "\n{severity}  {title}{}", whose(workbook))?;
            for effect in &reached.effects {
                writeln!(text, "  {}", printable(&sentence(answer, effect)))?;
            }
        }
    }
    writeln!(text)?;
    write_basis(text, answer)
}

/// What stands behind the answer, and what it does not know.
fn write_basis(text: &mut String, answer: &ImpactAnswer) -> fmt::Result {
    let Impact {
        cosmetic,
        not_compared,
        target,
        basis,
        ..
    } = &answer.impact;
    for node in not_compared {
        let told = format!("Could not compare {}: {}.", node.name, node.reason);
        writeln!(text, "{}", printable(&told))?;
    }
    if !cosmetic.is_empty() {
        let nodes = counted(cosmetic.len(), "node");
        writeln!(text, "{nodes} changed in what no reader sees.")?;
    }
    match target {
        Target::Same(_) => {}
        Target::Other(_) => writeln!(
            text,
            "Head is built for another target, so relations are compared by their configuration."
        )?,
        Target::Unknown(_) => writeln!(
            text,
            "Either head is built for another target, or relations moved: say with `--same-target` that it is not."
        )?,
    }
    for (count, what) in [
        (basis.without_links, "without a link to base"),
        (basis.partly_unknown, "may read more than what is linked"),
    ] {
        if count > 0 {
            writeln!(text, "{}: {what}.", counted(count, "workbook"))?;
        }
    }
    for caveat in &answer.caveats {
        writeln!(text, "{}", printable(caveat))?;
    }
    for told in &answer.diagnostics {
        let place = if told.place.is_empty() {
            String::new()
        } else {
            format!("{}: ", told.place)
        };
        writeln!(
            text,
            "{}",
            printable(&format!("note: {place}{}", told.message))
        )?;
    }
    Ok(())
}

/// The project and the owner of a workbook.
fn whose(workbook: &WorkbookFacts) -> String {
    let owner = workbook.owner.name.as_deref();
    let both = [workbook.project.as_deref(), owner];
    let both = both.into_iter().flatten().map(printable);
    let both = both.collect::<Vec<_>>();
    if both.is_empty() {
        String::new()
    } else {
        format!("  ({})", both.join(", "))
    }
}

fn sentence(answer: &ImpactAnswer, effect: &Effect) -> String {
    let changed = answer
        .change(effect)
        .map(|change| change.unique_id.as_ref());
    let not_compared = answer
        .not_compared(effect)
        .map(|node| node.unique_id.as_ref());
    let by = changed.or(not_compared).unwrap_or_default();
    let columns = effect.columns.iter().map(|column| column.name.as_str());
    let columns = columns.collect::<Vec<_>>().join(", ");
    let columns = if columns.is_empty() {
        columns
    } else {
        format!(": {columns}")
    };
    format!("{} ({}), by {by}{columns}", effect.what, effect.table)
}
