//! Renders the report as a comment on a pull request: the summary, why tables are not linked, the
//! changes by project, and the rest folded.
//!
//! Everything that comes from Tableau or dbt is in code spans, where HTML, links and mentions are
//! not active. A hidden marker lets a bot find its own comment again.

mod causes;
mod changes;
mod list;
mod lost;
mod prose;
mod several;
mod spans;
pub(super) mod usage;

pub(super) use self::changes::linked;
use self::changes::{changes, manual};
use self::list::{length, with_list};
pub(super) use self::prose::prose;
pub(super) use self::spans::{code, fenced};
use super::diagnostics::Listed;
use super::not_selected::by_reason;
use super::unlinked::{Group, Readers, Shown, listed};
use super::{Options, as_sentence, change_counts, counted, nothing_changes, visible};
use crate::link::OutcomeKind;
use crate::model::Diagnostic;
use crate::report::{LostFacts, Report, Several};

/// What a bot looks for to update its comment.
pub const MARKER: &str = "<!-- autoexpose -->";
/// The longest comment that GitHub accepts.
pub const MOST_CHARACTERS: usize = 65_536;
/// The length of the page, in characters, after which a part is cut, so that later parts still fit.
const FOR_LOST: usize = 16_000;
const FOR_CAUSES: usize = 24_000;
const FOR_CHANGES: usize = 40_000;
const FOR_MANUAL: usize = 45_000;
const FOR_NOT_SELECTED: usize = 46_000;
const FOR_UNLINKED: usize = 56_000;
const FOR_DIAGNOSTICS: usize = 65_000;

/// Renders the report, with `verbose` and `quiet` of the options.
pub fn render(report: &Report, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
    };
    page.line(MARKER);
    page.lost(&report.lost, "");
    let reports = std::slice::from_ref(report);
    let heading = nothing_changes(reports)
        .unwrap_or_else(|| format!("Tableau exposures: {}", change_counts(reports)));
    page.line(&format!("### {heading}\n"));
    if !options.quiet {
        let project = code(&report.manifest.project);
        page.line(&format!("{} Project {project}.", summary(report)));
        if let Some(baseline) = report.baseline() {
            page.line(&prose(&as_sentence(&baseline.message)));
        }
        page.blocks(&causes::causes(report, options), FOR_CAUSES);
    }
    page.blocks(&changes(report), FOR_CHANGES);
    page.files(reports);
    if !options.quiet {
        page.rest(report, &manual(report), &[]);
    }
    page.text
}

/// Renders the report on several projects.
pub fn render_several(several: &Several, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
    };
    page.line(MARKER);
    page.several(several);
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

    /// The links that workbooks lost: what breaks and whom to ask in the heading, and who reads it
    /// below. `of` begins the heading.
    fn lost(&mut self, lost: &LostFacts, of: &str) {
        let mut sentences = lost::sentences(lost).into_iter();
        if let Some(first) = sentences.next() {
            self.line(&format!("### {of}{first}\n"));
            for sentence in sentences {
                self.line(&format!("{sentence}\n"));
            }
            self.blocks(&lost::blocks(lost, FOR_LOST, self.options), FOR_LOST);
            self.line("");
        }
        if let Some(not_selected) = super::lost::not_selected(lost) {
            self.line(&format!("{of}{}\n", as_sentence(&not_selected)));
        }
    }

    /// What does not change, folded, with the diagnostics of parts of the report.
    fn rest(&mut self, report: &Report, manual: &[String], parts: &[Report]) {
        let options = self.options;
        self.folded("Hand-written, not changed", manual, FOR_MANUAL);
        self.workbooks(
            "Workbooks without a link",
            report.without_links.len(),
            |is_whole| causes::without_links(report, is_whole),
        );
        self.workbooks(
            "Workbooks that are not selected",
            report.not_selected.len(),
            |is_whole| not_selected(report, is_whole),
        );
        let shown = Shown::new(&report.unlinked, options.verbose);
        let below = [shown.told(), shown.rest().map(|rest| rest + options.hint())];
        self.unlinked(&unlinked(shown), below);
        let reports = std::iter::once(report).chain(parts);
        let blocks = reports.flat_map(|part| {
            let listed = Listed::new(part, report, options.verbose);
            diagnostics(&listed)
        });
        let blocks = blocks.collect::<Vec<_>>();
        self.folded("Notes and warnings", &blocks, FOR_DIAGNOSTICS);
    }

    /// So many workbooks by reason: all of them if they are asked for and fit, else the first few.
    fn workbooks(&mut self, title: &str, count: usize, blocks: impl Fn(bool) -> Vec<String>) {
        let room = FOR_NOT_SELECTED.saturating_sub(self.text.chars().count());
        let whole = self.options.verbose.then(|| blocks(true));
        let shown = whole.filter(|blocks| length(blocks) <= room);
        let shown = shown.unwrap_or_else(|| blocks(false));
        self.folded_count(title, count, &shown, FOR_NOT_SELECTED);
    }

    /// The tables that are not linked, and how many are left out.
    fn unlinked(&mut self, tables: &[String], below: [Option<String>; 2]) {
        self.folded("Not linked", tables, FOR_UNLINKED);
        for sentence in below.into_iter().flatten() {
            self.line(&format!("\n{sentence}."));
        }
    }

    /// The property files that change.
    fn files(&mut self, reports: &[Report]) {
        let files = reports.iter().filter_map(|report| report.files.as_ref());
        let files = files.flatten();
        let files = files.map(|file| format!("- {}: {}", file.change, code(&file.path)));
        self.folded("YAML files", &files.collect::<Vec<_>>(), FOR_MANUAL);
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
        "{}: {} linked, {} incomplete. Tables: {linked} of {total} linked.",
        counted(workbooks.read, "workbook"),
        workbooks.linked,
        workbooks.incomplete,
    )
}

fn not_selected(report: &Report, is_whole: bool) -> Vec<String> {
    let groups = by_reason(report.not_selected.iter().map(|facts| {
        let reason = facts.reason.as_str();
        (reason, facts.workbook.as_str(), facts.luid.as_str())
    }));
    let groups = groups.into_iter();
    let lines = groups.map(|(reason, workbooks)| {
        let titles = workbooks.iter().map(|(title, _)| *title);
        let (count, names) = (workbooks.len(), listed(titles, is_whole, code));
        format!("- {count}, since {}: {names}", prose(reason))
    });
    lines.collect()
}

fn unlinked(shown: Shown) -> Vec<String> {
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
                prose(&near.difference)
            )
        });
        format!(
            "{}\n  - read by {}",
            with_list(head, nearest),
            readers.listed(code)
        )
    };
    shown.groups.into_iter().map(block).collect()
}

fn diagnostics(listed: &Listed) -> Vec<String> {
    let shown = listed.diagnostics.iter().map(|told| diagnostic(told));
    let told = listed.told();
    let told = told.map(|(code, sentence)| format!("- `{code}` {sentence}"));
    shown.chain(told).collect()
}

/// An entry on a diagnostic.
pub(super) fn diagnostic(diagnostic: &Diagnostic) -> String {
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
}
