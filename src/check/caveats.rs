//! What makes an answer weaker than it looks.

use super::facts::Facts;
use super::figures::counted;
use crate::settings::Selected;

/// One sentence for each thing that the gates could not look at, without a full stop.
pub(super) fn caveats(facts: &Facts) -> Vec<String> {
    let mut caveats = Vec::new();
    for export in facts.site.evidence.iter().filter(|it| !it.is_complete()) {
        let gaps = export.gaps.iter().map(ToString::to_string);
        let gaps = gaps.collect::<Vec<_>>().join("; ");
        caveats.push(format!(
            "{} may not list every workbook: {gaps}",
            export_of(&export.site.place())
        ));
    }
    let (mut selected, mut incomplete) = (0, 0);
    for (at, _) in facts.workbooks() {
        selected += 1;
        incomplete += usize::from(!facts.is_complete(at));
    }
    if incomplete > 0 {
        caveats.push(format!(
            "{incomplete} of {} may read more than the export shows",
            counted(selected, "workbook")
        ));
    }
    let others = facts.site.workbooks.len() - selected;
    if others > 0 {
        let are = if others == 1 { "is" } else { "are" };
        caveats.push(format!(
            "{} {are} not selected and not checked{}",
            counted(others, "workbook"),
            lost_by_others(facts)
        ));
    }
    if facts.site.unidentified > 0 {
        let (have, are) = if facts.site.unidentified == 1 {
            ("has", "is")
        } else {
            ("have", "are")
        };
        caveats.push(format!(
            "{} {have} not a luid and {are} not checked",
            counted(facts.site.unidentified, "workbook")
        ));
    }
    caveats
}

/// The exports of a site in words.
pub(super) fn export_of(site: &str) -> String {
    if site.is_empty() {
        "the export".to_owned()
    } else {
        format!("the export of {site}")
    }
}

/// How many workbooks that are not selected lost links.
fn lost_by_others(facts: &Facts) -> String {
    let others = facts.site.workbook_positions().zip(facts.selection.iter());
    let others = others.filter(|(_, selected)| !Selected::is_yes(selected));
    let losing = others.filter(|(at, _)| {
        let mut projects = facts.projects.iter();
        projects.any(|project| !project.lost.of(*at).is_empty())
    });
    match losing.count() {
        0 => String::new(),
        count => format!(", of which {count} lost links"),
    }
}
