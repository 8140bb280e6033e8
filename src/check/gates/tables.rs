//! Tables that are not linked.

use crate::check::facts::{Facts, Reading, Shown, Texts};
use crate::check::figures::counted;
use crate::check::finding::Finding;
use crate::check::found::Found;
use crate::link::{Outcome, OutcomeKind};
use crate::model::WorkbookIx;
use crate::model::listing::first_few;
use crate::settings::Gate;

/// The tables with one outcome: ambiguous or unknown.
pub(super) fn find(gate: Gate, facts: &Facts, shown: &Shown) -> Found {
    let kind = match gate {
        Gate::Ambiguous => OutcomeKind::Ambiguous,
        _ => OutcomeKind::Unknown,
    };
    let mut writer = Writer::new(facts, shown);
    let mut findings = Vec::new();
    let mut all = 0;
    for (at, _) in facts.workbooks() {
        for read in facts.reads(at) {
            all += 1;
            if read.kind() == kind {
                findings.push(writer.finding(gate, at, &read));
            }
        }
    }
    if all == 0 {
        return Found::no_table_is_read();
    }
    Found::Findings {
        findings,
        held: format!("{}, 0 {kind}", counted(all, "table")),
    }
}

/// Workbooks and tables that Tableau hides.
pub(super) fn hidden(facts: &Facts, shown: &Shown) -> Found {
    let mut writer = Writer::new(facts, shown);
    let mut findings = Vec::new();
    let mut all = 0;
    for (at, workbook) in facts.workbooks() {
        all += 1;
        if workbook.is_hidden() {
            findings.push(Finding {
                gate: Gate::Hidden,
                project: None,
                message: writer.texts.share("Tableau hides its title".to_owned()),
                workbook: Some(shown.workbook(at)),
                node: None,
                table: None,
                is_new: None,
            });
        }
        let reads = facts.reads(at);
        let hidden = reads.filter(|read| read.kind() == OutcomeKind::Hidden);
        findings.extend(hidden.map(|read| writer.finding(Gate::Hidden, at, &read)));
    }
    Found::Findings {
        findings,
        held: format!(
            "{}, 0 hidden, nor anything that they read",
            counted(all, "workbook")
        ),
    }
}

/// Writes findings about tables.
pub(crate) struct Writer<'w, 'f, 'a> {
    facts: &'w Facts<'f, 'a>,
    shown: &'w Shown<'f, 'a>,
    texts: Texts,
}

impl<'w, 'f, 'a> Writer<'w, 'f, 'a> {
    pub(crate) fn new(facts: &'w Facts<'f, 'a>, shown: &'w Shown<'f, 'a>) -> Self {
        Self {
            facts,
            shown,
            texts: Texts::default(),
        }
    }

    /// A table that is not linked, as a finding of a gate.
    pub(crate) fn finding(&mut self, gate: Gate, at: WorkbookIx, read: &Reading) -> Finding {
        let project = &self.facts.projects[read.project];
        // What Tableau hides, or does not show, no project knows.
        let is_of_project = !read.table.outcome.leaves_a_gap();
        let message = self.message(read);
        Finding {
            gate,
            project: is_of_project.then(|| self.texts.share(project.name().to_string())),
            message: self.texts.share(message),
            workbook: Some(self.shown.workbook(at)),
            node: None,
            table: Some(self.texts.share(read.table.shown.clone())),
            is_new: self.facts.is_newly_unlinked(at, read.place),
        }
    }

    /// Why a table is not linked.
    fn message(&self, read: &Reading) -> String {
        let table = read.table;
        let project = &self.facts.projects[read.project];
        let connection = table.connection.as_str();
        let connection = connection
            .map(|name| format!(" ({name})"))
            .unwrap_or_default();
        let reason = table.not_linked(project.project.adapter());
        let reason = reason.map(|reason| reason.to_string()).unwrap_or_default();
        let nodes = match &table.outcome {
            Outcome::Ambiguous {
                candidates,
                elsewhere,
                ..
            } => {
                let nodes = candidates.iter().map(|node| &project.project.nodes[*node]);
                let ids = nodes.map(|node| node.unique_id.to_string());
                let elsewhere = elsewhere.iter();
                let elsewhere =
                    elsewhere.map(|node| format!("{} (project {})", node.unique_id, node.project));
                let ids = ids.chain(elsewhere).collect::<Vec<_>>();
                format!(": {}", first_few(ids.len(), ids))
            }
            _ => String::new(),
        };
        format!(
            "{}{connection} is {}: {reason}{nodes}",
            table.shown,
            read.kind()
        )
    }
}
