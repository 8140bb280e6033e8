//! The exposures that change or are kept, project by project, and hand-written ones.

use std::collections::BTreeMap;

use super::super::differences::{Difference, IN_DETAILS_ONLY, differences, owner};
use super::super::lost::extra;
use super::list::with_list;
use super::prose::prose;
use super::spans::code;
use crate::model::Owner;
use crate::report::{BeforeAfter, EndedLink, ExposureFacts, LinkFacts, Report};

/// A block for each exposure that changes or is kept, below the heading of its project.
pub(super) fn changes(report: &Report) -> Vec<String> {
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
        let head = with_reason("removed", &removed.exposure, &removed.reason.to_string());
        let ended = removed.ended.iter().map(ended_line);
        (&removed.exposure, with_list(head, ended))
    });
    let kept = report.kept.iter().map(|kept| {
        let head = with_reason("kept", &kept.exposure, &kept.reason.to_string());
        let changes = kept
            .before
            .as_ref()
            .map(|before| change_lines(before, &kept.exposure, &kept.ended));
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
    let reads = exposure.links.iter().map(reads);
    with_list(format!("- **added** {}", title(exposure)), reads)
}

fn reads(link: &LinkFacts) -> String {
    let aside = if link.is_inferred() {
        " (inferred)"
    } else {
        ""
    };
    format!("reads {}{aside}", code(&link.node))
}

fn changed_block(what: &str, changed: &BeforeAfter) -> String {
    let head = format!("- **{what}** {}", title(&changed.after));
    let lines = change_lines(&changed.before, &changed.after, &changed.ended);
    with_list(head, lines)
}

/// A line for each difference.
fn change_lines(before: &ExposureFacts, after: &ExposureFacts, ended: &[EndedLink]) -> Vec<String> {
    let differences = differences(before, after, ended);
    if differences.is_empty() {
        return vec![IN_DETAILS_ONLY.to_owned()];
    }
    differences.iter().map(shown).collect()
}

fn shown(difference: &Difference) -> String {
    let value = |value: &Option<String>| value.as_deref().map_or("none".to_owned(), code);
    match difference {
        Difference::Field(name, old, new) => format!("{name}: {} → {}", value(old), value(new)),
        Difference::Description => "description: changed".to_owned(),
        Difference::Reads(new) => reads(new),
        Difference::Ended(link) => ended_line(link),
        Difference::Columns(columns) => columns.sentence(code),
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

fn ended_line(link: &EndedLink) -> String {
    link.ended.sentence(&link.node, code)
}

fn with_reason(what: &str, exposure: &ExposureFacts, reason: &str) -> String {
    format!("- **{what}** {}: {}", title(exposure), prose(reason))
}

pub(super) fn manual(report: &Report) -> Vec<String> {
    let twins = report.manual.iter().map(|twin| {
        let missing = twin.missing.iter();
        let missing =
            missing.map(|node| format!("does not name {}, which the workbook reads", code(node)));
        let extra =
            extra(twin).map(|(node, reads)| format!("names {}, {}", code(node), prose(&reads)));
        let (title, _) = twin.workbook.title_and_luid();
        let title = linked(title, twin.workbook.url.as_deref());
        let head = format!(
            "- {title} {}{}",
            code(&twin.unique_id),
            by(&twin.workbook.owner)
        );
        with_list(head, missing.chain(extra))
    });
    twins.collect()
}

/// The workbook's title, the exposure's name and the workbook's owner.
fn title(exposure: &ExposureFacts) -> String {
    let title = exposure.label.as_deref().unwrap_or(&exposure.name);
    let title = linked(title, exposure.url.as_deref());
    let by = by(&exposure.owner);
    format!("{title} {}{by}", code(&exposure.name))
}

/// The owner behind a title.
fn by(of: &Owner) -> String {
    let owner = owner(of).map(|owner| format!(" by {}", code(&owner)));
    owner.unwrap_or_default()
}

/// A title, linked if its URL is safe in Markdown.
pub(crate) fn linked(title: &str, url: Option<&str>) -> String {
    let title = code(title);
    let is_safe = |url: &&str| {
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        is_web
            && url
                .chars()
                .all(|letter| letter.is_ascii_graphic() && !"()<>[]|`\\\"".contains(letter))
    };
    match url.filter(is_safe) {
        Some(url) => format!("[{title}]({url})"),
        None => title,
    }
}
