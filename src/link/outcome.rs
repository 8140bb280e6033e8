//! The outcome of matching a table.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::other_node::OtherNode;
use super::platform::OutOfReach;
use super::reason::{Difference, NotLinked, UnknownReason};
use crate::model::display::display_enum;
use crate::model::{
    Adapter, ConnectionType, NodeIx, Path, Role, Step, StepKind, UnreadableSql, UnresolvedReason,
    Workbook,
};

/// How many nodes are named where several fit a table.
pub const MOST_CANDIDATES: usize = 10;

/// The outcomes of all workbooks, in the order of [`crate::model::Site::workbooks`].
#[derive(Debug, Clone, Default)]
pub struct Links<'a> {
    /// One entry for each workbook.
    pub workbooks: Vec<WorkbookLinks<'a>>,
    /// One entry for each data source, in the order of [`crate::model::Site::datasources`].
    pub datasources: Vec<WorkbookLinks<'a>>,
    /// The nodes of tables that custom SQL reads whose own reader the export does not name.
    pub unclaimed: BTreeSet<NodeIx>,
    /// The positions of the entries of `match.rewrite` that are for a table.
    pub rewrites: BTreeSet<usize>,
    /// For how many tables the search for similar names ended early.
    pub searches_cut_short: usize,
    /// Whether other projects of the run may have taken tables from this one, or made them ambiguous.
    pub is_shared: bool,
}

/// The outcomes of one workbook, or of one data source.
#[derive(Debug, Clone)]
pub struct WorkbookLinks<'a> {
    /// One entry for each thing it reads.
    pub tables: Vec<WorkbookTable<'a>>,
}

impl WorkbookLinks<'_> {
    /// Whether the export shows everything that this workbook reads, and all of it could be named
    /// and read.
    pub fn is_complete(&self, workbook: &Workbook) -> bool {
        let mut tables = self.tables.iter();
        workbook.gaps.is_empty() && tables.all(|read| !read.table.outcome.leaves_a_gap())
    }
}

/// A table that one workbook reads.
#[derive(Debug, Clone)]
pub struct WorkbookTable<'a> {
    /// The table with its outcome, which many workbooks share.
    pub table: Arc<MatchedTable<'a>>,
    /// The paths by which the workbook reads it, the shortest first.
    pub paths: &'a [Path<'a>],
}

impl<'a> WorkbookTable<'a> {
    /// The paths by which the workbook reads it, the shortest first. Where the configuration gives
    /// the table its schema, that is their last step.
    pub fn all_paths(&self) -> impl Iterator<Item = Cow<'_, Path<'a>>> {
        let schema = self.table.default_schema.as_ref();
        self.paths.iter().map(move |path| match schema {
            None => Cow::Borrowed(path),
            Some(schema) => Cow::Owned(path.then(Step {
                kind: StepKind::DefaultSchema,
                name: schema.clone().into(),
                place: None,
            })),
        })
    }
}

/// A distinct table with its outcome.
#[derive(Debug, Clone)]
pub struct MatchedTable<'a> {
    /// The table as Tableau names it, or what is shown instead.
    pub shown: String,
    /// The connection over which it is read.
    pub connection: ConnectionType<'a>,
    /// The schema that the configuration gives it.
    pub default_schema: Option<String>,
    /// The outcome of matching it.
    pub outcome: Outcome,
}

impl MatchedTable<'_> {
    /// Why it is not linked; `None` if it is, or told elsewhere.
    pub fn not_linked(&self, adapter: Adapter) -> Option<NotLinked> {
        let connection = || {
            let name = self.connection.as_str();
            name.unwrap_or("a connection of unknown type").to_owned()
        };
        match &self.outcome {
            Outcome::Linked { .. } | Outcome::ToldElsewhere => None,
            Outcome::Ambiguous {
                candidates,
                is_all,
                elsewhere,
            } => Some(NotLinked::Ambiguous(
                candidates.len() + elsewhere.len(),
                *is_all,
            )),
            Outcome::OtherProject { node, .. } => Some(NotLinked::OtherProject(Arc::clone(node))),
            Outcome::Unknown { reason, .. } => Some(NotLinked::Unknown(reason.clone())),
            Outcome::Hidden => Some(NotLinked::Hidden),
            Outcome::Unresolved(reason) => Some(NotLinked::Unresolved(*reason)),
            Outcome::Unreadable(reason) => Some(NotLinked::Unreadable(*reason)),
            Outcome::OtherPlatform => Some(NotLinked::OtherPlatform(
                connection(),
                adapter.name().to_owned(),
            )),
            Outcome::NotWarehouse => Some(NotLinked::NotWarehouse(connection())),
        }
    }
}

impl NotLinked {
    /// The name of the reason, or that of the outcome where it has but one reason, for scripts.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Ambiguous(..) => OutcomeKind::Ambiguous.text(),
            Self::Unknown(reason) => reason.key(),
            Self::OtherProject(_) => OutcomeKind::OtherProject.text(),
            Self::Hidden => OutcomeKind::Hidden.text(),
            Self::Unresolved(reason) => reason.key(),
            Self::NotWarehouse(_) => OutcomeKind::NotWarehouse.text(),
            Self::OtherPlatform(..) => OutcomeKind::OtherPlatform.text(),
            Self::Unreadable(reason) => reason.key(),
        }
    }
}

impl Rule {
    /// The rules that a table's own name is tried with before a rewritten one.
    pub const BEFORE_MAPPED: [Self; 4] = [Self::Exact, Self::Case, Self::Latest, Self::Deferred];
    /// The weaker rules. Where the configuration rewrites a name, they are tried with the new one.
    pub const AFTER_MAPPED: [Self; 4] = [Self::Database, Self::Schema, Self::Wildcard, Self::Name];

    /// What the relation is to the node that fits by it.
    pub fn role(self) -> Role {
        match self {
            Self::Latest => Role::Latest,
            Self::Deferred => Role::Deferred,
            Self::Exact
            | Self::Case
            | Self::Mapped
            | Self::Database
            | Self::Schema
            | Self::Wildcard
            | Self::Name => Role::Own,
        }
    }
}

display_enum! {
    /// The matching rules, in the order in which they are tried. A rule links if one relation fits
    /// by it; if several do, the table is ambiguous and no later rule is tried.
    pub enum Rule {
        /// All parts are equal in the form in which the database stores them.
        Exact => "exact";
        /// All parts are equal but for case.
        Case => "case";
        /// dbt makes the relation as a view of the latest version of a model.
        Latest => "latest";
        /// dbt defers to a state, in which the node has this relation.
        Deferred => "deferred";
        /// All parts are equal once the configuration has rewritten them, or fit by another rule then.
        Mapped => "mapped";
        /// Tableau gives no usable database; schema and name are equal.
        Database => "database";
        /// dbt has no database or does not render it; schema and name are equal.
        Schema => "schema";
        /// A source stands for all tables whose names begin with its own.
        Wildcard => "wildcard";
        /// Only the name is known, and it is equal. Off unless allowed.
        Name => "name";
    }
}

/// The outcome of matching one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is the relation of this node, by this rule.
    Linked {
        /// The node.
        node: NodeIx,
        /// The rule that fits.
        rule: Rule,
    },
    /// It is told with the projects on another adapter: only where these are as one
    /// ([`super::mesh::Whole`]).
    ToldElsewhere,
    /// Several nodes fit equally well.
    Ambiguous {
        /// These nodes, in the order of their ids; of very many, the first.
        candidates: Vec<NodeIx>,
        /// Whether these are all.
        is_all: bool,
        /// Those of other projects of the run that fit as well, in the order of projects and ids.
        elsewhere: Vec<Arc<OtherNode>>,
    },
    /// It is the relation of a node of another project of the run.
    OtherProject {
        /// That node.
        node: Arc<OtherNode>,
        /// The nodes of this project that have the same relation: sources, and what is here a package
        /// of that other project.
        own: Vec<NodeIx>,
    },
    /// No relation fits.
    Unknown {
        /// Why none does.
        reason: UnknownReason,
        /// The relations that come nearest.
        nearest: Vec<NearMiss>,
    },
    /// Tableau hides its name: the token has no permission to see it.
    Hidden,
    /// The workbook reads it, and the export does not show its tables.
    Unresolved(UnresolvedReason),
    /// Custom SQL whose tables are not all known.
    Unreadable(UnreadableSql),
    /// It is in another warehouse than the manifest's.
    OtherPlatform,
    /// A file, sheet, extract or web connector.
    NotWarehouse,
}

impl From<OutOfReach> for Outcome {
    fn from(reason: OutOfReach) -> Self {
        match reason {
            OutOfReach::NotWarehouse => Self::NotWarehouse,
            OutOfReach::OtherPlatform => Self::OtherPlatform,
        }
    }
}

display_enum! {
    /// The kind of an [`Outcome`], in the order of reports.
    pub enum OutcomeKind {
        /// It is the relation of one node.
        Linked => "linked";
        /// It is the relation of a node of another project of the run.
        OtherProject => "other-project";
        /// Several nodes fit equally well.
        Ambiguous => "ambiguous";
        /// No relation fits.
        Unknown => "unknown";
        /// Tableau hides its name.
        Hidden => "hidden";
        /// A reference leads nowhere.
        Unresolved => "unresolved";
        /// Custom SQL whose tables are not all known.
        Unreadable => "unreadable";
        /// It is in another warehouse.
        OtherPlatform => "other-platform";
        /// It is not in a warehouse.
        NotWarehouse => "not-warehouse";
    }
}

impl OutcomeKind {
    /// Whether such tables are of the project's warehouse, as far as that can be known, and not another
    /// project's of the run: how many of them are linked is worth a number.
    pub fn is_of_warehouse(self) -> bool {
        match self {
            Self::Linked
            | Self::Ambiguous
            | Self::Unknown
            | Self::Hidden
            | Self::Unresolved
            | Self::Unreadable => true,
            Self::OtherProject | Self::OtherPlatform | Self::NotWarehouse => false,
        }
    }
}

impl Outcome {
    /// Which kind of outcome it is.
    pub fn kind(&self) -> OutcomeKind {
        match self {
            Self::Linked { .. } => OutcomeKind::Linked,
            Self::OtherProject { .. } | Self::ToldElsewhere => OutcomeKind::OtherProject,
            Self::Ambiguous { .. } => OutcomeKind::Ambiguous,
            Self::Unknown { .. } => OutcomeKind::Unknown,
            Self::Hidden => OutcomeKind::Hidden,
            Self::Unresolved(_) => OutcomeKind::Unresolved,
            Self::Unreadable(_) => OutcomeKind::Unreadable,
            Self::OtherPlatform => OutcomeKind::OtherPlatform,
            Self::NotWarehouse => OutcomeKind::NotWarehouse,
        }
    }

    /// The node that the table is linked to.
    pub fn node(&self) -> Option<NodeIx> {
        match self {
            Self::Linked { node, .. } => Some(*node),
            _ => None,
        }
    }

    /// Whether the workbook may read more than is known because of it.
    pub fn leaves_a_gap(&self) -> bool {
        match self {
            Self::Hidden | Self::Unresolved(_) | Self::Unreadable(_) => true,
            Self::Linked { .. }
            | Self::OtherProject { .. }
            | Self::ToldElsewhere
            | Self::Ambiguous { .. }
            | Self::Unknown { .. }
            | Self::OtherPlatform
            | Self::NotWarehouse => false,
        }
    }
}

/// A relation that nearly fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// The node of that relation.
    pub node: NodeIx,
    /// What the relation is to it.
    pub role: Role,
    /// How it differs from the table.
    pub difference: Difference,
}
