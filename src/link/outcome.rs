//! What became of a table.

use std::fmt;
use std::sync::Arc;

use crate::model::{ConnectionType, NodeIx, Path, UnreadableSql, UnresolvedReason};

/// The outcomes of all workbooks, in the order of [`crate::model::Site::workbooks`].
#[derive(Debug, Clone, Default)]
pub struct Links<'a> {
    /// One entry for each workbook.
    pub workbooks: Vec<WorkbookLinks<'a>>,
}

/// The outcomes of one workbook.
#[derive(Debug, Clone)]
pub struct WorkbookLinks<'a> {
    /// One entry for each thing it reads.
    pub tables: Vec<WorkbookTable<'a>>,
}

impl WorkbookLinks<'_> {
    /// Whether everything that it reads could be named and read.
    pub fn is_complete(&self) -> bool {
        self.tables
            .iter()
            .all(|read| !read.table.outcome.leaves_a_gap())
    }
}

/// A table that one workbook reads.
#[derive(Debug, Clone)]
pub struct WorkbookTable<'a> {
    /// The table with its outcome, which many workbooks share.
    pub table: Arc<MatchedTable<'a>>,
    /// How the workbook gets at it, the shortest way first.
    pub paths: &'a [Path<'a>],
}

/// A distinct table with its outcome.
#[derive(Debug, Clone)]
pub struct MatchedTable<'a> {
    /// The table as Tableau names it, or what stands for it.
    pub shown: String,
    /// The connection that it is reached by.
    pub connection: ConnectionType<'a>,
    /// The database in its name, where one is known.
    pub database: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
}

/// The matching rules, in the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// All parts are equal in the form in which the database keeps them.
    Exact,
    /// All parts are equal but for case, in one relation only.
    Case,
    /// Tableau gives no usable database; schema and name fit one relation only.
    Database,
    /// dbt's side has no database; schema and name fit one relation only.
    Schema,
    /// A source that stands for all tables with a prefix.
    Wildcard,
    /// Only the name is known and fits one relation of that database. Off unless allowed.
    Name,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 6] = [
        Self::Exact,
        Self::Case,
        Self::Database,
        Self::Schema,
        Self::Wildcard,
        Self::Name,
    ];

    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Case => "case",
            Self::Database => "database",
            Self::Schema => "schema",
            Self::Wildcard => "wildcard",
            Self::Name => "name",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What became of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is the relation of this node, by this rule.
    Linked {
        /// The node.
        node: NodeIx,
        /// The rule that fits.
        rule: Rule,
    },
    /// Several nodes fit equally well.
    Ambiguous {
        /// These nodes, in the order of their ids.
        candidates: Vec<NodeIx>,
    },
    /// No relation fits.
    Unknown {
        /// Why, where there is more to say than that.
        reason: Option<String>,
        /// The relations that come nearest.
        nearest: Vec<NearMiss>,
    },
    /// Tableau keeps its name back: the token may not see it.
    Hidden,
    /// Something refers to it and the export does not tell what it is, with the reason.
    Unresolved(UnresolvedReason),
    /// A file, sheet, extract or web connector.
    NotWarehouse,
    /// Another warehouse than the manifest's.
    OtherPlatform,
    /// Custom SQL whose tables are not known, with the reason.
    Unreadable(UnreadableSql),
}

impl Outcome {
    /// The names of all outcomes, in the order of reports.
    pub const NAMES: [&'static str; 8] = [
        "linked",
        "ambiguous",
        "unknown",
        "hidden",
        "unresolved",
        "unreadable",
        "other-platform",
        "not-warehouse",
    ];

    /// Its name in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Linked { .. } => "linked",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Unknown { .. } => "unknown",
            Self::Hidden => "hidden",
            Self::Unresolved(_) => "unresolved",
            Self::NotWarehouse => "not-warehouse",
            Self::OtherPlatform => "other-platform",
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// Whether the workbook may read more than is known because of it.
    pub fn leaves_a_gap(&self) -> bool {
        matches!(
            self,
            Self::Hidden | Self::Unresolved(_) | Self::Unreadable(_)
        )
    }
}

/// A relation that nearly fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// The node of that relation.
    pub node: NodeIx,
    /// What keeps it from fitting.
    pub difference: Difference,
}

/// What keeps a relation from fitting. The order is that of nearness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// Only the database differs.
    Database,
    /// Only the schema differs.
    Schema,
    /// The name is this many edits away.
    Name(usize),
    /// Tableau gives no schema, and the database does not speak against it.
    OnlyNameKnown,
    /// Tableau gives no schema, and the database differs.
    OnlyNameAndDatabase,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database => f.write_str("only the database differs"),
            Self::Schema => f.write_str("only the schema differs"),
            Self::Name(1) => f.write_str("the name differs in one letter"),
            Self::Name(edits) => write!(f, "the name differs in {edits} letters"),
            Self::OnlyNameKnown => f.write_str("it has the same name"),
            Self::OnlyNameAndDatabase => f.write_str("it has the same name in another database"),
        }
    }
}
