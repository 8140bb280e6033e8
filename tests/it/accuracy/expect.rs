//! What must become of a Tableau table: the rules of matching once more, naively and for tables
//! whose parts are known, so that nothing has to be parsed.

use super::parts::Parts;
use super::relations::{Facts, Relation};

/// What must become of one table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expected {
    Linked {
        node: String,
        /// `None` where more than one rule may claim the link.
        rule: Option<&'static str>,
    },
    Ambiguous(Vec<String>),
    /// The name of another outcome.
    Unlinked(&'static str),
}

impl Expected {
    pub(crate) fn outcome(&self) -> &'static str {
        match self {
            Self::Linked { .. } => "linked",
            Self::Ambiguous(_) => "ambiguous",
            Self::Unlinked(outcome) => outcome,
        }
    }
}

/// Connection types by adapter. An adapter without an entry takes all that no entry claims.
const CONNECTIONS: [(&str, &[&str]); 15] = [
    ("snowflake", &["snowflake"]),
    ("bigquery", &["bigquery", "googlebigquery"]),
    ("redshift", &["redshift"]),
    ("postgres", &["postgres", "amazonaurora"]),
    ("databricks", &["databricks", "spark", "hive", "hadoophive"]),
    ("spark", &["databricks", "spark", "hive", "hadoophive"]),
    ("sqlserver", &["sqlserver", "azure_sqldb", "azure_sql_dw"]),
    ("synapse", &["sqlserver", "azure_sqldb", "azure_sql_dw"]),
    ("fabric", &["sqlserver", "azure_sqldb", "azure_sql_dw"]),
    ("athena", &["athena"]),
    ("trino", &["trino", "presto"]),
    ("oracle", &["oracle"]),
    ("clickhouse", &["clickhouse"]),
    ("mysql", &["mysql"]),
    ("teradata", &["teradata"]),
];

/// Connection types of files, sheets and web connectors. Those of extracts are left out: an extract
/// alone also makes its holder a gap.
pub(crate) const NO_WAREHOUSE: [&str; 11] = [
    "excel-direct",
    "excel",
    "textscan",
    "textclean",
    "csv",
    "google-sheets",
    "excel-reader",
    "pdf",
    "webdata-direct",
    "webdata-direct:marketo-marketo",
    "webdata-direct:oracle-eloqua",
];

/// Connection types that fit this adapter, and no generic ones.
pub(crate) fn own_connections(adapter: &str) -> &'static [&'static str] {
    let entry = CONNECTIONS.iter().find(|(name, _)| *name == adapter);
    match (entry, adapter) {
        (Some((_, connections)), _) => connections,
        (None, "duckdb") => &["duckdb"],
        (None, other) => panic!("no connection type is known for {other}"),
    }
}

/// Connection types of other platforms.
pub(crate) fn other_connections(adapter: &str) -> Vec<&'static str> {
    let own = own_connections(adapter);
    let all = CONNECTIONS.iter().flat_map(|(_, connections)| *connections);
    let mut others: Vec<_> = all.copied().filter(|other| !own.contains(other)).collect();
    others.sort_unstable();
    others.dedup();
    others
}

/// Why the connection alone settles it, if it does.
pub(crate) fn refused(adapter: &str, connection: Option<&str>) -> Option<&'static str> {
    let connection = connection?;
    if NO_WAREHOUSE.contains(&connection) {
        return Some("not-warehouse");
    }
    let base = connection
        .trim_end_matches("_jdbc")
        .trim_end_matches("_odbc");
    let other = other_connections(adapter).contains(&base);
    other.then_some("other-platform")
}

/// Whether a BigQuery database can be a project id: `[a-z][a-z0-9-]{4,28}[a-z0-9]` behind an
/// optional `domain.com:`.
pub(crate) fn is_project_id(database: &str) -> bool {
    let id = database.rsplit_once(':').map_or(database, |(_, id)| id);
    let (first, last) = (id.chars().next(), id.chars().last());
    (6..=30).contains(&id.len())
        && first.is_some_and(|first| first.is_ascii_lowercase())
        && last.is_some_and(|last| last != '-')
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// What must become of a table of which schema and name are known.
pub(crate) fn expect(facts: &Facts, table: &Parts) -> Expected {
    let table = &table.stored(&facts.adapter);
    if let Some(outcome) = refused(&facts.adapter, table.connection.as_deref()) {
        return Expected::Unlinked(outcome);
    }
    let database = table.database.as_deref().filter(|name| !name.is_empty());
    let usable = database.filter(|name| facts.adapter != "bigquery" || is_project_id(name));
    let alike = facts.alike(&table.schema, &table.name);
    let others = facts.others_alike(&table.schema, &table.name);
    let Some(usable) = usable else {
        if alike.is_empty() && !others.is_empty() {
            let rules = ["latest", "deferred"];
            let has = |rule: &&str| others.iter().any(|other| other.rule == Some(rule));
            let rule = rules.into_iter().find(has);
            return choose(&closest(others, table).unwrap(), rule);
        }
        let all = alike.into_iter().chain(others).collect();
        return match closest(all, table) {
            // A display name may happen to be the id: two rules may claim the link.
            Some(found) if database.is_some() && found[0].database.as_deref() == database => {
                choose(&found, None)
            }
            Some(found) => choose(&found, found[0].in_database.then_some("database")),
            None => wildcard(facts, table, None),
        };
    };
    let (with, without): (Vec<_>, Vec<_>) = alike.into_iter().partition(|found| found.in_database);
    let same = |found: &Relation, exactly: bool| match &found.database {
        Some(name) if exactly => name == usable,
        Some(name) => name.to_lowercase() == usable.to_lowercase(),
        None => false,
    };
    let full: Vec<&Relation> = with
        .into_iter()
        .filter(|found| same(found, false))
        .collect();
    let exact = full.iter().copied().find(|found| {
        same(found, true) && found.schema == table.schema && found.name == table.name
    });
    if let Some(exact) = exact {
        return choose(&[exact], Some("exact"));
    }
    if !full.is_empty() {
        return choose(&full, Some("case"));
    }
    for rule in ["latest", "deferred"] {
        let fits = |other: &&Relation| !other.in_database || same(other, false);
        let others = others.iter().copied().filter(fits);
        let of_rule: Vec<_> = others.filter(|other| other.rule == Some(rule)).collect();
        if let (true, Some(found)) = (without.is_empty(), closest(of_rule, table)) {
            return choose(&found, Some(rule));
        }
    }
    let Some(mut two_parts) = closest(without, table) else {
        return wildcard(facts, table, Some(usable));
    };
    if two_parts.len() > 1 && two_parts.iter().any(|found| same(found, false)) {
        two_parts.retain(|found| same(found, false));
    }
    choose(&two_parts, None)
}

/// Those whose schema and name are equal exactly, else all, which are equal but for case.
fn closest<'a>(alike: Vec<&'a Relation>, table: &Parts) -> Option<Vec<&'a Relation>> {
    let exact = |found: &&Relation| found.schema == table.schema && found.name == table.name;
    let exactly: Vec<&Relation> = alike.iter().copied().filter(exact).collect();
    let closest = if exactly.is_empty() { alike } else { exactly };
    (!closest.is_empty()).then_some(closest)
}

/// A link to the BigQuery source of the table's dataset whose identifier is a pattern that it fits.
fn wildcard(facts: &Facts, table: &Parts, database: Option<&str>) -> Expected {
    let fits = facts.relations.iter().filter(|found| {
        let prefix = found.name.strip_suffix('*');
        facts.adapter == "bigquery"
            && found.owners.is_empty()
            && found.schema == table.schema
            && database.is_none_or(|name| found.database.as_deref() == Some(name))
            && prefix.is_some_and(|prefix| table.name.starts_with(prefix))
    });
    let mut fits: Vec<_> = fits.collect();
    // Another source is narrower if its own identifier fits the pattern as well.
    let all = fits.clone();
    fits.retain(|wide| {
        let prefix = wide.name.trim_end_matches('*');
        !all.iter().any(|other| {
            let narrower = other.name.trim_end_matches('*');
            other.database == wide.database
                && narrower.len() > prefix.len()
                && narrower.starts_with(prefix)
        })
    });
    if fits.is_empty() {
        return Expected::Unlinked("unknown");
    }
    choose(&fits, Some("wildcard"))
}

fn choose(found: &[&Relation], rule: Option<&'static str>) -> Expected {
    let mut nodes: Vec<String> = found.iter().flat_map(|r| r.candidates().to_vec()).collect();
    nodes.sort();
    nodes.dedup();
    match nodes.as_slice() {
        [node] => Expected::Linked {
            node: node.clone(),
            rule,
        },
        _ => Expected::Ambiguous(nodes),
    }
}
