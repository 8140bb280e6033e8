//! Renders the report as a comment on a pull request: the summary, why tables are not linked, the
//! changes by project, and the rest folded.
//!
//! Everything that comes from Tableau or dbt is in code spans, where HTML, links and mentions are
//! not active. A hidden marker lets a bot find its own comment again.

mod causes;
mod spans;

use std::collections::BTreeMap;
use std::fmt::Write;

use self::spans::{code, prose};
use super::differences::{Difference, IN_DETAILS_ONLY, differences, owner};
use super::not_selected::by_reason;
use super::report::{BeforeAfter, ExposureFacts, Report};
use super::unlinked::{Group, Readers, grouped, listed};
use super::{change_counts, counted, visible};
use crate::link::OutcomeKind;

/// What a bot looks for to update its comment.
pub const MARKER: &str = "<!-- autoexpose -->";
/// The longest comment that GitHub accepts.
pub const MOST_CHARACTERS: usize = 65_536;
/// The length of the page, in characters, after which a part is cut, so that later parts still fit.
const FOR_CAUSES: usize = 10_000;
const FOR_CHANGES: usize = 40_000;
const FOR_MANUAL: usize = 45_000;
const FOR_NOT_SELECTED: usize = 46_000;
const FOR_UNLINKED: usize = 56_000;
const FOR_DIAGNOSTICS: usize = 65_000;
/// The length at which the list below an entry is cut, in characters, for the same reason.
const LONGEST_LIST: usize = 4_000;

/// Renders the report.
pub fn render(report: &Report) -> String {
    let mut page = Page {
        text: String::new(),
    };
    page.line(MARKER);
    page.line(&format!(
        "### Tableau exposures: {}\n",
        change_counts(report)
    ));
    page.line(&summary(report));
    page.blocks(&causes::causes(report), FOR_CAUSES);
    page.blocks(&changes(report), FOR_CHANGES);
    page.folded("Hand-written, not changed", &manual(report), FOR_MANUAL);
    page.folded_count(
        "Workbooks without a link",
        report.without_links.len(),
        &causes::without_links(report),
        FOR_NOT_SELECTED,
    );
    page.folded(
        "Workbooks that are not selected",
        &not_selected(report),
        FOR_NOT_SELECTED,
    );
    page.folded("Not linked", &unlinked(report), FOR_UNLINKED);
    page.folded("Notes and warnings", &diagnostics(report), FOR_DIAGNOSTICS);
    page.text
}

struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Writes blocks until the page is `room` characters long, and the number of those left out.
    fn blocks(&mut self, blocks: &[String], room: usize) {
        let mut used = self.text.chars().count();
        for (number, block) in blocks.iter().enumerate() {
            used += block.chars().count() + 1;
            if used > room {
                self.line(&format!(
                    "\n… and {} more that do not fit here",
                    blocks.len() - number
                ));
                return;
            }
            self.line(block);
        }
    }

    fn folded(&mut self, title: &str, blocks: &[String], room: usize) {
        self.folded_count(title, blocks.len(), blocks, room);
    }

    /// The same with another count than that of the blocks.
    fn folded_count(&mut self, title: &str, count: usize, blocks: &[String], room: usize) {
        if !blocks.is_empty() {
            self.open(title, count);
            self.blocks(blocks, room);
            self.line("\n</details>");
        }
    }

    fn open(&mut self, title: &str, count: usize) {
        self.line(&format!("\n<details><summary>{title}: {count}</summary>\n"));
    }
}

fn summary(report: &Report) -> String {
    let workbooks = &report.workbooks;
    let total = report.tables.values().sum::<usize>();
    let linked = report
        .tables
        .get(&OutcomeKind::Linked)
        .copied()
        .unwrap_or_default();
    format!(
        "{}: {} linked, {} incomplete. Tables: {linked} of {total} linked. Project {}.",
        counted(workbooks.read, "workbook"),
        workbooks.linked,
        workbooks.incomplete,
        code(&report.manifest.project),
    )
}

/// A block for each exposure that changes or is kept, below the heading of its project.
fn changes(report: &Report) -> Vec<String> {
    let mut by_project: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let added = report
        .added
        .iter()
        .map(|exposure| (exposure, added_block(exposure)));
    let renamed = report
        .renamed
        .iter()
        .map(|changed| (&changed.after, changed_block("renamed", changed)));
    let changed = report
        .changed
        .iter()
        .map(|changed| (&changed.after, changed_block("changed", changed)));
    let removed = report.removed.iter().map(|removed| {
        (
            &removed.exposure,
            with_reason("removed", &removed.exposure, &removed.reason.to_string()),
        )
    });
    let kept = report.kept.iter().map(|kept| {
        let head = with_reason("kept", &kept.exposure, &kept.reason.to_string());
        let changes = kept
            .before
            .as_ref()
            .map(|before| change_lines(before, &kept.exposure));
        (&kept.exposure, with_list(head, changes.unwrap_or_default()))
    });
    for (exposure, block) in added
        .chain(renamed)
        .chain(changed)
        .chain(removed)
        .chain(kept)
    {
        by_project
            .entry(exposure.project.as_deref().unwrap_or_default())
            .or_default()
            .push(block);
    }
    let mut blocks = Vec::new();
    for (project, exposures) in by_project {
        let heading = if project.is_empty() {
            "No project".to_owned()
        } else {
            code(project)
        };
        // A heading and its first block stay together.
        let mut exposures = exposures.into_iter();
        blocks.extend(
            exposures
                .next()
                .map(|first| format!("\n#### {heading}\n\n{first}")),
        );
        blocks.extend(exposures);
    }
    blocks
}

fn added_block(exposure: &ExposureFacts) -> String {
    let owner = owner(exposure)
        .map(|owner| format!(" by {}", code(&owner)))
        .unwrap_or_default();
    let reads = exposure
        .links
        .iter()
        .map(|link| format!("reads {}", code(&link.node)));
    with_list(format!("- **added** {}{owner}", title(exposure)), reads)
}

fn changed_block(what: &str, changed: &BeforeAfter) -> String {
    let head = format!("- **{what}** {}", title(&changed.after));
    with_list(head, change_lines(&changed.before, &changed.after))
}

/// A line for each difference.
fn change_lines(before: &ExposureFacts, after: &ExposureFacts) -> Vec<String> {
    let differences = differences(before, after);
    if differences.is_empty() {
        return vec![IN_DETAILS_ONLY.to_owned()];
    }
    differences.iter().map(shown).collect()
}

/// An entry with a list below it, which is cut if it is too long.
fn with_list(mut block: String, lines: impl IntoIterator<Item = String>) -> String {
    let mut used = 0;
    let mut left_out = 0;
    for line in lines {
        used += line.chars().count();
        if used > LONGEST_LIST {
            left_out += 1;
        } else {
            block.push_str("\n  - ");
            block.push_str(&line);
        }
    }
    if left_out > 0 {
        // Writing to a String does not fail.
        let _ = write!(block, "\n  - … and {left_out} more");
    }
    block
}

fn shown(difference: &Difference) -> String {
    let value = |value: &Option<String>| value.as_deref().map_or("none".to_owned(), code);
    match difference {
        Difference::Field(name, old, new) => format!("{name}: {} → {}", value(old), value(new)),
        Difference::Description => "description: changed".to_owned(),
        Difference::Reads(new) => format!("reads {}", code(&new.node)),
        Difference::NoLongerReads(node) => format!("no longer reads {}", code(node)),
        Difference::ReadsOtherwise(old, new) => format!(
            "still reads {}, found differently: {} {} → {} {}",
            code(&new.node),
            code(&old.rule),
            code(&old.path),
            code(&new.rule),
            code(&new.path)
        ),
    }
}

fn with_reason(what: &str, exposure: &ExposureFacts, reason: &str) -> String {
    format!("- **{what}** {}: {}", title(exposure), prose(reason))
}

fn manual(report: &Report) -> Vec<String> {
    let twins = report.manual.iter().map(|twin| {
        let missing = twin.missing.iter();
        let missing =
            missing.map(|node| format!("does not name {}, which the workbook reads", code(node)));
        let extra = twin.extra.iter().map(|node| {
            format!(
                "names {}, which the workbook is not known to read",
                code(node)
            )
        });
        let head = format!("- {} {}", code(&twin.workbook), code(&twin.unique_id));
        with_list(head, missing.chain(extra))
    });
    twins.collect()
}

fn not_selected(report: &Report) -> Vec<String> {
    let groups = by_reason(report.not_selected.iter().map(|facts| {
        let reason = facts.reason.as_str();
        (reason, facts.workbook.as_str(), facts.luid.as_str())
    }));
    let groups = groups.into_iter();
    let lines = groups.map(|(reason, workbooks)| {
        let titles = workbooks.iter().map(|(title, _)| *title);
        let (count, names) = (workbooks.len(), listed(workbooks.len(), titles));
        format!("- {count}, since {}: {}", prose(reason), code(&names))
    });
    lines.collect()
}

fn unlinked(report: &Report) -> Vec<String> {
    let groups = grouped(&report.unlinked, |table| !table.is_normal());
    let block = |(group, readers): (Group, Readers)| {
        let head = format!(
            "- {} {}: {}",
            code(&visible(group.table)),
            group.outcome,
            prose(group.detail)
        );
        let nearest = group.nearest.iter().map(|near| {
            format!(
                "{} {}: {}",
                code(&near.unique_id),
                code(&visible(&near.relation)),
                near.difference
            )
        });
        format!(
            "{}\n  - read by {}",
            with_list(head, nearest),
            code(&readers.listed())
        )
    };
    groups.into_iter().map(block).collect()
}

fn diagnostics(report: &Report) -> Vec<String> {
    let shown = report.diagnostics.iter().map(|diagnostic| {
        let help = diagnostic
            .help
            .as_deref()
            .map(|help| format!(" ({})", prose(help)))
            .unwrap_or_default();
        let place = if diagnostic.place.is_empty() {
            String::new()
        } else {
            format!("{}: ", code(&diagnostic.place))
        };
        format!(
            "- `{}` {place}{}{help}",
            diagnostic.code,
            prose(&diagnostic.message)
        )
    });
    shown.collect()
}

/// The workbook's title, linked if its URL is safe in Markdown, and the exposure's name.
fn title(exposure: &ExposureFacts) -> String {
    let title = code(exposure.label.as_deref().unwrap_or(&exposure.name));
    let is_safe = |url: &&String| {
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        is_web
            && url
                .chars()
                .all(|letter| letter.is_ascii_graphic() && !"()<>[]|`\\\"".contains(letter))
    };
    let name = code(&exposure.name);
    match exposure.url.as_ref().filter(is_safe) {
        Some(url) => format!("[{title}]({url}) {name}"),
        None => format!("{title} {name}"),
    }
}
