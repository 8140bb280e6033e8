//! What to do about tables that are not linked, in words.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::report::UnlinkedTable;
use super::yaml;
use crate::link::{Advice, NotLinked, OutcomeKind};
use crate::model::{ConnectionType, UnresolvedReason};
use crate::settings::Pattern;

/// A sentence for each thing that the user can do about these tables, of which those with these
/// outcomes are shown.
pub fn helps(unlinked: &[UnlinkedTable], outcomes: &BTreeSet<OutcomeKind>) -> Vec<String> {
    let advice = unlinked.iter().filter_map(|table| table.advice.as_ref());
    let mut sentences = Vec::new();
    for advice in advice.collect::<BTreeSet<_>>() {
        sentences.push(sentence(advice, unlinked));
    }
    let by_outcome = HELP
        .iter()
        .filter(|(outcome, _)| outcomes.contains(outcome));
    sentences.extend(by_outcome.map(|(_, help)| (*help).to_owned()));
    if outcomes.contains(&OutcomeKind::Unresolved) {
        sentences.extend(unresolved_helps(unlinked).into_iter().map(str::to_owned));
    }
    sentences
}

fn sentence(advice: &Advice, unlinked: &[UnlinkedTable]) -> String {
    match advice {
        Advice::FullName => "ask for `fullName` in the query: it has the schema of a table.".to_owned(),
        Advice::DefaultSchema => format!(
            "where Tableau shows no schema, set it in autoexpose.yml: match: {{default_schema: [{}]}}",
            default_schemas(unlinked).join(", ")
        ),
        Advice::Databases => "a relation is in one database only. \
             Set in autoexpose.yml which one is the project's: match: {databases: […]}"
            .to_owned(),
        Advice::Database => {
            "ask for `fullName` and `database { name }` in the query: they tell relations of several databases apart."
                .to_owned()
        }
        Advice::PreferPackages(packages) => format!(
            "several sources are one relation. Set in autoexpose.yml whose take precedence: \
             match: {{prefer_packages: […]}}, with one of: {}",
            packages.join(", ")
        ),
        Advice::IgnoreCase => "if names that differ only in case are one to the database, say so in autoexpose.yml: \
             match: {ignore_case: true}"
            .to_owned(),
    }
}

/// Entries of `default_schema` for the tables without a schema, in which the user fills in the
/// schema: one per connection type, or one per database if a type has several.
fn default_schemas(unlinked: &[UnlinkedTable]) -> Vec<String> {
    let mut databases = BTreeMap::<_, BTreeSet<_>>::new();
    for table in unlinked
        .iter()
        .filter(|table| table.advice == Some(Advice::DefaultSchema))
    {
        let connection = ConnectionType::new(table.connection_type.as_deref().map(Cow::Borrowed));
        let base = connection.base().map(str::to_owned);
        // The first entry that fits is used, so entries that fit more come last.
        databases
            .entry((base.is_none(), base))
            .or_default()
            .insert((table.database.is_none(), table.database.as_deref()));
    }
    let item = |base: &Option<String>, database: Option<&str>| {
        let parts = [("connection_type", base.as_deref()), ("database", database)];
        let given = parts
            .into_iter()
            .filter_map(|(key, value)| Some(format!("{key}: {}, ", pattern(value?))));
        format!("{{{}schema: …}}", given.collect::<String>())
    };
    let mut items = Vec::new();
    for ((_, base), databases) in &databases {
        if databases.len() == 1 {
            items.push(item(base, None));
        } else {
            items.extend(databases.iter().map(|(_, database)| item(base, *database)));
        }
    }
    items
}

/// A pattern that matches only this text.
fn pattern(text: &str) -> String {
    yaml::word(&Pattern::escape(text))
}

/// What to do about tables with these outcomes.
const HELP: [(OutcomeKind, &str); 2] = [
    (
        OutcomeKind::Hidden,
        "Tableau hides the names of tables that the token cannot see. Export with the token of a site administrator, \
         or have an administrator turn on derived permissions (they are on with Data Management).",
    ),
    (
        OutcomeKind::Unreadable,
        "it is not known what such custom SQL reads, so the exposure may lack dependencies.",
    ),
];

/// What to do about the objects among these that do not lead to tables.
fn unresolved_helps(unlinked: &[UnlinkedTable]) -> BTreeSet<&'static str> {
    let reasons = unlinked.iter().filter_map(|table| match table.reason {
        NotLinked::Unresolved(reason) => Some(reason),
        _ => None,
    });
    reasons.map(unresolved_help).collect()
}

/// What to do about an object that does not lead to tables for this reason.
fn unresolved_help(reason: UnresolvedReason) -> &'static str {
    match reason {
        UnresolvedReason::NotInExport => {
            "where objects are missing from the export, add their pages: embedded and published data sources, virtual \
             connections, flows, tables."
        }
        UnresolvedReason::SiteUnknown => {
            "where files may be from another site, pass the files of one site at a time, or name the site with \
             `--server` and `--site`."
        }
        UnresolvedReason::ListsMissing => {
            "where the export does not list what objects read, add `upstreamTables` and the other `upstream…` lists to \
             the query."
        }
        UnresolvedReason::TablesNotNamed => {
            "where the export does not say which tables of a virtual connection are read, add \
             `upstreamVirtualConnectionTables { id }` to the query of workbooks."
        }
        UnresolvedReason::NothingNamed | UnresolvedReason::OnlyExtract => {
            "where Tableau shows nothing, or an extract alone, look at the lineage of the object in Tableau: if it \
             is empty there as well, no query shows more."
        }
        UnresolvedReason::TooManyCopies => {
            "where the export describes an object in too many different ways, repeat it in one go, and leave out older \
             files."
        }
    }
}
