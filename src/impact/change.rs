//! What changed between base and head.

use std::sync::Arc;

use crate::model::display::display_enum;

/// A position in [`Impact::changes`](super::Impact::changes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeIx(pub usize);

/// A node in which something changed that its readers may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// dbt's id of it in base; of a node that only head has, in head.
    pub unique_id: Arc<str>,
    /// Its name, as `ref` or `source` takes it.
    pub name: String,
    /// Its resource type, such as `model`.
    pub resource_type: String,
    /// The file that defines it, from the folder of its project on: in head, or in base if it is gone.
    pub file: Option<String>,
    /// The installed package that defines it; `None` if the project itself does.
    pub package: Option<String>,
    /// How it is built in base, such as `incremental`.
    pub materialized: Option<String>,
    /// Everything that changed in it, in the order of [`ChangeKind`].
    pub kinds: Vec<ChangeKind>,
    /// The relation that nothing builds any more, if that is so.
    pub lost: Option<LostRelation>,
    /// The node of head that seems to be this one under another name.
    pub renamed: Option<Renamed>,
    /// Its columns that go or change their type.
    pub columns: Vec<ChangedColumn>,
    /// The nodes of dbt that read it in head, or in base if it is gone; direct ones, tests left out.
    pub readers: Vec<Arc<str>>,
}

display_enum! {
    /// What changed in a node. The names are for scripts.
    pub enum ChangeKind {
        /// Its relation is built no more.
        Relation = "relation" => "its relation";
        /// Columns go, or change their types.
        Columns = "columns" => "its columns";
        /// Its query or code, beyond comments and layout.
        Text = "text" => "its text";
        /// What it reads.
        Inputs(removed: Vec<Arc<str>>, added: Vec<Arc<str>>) = "inputs" => "what it reads";
        /// Macros that it calls, directly or through others: their ids.
        Macros(ids: Vec<Arc<str>>) = "macros" => "macros";
        /// Configuration that matters to readers: its keys.
        Config(keys: Vec<String>) = "config" => "its configuration";
        /// The rows of a seed.
        Seed = "seed" => "its rows";
        /// Where a source lies.
        Source = "source" => "where it lies";
        /// The contract: whether it is enforced, or what it says of columns.
        Contract = "contract" => "its contract";
        /// Another version of the model is the latest one: what it was and what it is, as JSON.
        Version(before: String, now: String) = "version" => "which version is the latest";
        /// The same text compiles to another query, as with another value of a var.
        Compiled = "compiled" => "its compiled query";
        /// Another node builds its relation now: the id of that one in head.
        Successor(node: Arc<str>) = "successor" => "which node builds its relation";
    }
}

impl ChangeKind {
    /// Whether it reaches what is made of the node. The rest concerns only who reads its relation.
    pub fn goes_down(&self) -> bool {
        match self {
            Self::Text
            | Self::Inputs(..)
            | Self::Macros(_)
            | Self::Seed
            | Self::Source
            | Self::Contract
            | Self::Compiled
            | Self::Columns
            | Self::Successor(_) => true,
            // Who may read a table says nothing of tables that are made of it.
            Self::Config(keys) => keys.iter().any(|key| key != "grants"),
            Self::Relation | Self::Version(..) => false,
        }
    }
}

/// A relation that base builds and head does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostRelation {
    /// The relation, as base spells it.
    pub relation: String,
    /// Its own name, which `alias` sets.
    pub name: String,
    /// Why it is built no more.
    pub by: LostBy,
    /// What is built instead, as production would name it; `None` if that is nothing, or not known.
    pub instead: Option<String>,
    /// Whether `instead` is as head spells it, which may be another target.
    pub is_as_in_head: bool,
}

display_enum! {
    /// Why a relation is built no more. The names are for scripts.
    pub enum LostBy {
        /// The node is deleted.
        Deleted = "deleted" => "it is deleted";
        /// The node has another name.
        Renamed = "renamed" => "it has another name";
        /// The node is disabled.
        Disabled = "disabled" => "it is disabled";
        /// The model is ephemeral now.
        Ephemeral = "ephemeral" => "it is ephemeral";
        /// Its alias is another one.
        Alias = "alias" => "its alias is another one";
        /// Its schema is another one.
        Schema = "schema" => "its schema is another one";
        /// Its database is another one.
        Database = "database" => "its database is another one";
        /// Its name is quoted otherwise, so that the database stores another one.
        Quoting = "quoting" => "it is quoted otherwise";
    }
}

/// A node of head that seems to be one of base under another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// Its id in head.
    pub to: Arc<str>,
    /// Its name in head.
    pub name: String,
    /// Whether the text is the same; else it is only much alike.
    pub has_same_text: bool,
}

/// A column of a node that goes, or changes its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedColumn {
    /// Its name in base.
    pub name: String,
    /// What happens to it.
    pub change: ColumnChange,
    /// How it is known.
    pub evidence: ColumnEvidence,
}

/// What happens to a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnChange {
    /// It goes with the next build. The name that it perhaps has now.
    Gone(Option<String>),
    /// An incremental model no longer selects it and fails: its table stays as it is.
    FailsRun,
    /// An incremental model no longer selects it: the column stays, and new rows hold null.
    Null,
    /// Its type before and after.
    Type(String, String),
}

display_enum! {
    /// How a change of a column is known, the surest way first. The names are for scripts.
    pub enum ColumnEvidence {
        /// Both catalogs have the relation.
        Catalogs = "catalogs" => "both catalogs";
        /// The contract of base names it, or that of head does not.
        Contract = "contract" => "the contract";
        /// The query of base has it among what it selects, and that of head does not.
        Query = "query" => "the query";
        /// Base declares it, head does not, and head's text does not name it.
        Declared = "declared" => "what is declared";
    }
}

/// A node in which something changed that no reader can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosmetic {
    /// dbt's id of it.
    pub unique_id: Arc<str>,
    /// What changed, in the order of [`CosmeticKind`].
    pub kinds: Vec<CosmeticKind>,
}

display_enum! {
    /// What can change without any reader seeing it. The names are for scripts.
    pub enum CosmeticKind {
        /// Comments, blanks, line breaks, or the case of keywords.
        Layout = "layout" => "comments or layout";
        /// The file that defines it lies elsewhere.
        File = "file" => "a moved file";
        /// Descriptions, of itself or its columns.
        Description = "description" => "descriptions";
        /// Columns that are declared, while the relation keeps them.
        DeclaredColumns = "declared-columns" => "declared columns";
        /// Meta, tags, docs, group, access, persisted descriptions and the like: the keys.
        Config(keys: Vec<String>) = "config" => "configuration that no reader sees";
        /// From when on it is deprecated, as JSON.
        Deprecation(date: String) = "deprecation" => "its deprecation";
        /// Comments or layout of macros that it calls: their ids.
        Macros(ids: Vec<Arc<str>>) = "macros" => "comments or layout of macros";
        /// Another name with the same text and the same relation: its id in head.
        Renamed(to: Arc<str>) = "renamed" => "its name";
    }
}

/// What could not be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCompared {
    /// dbt's id of the node.
    pub unique_id: Arc<str>,
    /// Its name.
    pub name: String,
    /// The file that defines it.
    pub file: Option<String>,
    /// The installed package that defines it; `None` if the project itself does.
    pub package: Option<String>,
    /// Why.
    pub reason: NotComparedReason,
}

display_enum! {
    /// Why something could not be compared. The names are for scripts.
    pub enum NotComparedReason {
        /// A seed of which dbt keeps only the path, since it is larger than 1 MiB.
        LargeSeed = "large-seed" => "the seed is larger than 1 MiB, and dbt keeps only its path";
        /// It is disabled in head, and base enables it by a configuration that may depend on the target.
        PerhapsDisabled = "perhaps-disabled" => "it is disabled in head, which may depend on the target";
        /// Its relation differs, and so do the macros that name it: it may have moved, or head may be
        /// built for another target.
        PerhapsMoved(base: String, head: String) = "perhaps-moved" => "the relation is {base} in base and {head} in head, and the macros that name relations changed";
    }
}

impl NotComparedReason {
    /// Whether it reaches what is made of the node.
    pub fn goes_down(&self) -> bool {
        match self {
            Self::LargeSeed => true,
            Self::PerhapsDisabled | Self::PerhapsMoved(..) => false,
        }
    }
}
