//! Whether an export proves that it lists every workbook of its site.
//!
//! Only then may an exposure be removed because its workbook is not listed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::BuildHasher;

use foldhash::HashSet;
use foldhash::quality::FixedState;

use super::errors::GraphqlError;
use super::messages;
use super::responses::{Response, Sections};
use super::wire::{Datasource, List, Table, Text, Workbook};
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
    /// Sections of what workbooks read that envelopes call incomplete.
    incomplete_sections: BTreeSet<String>,
    /// Codes of errors that may have left out something that workbooks read.
    lineage_errors: BTreeSet<String>,
}

/// The pages of objects of one kind.
#[derive(Default)]
struct SectionPages {
    /// The distinct objects, each by the hash of its id: a page that comes twice must not hide that
    /// another one is missing.
    objects: HashSet<u64>,
    /// How many objects are null.
    nulls: u64,
    total: u64,
    has_next_page: bool,
    has_last_page: bool,
}

impl SectionPages {
    fn new<'t, T: fmt::Debug>(
        list: &'t List<T>,
        id: impl Fn(&'t T) -> Option<&'t Text<'t>>,
    ) -> Self {
        let hasher = FixedState::default();
        let hash = |item: &'t T| match id(item) {
            Some(Text(id)) => hasher.hash_one(id),
            None => hasher.hash_one(format!("{item:?}")),
        };
        Self {
            objects: list.items.iter().map(hash).collect(),
            nulls: list.nulls as u64,
            total: list.total.unwrap_or_default(),
            has_next_page: list.has_next == Some(true),
            has_last_page: list.has_next == Some(false),
        }
    }

    fn absorb(&mut self, other: &Self) {
        self.objects.extend(&other.objects);
        self.nulls += other.nulls;
        self.total = self.total.max(other.total);
        self.has_next_page |= other.has_next_page;
        self.has_last_page |= other.has_last_page;
    }

    fn is_cut_off(&self) -> bool {
        self.total > self.objects.len() as u64 + self.nulls
            || (self.has_next_page && !self.has_last_page)
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

    /// Notes the sections of what workbooks read that an envelope calls incomplete.
    pub(super) fn declare_incomplete(&mut self, sections: impl Iterator<Item = String>) {
        self.incomplete_sections.extend(sections);
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
        self.incomplete_sections.extend(other.incomplete_sections);
        self.lineage_errors.extend(other.lineage_errors);
    }

    /// Records the errors of a response and what its lists contain.
    pub(super) fn add_response<'r>(&mut self, response: &'r Response<'r>) {
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
        let id_of_datasource = |one: &'r Datasource| one.id.as_ref().or(one.luid.as_ref());
        let id_of_table = |one: &'r Table| one.id.as_ref().or(one.luid.as_ref());
        self.add_lineage(ObjectKind::Datasource, datasources, id_of_datasource);
        self.add_lineage(ObjectKind::Embedded, embedded, id_of_datasource);
        self.add_lineage(ObjectKind::Published, published, id_of_datasource);
        self.add_lineage(ObjectKind::Table, tables, id_of_table);
        self.add_lineage(ObjectKind::CustomSql, custom_sql, |one| one.id.as_ref());
        self.add_lineage(ObjectKind::VirtualConnection, virtual_connections, |one| {
            one.id.as_ref().or(one.luid.as_ref())
        });
        self.add_lineage(ObjectKind::VirtualTable, virtual_connection_tables, |one| {
            one.id.as_ref().or(one.luid.as_ref())
        });
        self.add_lineage(ObjectKind::Flow, flows, |one| {
            one.id.as_ref().or(one.luid.as_ref())
        });
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

    fn add_lineage<'r, T: fmt::Debug>(
        &mut self,
        kind: ObjectKind,
        lists: &'r [List<T>],
        id: impl Fn(&'r T) -> Option<&'r Text<'r>>,
    ) {
        for list in lists.iter().filter(|list| list.is_page && list.has_nodes) {
            let pages = SectionPages::new(list, &id);
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
        let sections = self.incomplete_sections.iter().cloned();
        let errors = self.lineage_errors.iter().cloned();
        cut_off
            .chain(sections.map(WorkbookGap::SectionIncomplete))
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
        let is_declared = self.declared == Some(true);
        match self.totals.last() {
            _ if self.declared == Some(false) => Some(Gap::MarkedIncomplete),
            Some(total) if *total > listed => Some(Gap::Fewer(listed, *total)),
            Some(_) if self.totals.len() > 1 && !is_declared => Some(Gap::TotalsDisagree),
            Some(total) if *total == listed => None,
            // Tableau's own pages take precedence over what an envelope or the user says.
            _ if self.has_next_page && !self.has_last_page => Some(Gap::LastPageMissing),
            _ if is_declared => None,
            Some(total) => Some(Gap::More(listed, *total)),
            // The last page does not show whether the pages before it are there.
            None if self.has_last_page => Some(Gap::NotCounted),
            None if self.has_page => Some(Gap::LastPageMissing),
            None if self.has_plain_list => Some(Gap::PlainList),
            None => Some(Gap::NoList),
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
