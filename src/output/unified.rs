//! Renders a unified diff of the exposures, each as canonical text in a section of its own.

use std::fmt::Write;

use super::differences::{created, site};
use super::hunks;
use super::lost::{OTHER_TARGET, facts, not_selected, sentences, workbooks};
use super::printable;
use crate::model::ReferencedColumn;
use crate::report::{ExposureFacts, LostFacts, LostRelation, Report, Several};

/// What a diff has in place of the name of a file that does not exist.
const NOTHING: &str = "/dev/null";

/// An exposure that is added, removed or changed.
struct Section<'r> {
    before: Option<&'r ExposureFacts>,
    after: Option<&'r ExposureFacts>,
}

/// Renders the diff; empty if no exposure changes. Lost links stand before it, in lines that tools
/// which read diffs pass over.
pub fn render(report: &Report) -> String {
    let lost = lost(&report.lost);
    let changed = report.changed.iter().chain(&report.renamed);
    let changed = changed.map(|changed| Section::new(&changed.before, &changed.after));
    let kept = report.kept.iter();
    let kept = kept.filter_map(|kept| Some(Section::new(kept.before.as_ref()?, &kept.exposure)));
    let added = report.added.iter().map(|added| Section {
        before: None,
        after: Some(added),
    });
    let removed = report.removed.iter().map(|removed| Section {
        before: Some(&removed.exposure),
        after: None,
    });
    let mut sections = changed
        .chain(kept)
        .chain(added)
        .chain(removed)
        .collect::<Vec<_>>();
    sections.sort_by_key(Section::ids);
    lost.chain(sections.iter().map(Section::diff)).collect()
}

/// Renders the diffs of several projects one after another, each behind a line that names it.
pub fn render_several(several: &Several) -> String {
    let diffs = several.projects.iter().map(|report| {
        let (diff, facts) = (render(report), &report.manifest);
        if diff.is_empty() {
            return diff;
        }
        let head = format!("project {} ({})", facts.project, facts.path);
        format!("# {}\n{diff}", printable(&head))
    });
    diffs.collect()
}

/// Renders a diff of files, each by its path with its text before and after.
pub fn files(files: &[(&str, Option<&str>, Option<&str>)]) -> String {
    let diffs = files.iter().map(|(path, before, after)| {
        let name = |side: char, text: &Option<&str>| match text {
            Some(_) => format!("{side}/{}", printable(path)),
            None => NOTHING.to_owned(),
        };
        let shown = |text: &Option<&str>| {
            let lines = text.unwrap_or_default().lines();
            let lines = lines.map(|line| format!("{}\n", printable(line)));
            lines.collect::<String>()
        };
        let (old, new) = (shown(before), shown(after));
        hunks::unified([&old, &new], [&name('a', before), &name('b', after)])
    });
    diffs.collect()
}

/// A line for each sentence on lost links, and for each reader.
fn lost(lost: &LostFacts) -> impl Iterator<Item = String> {
    let target = lost.is_of_other_target.then(|| OTHER_TARGET.to_owned());
    let relations = lost.relations.iter().flat_map(|relation| {
        let LostRelation {
            node,
            relation: shown,
            fate,
            ..
        } = relation;
        let readers = workbooks(relation).into_iter().map(|readers| {
            let workbook = &readers[0].workbook;
            let (title, _) = workbook.title_and_luid();
            let facts = facts(workbook).join(" · ");
            format!("  read by {title}  {facts}")
        });
        std::iter::once(format!("{shown} ({node}): {fate}")).chain(readers)
    });
    let sentences = sentences(lost).into_iter().map(|sentence| sentence.text);
    let not_selected = not_selected(lost);
    let lines = sentences.chain(target).chain(relations).chain(not_selected);
    lines.map(|line| format!("# {}\n", printable(&line)))
}

impl<'r> Section<'r> {
    fn new(before: &'r ExposureFacts, after: &'r ExposureFacts) -> Self {
        Self {
            before: Some(before),
            after: Some(after),
        }
    }

    /// The ids to sort by: the present one first.
    fn ids(&self) -> [Option<&'r str>; 2] {
        let present = self.after.or(self.before);
        [present, self.before].map(|exposure| Some(exposure?.unique_id.as_str()))
    }

    fn diff(&self) -> String {
        let name = |exposure: Option<&ExposureFacts>| {
            exposure.map_or_else(
                || NOTHING.to_owned(),
                |exposure| printable(&exposure.unique_id),
            )
        };
        let text = |exposure: Option<&ExposureFacts>| exposure.map(canonical).unwrap_or_default();
        let (before, after) = (text(self.before), text(self.after));
        hunks::unified([&before, &after], [&name(self.before), &name(self.after)])
    }
}

/// An exposure with one field per line, always in the same order.
fn canonical(exposure: &ExposureFacts) -> String {
    let mut text = String::new();
    // Writing to a String does not fail.
    let _ = write_exposure(&mut text, exposure);
    text
}

fn write_exposure(text: &mut String, exposure: &ExposureFacts) -> std::fmt::Result {
    writeln!(text, "{}", printable(&exposure.unique_id))?;
    let owner = &exposure.owner;
    let (site, created) = (site(exposure), created(exposure));
    let facts = [
        ("label", exposure.label.as_deref()),
        ("server", exposure.server.as_deref()),
        ("site", site.as_deref()),
        ("luid", Some(exposure.luid.as_str())),
        ("project", exposure.project.as_deref()),
        ("owner", owner.name.as_deref()),
        ("email", owner.email.as_deref()),
        ("url", exposure.url.as_deref()),
        ("maturity", exposure.maturity.as_deref()),
        ("created", created.as_deref()),
        ("complete", (!exposure.complete).then_some("no")),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            writeln!(text, "  {name}: {}", printable(value))?;
        }
    }
    for tag in &exposure.tags {
        writeln!(text, "  tag: {}", printable(tag))?;
    }
    for line in exposure.description.lines() {
        writeln!(text, "  description: {}", printable(line))?;
    }
    for link in &exposure.links {
        writeln!(
            text,
            "  depends on: {} ({}, {})",
            printable(&link.node),
            printable(&link.rule),
            printable(&link.path)
        )?;
    }
    for ReferencedColumn { column_name, node } in &exposure.referenced_columns {
        let of = node
            .as_deref()
            .map(|node| format!(" ({})", printable(node)));
        let of = of.unwrap_or_default();
        writeln!(text, "  column: {}{of}", printable(column_name))?;
    }
    Ok(())
}
