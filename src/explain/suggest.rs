//! Names that come near what the user asks about, where nothing has that name.

use super::known::Known;
use super::subject::{Kind, Subject};
use crate::link::similar::{Effort, MOST_EDITS, Names};
use crate::model::relation::folded;

/// How many names are suggested.
const MOST: usize = 5;
/// How many rows of distances a search may compute.
const EFFORT: usize = 4_000_000;

/// A thing whose name comes near.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Suggestion {
    /// How many letters its name differs in; more than any if one name only contains the other.
    edits: usize,
    /// How long the name is.
    length: usize,
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
}

/// The names that come nearest.
pub fn suggestions(known: &Known, subject: &Subject) -> Vec<Suggestion> {
    let wanted = folded(&subject.text.replace(['*', '?'], ""));
    let named = named(known, subject);
    let mut near = containing(&wanted, &named);
    let names = named.iter().enumerate();
    let names = names.map(|(at, (_, name))| (folded(name), at));
    let names = Names::new(names.collect());
    let most = MOST_EDITS.min(wanted.chars().count().saturating_sub(1) / 2);
    let similar = names.near(&wanted, most, &mut Effort::of_rows(EFFORT));
    near.extend(similar.into_iter().map(|(at, edits)| {
        let (kind, name) = &named[at];
        suggestion(edits, *kind, name)
    }));
    near.sort();
    near.dedup_by(|one, other| (one.kind, &one.name) == (other.kind, &other.name));
    near.truncate(MOST);
    near
}

fn suggestion(edits: usize, kind: Kind, name: &str) -> Suggestion {
    Suggestion {
        edits,
        length: name.chars().count(),
        kind,
        name: name.to_owned(),
    }
}

/// Those that contain the name, or that it contains.
fn containing(wanted: &str, named: &[(Kind, String)]) -> Vec<Suggestion> {
    if wanted.chars().count() < 3 {
        return Vec::new();
    }
    let near = named.iter().filter(|(_, name)| {
        let name = folded(name);
        name.contains(wanted) || (name.chars().count() > 2 && wanted.contains(&*name))
    });
    near.map(|(kind, name)| suggestion(MOST_EDITS + 1, *kind, name))
        .collect()
}

/// All names that a subject may mean.
fn named(known: &Known, subject: &Subject) -> Vec<(Kind, String)> {
    let mut named = Vec::new();
    if subject.may_be(Kind::Workbook) {
        let workbooks = known.site.workbooks.iter();
        let names = workbooks.map(|workbook| workbook.name.to_string());
        named.extend(names.map(|name| (Kind::Workbook, name)));
    }
    if subject.may_be(Kind::Model) {
        let projects = known.projects.iter();
        let nodes = projects.flat_map(|of| &of.project.nodes);
        named.extend(nodes.map(|node| (Kind::Model, node.name.to_string())));
    }
    if subject.may_be(Kind::Table) {
        let tables = known.site.tables.iter();
        named.extend(tables.map(|table| (Kind::Table, table.to_string())));
    }
    named.retain(|(_, name)| !name.is_empty());
    named.sort();
    named.dedup();
    named
}
