//! The file as it is written and read: one type for both. A change that this version cannot read
//! gets another number.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// The format that is written, and the only one that is read.
pub(super) const VERSION: u64 = 1;
/// The key that every such file has.
pub(super) const MARK: &str = "autoexpose_state";
/// How every such file begins.
pub(super) const START: &str = "{\"autoexpose_state\":";

/// The file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct State<'n> {
    /// The version of the format.
    pub(super) autoexpose_state: u64,
    /// The root project of the manifest.
    pub(super) project: String,
    /// The adapter of the manifest.
    pub(super) adapter: String,
    /// The exports.
    pub(super) exports: Vec<Export>,
    /// The tables of `workbooks`, sorted.
    pub(super) tables: Vec<Table>,
    /// The workbooks that the exports listed, sorted by luid.
    pub(super) workbooks: Vec<Workbook>,
    /// The nodes that `exposures` depend on, as far as the manifest has them, sorted by id. Files of
    /// before they were written lack them.
    #[serde(default)]
    pub(super) nodes: Option<Vec<Node<'n>>>,
    /// Our exposures, sorted by id.
    pub(super) exposures: Vec<Exposure>,
}

/// As much of a file as shows whether it can be read. Others may lack the rest, or have it in other
/// forms.
#[derive(Debug, Deserialize)]
pub(super) struct Head {
    pub(super) autoexpose_state: u64,
    #[serde(default)]
    pub(super) project: Value,
}

/// The export of a site.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Export {
    /// The server's address; null if it is not known.
    pub(super) server: Option<String>,
    /// The content URL of the site; null if it is not known.
    pub(super) site: Option<String>,
    /// Who made it; null if it did not say.
    pub(super) user: Option<User>,
    /// Whether it proved that it lists every workbook.
    pub(super) complete: bool,
}

/// A user of Tableau.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) luid: Option<String>,
    pub(super) name: Option<String>,
    pub(super) administrator: Option<bool>,
}

/// A table as Tableau names it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Table {
    pub(super) name: String,
    /// Null if it is not known.
    pub(super) connection_type: Option<String>,
}

/// A workbook that an export listed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Workbook {
    pub(super) luid: String,
    /// The position of its export.
    pub(super) export: usize,
    /// The positions of its tables that were not linked; null if it was not looked at.
    pub(super) unlinked: Option<Vec<usize>>,
}

/// A node that has a relation. Its id says what it is.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Node<'n> {
    pub(super) unique_id: Cow<'n, str>,
    pub(super) package: Cow<'n, str>,
    pub(super) name: Cow<'n, str>,
    /// Null for all but sources.
    pub(super) source_name: Option<Cow<'n, str>>,
    /// The version as JSON text; null if it has none.
    pub(super) version: Option<Cow<'n, str>>,
    /// Whether it is an ephemeral model.
    #[serde(default)]
    pub(super) is_ephemeral: bool,
    /// Its relation as the project spells it.
    pub(super) typed: Relation<'n>,
    /// The relations that stand for it in their stored form.
    pub(super) relations: Vec<Stored<'n>>,
}

/// A relation that stands for a node.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stored<'n> {
    pub(super) role: Role,
    pub(super) relation: Relation<'n>,
    /// The database that dbt leaves out of it.
    pub(super) unrendered_database: Option<Cow<'n, str>>,
}

/// The parts of a relation; null if it has none.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Relation<'n> {
    pub(super) database: Option<Cow<'n, str>>,
    pub(super) schema: Option<Cow<'n, str>>,
    pub(super) name: Cow<'n, str>,
}

/// What a relation is to its node.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    Own,
    Latest,
    Deferred,
    PerhapsLatest,
}

/// An exposure.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Exposure {
    /// The node as it is in the manifest.
    pub(super) node: Box<RawValue>,
    /// The tables behind its dependencies, as Tableau named them, by the id of the node.
    pub(super) tables: BTreeMap<String, Vec<String>>,
}
