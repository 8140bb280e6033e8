//! The relations that come nearest to a table that no rule fits, and what differs.

use super::index::{Entry, Index};
use super::outcome::NearMiss;
use super::reason::Difference;
use crate::model::Relation;
use crate::model::relation::{folded, same_but_case};

/// How many near misses are worth reading.
const MOST: usize = 3;
/// A name further away than this is another name.
const MOST_EDITS: usize = 2;

/// Near misses of a table with a schema: first those where only the database differs, then only
/// the schema, then names at most two edits away in the same schema.
pub fn of(index: &Index, relation: &Relation) -> Vec<NearMiss> {
    let schema = relation.schema.as_deref().unwrap_or_default();
    let other_database = index
        .with_schema_and_name(schema, &relation.name)
        .map(|entry| (entry, Difference::Database));
    let other_schema = index
        .with_name(&relation.name)
        .filter(|entry| {
            may_share_database(entry, relation)
                && !entry
                    .relation
                    .schema
                    .as_deref()
                    .is_some_and(|other| same_but_case(other, schema))
        })
        .map(|entry| (entry, Difference::Schema));
    let mut misses = best(index, other_database.chain(other_schema));
    if misses.len() < MOST {
        let name = folded(&relation.name);
        let similar = index.similar_in_schema(schema, &name, most_edits(&name));
        let similar = similar.filter(|(entry, edits)| {
            may_share_database(entry, relation) && *edits <= most_edits(&entry.relation.name)
        });
        misses.extend(best(
            index,
            similar.map(|(entry, edits)| (entry, Difference::Name(edits))),
        ));
        misses.truncate(MOST);
    }
    misses
}

/// Near misses of a table of which only the name is known: relations of that name.
pub fn by_name(index: &Index, relation: &Relation) -> Vec<NearMiss> {
    let namesakes = index.with_name(&relation.name).map(|entry| {
        let is_there = may_share_database(entry, relation);
        (
            entry,
            if is_there {
                Difference::OnlyNameKnown
            } else {
                Difference::OnlyNameAndDatabase
            },
        )
    });
    best(index, namesakes)
}

/// Whether the databases are the same, or one side does not know its own.
fn may_share_database(entry: &Entry, relation: &Relation) -> bool {
    match (&entry.relation.database, &relation.database) {
        (Some(stored), Some(shown)) => same_but_case(stored, shown),
        _ => true,
    }
}

/// How many edits leave a name of this length the same name. Of four letters, two do not.
fn most_edits(name: &str) -> usize {
    MOST_EDITS.min(name.chars().count().saturating_sub(1) / 2)
}

fn best<'e, 'n: 'e, 'a: 'n + 'e>(
    index: &Index,
    entries: impl Iterator<Item = (&'e Entry<'n, 'a>, Difference)>,
) -> Vec<NearMiss> {
    let misses = entries.flat_map(|(entry, difference)| {
        entry.nodes.iter().map(move |node| NearMiss {
            node: *node,
            difference,
        })
    });
    let mut misses = misses.collect::<Vec<_>>();
    misses.sort_by(|a, b| {
        a.difference.cmp(&b.difference).then_with(|| {
            index
                .node(a.node)
                .unique_id
                .cmp(&index.node(b.node).unique_id)
        })
    });
    misses.truncate(MOST);
    misses
}
