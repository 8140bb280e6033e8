//! The match: each table that a workbook reads gets exactly one outcome.
//!
//! [`platform`] asks whether a connection can reach the warehouse at all, [`index`] finds dbt's
//! relations ([`entries`]), and [`rules`] tries the matching rules in order. [`one_database`] then
//! looks at all tables together, and [`nearest`] explains a miss, mostly by [`similar`] names and by
//! names that look [`alike`]. [`reason`] has the reasons why a table is not linked, and [`advice`]
//! says what would get it linked. [`crate::plan`] decides what to do with the outcomes.
//!
//! No table is compared with all relations: a [`crowd`] of one name, [`wildcards`] and
//! [`neighbours`] are found by what is asked about them.

pub mod advice;
pub mod alike;
pub mod crowd;
pub mod entries;
pub mod hash_index;
pub mod index;
pub mod nearest;
pub mod neighbours;
pub mod one_database;
pub mod outcome;
pub mod platform;
pub mod reason;
pub mod rules;
pub mod similar;
pub mod wildcards;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

pub use self::index::Index;
pub use self::outcome::{
    Advice, Links, MatchedTable, NearMiss, Outcome, OutcomeKind, Rule, WorkbookLinks, WorkbookTable,
};
pub use self::reason::{Difference, NotLinked, UnknownReason};
use crate::model::{
    Adapter, ConnectionType, Node, NodeIx, Path, Read, Site, Table, UnreadableSql, Upstream,
    Workbook,
};
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
    let linker = Linker {
        index: Index::new(nodes, adapter, matching),
        matching,
    };
    let outcomes = site
        .tables
        .par_iter()
        .map(|table| linker.outcome(&as_configured(table, matching)))
        .collect();
    let outcomes = one_database::enforce(&linker.index, matching, &site.tables, outcomes);
    let outcomes = linker.explained(&site.tables, outcomes);
    let tables = site
        .tables
        .par_iter()
        .zip(outcomes)
        .map(|(table, outcome)| Arc::new(linker.matched(table, outcome)))
        .collect::<Vec<_>>();
    let workbooks = site
        .workbooks
        .par_iter()
        .map(|workbook| linker.workbook(workbook, &tables))
        .collect();
    Links {
        workbooks,
        unclaimed: linker.unclaimed(&site.unclaimed_sql.tables),
    }
}

/// What tables are matched with.
struct Linker<'l, 'n, 'a> {
    index: Index<'n, 'a>,
    matching: &'l Matching,
}

impl Linker<'_, '_, '_> {
    fn outcome(&self, table: &Table) -> Outcome {
        match platform::reaches(&table.connection, self.index.adapter()) {
            Ok(()) => self
                .by_whole_name(table)
                .unwrap_or_else(|| rules::outcome(&self.index, table, self.matching)),
            Err(out_of_reach) => out_of_reach.into(),
        }
    }

    /// The outcome of a table whose name seems to repeat its schema, if that is a part of the name.
    fn by_whole_name(&self, table: &Table) -> Option<Outcome> {
        let name = table.whole_name.as_ref()?;
        let mut whole = table.clone();
        whole.name.as_mut().ok()?.name = name.clone();
        let outcome = rules::outcome(&self.index, &whole, self.matching);
        matches!(outcome, Outcome::Linked { .. } | Outcome::Ambiguous { .. }).then_some(outcome)
    }

    /// The outcomes with near misses where no relation fits.
    fn explained(&self, tables: &[Table], outcomes: Vec<Outcome>) -> Vec<Outcome> {
        let is_unknown = |outcome: &&Outcome| outcome.kind() == OutcomeKind::Unknown;
        let effort = nearest::effort(outcomes.iter().filter(is_unknown).count());
        tables
            .par_iter()
            .zip(outcomes)
            .map(|(table, outcome)| match outcome.kind() {
                OutcomeKind::Unknown => {
                    let table = as_configured(table, self.matching);
                    rules::explained(&self.index, &table, outcome, effort)
                }
                _ => outcome,
            })
            .collect()
    }

    /// A table that is named, with its outcome.
    fn matched<'t>(&self, table: &Table<'t>, outcome: Outcome) -> MatchedTable<'t> {
        let default_schema = self.matching.find_default_schema(table);
        MatchedTable {
            shown: shown(table, &outcome),
            connection: table.connection.clone(),
            database: database(table),
            default_schema: default_schema.map(|found| found.schema.clone()),
            advice: advice::advice(&self.index, table, &outcome),
            outcome,
        }
    }

    /// The nodes of tables that nobody is known to read.
    fn unclaimed(&self, tables: &[Table]) -> BTreeSet<NodeIx> {
        let outcomes = tables
            .par_iter()
            .map(|table| self.outcome(&as_configured(table, self.matching)));
        let linked = outcomes.filter_map(|outcome| match outcome {
            Outcome::Linked { node, .. } => Some(node),
            _ => None,
        });
        linked.collect()
    }

    /// What a workbook reads, with the outcomes of the site's tables.
    fn workbook<'t>(
        &self,
        workbook: &'t Workbook<'t>,
        tables: &[Arc<MatchedTable<'t>>],
    ) -> WorkbookLinks<'t> {
        let tables = workbook.reads.iter().map(|read| WorkbookTable {
            table: self.upstream(read, tables),
            paths: &read.paths,
        });
        WorkbookLinks {
            tables: tables.collect(),
        }
    }

    fn upstream<'t>(
        &self,
        read: &Read<'t>,
        tables: &[Arc<MatchedTable<'t>>],
    ) -> Arc<MatchedTable<'t>> {
        match &read.upstream {
            Upstream::Table(table) => Arc::clone(&tables[table.0]),
            Upstream::Hidden(label) => unnamed(label.to_string(), Outcome::Hidden),
            Upstream::Unresolved(object) => {
                unnamed(object.to_string(), Outcome::Unresolved(object.reason))
            }
            Upstream::Unreadable {
                name,
                connection,
                reason,
            } => Arc::new(MatchedTable {
                shown: format!("{name}{}", first_path(&read.paths)),
                connection: connection.clone(),
                database: None,
                default_schema: None,
                advice: None,
                outcome: self.unreadable(connection, *reason),
            }),
        }
    }

    /// The outcome of custom SQL whose tables are not known. Another warehouse or a file holds no
    /// relation of the project, whatever it is asked.
    fn unreadable(&self, connection: &ConnectionType, reason: UnreadableSql) -> Outcome {
        let connection = self.matching.read_as(connection);
        match platform::reaches(&connection, self.index.adapter()) {
            Ok(()) => Outcome::Unreadable(reason),
            Err(out_of_reach) => out_of_reach.into(),
        }
    }
}

/// The table with the connection type that it reads as, and with the schema that it has by default.
fn as_configured<'a>(table: &Table<'a>, matching: &Matching) -> Table<'a> {
    let mut table = table.clone();
    if let Some(found) = matching.find_default_schema(&table)
        && let Ok(relation) = &mut table.name
    {
        relation.schema = Some(found.schema.clone().into());
    }
    table.connection = matching.read_as(&table.connection);
    table
}

/// What stands where a table could not be named.
fn unnamed<'a>(shown: String, outcome: Outcome) -> Arc<MatchedTable<'a>> {
    Arc::new(MatchedTable {
        shown,
        connection: ConnectionType::default(),
        database: None,
        default_schema: None,
        advice: None,
        outcome,
    })
}

/// The shortest path in brackets, to tell custom SQL apart: all of it has the same name until
/// somebody changes it. Empty where the workbook reads it directly.
fn first_path(paths: &[Path]) -> String {
    match paths.first() {
        Some(path) if !path.is_empty() => format!(" ({path})"),
        Some(_) | None => String::new(),
    }
}

fn database(table: &Table) -> Option<String> {
    let relation = table.name.as_ref().ok()?;
    relation.database.clone().map(Cow::into_owned)
}

/// Files and sheets have a name and no more; what Tableau puts in front is not a schema.
fn shown(table: &Table, outcome: &Outcome) -> String {
    match (&table.name, outcome) {
        (Ok(relation), Outcome::NotWarehouse) => relation.name.to_string(),
        _ => table.to_string(),
    }
}
