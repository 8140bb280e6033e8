//! The match: each table that a workbook reads gets exactly one outcome.
//!
//! [`configured`] reads a table as the configuration says, [`platform`] asks whether its connection
//! can reach the warehouse at all, [`index`] finds dbt's relations ([`entries`]), and [`finding`]
//! tries the matching [`rules`] in order. [`one_database`] then
//! looks at all tables together, and [`nearest`] explains a miss, mostly by [`similar`] names and by
//! names that look [`alike`]. [`reason`] has the reasons why a table is not linked,
//! and [`lost`] finds the links that are lost since the state. [`mesh`] links to several projects of one run.
//! [`crate::plan`] decides what to do with the outcomes, [`crate::verdict`] what would link more.
//!
//! No table is compared with all relations: a [`crowd`] of one name, [`wildcards`] and
//! [`neighbours`] are found by what is asked about them.

pub mod alike;
pub mod configured;
pub mod crowd;
pub mod entries;
pub mod finding;
pub mod hash_index;
pub mod index;
pub mod lost;
pub mod mesh;
pub mod nearest;
pub mod neighbours;
pub mod one_database;
pub mod other_aliases;
pub mod other_node;
pub mod outcome;
pub mod platform;
mod readers;
pub mod reason;
pub mod rules;
pub mod similar;
pub mod wildcards;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;

use self::configured::{as_configured, rewritten};
pub use self::finding::Finding;
pub use self::index::Index;
pub use self::lost::{Before, Ended, Endings, LostLinks};
pub use self::mesh::{Mesh, Whole};
pub use self::other_node::OtherNode;
pub use self::outcome::{
    Links, MatchedTable, NearMiss, Outcome, OutcomeKind, Rule, WorkbookLinks, WorkbookTable,
};
pub use self::reason::{Difference, NotLinked, UnknownReason};
use self::similar::Effort;
use crate::model::{
    Adapter, ConnectionType, Node, NodeIx, Path, Read, Site, Table, UnreadableSql, Upstream,
};
use crate::model::{ObjectKind, UnresolvedReason};
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
    let index = &Index::new(nodes, adapter, matching);
    let linker = Linker { index, matching };
    let findings = linker.find_all(&site.tables);
    let rewrites = findings
        .iter()
        .filter_map(|finding| finding.rewritten.as_ref());
    let rewrites = rewrites.flat_map(|rewritten| rewritten.entries.iter().copied());
    let rewrites = rewrites.collect();
    let is_unknown = |finding: &&Finding| finding.outcome.kind() == OutcomeKind::Unknown;
    let effort = nearest::effort(findings.iter().filter(is_unknown).count());
    let (outcomes, searches_cut_short) = linker.explained(&site.tables, findings, effort);
    let tables = site
        .tables
        .par_iter()
        .zip(outcomes)
        .map(|(table, outcome)| Arc::new(linker.matched(table, outcome)))
        .collect::<Vec<_>>();
    let matched = Matched {
        tables,
        others: linker.others(site),
    };
    let (workbooks, datasources) = matched.readers(site);
    Links {
        workbooks,
        datasources,
        unclaimed: linker.unclaimed(&site.unclaimed_sql.tables),
        rewrites,
        searches_cut_short,
        is_shared: false,
    }
}

/// What becomes of tables of one site, without near misses: what [`link`] finds first, for a trial
/// with another configuration. The index must be one for its `prefer_packages` and `ignore_case`.
pub fn findings<'t>(index: &Index, tables: &[Table<'t>], matching: &Matching) -> Vec<Finding<'t>> {
    Linker { index, matching }.find_all(tables)
}

/// What may become of tables that earlier findings do not link by a rule before `mapped`, once
/// `match.rewrite` has more entries. All others stay.
pub fn findings_rewritten<'t>(
    index: &Index,
    tables: &[Table<'t>],
    matching: &Matching,
    earlier: &[Finding<'t>],
) -> Vec<Finding<'t>> {
    let linker = Linker { index, matching };
    let findings = tables.par_iter().zip(earlier).map(|(table, earlier)| {
        let is_settled = earlier.by.is_some_and(|rule| rule < Rule::Mapped);
        if is_settled {
            earlier.clone()
        } else {
            linker.find(table)
        }
    });
    one_database::enforce(index, matching, tables, findings.collect())
}

/// What tables are matched with.
struct Linker<'l, 'n, 'a> {
    index: &'l Index<'n, 'a>,
    matching: &'l Matching,
}

impl Linker<'_, '_, '_> {
    fn find_all<'t>(&self, tables: &[Table<'t>]) -> Vec<Finding<'t>> {
        let findings = tables.par_iter().map(|table| self.find(table)).collect();
        one_database::enforce(self.index, self.matching, tables, findings)
    }

    fn find<'t>(&self, table: &Table<'t>) -> Finding<'t> {
        let configured = as_configured(table, self.matching);
        if let Err(out_of_reach) = platform::reaches(&configured.connection, self.index.adapter()) {
            return Outcome::from(out_of_reach).into();
        }
        self.by_whole_name(&configured).unwrap_or_else(|| {
            let rewritten = rewritten(table, &configured, self.matching);
            finding::find(self.index, &configured, rewritten, self.matching)
        })
    }

    /// What becomes of a table whose name seems to repeat its schema, if that is a part of the name.
    fn by_whole_name<'t>(&self, table: &Table<'t>) -> Option<Finding<'t>> {
        let name = table.whole_name.as_ref()?;
        let mut whole = table.clone();
        whole.name.as_mut().ok()?.name = name.clone();
        let finding = finding::find(self.index, &whole, None, self.matching);
        let is_found = matches!(
            finding.outcome,
            Outcome::Linked { .. } | Outcome::Ambiguous { .. }
        );
        is_found.then_some(finding)
    }

    /// The outcomes with near misses where no relation fits, each found with this effort at most,
    /// and for how many of them it was not enough.
    fn explained(
        &self,
        tables: &[Table],
        findings: Vec<Finding>,
        effort: Effort,
    ) -> (Vec<Outcome>, usize) {
        let cut_short = AtomicUsize::new(0);
        let explained = |(table, finding): (&Table, Finding)| match finding.outcome.kind() {
            OutcomeKind::Unknown => {
                let table = as_configured(table, self.matching);
                let mut effort = effort;
                let outcome = finding::explained(self.index, &table, finding, &mut effort);
                cut_short.fetch_add(usize::from(effort.is_exceeded()), Ordering::Relaxed);
                outcome
            }
            _ => finding.outcome,
        };
        let outcomes = tables.par_iter().zip(findings).map(explained).collect();
        (outcomes, cut_short.into_inner())
    }

    /// A table that is named, with its outcome.
    fn matched<'t>(&self, table: &Table<'t>, outcome: Outcome) -> MatchedTable<'t> {
        let default_schema = self.matching.find_default_schema(table);
        MatchedTable {
            shown: shown(table, &outcome),
            connection: table.connection.clone(),
            default_schema: default_schema.map(|found| found.schema.clone()),
            outcome,
        }
    }

    /// The nodes of tables that nobody is known to read.
    fn unclaimed(&self, tables: &[Table]) -> BTreeSet<NodeIx> {
        let findings = tables.par_iter().map(|table| self.find(table));
        findings
            .filter_map(|finding| finding.outcome.node())
            .collect()
    }

    /// What stands for everything that workbooks and data sources read beside tables with a name.
    fn others<'t>(&self, site: &'t Site<'t>) -> Others<'t> {
        let mut others = Others::new();
        let workbooks = site.workbooks.iter().flat_map(|workbook| &workbook.reads);
        let datasources = site.datasources.iter().flat_map(|one| &one.reads);
        for read in workbooks.chain(datasources) {
            let is_table = matches!(read.upstream, Upstream::Table(_));
            if !is_table && !others.contains_key(&Other::of(read)) {
                let other = self.other(read);
                others.extend(other.map(|other| (Other::of(read), Arc::new(other))));
            }
        }
        others
    }

    /// What stands for something else than a table with a name.
    fn other<'t>(&self, read: &Read<'t>) -> Option<MatchedTable<'t>> {
        let unknown = ConnectionType::default;
        let (shown, connection, outcome) = match &read.upstream {
            Upstream::Table(_) => return None,
            Upstream::Hidden(label) => (label.to_string(), unknown(), Outcome::Hidden),
            Upstream::Unresolved(object) => {
                let outcome = Outcome::Unresolved(object.reason);
                (object.to_string(), unknown(), outcome)
            }
            Upstream::Unreadable {
                name,
                connection,
                reason,
            } => {
                let shown = shown_sql(name, &read.paths);
                let outcome = self.unreadable(connection, *reason);
                (shown, connection.clone(), outcome)
            }
        };
        Some(MatchedTable {
            shown,
            connection,
            default_schema: None,
            outcome,
        })
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

/// Everything that workbooks read, each once with its outcome.
struct Matched<'a> {
    /// In the order of the site's tables.
    tables: Vec<Arc<MatchedTable<'a>>>,
    others: Others<'a>,
}

/// What stands for something else than a table with a name.
type Others<'a> = HashMap<Other<'a>, Arc<MatchedTable<'a>>>;

/// What tells such things apart. Workbooks that share thousands of them share their labels too, which
/// may be long, so a label counts by its place in memory.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Other<'a> {
    Labelled(Option<(ObjectKind, UnresolvedReason)>, (usize, usize)),
    /// Anything that is compared whole: custom SQL, which is shown with its first path.
    Whole(&'a Upstream<'a>, Option<&'a Path<'a>>),
}

impl<'a> Other<'a> {
    fn of(read: &'a Read<'a>) -> Self {
        let place = |label: &str| (label.as_ptr().addr(), label.len());
        match &read.upstream {
            Upstream::Hidden(label) => Self::Labelled(None, place(label)),
            Upstream::Unresolved(object) => {
                Self::Labelled(Some((object.kind, object.reason)), place(&object.label))
            }
            Upstream::Table(_) | Upstream::Unreadable { .. } => {
                Self::Whole(&read.upstream, read.paths.first())
            }
        }
    }
}

/// Custom SQL with its shortest path, to tell it apart: all of it has the same name until somebody
/// changes it. A path that ends in its query says it all.
fn shown_sql(name: &str, paths: &[Path]) -> String {
    match paths.first() {
        Some(path) if path.place().is_some() => path.to_string(),
        Some(path) if !path.is_empty() => format!("{name} ({path})"),
        Some(_) | None => name.to_owned(),
    }
}

/// Files and sheets have a name and no more; what Tableau puts in front is not a schema.
fn shown(table: &Table, outcome: &Outcome) -> String {
    match (&table.name, outcome) {
        (Ok(relation), Outcome::NotWarehouse) => relation.name.to_string(),
        _ => table.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{NodeKind, Relation};

    fn relation(name: String) -> Relation<'static> {
        Relation {
            database: Some("ANALYTICS".into()),
            schema: Some("CORE".into()),
            name: name.into(),
        }
    }

    fn node(number: usize) -> Node<'static> {
        let name = format!("ORDERS_{number}");
        Node {
            relation_name: None,
            unique_id: format!("model.shop.{name}").into(),
            kind: NodeKind::Model,
            package: "shop".into(),
            name: name.clone().into(),
            source_name: None,
            version: None,
            relation: Some(relation(name.clone())),
            is_ephemeral: false,
            typed: relation(name),
            unrendered_database: None,
            others: Vec::new(),
        }
    }

    #[test]
    fn a_search_for_similar_names_that_ends_early_is_told() {
        let nodes = (0..100).map(node).collect::<Vec<_>>();
        let matching = Matching::default();
        let index = &Index::new(&nodes, Adapter::from_name("snowflake"), &matching);
        let linker = Linker {
            index,
            matching: &matching,
        };
        let table = |name: &str| Table {
            name: Ok(relation(name.to_owned())),
            connection: ConnectionType::new(Some("snowflake".into())),
            hints: None,
            whole_name: None,
            server: None,
            has_stored_name: false,
            has_typed_database: false,
        };
        let told = |names: [&str; 2], rows| {
            let tables = names.map(table);
            let findings = linker.find_all(&tables);
            let (outcomes, cut_short) = linker.explained(&tables, findings, Effort::of_rows(rows));
            let nearest = match &outcomes[1] {
                Outcome::Unknown { nearest, .. } => nearest.len(),
                _ => 0,
            };
            let note = nearest::cut_short(cut_short);
            (nearest, note.map_or_else(String::new, |note| note.message))
        };
        let (nearest, note) = told(["ORDERS_X", "ORDERS_Y"], 1_000);
        assert_eq!((nearest, note.as_str()), (3, ""));
        let (nearest, note) = told(["ORDERS_7", "ORDERS_Y"], 4);
        assert_eq!(nearest, 0);
        assert!(note.contains("ended early for 1 table, "), "{note}");
        let (_, note) = told(["ORDERS_X", "ORDERS_Y"], 4);
        assert!(note.contains("ended early for 2 tables, "), "{note}");
    }
}
