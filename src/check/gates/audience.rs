//! Exposures that name what the audience of the run may not see.

use std::sync::Arc;

use crate::check::facts::{Facts, ProjectFacts, Shown};
use crate::check::figures::counted;
use crate::check::finding::Finding;
use crate::check::found::Found;
use crate::model::{Named, NamedBy, Owner};
use crate::report::WorkbookFacts;
use crate::settings::Gate;

/// The exposures of all manifests that say more than they may.
pub(super) fn find(facts: &Facts, shown: &Shown) -> Found {
    let Some(withheld) = facts.withheld else {
        return Found::Missing {
            why: "the run has no audience".to_owned(),
            help: "give one with `--audience`, or `audience.who` in autoexpose.yml".to_owned(),
        };
    };
    let unknown = withheld.is_nothing_known.then(|| Finding {
        gate: Gate::Audience,
        project: None,
        message: Arc::from("nothing shows what the audience may see"),
        workbook: None,
        node: None,
        table: None,
        is_new: None,
    });
    let mut findings = unknown.into_iter().collect::<Vec<_>>();
    for project in &facts.projects {
        let named = project.named.iter();
        findings.extend(named.map(|named| finding(named, project, shown)));
    }
    let workbooks = facts.site.workbooks.len() - withheld.workbooks();
    Found::Findings {
        findings,
        held: format!(
            "{} of {} may be seen, 0 exposures that name others",
            workbooks,
            counted(facts.site.workbooks.len(), "workbook")
        ),
    }
}

fn finding(named: &Named, project: &ProjectFacts, shown: &Shown) -> Finding {
    let what = match named.by {
        NamedBy::Ours => "an exposure of autoexpose names",
        NamedBy::Luid => "a hand-written exposure has the luid of",
        NamedBy::Url => "a hand-written exposure has the url of",
        NamedBy::Title => "a hand-written exposure has the title of",
    };
    let workbook = match named.workbook {
        Some(at) => shown.workbook(at),
        None => Arc::new(of_luid(&named.luid)),
    };
    Finding {
        gate: Gate::Audience,
        project: Some(project.name()),
        message: Arc::from(format!("{what} a workbook that the audience may not see")),
        workbook: Some(workbook),
        node: Some(project.node(&named.unique_id)),
        table: None,
        is_new: None,
    }
}

/// A workbook of which nothing else is known.
fn of_luid(luid: &str) -> WorkbookFacts {
    WorkbookFacts {
        luid: luid.to_owned(),
        server: None,
        site: None,
        title: String::new(),
        project: None,
        owner: Owner::default(),
        url: None,
    }
}
