//! What Tableau holds: sites, workbooks, and the tables that workbooks read.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::connection::ConnectionType;
use super::index::{TableIx, WorkbookIx};
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
    /// Why its list of workbooks may lack some; empty if it is complete.
    pub doubts: Vec<String>,
}

impl Evidence {
    /// Whether a workbook that the export does not list is really gone.
    pub fn is_complete(&self) -> bool {
        self.doubts.is_empty()
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
    pub reason: String,
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
    /// Why the list of what it reads may lack something, beside reads that cannot be named.
    pub doubts: Vec<String>,
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
    /// A table whose name Tableau keeps back.
    Hidden(Cow<'a, str>),
    /// A reference that nothing in the export resolves: its kind and id.
    Unresolved(&'static str, Cow<'a, str>),
    /// Custom SQL whose tables are not all known: its name, its connection and the reason.
    Unreadable(Cow<'a, str>, ConnectionType<'a>, &'static str),
}

/// How a workbook gets at a table: the steps between the two. Empty if it names it itself. Many
/// tables share one path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path<'a>(pub Arc<[Step<'a>]>);

/// One step of a [`Path`], with the name of what is passed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step<'a> {
    /// A data source inside the workbook.
    EmbeddedDatasource(Cow<'a, str>),
    /// A data source published for many workbooks.
    PublishedDatasource(Cow<'a, str>),
    /// A table of a virtual connection.
    VirtualConnectionTable(Cow<'a, str>),
    /// Custom SQL, by the tables that Tableau found in it.
    CustomSql(Cow<'a, str>),
    /// A Prep flow that writes what is read.
    Flow(Cow<'a, str>),
    /// The columns behind a data source's fields.
    Columns,
}

impl Step<'_> {
    /// Every kind.
    pub const KINDS: [&'static str; 6] = [
        "embedded data source",
        "published data source",
        "virtual connection table",
        "custom SQL",
        "flow",
        "columns",
    ];

    /// The kind of thing that is passed.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::EmbeddedDatasource(_) => "embedded data source",
            Self::PublishedDatasource(_) => "published data source",
            Self::VirtualConnectionTable(_) => "virtual connection table",
            Self::CustomSql(_) => "custom SQL",
            Self::Flow(_) => "flow",
            Self::Columns => "columns",
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::EmbeddedDatasource(name)
            | Self::PublishedDatasource(name)
            | Self::VirtualConnectionTable(name)
            | Self::CustomSql(name)
            | Self::Flow(name) => name,
            Self::Columns => "",
        }
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
            [step] => Cow::Borrowed(step.kind()),
            steps => Cow::Owned(steps.iter().map(Step::kind).collect::<Vec<_>>().join(" > ")),
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
            write!(f, "{arrow}{}", step.kind())?;
            if !step.name().is_empty() {
                write!(f, " {:?}", step.name())?;
            }
        }
        Ok(())
    }
}
