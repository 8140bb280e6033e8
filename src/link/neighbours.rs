//! Relations whose names come near another name: they look alike, or differ in a few letters.
//!
//! Only tables that no rule links ask for them, so this is built when the first one does.

use foldhash::{HashMap, HashMapExt};

use super::alike::seen;
use super::crowd::FEW;
use super::entries::Entry;
use super::similar::{Effort, Names};
use crate::model::relation::folded;

/// The names of relations, by database and schema.
#[derive(Debug, Default)]
pub struct Neighbours {
    /// The names in each schema, in folded case.
    names: HashMap<Schema, Names>,
    /// Names that have letters that cannot be seen, or another Unicode form than the usual one, by
    /// the letters that can be seen.
    odd_names: HashMap<(Schema, String), Vec<usize>>,
}

/// A database, unless it is not rendered or does not count, and a schema, both in folded case.
type Schema = (Option<String>, String);

impl Neighbours {
    /// Sorts relations, each with its position. They come in the order in which they are named. A
    /// table whose database is not known may be near to a relation of any, so databases do not
    /// count for such tables.
    pub fn new<'e, 'n: 'e, 'a: 'n>(
        relations: impl Iterator<Item = (usize, &'e Entry<'n, 'a>)>,
        is_database_known: bool,
    ) -> Self {
        let mut names: HashMap<Schema, Vec<(String, usize)>> = HashMap::new();
        let mut odd_names: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, entry) in relations {
            let database = entry.relation.database.as_deref();
            let database = database.filter(|_| is_database_known);
            let schema = (database.map(folded), folded(entry.schema()));
            let (name, seen) = (folded(&entry.relation.name), seen(&entry.relation.name));
            if seen != name {
                let key = (schema.clone(), seen.into_owned());
                let alike = odd_names.entry(key).or_default();
                if alike.len() < FEW {
                    alike.push(at);
                }
            }
            names.entry(schema).or_default().push((name, at));
        }
        Self {
            names: names
                .into_iter()
                .map(|(schema, names)| (schema, Names::new(names)))
                .collect(),
            odd_names,
        }
    }

    /// The positions of relations with an odd name of which these letters can be seen.
    pub fn alike(&self, database: Option<&str>, schema: &str, seen: &str) -> Vec<usize> {
        schemas(database, schema)
            .filter_map(|schema| self.odd_names.get(&(schema, seen.to_owned())))
            .flatten()
            .copied()
            .collect()
    }

    /// The positions of relations whose names in folded case are at least one and at most `most`
    /// edits away from this one, with that distance.
    pub fn similar(
        &self,
        database: Option<&str>,
        schema: &str,
        name: &str,
        most: usize,
        effort: &mut Effort,
    ) -> Vec<(usize, usize)> {
        schemas(database, schema)
            .filter_map(|schema| self.names.get(&schema))
            .flat_map(|names| names.near(name, most, effort))
            .collect()
    }
}

/// Where relations are that may be in this database: in it, or in one that is not known.
fn schemas(database: Option<&str>, schema: &str) -> impl Iterator<Item = Schema> {
    let schema = folded(schema);
    let known = database.map(|database| Some(folded(database)));
    known
        .into_iter()
        .chain([None])
        .map(move |database| (database, schema.clone()))
}
