//! What tables that are not the project's have in common: whole databases, and connection types.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{Item, Items};
use super::places::Places;
use crate::link::OutcomeKind;
use crate::model::listing::first_few;
use crate::model::relation::folded;

/// What tables that are not the project's have in common.
pub struct Elsewhere {
    /// Databases, in folded case, of which nothing is the project's and of which several schemas are
    /// read: these are told as one.
    databases: BTreeSet<String>,
    /// Connection types of other warehouses, those of most tables first.
    connections: Vec<String>,
}

impl Elsewhere {
    /// What they have in common.
    pub fn new(places: &Places, items: &Items) -> Self {
        let mut schemas: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for item in items.iter() {
            match item.matched.outcome.kind() {
                OutcomeKind::Unknown => {
                    let name = item.name();
                    let name =
                        name.and_then(|name| name.database.as_deref().zip(name.schema.as_deref()));
                    if let Some((database, schema)) =
                        name.filter(|(database, _)| !places.have_database(database))
                    {
                        let schemas = schemas.entry(folded(database)).or_default();
                        schemas.insert(folded(schema));
                    }
                }
                OutcomeKind::OtherPlatform => {
                    let connection = item
                        .matched
                        .connection
                        .as_str()
                        .unwrap_or("a connection of unknown type");
                    *counts.entry(connection).or_default() += 1;
                }
                _ => {}
            }
        }
        schemas.retain(|_, schemas| schemas.len() > 1);
        let mut connections = counts.into_iter().collect::<Vec<_>>();
        connections.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Self {
            databases: schemas.into_keys().collect(),
            connections: connections
                .into_iter()
                .map(|(name, _)| name.to_owned())
                .collect(),
        }
    }

    /// The first few connection types of other warehouses.
    pub fn connections(&self) -> String {
        first_few(self.connections.len(), &self.connections)
    }

    /// Where a table is of which the project has nothing: its database if it is one of those, else
    /// its schema.
    pub fn place(&self, item: &Item) -> String {
        let name = item.name();
        let database = name.and_then(|name| name.database.as_deref());
        match database.filter(|database| self.databases.contains(&folded(database))) {
            Some(database) => database.to_owned(),
            None => item.place(),
        }
    }
}
