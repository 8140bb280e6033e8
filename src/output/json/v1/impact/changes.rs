//! What changed, and what could not be compared.

use schemars::JsonSchema;
use serde::Serialize;

use crate::impact::{self, ChangeKind, ColumnChange, CosmeticKind};

/// A column that goes or changes.
#[derive(Serialize, JsonSchema)]
pub(super) struct ChangedColumn<'r> {
    /// Its name in base.
    name: &'r str,
    /// `gone`, `fails-run`, `null` or `type`.
    change: &'static str,
    /// The name that it perhaps has now.
    perhaps_now: Option<&'r str>,
    /// Its type in base and in head; null unless it changes.
    types: Option<[&'r str; 2]>,
    /// How it is known: by both `catalogs`, the `contract`, the `query`, or what is `declared`.
    evidence: &'static str,
}

/// A node that changed.
#[derive(Serialize, JsonSchema)]
pub(super) struct Change<'r> {
    /// Its id in base.
    unique_id: &'r str,
    /// Its name.
    name: &'r str,
    /// Its resource type.
    resource_type: &'r str,
    /// The file that defines it.
    file: Option<&'r str>,
    /// The installed package that defines it; null if the project itself does.
    package: Option<&'r str>,
    /// How it is built in base.
    materialized: Option<&'r str>,
    /// What changed.
    kinds: Vec<Kind<'r>>,
    /// The relation that is built no more.
    lost: Option<Lost<'r>>,
    /// What it seems to be called in head.
    renamed: Option<Renamed<'r>>,
    /// Its columns that go or change.
    columns: Vec<ChangedColumn<'r>>,
    /// The ids of what reads it directly, tests left out.
    readers: Vec<&'r str>,
}

/// What changed in a node.
#[derive(Serialize, JsonSchema)]
pub(super) struct Kind<'r> {
    /// `relation`, `columns`, `text`, `inputs`, `macros`, `config`, `seed`, `source`, `contract`,
    /// `version`, `compiled` or `successor`.
    kind: &'static str,
    /// What more is known: macros, keys, or ids, by kind.
    names: Vec<&'r str>,
}

/// A relation that is built no more.
#[derive(Serialize, JsonSchema)]
pub(super) struct Lost<'r> {
    /// The relation.
    relation: &'r str,
    /// `deleted`, `renamed`, `disabled`, `ephemeral`, `alias`, `schema`, `database` or `quoting`.
    by: &'static str,
    /// What is built instead, as production would name it; null if that is nothing.
    instead: Option<&'r str>,
    /// Whether that is as head spells it, which may be another target.
    is_as_in_head: bool,
}

/// What a node seems to be called in head.
#[derive(Serialize, JsonSchema)]
pub(super) struct Renamed<'r> {
    /// Its id there.
    unique_id: &'r str,
    /// Its name there.
    name: &'r str,
    /// Whether the text is the same; else it is much alike.
    has_same_text: bool,
}

/// A node in which only that changed which no reader sees.
#[derive(Serialize, JsonSchema)]
pub(super) struct Cosmetic<'r> {
    /// Its id.
    unique_id: &'r str,
    /// `layout`, `file`, `description`, `declared-columns`, `config`, `deprecation`, `macros` or
    /// `renamed`.
    kinds: Vec<Kind<'r>>,
}

/// What could not be compared.
#[derive(Serialize, JsonSchema)]
pub(super) struct NotCompared<'r> {
    /// The id of the node.
    unique_id: &'r str,
    /// Its name.
    name: &'r str,
    /// The file that defines it.
    file: Option<&'r str>,
    /// `large-seed`, `perhaps-disabled` or `perhaps-moved`.
    reason: &'static str,
    /// The reason in words.
    detail: String,
}

impl<'r> ChangedColumn<'r> {
    pub(super) fn new(name: &'r str, change: &'r ColumnChange, evidence: &'static str) -> Self {
        let (word, perhaps_now, types) = match change {
            ColumnChange::Gone(perhaps) => ("gone", perhaps.as_deref(), None),
            ColumnChange::FailsRun => ("fails-run", None, None),
            ColumnChange::Null => ("null", None, None),
            ColumnChange::Type(before, now) => ("type", None, Some([before.as_str(), now])),
        };
        Self {
            name,
            change: word,
            perhaps_now,
            types,
            evidence,
        }
    }
}

impl<'r> Change<'r> {
    pub(super) fn new(change: &'r impact::Change) -> Self {
        let columns = change.columns.iter();
        let columns = columns
            .map(|column| ChangedColumn::new(&column.name, &column.change, column.evidence.key()));
        Self {
            unique_id: &change.unique_id,
            name: &change.name,
            resource_type: &change.resource_type,
            file: change.file.as_deref(),
            package: change.package.as_deref(),
            materialized: change.materialized.as_deref(),
            kinds: change.kinds.iter().map(Kind::of_change).collect(),
            lost: change.lost.as_ref().map(|lost| Lost {
                relation: &lost.relation,
                by: lost.by.key(),
                instead: lost.instead.as_deref(),
                is_as_in_head: lost.is_as_in_head,
            }),
            renamed: change.renamed.as_ref().map(|renamed| Renamed {
                unique_id: &renamed.to,
                name: &renamed.name,
                has_same_text: renamed.has_same_text,
            }),
            columns: columns.collect(),
            readers: change.readers.iter().map(AsRef::as_ref).collect(),
        }
    }
}

impl<'r> Kind<'r> {
    pub(super) fn of_change(kind: &'r ChangeKind) -> Self {
        let names = match kind {
            ChangeKind::Inputs(removed, added) => {
                removed.iter().chain(added).map(AsRef::as_ref).collect()
            }
            ChangeKind::Macros(ids) => ids.iter().map(AsRef::as_ref).collect(),
            ChangeKind::Config(keys) => keys.iter().map(String::as_str).collect(),
            ChangeKind::Version(before, now) => vec![before.as_str(), now],
            ChangeKind::Successor(id) => vec![id.as_ref()],
            ChangeKind::Relation
            | ChangeKind::Columns
            | ChangeKind::Text
            | ChangeKind::Seed
            | ChangeKind::Source
            | ChangeKind::Contract
            | ChangeKind::Compiled => Vec::new(),
        };
        Self {
            kind: kind.key(),
            names,
        }
    }
}

impl<'r> Cosmetic<'r> {
    pub(super) fn new(cosmetic: &'r impact::Cosmetic) -> Self {
        let kinds = cosmetic.kinds.iter().map(|kind| Kind {
            kind: kind.key(),
            names: match kind {
                CosmeticKind::Config(keys) => keys.iter().map(String::as_str).collect(),
                CosmeticKind::Deprecation(date) => vec![date.as_str()],
                CosmeticKind::Macros(ids) => ids.iter().map(AsRef::as_ref).collect(),
                CosmeticKind::Renamed(to) => vec![to.as_ref()],
                CosmeticKind::Layout
                | CosmeticKind::File
                | CosmeticKind::Description
                | CosmeticKind::DeclaredColumns => Vec::new(),
            },
        });
        Self {
            unique_id: &cosmetic.unique_id,
            kinds: kinds.collect(),
        }
    }
}

impl<'r> NotCompared<'r> {
    pub(super) fn new(node: &'r impact::NotCompared) -> Self {
        Self {
            unique_id: &node.unique_id,
            name: &node.name,
            file: node.file.as_deref(),
            reason: node.reason.key(),
            detail: node.reason.to_string(),
        }
    }
}
