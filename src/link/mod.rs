//! The match: each table that a workbook reads gets exactly one outcome.
//!
//! [`platform`] asks whether a connection can reach the warehouse at all, [`index`] holds dbt's
//! relations, [`rules`] tries the matching rules in order, [`nearest`] explains a miss, among
//! [`similar`] names above all. What to do with the outcomes is decided elsewhere.

pub mod hash_index;
pub mod index;
pub mod nearest;
pub mod outcome;
pub mod platform;
pub mod reason;
pub mod rules;
pub mod similar;

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;

pub use self::index::Index;
pub use self::outcome::{
    Links, MatchedTable, NearMiss, Outcome, OutcomeKind, Rule, WorkbookLinks, WorkbookTable,
};
use self::platform::OutOfReach;
pub use self::reason::{Difference, NotLinked, UnknownReason};
use crate::model::{Adapter, ConnectionType, Node, Site, Table, Upstream, Workbook};
use crate::settings::Matching;

/// Links every workbook of the site to dbt's nodes.
///
/// Distinct tables are looked up once, in parallel, on an index that is built once.
pub fn link<'a>(
    nodes: &[Node],
    adapter: Adapter,
    site: &'a Site<'a>,
    matching: &Matching,
) -> Links<'a> {
    let index = Index::new(nodes, adapter, &matching.prefer_packages);
    let matched = site
        .tables
        .par_iter()
        .map(|table| Arc::new(matched(&index, table, matching)));
    let matched = matched.collect::<Vec<_>>();
    let reaches = |connection: &ConnectionType| {
        platform::reaches(&matching.read_as(connection), index.adapter())
    };
    let workbooks = site.workbooks.par_iter();
    let workbooks = workbooks.map(|workbook| of_workbook(workbook, &matched, &reaches));
    Links {
        workbooks: workbooks.collect(),
    }
}

/// A table that is named, with what becomes of it.
fn matched<'a>(index: &Index, table: &Table<'a>, matching: &Matching) -> MatchedTable<'a> {
    let outcome = of_table(index, table, matching);
    MatchedTable {
        shown: shown(table, &outcome),
        connection: table.connection.clone(),
        database: database(table),
        outcome,
    }
}

fn of_table(index: &Index, table: &Table, matching: &Matching) -> Outcome {
    let table = &as_configured(table, matching);
    match platform::reaches(&table.connection, index.adapter()) {
        Ok(()) => rules::outcome(index, table, matching),
        Err(out_of_reach) => out_of_reach.into(),
    }
}

/// The table with the connection type that it reads as, and with the schema that it has by default.
fn as_configured<'a>(table: &Table<'a>, matching: &Matching) -> Table<'a> {
    let mut table = table.clone();
    if let Ok(relation) = &mut table.name
        && relation.schema.is_none()
        && let Some(found) = matching.schema_of(&table.connection, relation.database.as_deref())
    {
        relation.schema = Some(found.schema.clone().into());
    }
    table.connection = matching.read_as(&table.connection);
    table
}

fn of_workbook<'a>(
    workbook: &'a Workbook<'a>,
    matched: &[Arc<MatchedTable<'a>>],
    reaches: &impl Fn(&ConnectionType) -> Result<(), OutOfReach>,
) -> WorkbookLinks<'a> {
    let tables = workbook.reads.iter().map(|read| {
        let table = match &read.upstream {
            Upstream::Table(table) => Arc::clone(&matched[table.0]),
            Upstream::Hidden(label) => unnamed(label.clone().into_owned(), Outcome::Hidden),
            Upstream::Unresolved(reference) => unnamed(
                reference.to_string(),
                Outcome::Unresolved(reference.reason()),
            ),
            Upstream::Unreadable {
                name,
                connection,
                reason,
            } => {
                // All custom SQL has the same name until somebody gives it another one.
                let path = read.paths.first().filter(|path| !path.0.is_empty());
                let place = path.map(|path| format!(" ({path})")).unwrap_or_default();
                // What another warehouse or a file is asked need not be understood.
                let outcome = match reaches(connection) {
                    Ok(()) => Outcome::Unreadable(*reason),
                    Err(out_of_reach) => out_of_reach.into(),
                };
                let (shown, connection) = (format!("{name}{place}"), connection.clone());
                Arc::new(MatchedTable {
                    shown,
                    connection,
                    database: None,
                    outcome,
                })
            }
        };
        WorkbookTable {
            table,
            paths: &read.paths,
        }
    });
    WorkbookLinks {
        tables: tables.collect(),
    }
}

/// What stands where a table could not be named.
fn unnamed<'a>(shown: String, outcome: Outcome) -> Arc<MatchedTable<'a>> {
    Arc::new(MatchedTable {
        shown,
        connection: ConnectionType::default(),
        database: None,
        outcome,
    })
}

fn database(table: &Table) -> Option<String> {
    table
        .name
        .as_ref()
        .ok()?
        .database
        .clone()
        .map(Cow::into_owned)
}

/// Files and sheets have a name and no more; of what Tableau puts in front nothing is a schema.
fn shown(table: &Table, outcome: &Outcome) -> String {
    match (&table.name, outcome) {
        (Ok(relation), Outcome::NotWarehouse) => relation.name.clone().into_owned(),
        _ => table.to_string(),
    }
}
