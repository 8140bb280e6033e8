//! Whether an export proves that it lists every workbook of its site.
//!
//! Only then may an exposure be removed because its workbook is not listed.

use std::collections::{BTreeMap, BTreeSet};

use super::errors::GraphqlError;
use super::messages;
use super::responses::{Response, Sections};
use super::wire::{List, Workbook};
use crate::model::{Diagnostic, Evidence, ObjectKind, SiteId, WorkbookGap, WorkbookListGap as Gap};

/// What the lists in all responses of one site contain, and what is missing.
#[derive(Default)]
pub(super) struct Coverage {
    has_plain_list: bool,
    has_page: bool,
    has_next_page: bool,
    has_last_page: bool,
    /// The values of `totalCount` in pages of workbooks.
    totals: BTreeSet<u64>,
    /// How many workbooks are null.
    nulls: usize,
    /// Whether envelopes call their list of workbooks complete.
    declared: Option<bool>,
    /// Codes of errors that may have cut the list of workbooks short.
    errors: BTreeSet<String>,
    /// The pages of what workbooks read.
    lineage: BTreeMap<ObjectKind, SectionPages>,
    /// Codes of errors that may have left out something that workbooks read.
    lineage_errors: BTreeSet<String>,
}

/// The pages of objects of one kind.
#[derive(Default)]
struct SectionPages {
    nodes: u64,
    total: u64,
    has_next_page: bool,
    has_last_page: bool,
}

impl SectionPages {
    fn new<T>(list: &List<T>) -> Self {
        Self {
            nodes: (list.items.len() + list.nulls) as u64,
            total: list.total.unwrap_or_default(),
            has_next_page: list.has_next == Some(true),
            has_last_page: list.has_next == Some(false),
        }
    }

    fn absorb(&mut self, other: &Self) {
        self.nodes += other.nodes;
        self.total = self.total.max(other.total);
        self.has_next_page |= other.has_next_page;
        self.has_last_page |= other.has_last_page;
    }

    fn is_cut_off(&self) -> bool {
        self.total > self.nodes || (self.has_next_page && !self.has_last_page)
    }
}

impl Coverage {
    /// Records whether an envelope calls its list of workbooks complete. If one envelope says no,
    /// it does not matter what others say.
    pub(super) fn declare(&mut self, complete: Option<bool>) {
        if let Some(complete) = complete {
            self.declared = Some(complete && self.declared.unwrap_or(true));
        }
    }

    /// Adds what other responses of the site contain.
    pub(super) fn absorb(&mut self, other: Self) {
        self.declare(other.declared);
        self.has_plain_list |= other.has_plain_list;
        self.has_page |= other.has_page;
        self.has_next_page |= other.has_next_page;
        self.has_last_page |= other.has_last_page;
        self.totals.extend(other.totals);
        self.nulls += other.nulls;
        self.errors.extend(other.errors);
        for (kind, pages) in other.lineage {
            self.lineage.entry(kind).or_default().absorb(&pages);
        }
        self.lineage_errors.extend(other.lineage_errors);
    }

    /// Records the errors of a response and what its lists contain.
    pub(super) fn add_response(&mut self, response: &Response) {
        response
            .errors
            .iter()
            .for_each(|error| self.add_error(error));
        let Sections {
            workbooks,
            datasources,
            embedded,
            published,
            tables,
            custom_sql,
            virtual_connections,
            virtual_connection_tables,
            flows,
            ..
        } = &response.sections;
        workbooks.iter().for_each(|list| self.add_workbooks(list));
        self.add_lineage(ObjectKind::Datasource, datasources);
        self.add_lineage(ObjectKind::Embedded, embedded);
        self.add_lineage(ObjectKind::Published, published);
        self.add_lineage(ObjectKind::Table, tables);
        self.add_lineage(ObjectKind::CustomSql, custom_sql);
        self.add_lineage(ObjectKind::VirtualConnection, virtual_connections);
        self.add_lineage(ObjectKind::VirtualTable, virtual_connection_tables);
        self.add_lineage(ObjectKind::Flow, flows);
    }

    fn add_error(&mut self, error: &GraphqlError) {
        if error.concerns_workbooks() {
            self.errors.insert(error.code().to_owned());
        }
        if error.concerns_lineage() {
            self.lineage_errors.insert(error.code().to_owned());
        }
    }

    fn add_workbooks(&mut self, list: &List<Workbook>) {
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

    fn add_lineage<T>(&mut self, kind: ObjectKind, lists: &[List<T>]) {
        for list in lists.iter().filter(|list| list.is_page && list.has_nodes) {
            let pages = SectionPages::new(list);
            self.lineage.entry(kind).or_default().absorb(&pages);
        }
    }

    /// Why the export may not show something that some workbook reads.
    pub(super) fn lineage_gaps(&self) -> Vec<WorkbookGap> {
        let cut_off = self
            .lineage
            .iter()
            .filter(|(_, pages)| pages.is_cut_off())
            .map(|(kind, _)| WorkbookGap::ListCutOff(*kind));
        let errors = self.lineage_errors.iter().cloned();
        cut_off
            .chain(errors.map(WorkbookGap::TableauError))
            .collect()
    }

    /// Whether the export lists every workbook of the site. `listed` is how many different ones it
    /// lists, `unidentified` how many of these have no luid.
    pub(super) fn evidence(&self, site: &SiteId, listed: usize, unidentified: usize) -> Evidence {
        let errors = self.errors.iter().cloned().map(Gap::TableauError);
        let nulls = (self.nulls > 0).then_some(Gap::Hidden(self.nulls));
        let without_luid = (unidentified > 0).then_some(Gap::WithoutLuid(unidentified));
        let gaps = errors
            .chain(nulls)
            .chain(without_luid)
            .chain(self.gap_in_pages(listed as u64));
        Evidence {
            site: site.clone(),
            gaps: gaps.collect(),
        }
    }

    fn gap_in_pages(&self, listed: u64) -> Option<Gap> {
        match (self.declared, self.totals.last()) {
            (Some(false), _) => Some(Gap::MarkedIncomplete),
            (_, Some(total)) if *total > listed => Some(Gap::Fewer(listed, *total)),
            (_, Some(total)) if *total == listed => None,
            // Tableau's own pages take precedence over what an envelope or the user says.
            (_, _) if self.has_next_page && !self.has_last_page => Some(Gap::LastPageMissing),
            (Some(true), _) => None,
            (None, _) if self.has_last_page => None,
            (None, _) if self.has_page => Some(Gap::LastPageMissing),
            (None, _) if self.has_plain_list => Some(Gap::PlainList),
            (None, _) => Some(Gap::NoList),
        }
    }

    /// What the user should know about the list of workbooks.
    pub(super) fn diagnostics(
        &self,
        evidence: &Evidence,
        listed: usize,
    ) -> impl Iterator<Item = Diagnostic> {
        let listed = listed as u64;
        let disagree =
            self.totals.len() > 1 || self.totals.last().is_some_and(|total| *total != listed);
        let totals =
            disagree.then(|| messages::totals_disagree(&evidence.site, listed, &self.totals));
        totals
            .into_iter()
            .chain(messages::export_incomplete(evidence))
    }
}
