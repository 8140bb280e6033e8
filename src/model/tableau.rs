//! Sites, workbooks and tables of Tableau.

use std::borrow::Cow;
use std::fmt;

use super::access::Access;
use super::column_use::{ColumnsInUse, UsedColumn};
use super::connection::ConnectionType;
use super::custom_sql::CustomSql;
use super::index::{TableIx, WorkbookIx};
use super::lineage::{Read, ReadSql, Upstream};
use super::luid;
use super::reason::{NameProblem, WorkbookGap, WorkbookListGap};
use super::relation::Relation;
use super::site_id::SiteId;
use super::withheld::{Fact, Withheld};

/// Whether the export of one site proves that it lists every workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The site.
    pub site: SiteId,
    /// Why its list of workbooks may be incomplete; empty if it is complete.
    pub gaps: Vec<WorkbookListGap>,
    /// Who made the exports of the site, as far as they say so; sorted.
    pub users: Vec<User>,
    /// When the last of them was made, in seconds since 1970, as far as they say so.
    pub captured_at: Option<i64>,
}

/// A user of a site, who sees what the permissions allow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct User {
    /// The luid of the user.
    pub luid: Option<String>,
    /// The name with which the user signs in.
    pub name: Option<String>,
    /// Whether the user is an administrator of the site or the server, who sees everything.
    pub is_administrator: Option<bool>,
}

impl User {
    /// Whether both are the same user of one site.
    pub fn is_same(&self, other: &Self) -> bool {
        let luids = self.luid.as_deref().zip(other.luid.as_deref());
        let names = self.name.as_deref().zip(other.name.as_deref());
        match (luids, names) {
            (Some((one, other)), _) => luid::identity(one) == luid::identity(other),
            (None, Some((one, other))) => one.to_lowercase() == other.to_lowercase(),
            (None, None) => false,
        }
    }
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_deref().or(self.luid.as_deref());
        f.write_str(name.unwrap_or_default())
    }
}

impl Evidence {
    /// Whether a workbook that the export does not list is really gone.
    pub fn is_complete(&self) -> bool {
        self.gaps.is_empty()
    }

    /// Why it is not complete, in words for one sentence.
    pub fn reasons(&self) -> String {
        joined(&self.gaps)
    }
}

/// Several gaps in one sentence.
pub fn joined(gaps: &[WorkbookListGap]) -> String {
    let gaps = gaps.iter().map(ToString::to_string);
    gaps.collect::<Vec<_>>().join("; ")
}

/// What all exports of a run show together.
#[derive(Debug, Clone, Default)]
pub struct Site<'a> {
    /// Distinct tables, sorted.
    pub tables: Vec<Table<'a>>,
    /// Workbooks with a luid, sorted by luid.
    pub workbooks: Vec<Workbook<'a>>,
    /// Data sources, sorted: parts of workbooks by these, then published ones by luid; empty unless the
    /// run asks for extracts.
    pub datasources: Vec<Datasource<'a>>,
    /// How many workbooks have no luid, and so are not among these.
    pub unidentified: usize,
    /// One entry for each site that an export of the run is from.
    pub evidence: Vec<Evidence>,
    /// Custom SQL of which the export shows the query, as far as workbooks read it.
    pub custom_sql: Vec<CustomSql<'a>>,
    /// Custom SQL that nobody is known to read.
    pub unclaimed_sql: UnclaimedSql<'a>,
    /// Who may see what, as far as the exports have answers about permissions.
    pub access: Access,
}

/// What custom SQL reads whose own reader the export does not name. It may be read by any workbook
/// that reads a table that it mentions.
#[derive(Debug, Clone, Default)]
pub struct UnclaimedSql<'a> {
    /// Distinct tables, sorted.
    pub tables: Vec<Table<'a>>,
    /// Whether it may read more tables than these.
    pub is_open: bool,
    /// The custom SQL of which the export shows the query, without the tables that Tableau found in
    /// it: those are above.
    pub shown: Vec<CustomSql<'a>>,
}

impl UnclaimedSql<'_> {
    /// Whether there is any, as far as it may read a table.
    pub fn is_any(&self) -> bool {
        self.is_open || !self.tables.is_empty()
    }
}

impl<'a> Site<'a> {
    /// The workbook at this position.
    pub fn workbook(&self, at: WorkbookIx) -> &Workbook<'a> {
        &self.workbooks[at.0]
    }

    /// The positions of all workbooks, in order.
    pub fn workbook_positions(&self) -> impl ExactSizeIterator<Item = WorkbookIx> + use<> {
        (0..self.workbooks.len()).map(WorkbookIx)
    }
}

/// A table as Tableau names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Table<'a> {
    /// Its name in parts, or why the name could not be read.
    pub name: Result<Relation<'a>, UnreadableName<'a>>,
    /// The connection over which it is read.
    pub connection: ConnectionType<'a>,
    /// What else Tableau shows if its name has no schema.
    pub hints: Option<SchemaHints<'a>>,
    /// The whole field `name` if the schema at its start was left out of the name.
    pub whole_name: Option<Cow<'a, str>>,
    /// The host of the server that its database is on, if the export names it.
    pub server: Option<Cow<'a, str>>,
    /// Whether its name is exactly the stored one, as a query spells it for a database to which
    /// another case is another name.
    pub has_stored_name: bool,
    /// Whether a query names its database, which then is not a display name.
    pub has_typed_database: bool,
}

/// What Tableau shows of the schema of a table whose name has none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaHints<'a> {
    /// The field `schema`, which may be the last selected one instead of the table's own.
    pub shown: Option<Cow<'a, str>>,
    /// Whether it shows `fullName`, which has the table's own schema unless custom SQL leaves that out.
    pub has_full_name: bool,
}

impl Table<'_> {
    /// The schema that Tableau shows and that may be another table's.
    pub fn doubtful_schema(&self) -> Option<&str> {
        self.hints.as_ref()?.shown.as_deref()
    }
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Ok(relation) => relation.fmt(f),
            Err(unreadable) => f.write_str(&unreadable.shown),
        }
    }
}

/// A name that could not be split into a relation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnreadableName<'a> {
    /// The name as Tableau shows it.
    pub shown: Cow<'a, str>,
    /// Why it could not be read.
    pub reason: NameProblem,
}

/// Where a data source is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder<'a> {
    /// It is a part of the workbook with this luid.
    Workbook(Cow<'a, str>),
    /// It is published, with this luid; `None` where the export does not show it.
    Published(Option<Cow<'a, str>>),
}

/// A data source and what it reads itself, which may be less than its workbook reads.
#[derive(Debug, Clone)]
pub struct Datasource<'a> {
    /// The site that it is on.
    pub site: SiteId,
    /// Where it is.
    pub holder: Holder<'a>,
    /// Its name; empty if Tableau hides it.
    pub name: Cow<'a, str>,
    /// Whether it has extracts; `None` where the export does not say
    /// (`hasExtracts`, <https://help.tableau.com/current/api/metadata_api/en-us/reference/>).
    pub has_extracts: Option<bool>,
    /// Whether its data is that of a published data source; `None` where the export does not list these
    /// (`upstreamDatasources`). Always `Some(false)` for one that is published itself.
    pub is_on_published: Option<bool>,
    /// Whether all that is known of what it reads comes out of Prep flows.
    pub is_by_flow: bool,
    /// When its extract last got new data, in seconds since 1970.
    pub refreshed_at: Option<i64>,
    /// The luids of the workbooks that read it, sorted; of a part of a workbook, that workbook's.
    pub readers: Vec<Cow<'a, str>>,
    /// Everything it reads, sorted.
    pub reads: Vec<Read<'a>>,
    /// The custom SQL that it reads and of which the export shows the query.
    pub custom_sql: Vec<ReadSql<'a>>,
    /// Why it may read more than that.
    pub gaps: Vec<WorkbookGap>,
}

/// A published workbook and what it reads.
#[derive(Debug, Clone, Default)]
pub struct Workbook<'a> {
    /// The site that it is on.
    pub site: SiteId,
    /// Its permanent id, which stays the same if it is renamed or moved.
    pub luid: Cow<'a, str>,
    /// Its title; empty if Tableau hides it, and then little else is known.
    pub name: Cow<'a, str>,
    /// Its description.
    pub description: Option<Cow<'a, str>>,
    /// The projects from the top to its own; only its own if the others are unknown.
    pub project: Vec<Cow<'a, str>>,
    /// Whether `project` is the whole path, and not only its own project.
    pub has_project_path: bool,
    /// Whether it is in a personal space instead of a project.
    pub is_personal: bool,
    /// The owner's display name, else the user name.
    pub owner_name: Option<Cow<'a, str>>,
    /// The owner's e-mail address, if Tableau has one.
    pub owner_email: Option<Cow<'a, str>>,
    /// Tableau's tags, sorted.
    pub tags: Vec<Cow<'a, str>>,
    /// The number in the workbook's URL, such as 42 in `#/workbooks/42`.
    pub url_id: Option<Cow<'a, str>>,
    /// The paths of its views, such as `Sales/Overview`, sorted.
    pub views: Vec<String>,
    /// When it was created, in seconds since 1970.
    pub created_at: Option<i64>,
    /// When somebody last published or changed it, in seconds since 1970.
    pub updated_at: Option<i64>,
    /// When an extract of a data source on its way to tables last got new data, in seconds since 1970;
    /// `None` if it has none, or if the export does not tell.
    pub refreshed_at: Option<i64>,
    /// Everything it reads, sorted.
    pub reads: Vec<Read<'a>>,
    /// The custom SQL that it reads and of which the export shows the query. What Tableau found in it
    /// is among the reads.
    pub custom_sql: Vec<ReadSql<'a>>,
    /// Why it may read more than that. Reads without a name are gaps as well, and not listed here.
    pub gaps: Vec<WorkbookGap>,
    /// Whether [`UnclaimedSql`] mentions a table that it reads.
    pub is_near_unclaimed_sql: bool,
    /// The columns that it uses; empty unless the run asks for them.
    pub columns: ColumnsInUse<'a>,
    /// How it is shown, if the audience of the run may not see it: then it is without the facts that are
    /// withheld.
    pub withheld: Option<Withheld>,
}

/// What is known of the columns of a table that a workbook uses.
#[derive(Debug, Clone, Copy, Default)]
pub struct KnownColumns<'w> {
    /// Whether it uses no column that is not listed.
    pub is_told: bool,
    /// The columns, in the order of their names.
    pub columns: &'w [UsedColumn<'w>],
}

impl Workbook<'_> {
    /// What is known of the columns of a table that it uses. A workbook that may read more than the
    /// export shows may use any column.
    pub fn columns_of(&self, table: TableIx) -> KnownColumns<'_> {
        let known = self.columns.tables.get(&table);
        let is_whole = || {
            let is_table = |read: &Read| matches!(read.upstream, Upstream::Table(_));
            let is_complete = self.gaps.is_empty() && !self.is_near_unclaimed_sql;
            is_complete && self.reads.iter().all(is_table)
        };
        known.map_or_else(KnownColumns::default, |known| KnownColumns {
            is_told: known.is_told && is_whole(),
            columns: &known.columns,
        })
    }

    /// Whether a fact is withheld from the audience of the run.
    pub fn withholds(&self, fact: Fact) -> bool {
        let withheld = self.withheld.as_ref();
        withheld.is_some_and(|withheld| !withheld.shows(fact))
    }

    /// Whether Tableau hides it from the token: every visible workbook has a title.
    pub fn is_hidden(&self) -> bool {
        self.name.is_empty()
    }
}
