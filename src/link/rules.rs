//! The matching rules, tried in order. Each is one function; the order stands in [`outcome`].

use super::index::{Entry, Index};
use super::nearest;
use super::outcome::{Outcome, Rule};
use super::reason::UnknownReason;
use crate::model::connection::Reach;
use crate::model::relation::{folded, is_project_id, same_but_case};
use crate::model::{Relation, Table};
use crate::settings::Matching;

/// The outcome of a table whose connection can reach the warehouse.
pub fn outcome(index: &Index, table: &Table, matching: &Matching) -> Outcome {
    let relation = &match &table.name {
        Ok(relation) => with_usable_database(index, relation, table),
        Err(unreadable) => {
            return Outcome::Unknown {
                reason: UnknownReason::UnreadableName(unreadable.reason),
                nearest: Vec::new(),
            };
        }
    };
    let Some(schema) = relation.schema.as_deref() else {
        return by_name_or_parent(index, relation, table, matching);
    };
    let candidates = index
        .with_schema_and_name(schema, &relation.name)
        .collect::<Vec<_>>();
    let found = by_all_parts(index, relation, &candidates)
        .or_else(|| without_tableau_database(index, relation, &candidates))
        .or_else(|| without_dbt_database(index, relation, &candidates))
        .or_else(|| by_wildcard(index, relation, schema));
    found.unwrap_or_else(|| Outcome::Unknown {
        reason: UnknownReason::NoRelation,
        nearest: nearest::of(index, relation),
    })
}

/// The relation without a database that says nothing: where databases are projects of Google
/// Cloud, Tableau may show the project's display name. The manifest's adapter says so where the
/// connection type does not.
fn with_usable_database<'a>(index: &Index, relation: &Relation<'a>, table: &Table) -> Relation<'a> {
    let has_project_ids = index.adapter().has_project_ids() || table.connection.has_project_ids();
    let mut relation = relation.clone();
    relation.database = relation
        .database
        .filter(|database| !has_project_ids || is_project_id(database));
    relation
}

/// Rules `exact` and `case`: both sides have a database.
fn by_all_parts(index: &Index, relation: &Relation, candidates: &[&Entry]) -> Option<Outcome> {
    let database = relation.database.as_deref()?;
    let same_but_case = candidates
        .iter()
        .copied()
        .filter(|entry| equal_but_case(entry.relation.database.as_deref(), database));
    let same_but_case = same_but_case.collect::<Vec<_>>();
    let is_exact = |entry: &&&Entry| {
        let same = |stored: Option<&str>| {
            index
                .adapter()
                .casing()
                .same(stored.unwrap_or_default(), database)
        };
        same(entry.relation.database.as_deref()) && is_exact(index, relation, entry)
    };
    let exact = same_but_case
        .iter()
        .filter(is_exact)
        .copied()
        .collect::<Vec<_>>();
    one_or_ambiguous(index, &exact, Rule::Exact)
        .or_else(|| one_or_ambiguous(index, &same_but_case, Rule::Case))
}

/// Rule `database`: Tableau gives no usable one.
fn without_tableau_database(
    index: &Index,
    relation: &Relation,
    candidates: &[&Entry],
) -> Option<Outcome> {
    let none_has_a_database = candidates
        .iter()
        .all(|entry| entry.relation.database.is_none());
    if relation.database.is_some() || none_has_a_database {
        return None;
    }
    one_or_ambiguous(index, &fitting(index, relation, candidates), Rule::Database)
}

/// Rule `schema`: dbt's side has none, or leaves it out of the relation.
fn without_dbt_database(
    index: &Index,
    relation: &Relation,
    candidates: &[&Entry],
) -> Option<Outcome> {
    let candidates = candidates
        .iter()
        .copied()
        .filter(|entry| entry.relation.database.is_none())
        .collect::<Vec<_>>();
    let fitting = fitting(index, relation, &candidates);
    let decided = fitting.iter().copied().filter(|entry| {
        relation
            .database
            .as_deref()
            .is_some_and(|shown| equal_but_case(entry.unrendered_database, shown))
    });
    let decided = decided.collect::<Vec<_>>();
    let fitting = if fitting.len() > 1 && !decided.is_empty() {
        decided
    } else {
        fitting
    };
    one_or_ambiguous(index, &fitting, Rule::Schema)
}

/// Rule `wildcard`: a source such as `events_*` stands for every table with that prefix.
fn by_wildcard(index: &Index, relation: &Relation, schema: &str) -> Option<Outcome> {
    let name = folded(&relation.name);
    let in_database = |entry: &&Entry| match (&relation.database, &entry.relation.database) {
        (Some(shown), Some(stored)) => equal_but_case(Some(stored), shown),
        _ => true,
    };
    let has_prefix = |entry: &&Entry| {
        let prefix = folded(entry.relation.name.trim_end_matches('*'));
        name.len() > prefix.len() && name.starts_with(&prefix)
    };
    let fitting = index
        .wildcards_in(schema)
        .filter(in_database)
        .filter(has_prefix)
        .collect::<Vec<_>>();
    one_or_ambiguous(index, &fitting, Rule::Wildcard)
}

/// A table without a schema: its database may be what dbt calls a schema; else rule `name`.
fn by_name_or_parent(
    index: &Index,
    relation: &Relation,
    table: &Table,
    matching: &Matching,
) -> Outcome {
    // On platforms with two levels, Tableau may show the upper one as the database.
    if let Some(database) = relation.database.as_deref() {
        let candidates = index.with_schema_and_name(database, &relation.name);
        let candidates = candidates
            .filter(|entry| {
                entry.relation.database.is_none() && entry.unrendered_database.is_none()
            })
            .collect::<Vec<_>>();
        if let Some(found) =
            one_or_ambiguous(index, &fitting(index, relation, &candidates), Rule::Schema)
        {
            return found;
        }
    }
    if let Some(found) = by_name(index, relation, table, matching) {
        return found;
    }
    Outcome::Unknown {
        reason: UnknownReason::OnlyNameKnown,
        nearest: nearest::by_name(index, relation),
    }
}

/// Rule `name`, where the user allows it for this connection type.
fn by_name(
    index: &Index,
    relation: &Relation,
    table: &Table,
    matching: &Matching,
) -> Option<Outcome> {
    let allowed = table
        .connection
        .base()
        .is_some_and(|base| matching.name_only.contains(base));
    let has_platform = table.connection.reach() != Reach::Anything;
    let database = relation.database.as_deref()?;
    if !allowed || !has_platform {
        return None;
    }
    let in_database = |entry: &&Entry| {
        let stored = entry
            .relation
            .database
            .as_deref()
            .or(entry.unrendered_database);
        stored.is_none_or(|stored| equal_but_case(Some(stored), database))
    };
    let candidates = index
        .with_name(&relation.name)
        .filter(in_database)
        .collect::<Vec<_>>();
    let exact = candidates
        .iter()
        .copied()
        .filter(|entry| {
            index
                .adapter()
                .casing()
                .same(&entry.relation.name, &relation.name)
        })
        .collect::<Vec<_>>();
    one_or_ambiguous(index, &exact, Rule::Name)
        .or_else(|| one_or_ambiguous(index, &candidates, Rule::Name))
}

/// The relations whose schema and name fit: those that are equal exactly, else all that are
/// equal but for case.
fn fitting<'i, 'n, 'a>(
    index: &Index,
    relation: &Relation,
    candidates: &[&'i Entry<'n, 'a>],
) -> Vec<&'i Entry<'n, 'a>> {
    let exact = candidates
        .iter()
        .copied()
        .filter(|entry| is_exact(index, relation, entry))
        .collect::<Vec<_>>();
    if exact.is_empty() {
        candidates.to_vec()
    } else {
        exact
    }
}

/// Whether schema and name are exactly the stored ones.
fn is_exact(index: &Index, relation: &Relation, entry: &Entry) -> bool {
    let schema = relation
        .schema
        .as_deref()
        .or(relation.database.as_deref())
        .unwrap_or_default();
    let stored = entry.relation.schema.as_deref().unwrap_or_default();
    index.adapter().casing().same(stored, schema)
        && index
            .adapter()
            .casing()
            .same(&entry.relation.name, &relation.name)
}

fn equal_but_case(stored: Option<&str>, shown: &str) -> bool {
    stored.is_some_and(|stored| same_but_case(stored, shown))
}

/// One relation with one node is a link; several of either are ambiguous, never the first.
fn one_or_ambiguous(index: &Index, entries: &[&Entry], rule: Rule) -> Option<Outcome> {
    match entries {
        [] => None,
        [entry] if entry.nodes.len() == 1 => Some(Outcome::Linked {
            node: entry.nodes[0],
            rule,
        }),
        several => {
            let mut candidates = several
                .iter()
                .flat_map(|entry| entry.nodes.iter().copied())
                .collect::<Vec<_>>();
            candidates.sort_by(|a, b| index.node(*a).unique_id.cmp(&index.node(*b).unique_id));
            Some(Outcome::Ambiguous { candidates })
        }
    }
}
