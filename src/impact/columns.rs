//! Which columns of a node go or change their types.
//!
//! The warehouse knows: what both catalogs tell decides. Where one of them does not have the relation,
//! a contract tells, then what the query selects, and last what is declared, which is documentation
//! and may be stale.

use std::collections::BTreeMap;

use super::change::{ChangedColumn, ColumnChange, ColumnEvidence};
use super::settings::Pair;
use crate::model::CatalogColumn;
use crate::model::definition::DeclaredColumn;

/// Columns by the names by which they are compared: without case, unless two differ only in case.
struct Columns<'c> {
    by_name: BTreeMap<String, (&'c str, &'c str)>,
}

impl<'c> Columns<'c> {
    fn new(columns: impl Iterator<Item = (&'c str, &'c str)> + Clone) -> Self {
        let folded = columns
            .clone()
            .map(|(name, of)| (name.to_lowercase(), (name, of)));
        let folded = folded.collect::<BTreeMap<_, _>>();
        if folded.len() == columns.clone().count() {
            return Self { by_name: folded };
        }
        let exact = columns.map(|(name, of)| (name.to_owned(), (name, of)));
        Self {
            by_name: exact.collect(),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name) || self.by_name.contains_key(&name.to_lowercase())
    }

    fn get(&self, name: &str) -> Option<&'c str> {
        let found = self.by_name.get(name);
        let found = found.or_else(|| self.by_name.get(&name.to_lowercase()));
        found.map(|(_, data_type)| *data_type)
    }
}

/// What tells of the columns of a node.
pub(super) struct Known<'k> {
    /// Its columns in base's catalog.
    pub(super) base: Option<&'k [CatalogColumn]>,
    /// Those in head's.
    pub(super) head: Option<&'k [CatalogColumn]>,
    /// Whether its text changed.
    pub(super) is_rewritten: bool,
}

/// The columns that go or change.
pub(super) fn changed(pair: &Pair, known: &Known) -> Vec<ChangedColumn> {
    let mut columns = if let (Some(base), Some(head)) = (known.base, known.head) {
        let by_catalogs = if base == head {
            Vec::new()
        } else {
            differing(&catalog(base), &catalog(head), ColumnEvidence::Catalogs)
        };
        // Where the run failed on what production has built, the table has its columns still.
        if by_catalogs.is_empty() && known.is_rewritten && is_incremental(pair) {
            without_catalogs(pair, known)
        } else {
            by_catalogs
        }
    } else {
        without_catalogs(pair, known)
    };
    if !columns.is_empty() && is_incremental(pair) {
        let change = on_incremental(pair);
        for column in &mut columns {
            if let (ColumnChange::Gone(_), Some(change)) = (&column.change, &change) {
                column.change = change.clone();
            }
        }
    }
    columns
}

fn catalog(columns: &[CatalogColumn]) -> Columns<'_> {
    Columns::new(
        columns
            .iter()
            .map(|column| (column.name.as_str(), column.data_type.as_str())),
    )
}

fn declared<'c>(columns: &'c [DeclaredColumn]) -> Columns<'c> {
    Columns::new(columns.iter().map(|column| {
        (
            column.name.as_ref(),
            column.data_type.as_deref().unwrap_or_default(),
        )
    }))
}

fn without_catalogs(pair: &Pair, known: &Known) -> Vec<ChangedColumn> {
    if pair.base.parts == pair.head.parts && !known.is_rewritten {
        return Vec::new();
    }
    let (base, head) = pair.details();
    let before = declared(&base.columns);
    let now = declared(&head.columns);
    if base.has_contract && head.has_contract {
        return differing(&before, &now, ColumnEvidence::Contract);
    }
    if head.has_contract {
        return gone(&before, |name| !now.has(name), ColumnEvidence::Contract);
    }
    if !known.is_rewritten {
        return Vec::new();
    }
    let (base, head) = pair.codes();
    if let Some(now) = head.selects() {
        let now = Columns::new(now.iter().map(|name| (name.as_str(), "")));
        let selected = base.selects();
        let selected = selected
            .as_deref()
            .map(|names| Columns::new(names.iter().map(|name| (name.as_str(), ""))));
        let of_base = selected.as_ref().unwrap_or(&before);
        let is_gone = |name: &str| !now.has(name) && (selected.is_some() || base.names(name));
        return gone(of_base, is_gone, ColumnEvidence::Query);
    }
    let is_gone = |name: &str| !now.has(name) && base.names(name) && !head.names(name);
    gone(&before, is_gone, ColumnEvidence::Declared)
}

fn gone(
    before: &Columns,
    is_gone: impl Fn(&str) -> bool,
    evidence: ColumnEvidence,
) -> Vec<ChangedColumn> {
    let names = before.by_name.values().map(|(name, _)| *name);
    let names = names.filter(|name| is_gone(name));
    let changed = names.map(|name| ChangedColumn {
        name: name.to_owned(),
        change: ColumnChange::Gone(None),
        evidence,
    });
    changed.collect()
}

/// Compares two whole lists of columns.
fn differing(before: &Columns, now: &Columns, evidence: ColumnEvidence) -> Vec<ChangedColumn> {
    let change = |name: &str, data_type: &str| match now.get(name) {
        None => Some(ColumnChange::Gone(perhaps_now(before, now, data_type))),
        Some(other) if is_other_type(data_type, other) => {
            Some(ColumnChange::Type(data_type.to_owned(), other.to_owned()))
        }
        Some(_) => None,
    };
    let columns = before.by_name.values();
    let changed = columns.filter_map(|(name, data_type)| {
        Some(ChangedColumn {
            name: (*name).to_owned(),
            change: change(name, data_type)?,
            evidence,
        })
    });
    changed.collect()
}

/// The name that the only lost column perhaps has now: that of the only new one, if it has its type.
fn perhaps_now(before: &Columns, now: &Columns, data_type: &str) -> Option<String> {
    let lost = before.by_name.values().filter(|(name, _)| !now.has(name));
    let mut new = now.by_name.values().filter(|(name, _)| !before.has(name));
    let (name, other) = new.next()?;
    let is_only = new.next().is_none() && lost.count() == 1;
    (is_only && !is_other_type(data_type, other)).then(|| (*name).to_owned())
}

/// Whether two types differ by more than size and precision, as dbt compares them. A type that is not
/// told differs from none.
fn is_other_type(one: &str, other: &str) -> bool {
    let base = |name: &str| {
        let name = name.split('(').next().unwrap_or_default();
        name.trim().to_lowercase()
    };
    let (one, other) = (base(one), base(other));
    !one.is_empty() && !other.is_empty() && one != other
}

/// Whether dbt keeps the table and adds rows to it.
fn is_incremental(pair: &Pair) -> bool {
    let (base, head) = pair.details();
    let is = |kind: &str| {
        [base, head]
            .iter()
            .all(|details| details.config_text("materialized") == Some(kind))
    };
    let is_rebuilt = head.config("full_refresh") == Some("true");
    is("incremental") && !is_rebuilt || is("snapshot")
}

/// What becomes of a column that the query no longer selects, of a table that dbt keeps
/// (<https://docs.getdbt.com/docs/build/incremental-models#what-if-the-columns-of-my-incremental-model-change>);
/// `None` if it goes.
fn on_incremental(pair: &Pair) -> Option<ColumnChange> {
    let head = &pair.details().1;
    if head.config_text("materialized") == Some("snapshot") {
        return Some(ColumnChange::Null);
    }
    match head.config_text("on_schema_change") {
        Some("sync_all_columns") => None,
        Some("append_new_columns") => Some(ColumnChange::Null),
        _ => Some(ColumnChange::FailsRun),
    }
}
