//! One relation is in one database.
//!
//! Where dbt leaves the database out of a relation, or Tableau shows none that says anything, schema
//! and name alone link a table. Then tables of different databases of one run (production and a copy
//! for tests, as a rule) fit one node, and at most one of them can be meant.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::finding::Finding;
use super::index::Index;
use super::outcome::{NearMiss, Outcome, Rule};
use super::reason::{Difference, UnknownReason};
use crate::model::listing::first_few;
use crate::model::relation::{folded, same_but_case};
use crate::model::{NodeIx, Role, Table};
use crate::settings::Matching;

/// Takes the link from tables of different databases that fit one node by schema and name alone.
/// Those in the database that the node itself knows keep it; if none is, those in a database that
/// the configuration names; if none is, all lose it.
pub fn enforce<'t>(
    index: &Index,
    matching: &Matching,
    tables: &[Table<'t>],
    findings: Vec<Finding<'t>>,
) -> Vec<Finding<'t>> {
    let unseen = tables
        .iter()
        .zip(&findings)
        .map(|(table, finding)| unseen_database(index, matching, table, finding))
        .collect::<Vec<_>>();
    let mut databases: HashMap<Linked, Databases> = HashMap::new();
    for (linked, database) in unseen.iter().flatten() {
        if let Some(database) = database {
            let databases = databases.entry(*linked).or_default();
            databases.entry(folded(database)).or_insert(database);
        }
    }
    databases.retain(|_, databases| databases.len() > 1);
    if databases.is_empty() {
        return findings;
    }
    let configured = configured(matching, &databases);
    let losses = unseen.iter().map(|unseen| {
        let (linked, database) = (*unseen)?;
        let all = databases.get(&linked)?;
        loss(index, &configured, linked, database, all)
    });
    let losses = losses.collect::<Vec<_>>();
    findings
        .into_iter()
        .zip(losses)
        .map(|(finding, loss)| match loss {
            Some(outcome) => Finding { outcome, ..finding },
            None => finding,
        })
        .collect()
}

/// A node, and which of the relations that stand for it a table is.
type Linked = (NodeIx, Role);

/// Databases as Tableau shows them, by their names in folded case.
type Databases<'t> = BTreeMap<String, &'t str>;

/// The databases, in folded case, of which the configuration says that they are the project's, and
/// what tables in them link to.
#[derive(Default)]
struct Configured {
    databases: HashSet<String>,
    linked: HashSet<Linked>,
}

fn configured(matching: &Matching, databases: &HashMap<Linked, Databases>) -> Configured {
    let mut configured = Configured::default();
    if matching.databases.is_empty() {
        return configured;
    }
    let shown = databases.iter().flat_map(|(linked, databases)| {
        let databases = databases.iter();
        databases.map(move |(folded, shown)| (*linked, folded, *shown))
    });
    for (linked, folded, shown) in shown {
        if configured.databases.contains(folded) || matching.names_database(shown) {
            configured.databases.insert(folded.clone());
            configured.linked.insert(linked);
        }
    }
    configured
}

/// What a table links to without regard to its database, and that database if Tableau shows one.
fn unseen_database<'t>(
    index: &Index,
    matching: &Matching,
    table: &'t Table,
    finding: &'t Finding,
) -> Option<(Linked, Option<&'t str>)> {
    let Outcome::Linked { node, .. } = &finding.outcome else {
        return None;
    };
    let rule = finding.by?;
    let relation = finding.relation(table)?;
    let database = relation.database.as_deref();
    let has_schema = || relation.schema.is_some() || matching.find_default_schema(table).is_some();
    // Where the database is the schema, it is compared, or adds nothing to it.
    let is_left_out = || has_schema() && !table.connection.is_two_level();
    let role = rule.role();
    let is_unseen = match rule {
        Rule::Database => true,
        Rule::Schema => is_left_out(),
        Rule::Wildcard | Rule::Latest | Rule::Deferred => {
            let (stored, _) = index.node(*node).relation_as(role)?;
            match stored.database.as_deref() {
                None => is_left_out(),
                stored => !is_same(stored, database),
            }
        }
        Rule::Exact | Rule::Case | Rule::Mapped | Rule::Name => false,
    };
    is_unseen.then_some(((*node, role), database))
}

/// What becomes of a table in one of several databases that fit a node; `None` if it is in the
/// database of that node, or may be.
fn loss(
    index: &Index,
    configured: &Configured,
    (node, role): Linked,
    database: Option<&str>,
    all: &Databases,
) -> Option<Outcome> {
    let own = own_database(index, node, role);
    let (reason, difference) = if own.is_some_and(|own| all.contains_key(&folded(own))) {
        if database.is_none_or(|database| is_same(own, Some(database))) {
            return None;
        }
        (UnknownReason::NoRelation, Difference::Database)
    } else if configured.linked.contains(&(node, role)) {
        if database.is_none_or(|database| configured.databases.contains(&folded(database))) {
            return None;
        }
        (UnknownReason::NoRelation, Difference::Database)
    } else {
        let others = others(database, all);
        let reason = UnknownReason::SeveralDatabases(others);
        (reason, Difference::DatabaseNotKnown)
    };
    Some(Outcome::Unknown {
        reason,
        nearest: vec![NearMiss {
            node,
            role,
            difference,
        }],
    })
}

/// The database that the node knows, whether dbt renders it or not.
fn own_database<'i>(index: &'i Index, node: NodeIx, role: Role) -> Option<&'i str> {
    let (relation, unrendered_database) = index.node(node).relation_as(role)?;
    relation.database.as_deref().or(unrendered_database)
}

fn is_same(one: Option<&str>, other: Option<&str>) -> bool {
    one.zip(other)
        .is_some_and(|(one, other)| same_but_case(one, other))
}

/// The first few of the other databases, and how many more there are.
fn others(database: Option<&str>, all: &Databases) -> Arc<str> {
    let own = database.map(folded);
    let count = all.len() - usize::from(own.is_some());
    let others = all.iter();
    let others = others.filter(|(other, _)| Some(*other) != own.as_ref());
    first_few(count, others.map(|(_, shown)| *shown)).into()
}
