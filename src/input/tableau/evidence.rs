//! Whether an export proves that it lists every workbook of its site, and everything that workbooks
//! read.
//!
//! Only then may an exposure be removed because its workbook is not listed, or lose a dependency.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::envelope::Envelope;
use super::errors::GraphqlError;
use super::messages;
use super::pages::Pages;
use super::responses::{Response, Sections};
use super::scope::Scope;
use super::section::{Section, base};
use super::wire::{AnyList, Database, Datasource, List, Table, View, Workbook};
use crate::model::{Diagnostic, Evidence, SiteId, User, WorkbookGap, WorkbookListGap as Gap};

/// How many errors or sections are named as gaps, each on its own: every workbook of the site has
/// these gaps.
const MOST_NAMED: usize = 5;

/// What the lists in the responses of one site contain, and what is missing. First of one capture,
/// then of all that count ([`super::captures`]).
#[derive(Default)]
pub(super) struct Coverage {
    pub(super) pages: BTreeMap<Section, Pages>,
    /// Whether envelopes call sections complete, by name. If one envelope says no, it does not
    /// matter what others say.
    pub(super) declared: BTreeMap<String, bool>,
    /// Whether the user says that it is complete.
    is_assumed_complete: bool,
    /// Codes of errors that may have cut the list of workbooks short.
    pub(super) errors: BTreeSet<String>,
    /// Codes of errors that may have left out something that workbooks read.
    pub(super) lineage_errors: BTreeSet<String>,
    /// Whether null stands in place of all lists of a response.
    has_null_response: bool,
    /// Whether a key comes twice in an object.
    pub(super) is_doubtful: bool,
    /// Who made the responses, as far as envelopes say so.
    pub(super) users: BTreeSet<User>,
    /// The projects whose workbooks were asked for, if none of its lists is of the whole site.
    pub(super) scope: Scope,
}

impl Coverage {
    /// Records which sections an envelope calls complete or incomplete.
    pub(super) fn declare(&mut self, sections: impl Iterator<Item = (String, bool)>) {
        for (section, complete) in sections {
            let known = self.declared.entry(section).or_insert(true);
            *known &= complete;
        }
    }

    /// Records of which projects an envelope lists the workbooks.
    pub(super) fn add_scope(&mut self, envelope: &Envelope<Response>) {
        self.scope.extend(Scope::of(envelope));
    }

    /// Records that the user calls the export complete.
    pub(super) fn assume_complete(&mut self) {
        self.is_assumed_complete = true;
    }

    /// Adds what other responses of the site contain.
    pub(super) fn absorb(&mut self, other: Self) {
        for (section, pages) in other.pages {
            self.pages.entry(section).or_default().absorb(pages);
        }
        self.declare(other.declared.into_iter());
        self.is_assumed_complete |= other.is_assumed_complete;
        self.errors.extend(other.errors);
        self.lineage_errors.extend(other.lineage_errors);
        self.has_null_response |= other.has_null_response;
        self.is_doubtful |= other.is_doubtful;
        self.users.extend(other.users);
        self.scope.extend(other.scope);
    }

    /// Records the errors of a response and what its lists contain.
    pub(super) fn add_response<'r>(&mut self, response: &'r Response<'r>) {
        response
            .errors
            .iter()
            .for_each(|error| self.add_error(error));
        let Sections {
            workbooks,
            workbooks_or_published,
            datasources,
            embedded,
            published,
            tables,
            any_tables,
            custom_sql,
            virtual_connections,
            virtual_connection_tables,
            flows,
            ..
        } = &response.sections;
        macro_rules! add {
            ($section:ident, $lists:ident, $id:expr) => {
                for list in $lists {
                    self.is_doubtful |= list.is_doubtful;
                    let pages = self.pages.entry(Section::$section).or_default();
                    pages.add(list, $id);
                    pages.shows_lineage = true;
                }
            };
        }
        self.has_null_response |= response.is_null;
        self.is_doubtful |= response.is_doubtful || response.sections.is_doubtful;
        let id_of_workbook = |one: &'r Workbook| one.luid.as_deref().or(one.id.as_deref());
        let id_of_datasource = |one: &'r Datasource| one.id.as_deref().or(one.luid.as_deref());
        let id_of_table = |one: &'r Table| one.id.as_deref().or(one.luid.as_deref());
        add!(Workbooks, workbooks, id_of_workbook);
        add!(Workbooks, workbooks_or_published, id_of_workbook);
        add!(Datasources, datasources, id_of_datasource);
        add!(Embedded, embedded, id_of_datasource);
        add!(Published, published, id_of_datasource);
        add!(DatabaseTables, tables, id_of_table);
        add!(Tables, any_tables, id_of_table);
        add!(CustomSql, custom_sql, |one| one.id.as_deref());
        add!(VirtualConnections, virtual_connections, |one| one
            .id
            .as_deref()
            .or(one.luid.as_deref()));
        add!(VirtualTables, virtual_connection_tables, |one| one
            .id
            .as_deref()
            .or(one.luid.as_deref()));
        add!(Flows, flows, |one| one
            .id
            .as_deref()
            .or(one.luid.as_deref()));
        self.add_other_sections(&response.sections);
    }

    /// Adds sections of which only some lists show what workbooks read.
    fn add_other_sections<'r>(&mut self, sections: &'r Sections<'r>) {
        macro_rules! add {
            ($section:ident, $lists:expr, $id:expr, $shows_lineage:expr) => {
                for list in $lists {
                    add!((Section::$section, list), $id, $shows_lineage);
                }
            };
            (($section:expr, $list:expr), $id:expr, $shows_lineage:expr) => {
                let pages = self.pages.entry($section).or_default();
                pages.add($list, $id);
                pages.shows_lineage |= $shows_lineage($list);
            };
        }
        let id_of_view = |one: &'r View| one.id.as_deref().or(one.luid.as_deref());
        let any_reads = |list: &List<View>| list.items.iter().any(View::shows_lineage);
        add!(Views, &sections.views, id_of_view, any_reads);
        add!(Sheets, &sections.sheets, id_of_view, any_reads);
        add!(Dashboards, &sections.dashboards, id_of_view, any_reads);
        let has_tables = |one: &Database| one.tables.with_nodes().is_some();
        let any_has_tables = |list: &List<Database>| list.items.iter().any(has_tables);
        add!(
            Databases,
            &sections.databases,
            |one| one.id.as_deref(),
            any_has_tables
        );
        for (section, list) in &sections.databases_of_a_kind {
            add!((*section, list), |one| one.id.as_deref(), any_has_tables);
        }
        let lists_tables = |one: &Database| {
            let tables = one.tables.with_nodes();
            tables.is_some_and(|tables| tables.nulls == 0 && !tables.is_cut())
        };
        let of_a_kind = sections.databases_of_a_kind.iter();
        let of_a_kind = of_a_kind.map(|(section, list)| (*section, list));
        let of_any_kind = sections.databases.iter();
        let of_any_kind = of_any_kind.map(|list| (Section::Databases, list));
        for (section, list) in of_any_kind.chain(of_a_kind) {
            if !list.items.iter().all(lists_tables) {
                let pages = self.pages.entry(section).or_default();
                pages.has_open_lists = true;
            }
        }
        add!(Fields, &sections.fields, |one| one.id.as_deref(), |_| true);
        for (section, list) in &sections.fields_of_a_kind {
            add!((*section, list), |one| one.id.as_deref(), |_| true);
        }
        add!(Columns, &sections.columns, |one| one.id.as_deref(), |_| {
            true
        });
    }

    /// Whether envelopes call a section complete.
    fn declared(&self, section: Section) -> Option<bool> {
        let said = self.declared.iter();
        said.filter(|(name, _)| Section::find(name) == Some(section))
            .map(|(_, complete)| *complete)
            .reduce(|one, other| one && other)
    }

    fn add_error(&mut self, error: &GraphqlError) {
        if error.concerns_workbooks() {
            self.errors.insert(error.code().to_owned());
        }
        if error.concerns_lineage() {
            self.lineage_errors.insert(error.code().to_owned());
        }
    }

    /// Whether the capture lists all objects of a section. Where it proves that it lists all
    /// workbooks of the site, its plain lists of what they read are those of the whole site.
    pub(super) fn lists_all_of(&self, section: Section) -> bool {
        let errors = match section {
            Section::Workbooks => &self.errors,
            _ => &self.lineage_errors,
        };
        let is_narrowed = section == Section::Workbooks && matches!(self.scope, Scope::Narrowed(_));
        let is_sound =
            errors.is_empty() && !self.is_doubtful && !self.has_null_response && !is_narrowed;
        let Some(pages) = self.pages.get(&section).filter(|_| is_sound) else {
            return false;
        };
        match self.declared(section) {
            Some(false) => false,
            _ if pages.has_open_lists || pages.is_null => false,
            _ if pages.is_counted() => true,
            _ if pages.is_cut_off() || pages.nulls > 0 || !pages.totals.is_empty() => false,
            Some(true) => true,
            None => {
                let is_plain = pages.has_plain_list && !pages.has_page;
                is_plain && section != Section::Workbooks && self.lists_all_of(Section::Workbooks)
            }
        }
    }

    /// Why the export may not show something that some workbook reads.
    pub(super) fn lineage_gaps(&self) -> Vec<WorkbookGap> {
        let pages = self
            .pages
            .iter()
            .filter(|(section, pages)| {
                **section != Section::Workbooks && (pages.shows_lineage || pages.is_null)
            })
            .filter_map(|(section, pages)| self.gap_of_section(*section, pages));
        let incomplete = self
            .declared
            .iter()
            .filter(|(section, complete)| !**complete && is_of_lineage(section))
            .map(|(section, _)| WorkbookGap::SectionIncomplete(section.clone()));
        let errors = self.lineage_errors.iter().cloned();
        pages
            .chain(self.is_doubtful.then_some(WorkbookGap::KeyTwice))
            .chain(self.has_null_response.then_some(WorkbookGap::NullResponse))
            .chain(first_named(incomplete, WorkbookGap::MoreSectionsIncomplete))
            .chain(first_named(
                errors.map(WorkbookGap::TableauError),
                WorkbookGap::MoreTableauErrors,
            ))
            .collect()
    }

    fn gap_of_section(&self, section: Section, pages: &Pages) -> Option<WorkbookGap> {
        let is_declared = self.declared(section);
        // An error of Tableau says more than null.
        if pages.is_null && self.lineage_errors.is_empty() {
            Some(WorkbookGap::ListNull(section.kind()))
        } else if pages.is_cut_off() {
            Some(WorkbookGap::ListCutOff(section.kind()))
        } else if pages.is_not_counted() && !is_declared.unwrap_or(self.is_assumed_complete) {
            Some(WorkbookGap::ListNotCounted(section.kind()))
        } else {
            None
        }
    }

    /// Whether the export lists every workbook of the site. `listed` is how many different ones it
    /// lists, `unidentified` how many of these have no luid.
    pub(super) fn evidence(
        &self,
        site: &SiteId,
        listed: usize,
        unidentified: usize,
        captured_at: Option<Timestamp>,
    ) -> Evidence {
        let nulls = self
            .pages
            .get(&Section::Workbooks)
            .map_or(0, |pages| pages.nulls);
        let errors = self.errors.iter().cloned().map(Gap::TableauError);
        let nulls = (nulls > 0).then_some(Gap::Hidden(nulls));
        let without_luid = (unidentified > 0).then_some(Gap::WithoutLuid(unidentified));
        let gaps = first_named(errors, Gap::MoreTableauErrors)
            .chain(self.is_doubtful.then_some(Gap::KeyTwice))
            .chain(self.has_null_response.then_some(Gap::NullResponse))
            .chain(nulls)
            .chain(without_luid)
            .chain(self.gap_in_pages(listed as u64));
        Evidence {
            site: site.clone(),
            gaps: gaps.collect(),
            users: self.users.iter().cloned().collect(),
            captured_at: captured_at.map(Timestamp::as_second),
        }
    }

    fn gap_in_pages(&self, listed: u64) -> Option<Gap> {
        let declared = self.declared(Section::Workbooks);
        if declared == Some(false) {
            return Some(Gap::MarkedIncomplete);
        }
        if let Scope::Narrowed(narrowing) = &self.scope {
            return Some(Gap::Narrowed(narrowing.clone()));
        }
        let is_declared = declared.unwrap_or(self.is_assumed_complete);
        let Some(pages) = self.pages.get(&Section::Workbooks) else {
            return (!is_declared).then_some(Gap::NoList);
        };
        match pages.totals.last() {
            Some(total) if *total > listed => Some(Gap::Fewer(listed, *total)),
            Some(_) if pages.totals.len() > 1 && !is_declared => Some(Gap::TotalsDisagree),
            Some(total) if *total == listed => None,
            // Tableau's own pages take precedence over what an envelope or the user says.
            _ if pages.is_null => Some(Gap::ListNull),
            _ if pages.breaks_off() => Some(Gap::LastPageMissing),
            _ if is_declared => None,
            Some(total) => Some(Gap::More(listed, *total)),
            None if pages.has_last_page => Some(Gap::NotCounted),
            None if pages.has_page => Some(Gap::LastPageMissing),
            None if pages.has_plain_list => Some(Gap::PlainList),
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
        let none = BTreeSet::new();
        let pages = self.pages.get(&Section::Workbooks);
        let totals = pages.map_or(&none, |pages| &pages.totals);
        let disagree = totals.len() > 1 || totals.last().is_some_and(|total| *total != listed);
        let totals = disagree.then(|| messages::totals_disagree(&evidence.site, listed, totals));
        totals
            .into_iter()
            .chain(messages::export_incomplete(evidence))
    }
}

/// Whether what workbooks read may hang on a section. One that is not known here may be of a later
/// version of Tableau.
fn is_of_lineage(section: &str) -> bool {
    const OTHERS: [&str; 5] = ["workbooks", "projects", "users", "groups", "permissions"];
    !OTHERS.contains(&base(section))
}

/// The first few of some gaps, and how many more there are.
fn first_named<G>(
    gaps: impl Iterator<Item = G>,
    more: impl Fn(usize) -> G,
) -> impl Iterator<Item = G> {
    let mut gaps = gaps.collect::<Vec<_>>();
    let others = gaps.len().saturating_sub(MOST_NAMED);
    gaps.truncate(MOST_NAMED);
    gaps.extend((others > 0).then(|| more(others)));
    gaps.into_iter()
}
