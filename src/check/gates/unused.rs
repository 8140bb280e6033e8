//! Models, seeds and snapshots that nothing is known to read.

use std::sync::Arc;

use crate::check::facts::{Facts, ProjectFacts};
use crate::check::figures::counted;
use crate::check::finding::Finding;
use crate::check::found::Found;
use crate::settings::Gate;
use crate::usage::{self, Certainty, Known, ProjectUsage, UnreadKind};

pub(super) fn find(facts: &Facts) -> Found {
    if facts.site.workbooks.is_empty() {
        return Found::Missing {
            why: "the export lists not one workbook, so that every node looks unused".to_owned(),
            help: "check that the export lists workbooks".to_owned(),
        };
    }
    let known = facts.projects.iter().filter_map(known).collect::<Vec<_>>();
    let usage = usage::unread(&known, facts.site);
    let is_alone = usage.len() == 1;
    let of_projects = usage.iter().zip(&known).zip(&facts.projects);
    let findings = of_projects.flat_map(|((usage, known), project)| {
        Unread {
            usage,
            known,
            project,
            is_alone,
        }
        .findings()
    });
    let findings = findings.collect::<Vec<_>>();
    let matter = findings.iter().filter(|one| one.is_new != Some(false));
    let matter = matter.count();
    // What is not shown may be what reads them, and an export of another site shows nothing of them. If
    // there are none, more readers change nothing.
    let reads_any = usage.iter().any(|one| one.read > 0);
    if matter > 0 && !(reads_any && Certainty::new(&known, facts.site).is_full()) {
        return in_doubt(matter);
    }
    Found::Findings {
        findings,
        held: held(&usage),
    }
}

/// What is known of a project; `None` if its graph was not read, which no run does that asks for this.
fn known<'f>(project: &ProjectFacts<'f, '_>) -> Option<Known<'f, 'f>> {
    Some(Known {
        project: project.project,
        graph: project.graph?,
        links: project.links,
        earlier: project.earlier,
    })
}

fn in_doubt(count: usize) -> Found {
    let seem = if count == 1 { "seems" } else { "seem" };
    Found::Missing {
        why: format!(
            "{} {seem} unused, but the inputs leave open who else reads what",
            counted(count, "node")
        ),
        help: "`autoexpose explain --unused` shows these nodes, and what is left open; an export of everything, with the token of a site administrator, decides"
            .to_owned(),
    }
}

fn held(usage: &[ProjectUsage]) -> String {
    let all = usage.iter().map(|one| one.read + one.unread.len());
    let unread = usage.iter().flat_map(|one| &one.unread);
    let perhaps = unread.filter(|one| one.kind == UnreadKind::Perhaps).count();
    let perhaps = match perhaps {
        0 => String::new(),
        count => format!("; {count} that only a table without a link may read"),
    };
    format!(
        "{}, 0 of the project's own that nothing is known to read{perhaps}",
        counted(all.sum(), "node")
    )
}

/// What workbooks do not read of a project.
struct Unread<'u, 'f, 'a> {
    usage: &'u ProjectUsage<'u>,
    known: &'u Known<'f, 'f>,
    project: &'u ProjectFacts<'f, 'a>,
    /// Whether it is the only project of the run.
    is_alone: bool,
}

impl Unread<'_, '_, '_> {
    /// The nodes that nothing is known to read. Those of installed packages are not the project's to
    /// delete.
    fn findings(&self) -> Vec<Finding> {
        let name = self.project.name();
        let state = self.project.state.as_ref();
        let state = state.map(|state| (state, state.used()));
        let unread = self.usage.unread.iter();
        let unused = unread.filter(|one| one.kind == UnreadKind::Nothing && !one.is_of_package);
        let findings = unused.map(|one| {
            let id = self.known.graph[one.node].unique_id.as_ref();
            let is_new = state.as_ref().and_then(|(state, used)| {
                let is_new = state.is_newly_unused(id, used)?;
                // Another project may have read it then, which this state does not show.
                (is_new || self.is_alone).then_some(is_new)
            });
            Finding {
                gate: Gate::Unused,
                project: Some(Arc::clone(&name)),
                message: Arc::from(format!("{id} is read by nothing that is known")),
                workbook: None,
                node: Some(self.project.node(id)),
                table: None,
                is_new,
            }
        });
        findings.collect()
    }
}
