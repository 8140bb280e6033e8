//! What Tableau holds: sites, workbooks, and the tables that workbooks read.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use super::connection::ConnectionType;
use super::display::display_enum;
use super::index::{TableIx, WorkbookIx};
use super::reason::{NameProblem, UnreadableSql, UnresolvedReason, WorkbookGap, WorkbookListGap};
use super::relation::Relation;

/// Where an export comes from. Unknown parts are `None`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SiteId {
    /// The server's address as [`super::server::origin`] has it.
    pub server: Option<String>,
    /// The site's content URL; empty for the default site of a server.
    pub content_url: Option<String>,
}

impl SiteId {
    /// Whether both name a server or a site and these differ. What one side does not know
    /// tells nothing.
    pub fn contradicts(&self, other: &Self) -> bool {
        let differ = |a: &Option<String>, b: &Option<String>, fold: bool| match (a, b) {
            (Some(a), Some(b)) if fold => !a.eq_ignore_ascii_case(b),
            (Some(a), Some(b)) => a != b,
            _ => false,
        };
        differ(&self.server, &other.server, true)
            || differ(&self.content_url, &other.content_url, false)
    }
}

impl SiteId {
    /// How much of the two is not known to be the same: 0 to 2 parts.
    pub fn distance(&self, other: &Self) -> usize {
        usize::from(self.server != other.server)
            + usize::from(self.content_url != other.content_url)
    }

    /// This site; what it does not know, the other may.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        Self {
            server: self.server.or_else(|| other.server.clone()),
            content_url: self.content_url.or_else(|| other.content_url.clone()),
        }
    }

    /// The site as the place of a message: nothing where nothing of it is known.
    pub fn place(&self) -> String {
        if *self == Self::default() {
            String::new()
        } else {
            self.to_string()
        }
    }
}

impl fmt::Display for SiteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.server.as_deref().unwrap_or("unknown server"))?;
        match self.content_url.as_deref() {
            None => Ok(()),
            Some("") => f.write_str(", default site"),
            Some(site) => write!(f, ", site {site}"),
        }
    }
}

/// Whether the export of one site proves that it lists every workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The site.
    pub site: SiteId,
    /// Why its list of workbooks may be incomplete; empty if it is complete.
    pub gaps: Vec<WorkbookListGap>,
}

impl Evidence {
    /// Whether a workbook that the export does not list is really gone.
    pub fn is_complete(&self) -> bool {
        self.gaps.is_empty()
    }

    /// Why it is not complete, for one sentence.
    pub fn reasons(&self) -> String {
        let reasons = self.gaps.iter().map(ToString::to_string);
        reasons.collect::<Vec<_>>().join("; ")
    }
}

/// Everything that one run knows of Tableau.
#[derive(Debug, Clone, Default)]
pub struct Site<'a> {
    /// Distinct tables, in an order that does not depend on the order of input.
    pub tables: Vec<Table<'a>>,
    /// Workbooks with a luid, by luid.
    pub workbooks: Vec<Workbook<'a>>,
    /// How many workbooks have no luid.
    pub unidentified: usize,
    /// One entry for each site whose export was given.
    pub evidence: Vec<Evidence>,
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
    /// The connection that it is reached by.
    pub connection: ConnectionType<'a>,
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

/// A published workbook and what it reads.
#[derive(Debug, Clone)]
pub struct Workbook<'a> {
    /// The site that it is on.
    pub site: SiteId,
    /// Its id, which outlives renames and moves.
    pub luid: Cow<'a, str>,
    /// Its title; empty where the token may not see it, and then little else.
    pub name: Cow<'a, str>,
    /// Its description.
    pub description: Option<Cow<'a, str>>,
    /// The folders from the top project to its own; only its own where no more is known.
    pub project: Vec<Cow<'a, str>>,
    /// Whether these are all folders, and not only its own.
    pub has_project_path: bool,
    /// Whether it lies in a personal space instead of a project.
    pub is_personal: bool,
    /// The owner's display name, else the user name.
    pub owner_name: Option<Cow<'a, str>>,
    /// The owner's e-mail, only where Tableau gives one.
    pub owner_email: Option<Cow<'a, str>>,
    /// Tableau's tags, sorted.
    pub tags: Vec<Cow<'a, str>>,
    /// The number in the workbook's URL.
    pub url_id: Option<Cow<'a, str>>,
    /// The paths of its views, as in `Sales/Overview`, sorted.
    pub views: Vec<String>,
    /// When it was created, in seconds since 1970.
    pub created_at: Option<i64>,
    /// Everything it reads, each with the paths by which it was found.
    pub reads: Vec<Read<'a>>,
    /// Why the list of what it reads may be incomplete, beside reads that cannot be named.
    pub gaps: Vec<WorkbookGap>,
}

impl Workbook<'_> {
    /// Whether Tableau keeps back what is known of it: every workbook has a title.
    pub fn is_kept_back(&self) -> bool {
        self.name.is_empty()
    }
}

/// One thing that a workbook reads.
#[derive(Debug, Clone)]
pub struct Read<'a> {
    /// What.
    pub upstream: Upstream<'a>,
    /// By which paths, the shortest first.
    pub paths: Vec<Path<'a>>,
}

/// A table, or what stands where a table could not be named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Upstream<'a> {
    /// A table that is named.
    Table(TableIx),
    /// A table whose name Tableau hides, by what else is known of it.
    Hidden(Cow<'a, str>),
    /// A reference that nothing in the export resolves.
    Unresolved(Unresolved<'a>),
    /// Custom SQL whose tables are not all known.
    Unreadable {
        /// Its name; all custom SQL has the same one until somebody changes it.
        name: Cow<'a, str>,
        /// The connection that it is sent to.
        connection: ConnectionType<'a>,
        /// Why its tables are not known.
        reason: UnreadableSql,
    },
}

/// A reference that nothing in the export resolves. Reports show references in the order of their
/// texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unresolved<'a> {
    /// The kind of object that it refers to.
    pub kind: ObjectKind,
    /// The object's name, else its id.
    pub label: Cow<'a, str>,
}

impl Unresolved<'_> {
    /// Why it does not lead to tables.
    pub fn reason(&self) -> UnresolvedReason {
        match self.kind {
            ObjectKind::VirtualConnection => UnresolvedReason::TablesNotNamed,
            ObjectKind::Workbook
            | ObjectKind::Embedded
            | ObjectKind::Published
            | ObjectKind::Datasource
            | ObjectKind::Table
            | ObjectKind::CustomSql
            | ObjectKind::VirtualTable
            | ObjectKind::Flow => UnresolvedReason::NotInExport,
        }
    }
}

impl fmt::Display for Unresolved<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.label)
    }
}

impl PartialOrd for Unresolved<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Unresolved<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.kind.text(), &self.label).cmp(&(other.kind.text(), &other.label))
    }
}

display_enum! {
    /// A kind of object that takes part in lineage.
    pub enum ObjectKind {
        /// A published workbook.
        Workbook => "workbook";
        /// A data source inside a workbook.
        Embedded => "embedded data source";
        /// A data source published for many workbooks.
        Published => "published data source";
        /// An embedded or published data source, where the reference does not say which. It comes
        /// behind the two kinds that it leaves open.
        Datasource => "data source";
        /// A table of a database.
        Table => "table";
        /// Custom SQL.
        CustomSql => "custom SQL";
        /// A virtual connection.
        VirtualConnection => "virtual connection";
        /// A table of a virtual connection.
        VirtualTable => "virtual connection table";
        /// A Prep flow.
        Flow => "flow";
    }
}

impl ObjectKind {
    /// Its name in messages about several.
    pub fn plural(self) -> Cow<'static, str> {
        match self {
            Self::CustomSql => Cow::Borrowed(self.text()),
            Self::Workbook
            | Self::Embedded
            | Self::Published
            | Self::Datasource
            | Self::Table
            | Self::VirtualConnection
            | Self::VirtualTable
            | Self::Flow => Cow::Owned(format!("{self}s")),
        }
    }
}

/// How a workbook gets at a table: the steps between the two. Empty if it names it itself. Many
/// tables share one path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path<'a>(pub Arc<[Step<'a>]>);

/// One step of a [`Path`]: an object between a workbook and a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step<'a> {
    /// What it is.
    pub kind: StepKind,
    /// Its name; empty where it has none.
    pub name: Cow<'a, str>,
}

display_enum! {
    /// The kind of a [`Step`].
    pub enum StepKind {
        /// A data source inside the workbook.
        EmbeddedDatasource => "embedded data source";
        /// A data source published for many workbooks.
        PublishedDatasource => "published data source";
        /// A table of a virtual connection.
        VirtualConnectionTable => "virtual connection table";
        /// Custom SQL, by the tables that Tableau found in it.
        CustomSql => "custom SQL";
        /// A Prep flow that writes what is read.
        Flow => "flow";
        /// The columns behind a data source's fields.
        Columns => "columns";
    }
}

impl<'a> Path<'a> {
    /// This path and one step more.
    #[must_use]
    pub fn then(&self, step: Step<'a>) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// The kinds of its steps, without names: `workbook` if there is none.
    pub fn kinds(&self) -> Cow<'static, str> {
        match &*self.0 {
            [] => Cow::Borrowed("workbook"),
            [step] => Cow::Borrowed(step.kind.text()),
            steps => {
                let kinds = steps.iter().map(|step| step.kind.text());
                Cow::Owned(kinds.collect::<Vec<_>>().join(" > "))
            }
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("workbook");
        }
        for (i, step) in self.0.iter().enumerate() {
            let arrow = if i == 0 { "" } else { " > " };
            write!(f, "{arrow}{}", step.kind)?;
            if !step.name.is_empty() {
                write!(f, " {:?}", step.name)?;
            }
        }
        Ok(())
    }
}
