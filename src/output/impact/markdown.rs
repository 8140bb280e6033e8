//! Renders which workbooks a change reaches as a comment on a pull request. The first line decides, a
//! table says whom to tell, and the rest is folded. Nothing is printed where no workbook is reached, so
//! that nothing is posted.
//!
//! Titles, owners and names of tables and columns are texts of others: nothing in them is active.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::basis::{self, Named};
use super::headline::headline;
use super::names::MARKDOWN;
use super::picture::picture;
use super::ways_out::{way_to_tell, ways_out};
use super::{ImpactAnswer, consequences};
use crate::impact::{ReachedWorkbook, Severity};
use crate::model::listing::first_few;
use crate::output::cap::{MOST_SHOWN, capped};
use crate::output::markdown::{MOST_CHARACTERS, diagnostic, fenced, linked, prose};
use crate::output::{Options, counted, visible};
use crate::report::WorkbookFacts;

/// What a bot looks for to renew its comment.
pub const MARKER: &str = "<!-- autoexpose impact -->";
/// The length of the page, in characters, after which a part is cut, so that later parts still fit.
const FOR_ROWS: usize = 40_000;
const FOR_WAYS: usize = 45_000;
const FOR_PICTURE: usize = 52_000;
const FOR_THE_REST: usize = MOST_CHARACTERS - 500;
/// Where a reader who doubts a row goes on.
const EXPLAIN: &str =
    "`autoexpose explain WORKBOOK`, with the manifest of base, says why a workbook is linked";
/// How much is said of one workbook, and of how many ways out.
const MOST_SENTENCES: usize = 3;
const MOST_WAYS: usize = 5;

/// Renders the answer. With `verbose` also that no workbook is reached.
pub fn render(answer: &ImpactAnswer, options: Options) -> String {
    if answer.is_silent() && !options.verbose {
        return String::new();
    }
    let mut page = Page {
        text: String::new(),
        options,
    };
    page.line(MARKER);
    page.first_line(answer);
    page.workbooks(answer);
    page.ways_out(answer);
    if !options.quiet {
        page.picture(answer);
        page.basis(answer);
    }
    page.text
}

struct Page {
    text: String,
    options: Options,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn has_room(&self, more: &str, most: usize) -> bool {
        self.text.chars().count() + more.chars().count() < most
    }

    fn first_line(&mut self, answer: &ImpactAnswer) {
        let line = headline(answer, MARKDOWN);
        let mut text = match line.cause.as_str() {
            "" => format!("**{}.**", line.counts),
            cause => format!("**{}:** {cause}.", line.counts),
        };
        if let Some(why) = answer.why_it_fails() {
            text.push_str(&format!(" {}.", prose(&why)));
        }
        if let Some(owners) = owners(answer).filter(|_| !must_act(answer)) {
            text.push_str(&format!(" Owners: {owners}."));
        }
        self.line(&text);
    }

    /// A row for each workbook; folded where nobody has to act before the merge.
    fn workbooks(&mut self, answer: &ImpactAnswer) {
        let all = answer.impact.workbooks.iter().zip(&answer.workbooks);
        let all = all.collect::<Vec<_>>();
        if all.is_empty() {
            return;
        }
        let is_folded = !must_act(answer);
        if is_folded {
            let workbooks = counted(all.len(), "workbook");
            self.line(&format!("\n<details><summary>{workbooks}</summary>"));
        }
        self.line("\n| | Workbook | What happens | Tell |");
        self.line("|---|---|---|---|");
        let (shown, mut left_out) = capped(&all, MOST_SHOWN, self.options.verbose);
        for (number, (reached, workbook)) in shown.iter().enumerate() {
            let row = row(answer, reached, workbook);
            if !self.has_room(&row, FOR_ROWS) {
                left_out += shown.len() - number;
                break;
            }
            self.line(&row);
        }
        if left_out > 0 {
            let rest = &all[all.len() - left_out..];
            let owners = rest.iter().map(|(_, workbook)| &workbook.owner);
            let owners = counted(owners.collect::<BTreeSet<_>>().len(), "owner");
            let more = counted(left_out, "more workbook");
            let hint = self.options.hint();
            self.line(&format!("\n… and {more} of {owners}{hint}"));
        }
        if is_folded {
            self.line("\n</details>");
        }
        let consequences = consequences(answer);
        if !consequences.is_empty() {
            self.line(&format!("\n{}", consequences.join(" ")));
        }
    }

    fn ways_out(&mut self, answer: &ImpactAnswer) {
        if let Some(way) = way_to_tell(answer) {
            self.line(&format!("\n**To tell which:** {}.", prose(way)));
        }
        let ways = ways_out(answer, MARKDOWN);
        let (shown, more) = capped(&ways, MOST_WAYS, self.options.verbose);
        let mut left_out = more;
        match shown {
            [] => return,
            [only] => {
                return self.line(&format!("\n**To keep them:** {only}."));
            }
            _ => self.line("\n**To keep them:**\n"),
        }
        for (number, way) in shown.iter().enumerate() {
            let way = format!("- {way}");
            if !self.has_room(&way, FOR_WAYS) {
                left_out += shown.len() - number;
                break;
            }
            self.line(&way);
        }
        if left_out > 0 {
            self.line(&format!("- … and {left_out} more{}", self.options.hint()));
        }
    }

    fn picture(&mut self, answer: &ImpactAnswer) {
        let picture = picture(answer).map(|picture| fenced("mermaid", &picture));
        let picture = picture.filter(|picture| self.has_room(picture, FOR_PICTURE));
        if let Some(picture) = picture {
            let title = "How the change reaches them";
            self.line(&format!(
                "\n<details><summary>{title}</summary>\n\n{picture}\n\n</details>"
            ));
        }
    }

    /// What stands behind the answer, folded.
    fn basis(&mut self, answer: &ImpactAnswer) {
        let named = if self.options.verbose {
            Named::All
        } else {
            Named::Some
        };
        let sentences = basis::sentences(answer, named, MARKDOWN).into_iter();
        let mut lines = sentences
            .map(|sentence| format!("- {sentence}."))
            .collect::<Vec<_>>();
        if !answer.workbooks.is_empty() {
            lines.push(format!("- {}.", prose(EXPLAIN)));
        }
        lines.extend(answer.diagnostics.iter().map(diagnostic));
        self.line("\n<details><summary>How this was found</summary>\n");
        for (number, line) in lines.iter().enumerate() {
            if !self.has_room(line, FOR_THE_REST) {
                let left_out = lines.len() - number;
                self.line(&format!("- … and {left_out} more that do not fit here"));
                break;
            }
            self.line(line);
        }
        self.line("\n</details>");
    }
}

/// Whether somebody has to act before the merge, since a workbook loses something or may.
fn must_act(answer: &ImpactAnswer) -> bool {
    !ways_out(answer, MARKDOWN).is_empty()
}

fn row(answer: &ImpactAnswer, reached: &ReachedWorkbook, workbook: &WorkbookFacts) -> String {
    let severity = match reached.severity {
        Severity::Breaks => "**breaks**",
        Severity::Touches => "may change",
        Severity::Uncompared => "not compared",
    };
    let title = linked(
        &visible(workbook.title_and_luid().0),
        workbook.url.as_deref(),
    );
    let project = workbook.project.as_deref();
    let project = project.map(|project| format!(" · {}", prose(&visible(project))));
    let sentences = MARKDOWN.effects(answer, reached);
    let (shown, more) = capped(&sentences, MOST_SENTENCES, false);
    let mut what = shown.to_vec();
    if more > 0 {
        what.push(format!("and {more} more"));
    }
    let cells = [
        severity.to_owned(),
        format!("{title}{}", project.unwrap_or_default()),
        what.join("<br>"),
        owner(workbook).map_or_else(
            || "owner not known".to_owned(),
            |owner| prose(&visible(&owner)),
        ),
    ];
    let cells = cells.map(|text| cell(&text));
    format!("| {} |", cells.join(" | "))
}

/// Whom to tell.
fn owner(workbook: &WorkbookFacts) -> Option<String> {
    let owner = &workbook.owner;
    owner.name.clone().or_else(|| owner.email.clone())
}

/// The owners of all workbooks that are reached, those of most workbooks first.
fn owners(answer: &ImpactAnswer) -> Option<String> {
    let mut counts = BTreeMap::<String, usize>::new();
    for owner in answer.workbooks.iter().filter_map(owner) {
        *counts.entry(owner).or_default() += 1;
    }
    let mut counts = counts.into_iter().collect::<Vec<_>>();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let count_of = |count: usize| {
        if count > 1 {
            format!(" ({count})")
        } else {
            String::new()
        }
    };
    let names = counts
        .iter()
        .map(|(owner, count)| format!("{}{}", prose(&visible(owner)), count_of(*count)));
    (!counts.is_empty()).then(|| first_few(counts.len(), names))
}

/// Markdown as a cell of a table: a bar would end it, also in code. A backslash before a bar cannot be
/// written there, so it is shown by its number.
fn cell(markdown: &str) -> String {
    markdown.replace("\\|", "\\u{5c}|").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn bars_do_not_end_a_cell() {
        assert_eq!(cell("a|b"), "a\\|b");
        assert_eq!(cell("`a\\|b\\\\|`"), "`a\\u{5c}\\|b\\\\u{5c}\\|`");
    }
}
