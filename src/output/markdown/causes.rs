//! Why tables and workbooks lack links.

use super::super::cap::capped;
use super::super::cures::{self, MOST_CAUSES, MOST_WITHHELD};
use super::super::not_selected::by_reason;
use super::super::unlinked::listed;
use super::super::{Options, config_lines, visible};
use super::prose::prose;
use super::spans::{code, code_up_to, fenced};
use crate::report::Report;
use crate::verdict::{Cause, Cure};

/// The length at which a line of configuration is cut, in characters: one that is cut is of no use.
const LONGEST_CONFIG: usize = 2_000;

/// A block for each of the first causes, and one with their lines of configuration.
pub(super) fn causes(report: &Report, options: Options) -> Vec<String> {
    let causes = cures::for_people(&report.causes);
    let (shown, _) = capped(causes, MOST_CAUSES, options.verbose);
    let mut number = 0;
    let mut blocks = Vec::new();
    for one in shown {
        blocks.push(cause(one, &mut number, options));
    }
    let rest = cures::left_out(&causes[shown.len()..]);
    blocks.extend(rest.map(|rest| format!("- {rest}{}", options.hint())));
    if let Some(first) = blocks.first_mut() {
        *first = format!("\n**Why tables are not linked**\n\n{first}");
    }
    blocks.extend(config_lines::block(shown).map(|lines| {
        let yaml = fenced("yaml", &lines.join("\n"));
        format!("\nLines for `autoexpose.yml`, which were tried:\n\n{yaml}")
    }));
    blocks
}

fn cause(cause: &Cause, number: &mut usize, options: Options) -> String {
    let mut block = format!("- {}", prose(&visible(&cures::cause(cause))));
    let mut add = |sentence: &str, lines: &[String]| {
        let lines = lines.iter().map(|line| code_up_to(line, LONGEST_CONFIG));
        let lines = lines.collect::<Vec<_>>().join(", ");
        let colon = if lines.is_empty() { "" } else { ": " };
        block.push_str(&format!("\n  - {sentence}{colon}{lines}"));
    };
    for cure in &cause.cures {
        *number += usize::from(matches!(cure, Cure::Config { .. }));
        let (sentence, lines) = cures::cure(cure, *number, LONGEST_CONFIG);
        match cure {
            // It has no name in it.
            Cure::Config { .. } => add(&sentence, &lines),
            _ => add(&prose(&sentence), &lines),
        }
    }
    let (withheld, more) = capped(&cause.withheld, MOST_WITHHELD, options.verbose);
    for withheld in withheld {
        let (sentence, lines) = cures::withheld(withheld, LONGEST_CONFIG);
        add(&prose(&sentence), &lines);
    }
    if let Some(rest) = cures::withheld_left_out(more) {
        add(&format!("{rest}{}", options.hint()), &[]);
    }
    block
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
