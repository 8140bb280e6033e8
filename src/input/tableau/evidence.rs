//! Whether an export proves that it lists every workbook of its site.
//!
//! Only then may an exposure be removed because its workbook is not listed.

use std::collections::{BTreeMap, BTreeSet};

use super::document::Sections;
use super::errors::GraphqlError;
use super::store::Kind;
use super::wire::{List, Workbook};
use crate::model::{Code, Diagnostic, Evidence, SiteId, WorkbookGap, WorkbookListGap as Gap};

/// What the lists of workbooks of one site tell about themselves.
#[derive(Default)]
pub(super) struct Pages {
    has_plain_list: bool,
    has_page: bool,
    has_next_page: bool,
    has_last_page: bool,
    totals: BTreeSet<u64>,
    nulls: usize,
    /// What envelopes say.
    declared: Option<bool>,
    errors: BTreeSet<String>,
    /// The pages of what workbooks read.
    lineage: BTreeMap<Kind, Section>,
    /// Errors because of which some of that may be missing.
    lineage_errors: BTreeSet<String>,
}

/// The pages of one kind of objects.
#[derive(Default)]
struct Section {
    nodes: u64,
    total: u64,
    has_next_page: bool,
    has_last_page: bool,
}

impl Section {
    fn absorb(&mut self, other: &Self) {
        self.nodes += other.nodes;
        self.total = self.total.max(other.total);
        self.has_next_page |= other.has_next_page;
        self.has_last_page |= other.has_last_page;
    }

    fn is_cut(&self) -> bool {
        self.total > self.nodes || (self.has_next_page && !self.has_last_page)
    }
}

impl Pages {
    /// Notes what an envelope says about its workbooks. One that says no outweighs one that says yes.
    pub(super) fn declare(&mut self, complete: Option<bool>) {
        if let Some(complete) = complete {
            self.declared = Some(complete && self.declared.unwrap_or(true));
        }
    }

    /// Notes all that was noted of other answers of the site.
    pub(super) fn absorb(&mut self, other: Self) {
        self.declare(other.declared);
        self.has_plain_list |= other.has_plain_list;
        self.has_page |= other.has_page;
        self.has_next_page |= other.has_next_page;
        self.has_last_page |= other.has_last_page;
        self.totals.extend(other.totals);
        self.nulls += other.nulls;
        self.errors.extend(other.errors);
        for (kind, section) in other.lineage {
            self.lineage.entry(kind).or_default().absorb(&section);
        }
        self.lineage_errors.extend(other.lineage_errors);
    }

    /// Notes a list of workbooks.
    fn list(&mut self, list: &List<Workbook>) {
        if !list.has_nodes {
            return;
        }
        self.has_plain_list |= !list.is_page;
        self.has_page |= list.is_page;
        self.has_next_page |= list.has_next == Some(true);
        self.has_last_page |= list.has_next == Some(false);
        self.totals.extend(list.total);
        self.nulls += list.nulls;
    }

    /// Notes an error beside the data.
    pub(super) fn error(&mut self, error: &GraphqlError) {
        if error.concerns_workbooks() {
            self.errors.insert(error.code().to_owned());
        }
        if error.concerns_lineage() {
            self.lineage_errors.insert(error.code().to_owned());
        }
    }

    /// Notes how far the pages of an answer reach.
    pub(super) fn sections(&mut self, sections: &Sections) {
        sections.workbooks.iter().for_each(|list| self.list(list));
        self.lineage(Kind::Datasource, &sections.datasources);
        self.lineage(Kind::Embedded, &sections.embedded);
        self.lineage(Kind::Published, &sections.published);
        self.lineage(Kind::Table, &sections.tables);
        self.lineage(Kind::CustomSql, &sections.custom_sql);
        self.lineage(Kind::VirtualConnection, &sections.virtual_connections);
        self.lineage(Kind::VirtualTable, &sections.virtual_connection_tables);
        self.lineage(Kind::Flow, &sections.flows);
    }

    /// Notes lists of what workbooks read.
    fn lineage<T>(&mut self, kind: Kind, lists: &[List<T>]) {
        for list in lists.iter().filter(|list| list.is_page && list.has_nodes) {
            self.lineage.entry(kind).or_default().absorb(&Section {
                nodes: (list.items.len() + list.nulls) as u64,
                total: list.total.unwrap_or_default(),
                has_next_page: list.has_next == Some(true),
                has_last_page: list.has_next == Some(false),
            });
        }
    }

    /// Why the export may lack something that a workbook reads, whichever that is.
    pub(super) fn lineage_gaps(&self) -> Vec<WorkbookGap> {
        let cut = self.lineage.iter().filter(|(_, section)| section.is_cut());
        let cut = cut.map(|(kind, _)| WorkbookGap::ListCutOff(*kind));
        let errors = self.lineage_errors.iter().cloned();
        cut.chain(errors.map(WorkbookGap::TableauError)).collect()
    }

    /// The verdict for a site with this many distinct workbooks, some of them without luid.
    pub(super) fn judge(
        &self,
        site: &SiteId,
        listed: usize,
        unidentified: usize,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Evidence {
        let mut gaps = Vec::new();
        gaps.extend(self.errors.iter().cloned().map(Gap::TableauError));
        if self.nulls > 0 {
            gaps.push(Gap::Hidden(self.nulls));
        }
        if unidentified > 0 {
            gaps.push(Gap::WithoutLuid(unidentified));
        }
        let total = self.totals.last().copied();
        if self.totals.len() > 1 || total.is_some_and(|total| total != listed as u64) {
            let totals = self
                .totals
                .iter()
                .map(u64::to_string)
                .collect::<Vec<_>>()
                .join(" and ");
            let message = format!("workbooks in the export: {listed}; as Tableau counts: {totals}");
            diagnostics.push(Diagnostic::warning(
                Code::TotalsDisagree,
                site.place(),
                message,
            ));
        }
        gaps.extend(self.gap_in_pages(listed as u64, total));
        let evidence = Evidence {
            site: site.clone(),
            gaps,
        };
        // A plain list says nothing of itself, which is no news; `kept` says what follows from it.
        if !evidence.is_complete() && evidence.gaps != [Gap::PlainList] {
            let message = format!(
                "nothing is removed on account of this export: {}",
                evidence.reasons()
            );
            diagnostics.push(Diagnostic::warning(
                Code::ExportIncomplete,
                site.place(),
                message,
            ));
        }
        evidence
    }

    fn gap_in_pages(&self, listed: u64, total: Option<u64>) -> Option<Gap> {
        match (self.declared, total) {
            (Some(false), _) => Some(Gap::MarkedIncomplete),
            (_, Some(total)) if total > listed => Some(Gap::Fewer(listed, total)),
            (_, Some(total)) if total == listed => None,
            // What Tableau says of its pages outweighs what is said of them from outside.
            (_, _) if self.has_next_page && !self.has_last_page => Some(Gap::LastPageMissing),
            (Some(true), _) => None,
            (None, _) if self.has_last_page => None,
            (None, _) if self.has_page => Some(Gap::LastPageMissing),
            (None, _) if self.has_plain_list => Some(Gap::PlainList),
            (None, _) => Some(Gap::NoList),
        }
    }
}
