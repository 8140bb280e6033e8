//! The differences between two versions of an exposure, for people.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::model::listing::first;
use crate::model::{Owner, shown_site};
use crate::report::{EndedLink, ExposureFacts, LinkFacts};

/// The text for a change that no field shows, as of a comma in a tag that was two tags before.
pub const IN_DETAILS_ONLY: &str = "a change that does not show here";

/// How many columns one line names.
const MOST_COLUMNS: usize = 10;

/// One difference between two versions of an exposure.
#[derive(Debug, PartialEq, Eq)]
pub enum Difference<'r> {
    /// A field with a short value: its name, and its values before and after.
    Field(&'static str, Option<String>, Option<String>),
    /// The description, which is too long to show.
    Description,
    /// A node that it reads only now.
    Reads(&'r LinkFacts),
    /// A link that it has no more.
    Ended(&'r EndedLink),
    /// A node that it reads by another rule or path, before and after.
    ReadsOtherwise(&'r LinkFacts, &'r LinkFacts),
    /// Columns of a node that it lists only now, and those that it lists no more.
    Columns(ColumnsOf<'r>),
}

/// How the listed columns of a node differ.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ColumnsOf<'r> {
    /// The relation of the node; `None` if it is not known.
    node: Option<&'r str>,
    new: Vec<&'r str>,
    gone: Vec<&'r str>,
}

impl ColumnsOf<'_> {
    /// The difference in words: `columns of "shop"."marts"."orders": now net, tax; no longer day`.
    pub fn sentence(&self, name: impl Fn(&str) -> String) -> String {
        let of = self.node.map(|node| format!(" of {}", name(node)));
        let list = |columns: &[&str]| {
            first(
                MOST_COLUMNS,
                columns.len(),
                columns.iter().map(|one| name(one)),
            )
        };
        let new = (!self.new.is_empty()).then(|| format!("now {}", list(&self.new)));
        let gone = (!self.gone.is_empty()).then(|| format!("no longer {}", list(&self.gone)));
        let both = new.into_iter().chain(gone).collect::<Vec<_>>();
        format!("columns{}: {}", of.unwrap_or_default(), both.join("; "))
    }
}

/// All differences: fields first, then dependencies by id, then columns by node.
pub fn differences<'r>(
    before: &'r ExposureFacts,
    after: &'r ExposureFacts,
    ended: &'r [EndedLink],
) -> Vec<Difference<'r>> {
    let mut differences = fields(before, after);
    if before.description != after.description {
        differences.push(Difference::Description);
    }
    differences.extend(dependencies(before, after, ended));
    differences.extend(columns(before, after));
    differences
}

fn columns<'r>(
    before: &'r ExposureFacts,
    after: &'r ExposureFacts,
) -> impl Iterator<Item = Difference<'r>> {
    let set =
        |exposure: &'r ExposureFacts| exposure.referenced_columns.iter().collect::<BTreeSet<_>>();
    let (old, new) = (set(before), set(after));
    let mut by_node = BTreeMap::<Option<&str>, ColumnsOf>::new();
    for column in new.difference(&old) {
        let of = by_node.entry(column.node.as_deref()).or_default();
        of.new.push(&column.column_name);
    }
    for column in old.difference(&new) {
        let of = by_node.entry(column.node.as_deref()).or_default();
        of.gone.push(&column.column_name);
    }
    by_node
        .into_iter()
        .map(|(node, columns)| Difference::Columns(ColumnsOf { node, ..columns }))
}

fn fields<'r>(before: &ExposureFacts, after: &ExposureFacts) -> Vec<Difference<'r>> {
    let fields = [
        (
            "id",
            Some(before.unique_id.clone()),
            Some(after.unique_id.clone()),
        ),
        ("title", before.label.clone(), after.label.clone()),
        ("project", before.project.clone(), after.project.clone()),
        ("owner", owner(&before.owner), owner(&after.owner)),
        ("server", before.server.clone(), after.server.clone()),
        ("site", site(before), site(after)),
        ("url", before.url.clone(), after.url.clone()),
        (
            "complete",
            yes_or_no(before.complete),
            yes_or_no(after.complete),
        ),
        (
            "tags",
            Some(before.tags.join(", ")),
            Some(after.tags.join(", ")),
        ),
        ("maturity", before.maturity.clone(), after.maturity.clone()),
        ("created", created(before), created(after)),
    ];
    let differs = fields.into_iter().filter(|(_, old, new)| old != new);
    let filled = |value: Option<String>| value.filter(|value| !value.is_empty());
    differs
        .map(|(name, old, new)| Difference::Field(name, filled(old), filled(new)))
        .collect()
}

fn dependencies<'r>(
    before: &'r ExposureFacts,
    after: &'r ExposureFacts,
    ended: &'r [EndedLink],
) -> impl Iterator<Item = Difference<'r>> {
    let by_node = |links: &'r [LinkFacts]| {
        links
            .iter()
            .map(|link| (&*link.node, link))
            .collect::<BTreeMap<_, _>>()
    };
    let (old, new) = (by_node(&before.links), by_node(&after.links));
    let nodes = old
        .keys()
        .chain(new.keys())
        .copied()
        .collect::<BTreeSet<_>>();
    nodes
        .into_iter()
        .filter_map(move |node| match (old.get(node), new.get(node)) {
            (Some(old), Some(new)) if old.is_same(new) => None,
            (Some(old), Some(new)) => Some(Difference::ReadsOtherwise(old, new)),
            (None, Some(new)) => Some(Difference::Reads(new)),
            (_, None) => {
                let at = ended.binary_search_by(|link| (*link.node).cmp(node));
                Some(Difference::Ended(&ended[at.ok()?]))
            }
        })
}

/// The owner on one line: `name <email>`, or the one that is known.
pub fn owner(owner: &Owner) -> Option<String> {
    match (&owner.name, &owner.email) {
        (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
        (name, email) => name.clone().or_else(|| email.clone()),
    }
}

/// The site by its content URL, which is empty for the default site; `None` if it is unknown.
pub fn site(exposure: &ExposureFacts) -> Option<String> {
    let site = exposure.site.as_deref();
    site.map(|site| shown_site(site).to_owned())
}

/// When the workbook was created, as ISO 8601 in UTC.
pub fn created(exposure: &ExposureFacts) -> Option<String> {
    let time = exposure
        .created_at
        .and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map(|time| time.to_string())
}

fn yes_or_no(answer: bool) -> Option<String> {
    Some(if answer { "yes" } else { "no" }.to_owned())
}
