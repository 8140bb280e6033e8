//! Why tables and workbooks lack links.

use super::super::cures::{self, MOST_CAUSES};
use super::super::not_selected::by_reason;
use super::super::report::Report;
use super::super::unlinked::listed;
use super::super::{Options, visible};
use super::prose::prose;
use super::spans::{code, code_up_to};
use crate::verdict::{Cause, Cure};

/// The length at which a line of configuration is cut, in characters: one that is cut is of no use.
const LONGEST_CONFIG: usize = 2_000;

/// A block for each of the first causes.
pub(super) fn causes(report: &Report, options: Options) -> Vec<String> {
    let causes = &report.causes;
    let most = if options.verbose {
        causes.len()
    } else {
        MOST_CAUSES
    };
    let mut blocks = causes.iter().take(most).map(cause).collect::<Vec<_>>();
    blocks.extend(
        cures::left_out(&causes[blocks.len()..]).map(|rest| format!("- {rest}{}", options.hint())),
    );
    if let Some(first) = blocks.first_mut() {
        *first = format!("\n**Why tables are not linked**\n\n{first}");
    }
    blocks
}

fn cause(cause: &Cause) -> String {
    let head = format!("- {}", prose(&visible(&cures::cause(cause))));
    let lines = cause.cures.iter().map(|cure| {
        let text = cures::cure(cure);
        match cure {
            Cure::Config { .. } => code_up_to(&text, LONGEST_CONFIG),
            Cure::Command(_) | Cure::Query(_) | Cure::Advice(_) => prose(&text),
        }
    });
    let lines = lines.map(|line| format!("\n  - {line}"));
    head + &lines.collect::<String>()
}

/// A line for each reason why workbooks have no link.
pub(super) fn without_links(report: &Report, is_whole: bool) -> Vec<String> {
    let groups = by_reason(report.without_links.iter().map(|facts| {
        let reason = facts.reason.text();
        (reason, facts.workbook.as_str(), facts.luid.as_str())
    }));
    let lines = groups.into_iter().map(|(reason, workbooks)| {
        let count = workbooks.len();
        let titles = workbooks.iter().map(|(title, _)| *title);
        let names = listed(titles, is_whole, code);
        format!("- {count}: {reason}: {names}")
    });
    lines.collect()
}
