//! The relations that come nearest to a table that no rule fits, and how they differ from it.

use std::sync::Arc;

use super::alike::{Alike, Part, are_alike};
use super::entries::Entry;
use super::index::Index;
use super::outcome::NearMiss;
use super::reason::Difference;
use super::similar::{Effort, MOST_EDITS};
use crate::model::relation::{folded, same_but_case};
use crate::model::{Code, Diagnostic, NodeKind, Relation, Role};

/// How many near misses are worth reading.
const MOST: usize = 3;
/// The effort that all searches for similar names of a run share, and the least of each. In
/// ordinary schemas a search takes a few thousand rows.
const EFFORT: usize = 16_000_000;
const LEAST_EFFORT: usize = 1_000;

/// The effort of each search, if so many tables have near misses.
pub fn effort(tables: usize) -> Effort {
    Effort::of_rows((EFFORT / tables.max(1)).max(LEAST_EFFORT))
}

/// The note on tables for which the search for similar names ended early, if there are any.
pub fn cut_short(tables: usize) -> Option<Diagnostic> {
    let counted = match tables {
        0 => return None,
        1 => "1 table".to_owned(),
        _ => format!("{tables} tables"),
    };
    let message = format!(
        "the search for similar names ended early for {counted}, since very many names had to be compared: a relation whose name differs in a letter or two may be missing among the nearest ones"
    );
    Some(Diagnostic::new(Code::NearestCut, "", message))
}

/// The near misses of a table, the nearest first.
pub fn find(index: &Index, shown: &Relation, effort: &mut Effort) -> Vec<NearMiss> {
    match shown.schema.as_deref() {
        Some(schema) => around(index, shown, schema, effort),
        None => namesakes(index, shown),
    }
}

/// Near misses of a table with a schema: first the latest version of a model of this name, then
/// relations where only the database differs, then relations where only the schema differs, then
/// similar names in the same schema, then the same name anywhere else.
fn around(index: &Index, shown: &Relation, schema: &str, effort: &mut Effort) -> Vec<NearMiss> {
    let database = shown.database.as_deref();
    let same_name = index
        .with_schema_and_name(schema, &shown.name, database)
        .filter_map(|entry| match entry.role {
            Role::Own if is_in_another_case(entry, shown) => Some((entry, Difference::Case)),
            Role::Own => Some((entry, other_database(entry, shown))),
            Role::PerhapsLatest if may_share_database(entry, shown) => {
                Some((entry, Difference::LatestVersion))
            }
            Role::PerhapsLatest | Role::Latest | Role::Deferred => None,
        });
    let other_schema = index
        .with_name(&shown.name, database)
        .filter(|entry| entry.role == Role::Own)
        .filter(|entry| may_share_database(entry, shown) && !is_in(entry, schema))
        .map(|entry| (entry, other_schema(entry, schema)));
    let mut misses = best(index, same_name.chain(other_schema));
    if misses.len() < MOST {
        let look_alikes = best(index, alike(index, shown, schema));
        let other_aliases = other_aliases(index, shown, schema);
        let similar = similar(index, shown, schema, effort);
        let elsewhere = best(index, elsewhere(index, shown, schema));
        let more = look_alikes.into_iter().chain(other_aliases);
        for miss in more.chain(similar).chain(elsewhere) {
            if misses.iter().all(|known| known.node != miss.node) {
                misses.push(miss);
            }
        }
        misses.truncate(MOST);
    }
    misses
}

/// Relations of the same name in another database and schema.
fn elsewhere<'i, 'n, 'a>(
    index: &'i Index<'n, 'a>,
    shown: &Relation,
    schema: &str,
) -> impl Iterator<Item = (&'i Entry<'n, 'a>, Difference)> {
    index
        .with_name(&shown.name, shown.database.as_deref())
        .filter(|entry| entry.role == Role::Own)
        .filter(|entry| !may_share_database(entry, shown) && !is_in(entry, schema))
        .map(|entry| (entry, Difference::DatabaseAndSchema))
}

/// Whether the names differ, if only in case. Only a name from a query can be missed so.
fn is_in_another_case(entry: &Entry, shown: &Relation) -> bool {
    let stored = &entry.relation;
    let parts = [
        (stored.database.as_deref(), shown.database.as_deref()),
        (stored.schema.as_deref(), shown.schema.as_deref()),
        (Some(&*stored.name), Some(&*shown.name)),
    ];
    let mut known = parts
        .iter()
        .filter_map(|(stored, shown)| stored.zip(*shown));
    known
        .clone()
        .all(|(stored, shown)| same_but_case(stored, shown))
        && known.any(|(stored, shown)| stored != shown)
}

fn other_database(entry: &Entry, shown: &Relation) -> Difference {
    let stored = entry.relation.database.as_deref();
    match shown.database.as_deref().zip(stored) {
        Some((shown, stored)) if are_alike(shown, stored) => {
            Difference::Alike(Part::Database, Alike::new(shown, stored))
        }
        Some(_) | None => Difference::Database,
    }
}

fn other_schema(entry: &Entry, shown: &str) -> Difference {
    let stored = entry.schema();
    if are_alike(shown, stored) {
        Difference::Alike(Part::Schema, Alike::new(shown, stored))
    } else {
        Difference::Schema
    }
}

/// Relations of the same schema with a name that looks alike.
fn alike<'i, 'n, 'a>(
    index: &'i Index<'n, 'a>,
    shown: &Relation,
    schema: &str,
) -> impl Iterator<Item = (&'i Entry<'n, 'a>, Difference)> {
    index
        .alike_in_schema(schema, &shown.name, shown.database.as_deref())
        .filter(|entry| may_share_database(entry, shown))
        .map(|entry| {
            let how = Alike::new(&shown.name, &entry.relation.name);
            (entry, Difference::Alike(Part::Name, how))
        })
}

/// Nodes of this name whose relation is called otherwise, those in the same schema first.
fn other_aliases(index: &Index, shown: &Relation, schema: &str) -> Vec<NearMiss> {
    let namesakes = index.with_other_alias(&shown.name);
    let mut misses = namesakes
        .map(|(entry, ix)| {
            let node = index.node(ix);
            let name = Arc::from(node.typed.name.as_ref());
            let difference = match node.kind {
                NodeKind::Source => Difference::OtherIdentifier(name),
                kind => Difference::OtherAlias(kind, name),
            };
            let is_near = may_share_database(entry, shown) && is_in(entry, schema);
            let miss = NearMiss {
                node: ix,
                role: Role::Own,
                difference,
            };
            ((!is_near, &node.unique_id), miss)
        })
        .collect::<Vec<_>>();
    misses.sort_by_key(|(place, _)| *place);
    let misses = misses.into_iter().map(|(_, miss)| miss);
    misses.take(MOST).collect()
}

/// The nearest relations of the same schema with a similar name. Names that are two edits away are
/// only looked for where few are one edit away, since that takes much longer.
fn similar(index: &Index, shown: &Relation, schema: &str, effort: &mut Effort) -> Vec<NearMiss> {
    let name = folded(&shown.name);
    let mut nearest = Vec::new();
    for most in 1..=most_edits(&name) {
        let database = shown.database.as_deref();
        let similar = index
            .similar_in_schema(schema, &name, database, most, effort)
            .filter(|(entry, edits)| {
                may_share_database(entry, shown) && *edits <= most_edits(&entry.relation.name)
            })
            .map(|(entry, edits)| (entry, Difference::Name(edits)));
        nearest = best(index, similar);
        if nearest.len() == MOST {
            break;
        }
    }
    nearest
}

/// Near misses of a table without a schema: relations of the same name.
fn namesakes(index: &Index, shown: &Relation) -> Vec<NearMiss> {
    let own = index.with_name(&shown.name, shown.database.as_deref());
    let own = own.filter(|entry| entry.role == Role::Own);
    let namesakes = own.map(|entry| {
        let database = entry.relation.database.as_deref();
        if is_none_or_same(database.or(entry.unrendered_database), shown) {
            (entry, Difference::OnlyNameKnown)
        } else {
            (entry, Difference::OnlyNameAndDatabase)
        }
    });
    best(index, namesakes)
}

/// Whether a relation is in this schema. One without a schema is in none.
fn is_in(entry: &Entry, schema: &str) -> bool {
    let stored = entry.relation.schema.as_deref();
    stored.is_some_and(|stored| same_but_case(stored, schema))
}

/// Whether the databases are the same but for case, or one side does not know its own.
fn may_share_database(entry: &Entry, shown: &Relation) -> bool {
    is_none_or_same(entry.relation.database.as_deref(), shown)
}

fn is_none_or_same(stored: Option<&str>, shown: &Relation) -> bool {
    stored
        .zip(shown.database.as_deref())
        .is_none_or(|(stored, shown)| same_but_case(stored, shown))
}

/// How many edits a similar name of this length may differ in: two in four letters are too many.
fn most_edits(name: &str) -> usize {
    MOST_EDITS.min(name.chars().count().saturating_sub(1) / 2)
}

/// The nearest nodes of these relations, by difference and id.
fn best<'e, 'n: 'e, 'a: 'n + 'e>(
    index: &Index,
    entries: impl Iterator<Item = (&'e Entry<'n, 'a>, Difference)>,
) -> Vec<NearMiss> {
    let mut misses = entries
        .flat_map(|(entry, difference)| {
            // They are in the order of their ids.
            let nodes = entry.nodes.iter().take(MOST);
            nodes.map(move |node| NearMiss {
                node: *node,
                role: entry.role,
                difference: difference.clone(),
            })
        })
        .collect::<Vec<_>>();
    misses.sort_by(|one, other| {
        let ids = [one, other].map(|miss| &index.node(miss.node).unique_id);
        one.difference
            .cmp(&other.difference)
            .then_with(|| ids[0].cmp(ids[1]))
    });
    misses.truncate(MOST);
    misses
}
