//! Counts of findings in words.

use std::collections::BTreeSet;

use super::finding::Finding;
use crate::settings::Gate;

/// How many workbooks, owners and other things findings are about: `3 workbooks of 2 owners, 2 tables`.
pub(super) fn failed(gate: Gate, findings: &[Finding]) -> String {
    let workbooks = findings
        .iter()
        .filter_map(|finding| finding.workbook.as_deref());
    let workbooks = workbooks.collect::<BTreeSet<_>>();
    let owners = workbooks.iter().map(|workbook| &workbook.owner);
    let owners = owners.filter(|owner| owner.name.is_some() || owner.email.is_some());
    let owners = owners.collect::<BTreeSet<_>>().len();
    let nodes = findings
        .iter()
        .filter_map(|finding| finding.node.as_deref());
    let nodes = nodes.collect::<BTreeSet<_>>().len();
    let tables = findings
        .iter()
        .filter_map(|finding| finding.table.as_deref());
    let tables = tables.collect::<BTreeSet<_>>().len();
    let exports = findings.iter().filter(|finding| finding.is_about_export());
    // A table that is linked to a node is told by that.
    let tables = if nodes == 0 { tables } else { 0 };
    let parts = [
        (exports.count(), "export"),
        (workbooks.len(), "workbook"),
        (nodes, noun(gate)),
        (tables, "table"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts = parts.map(|(count, noun)| match noun {
        "workbook" if owners > 0 => {
            format!("{} of {}", counted(count, noun), counted(owners, "owner"))
        }
        _ => counted(count, noun),
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// What the nodes of findings are called.
fn noun(gate: Gate) -> &'static str {
    match gate {
        Gate::Lost => "relation",
        Gate::Drift | Gate::ManualDrift | Gate::Audience => "exposure",
        Gate::Stale => "source",
        Gate::Private => "model",
        _ => "node",
    }
}

/// Nothing that the state did not have.
pub(super) fn nothing_new(known: usize) -> String {
    let findings = counted(known, "finding");
    format!("nothing new; {findings} that the state had as well")
}

/// `1 workbook`, `2 workbooks`, with blanks between thousands.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// A number with blanks between thousands, if it has more than four digits.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let first = digits.len() % 3;
    let mut grouped = digits[..first].to_owned();
    for at in (first..digits.len()).step_by(3) {
        if !grouped.is_empty() {
            grouped.push('\u{202f}');
        }
        grouped.push_str(&digits[at..at + 3]);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_told_apart() {
        for (number, shown) in [
            (0, "0"),
            (9999, "9999"),
            (10_000, "10\u{202f}000"),
            (123_456, "123\u{202f}456"),
            (1_234_567, "1\u{202f}234\u{202f}567"),
        ] {
            assert_eq!(grouped(number), shown);
        }
    }
}
