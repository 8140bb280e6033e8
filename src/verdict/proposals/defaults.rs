//! Schemas of tables without one.

use std::collections::BTreeMap;

use super::{Entry, Maker, Proposal};
use crate::link::{NearMiss, Outcome};
use crate::model::ConnectionType;
use crate::model::connection::Reach;
use crate::verdict::cause::Why;
use crate::verdict::line::Line;
use crate::verdict::rewrite_line::CHOICE;
use crate::verdict::way::Way;

/// What may go wrong where a name alone links.
const NAME_ALONE: &str = "a table that dbt does not build links too if it has such a name";

impl Maker<'_, '_, '_> {
    /// Schemas of tables without one: filled in where only one comes into question. Where several do,
    /// the name alone may link more than any of them.
    pub(super) fn default_schemas(&self) -> Vec<Proposal> {
        let mut proposals = Vec::new();
        let mut certain = Vec::new();
        for (connection, database, items) in self.without_schema() {
            let schemas = self.namesakes(items);
            let line = |schema: &str| Line::DefaultSchema {
                connection_type: connection.cloned(),
                database: database.cloned(),
                schema: schema.to_owned(),
            };
            match schemas.as_slice() {
                [] => {}
                [only] => certain.push(Entry {
                    line: line(only),
                    names: Vec::new(),
                    items: items.clone(),
                }),
                _ => proposals.push(Proposal {
                    risky: connection.and_then(|name| by_name_alone(name)),
                    ..Proposal::new(Why::NoSchema, line(CHOICE), items).of_choices(schemas)
                }),
            }
        }
        proposals.extend(Proposal::in_parts(|_| Why::NoSchema, certain));
        proposals
    }

    /// Tables without a schema by connection type and database. The first entry that fits is used,
    /// so those that fit more come last.
    fn without_schema(&self) -> Vec<(Option<&String>, Option<&String>, &Vec<usize>)> {
        let ways = self.of_ways.iter().filter_map(|(way, items)| match way {
            Way::DefaultSchema {
                connection,
                database,
            } => Some((connection.as_ref(), database.as_ref(), items)),
            _ => None,
        });
        let mut ways = ways.collect::<Vec<_>>();
        ways.sort_by_key(|(connection, database, _)| (connection.is_none(), database.is_none()));
        ways
    }

    /// The schemas in which the project has relations of the names of these tables, those of most
    /// tables first.
    fn namesakes(&self, items: &[usize]) -> Vec<String> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for item in items {
            let nearest = match &self.items.get(*item).matched.outcome {
                Outcome::Unknown { nearest, .. } => nearest.as_slice(),
                _ => &[],
            };
            for schema in nearest.iter().filter_map(|miss| self.schema_of(miss)) {
                *counts.entry(schema).or_default() += 1;
            }
        }
        let mut schemas = counts.into_iter().collect::<Vec<_>>();
        schemas.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        schemas.into_iter().map(|(schema, _)| schema).collect()
    }

    fn schema_of(&self, miss: &NearMiss) -> Option<String> {
        let own = self.known.project.nodes[miss.node].relation.as_ref()?;
        own.schema.as_deref().map(str::to_owned)
    }
}

/// The line that lets a name alone link, and its risk; `None` if connections of this type may lead to
/// any warehouse, since then it never does.
fn by_name_alone(connection: &str) -> Option<(Line, &'static str)> {
    let reach = ConnectionType::new(Some(connection.into())).reach();
    let line = || Line::NameOnly(connection.to_owned());
    matches!(reach, Reach::Warehouse(_)).then(|| (line(), NAME_ALONE))
}
