//! What `meta` and `config.meta` of our exposures hold: facts for people, and our marker.
//!
//! dbt docs 1.x prints `meta` of an exposure at the top of its page, each key with its value as raw
//! text, all on one line that a narrow window cuts off (`docs/index.html` of dbt Core). So `meta`
//! holds a few short texts that a person reads, the most important first, and the marker stands in
//! `config.meta`, which no page shows. Only before dbt 1.3, where exposures have no `config`, does
//! `meta` hold both.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::shape::Shape;
use crate::model::exposure::{MARKER_KEY, MARKER_SOURCE};
use crate::model::{Dependency, Exposure, Node, ReferencedColumn, shown_site};

/// What is said of a workbook of which Tableau did not show everything.
const INCOMPLETE: &str = "incomplete: may read more than Tableau showed";
/// How a table was found if an earlier run did not record it.
const EARLIER_RUN: &str = "an earlier run";

/// `meta`.
#[derive(Serialize)]
pub(super) struct Meta<'e> {
    /// The title, where no label shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    tableau_workbook: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lineage: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tableau_project: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tableau_site: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found_through: Option<String>,
    /// Last, since it is long, and for Elementary.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    referenced_columns: Vec<Column>,
    /// The marker, where it has no other place.
    #[serde(flatten)]
    marker: Option<ConfigMeta<'e>>,
}

/// An entry of `referenced_columns`.
#[derive(Serialize)]
struct Column {
    column_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<String>,
}

impl From<ReferencedColumn> for Column {
    fn from(column: ReferencedColumn) -> Self {
        let ReferencedColumn { column_name, node } = column;
        Self { column_name, node }
    }
}

impl<'e> Meta<'e> {
    pub(super) fn new(exposure: &'e Exposure, nodes: &'e [Node<'e>], shape: Shape) -> Self {
        let Exposure { marker, label, .. } = exposure;
        let title = label.as_deref().filter(|_| !shape.has_label());
        let columns = exposure.referenced_columns(nodes);
        Self {
            tableau_workbook: title,
            lineage: (!marker.is_complete).then_some(INCOMPLETE),
            tableau_project: marker.project_path(),
            tableau_site: marker.site.content_url.as_deref().map(shown_site),
            found_through: found_through(&exposure.dependencies),
            referenced_columns: columns.into_iter().map(Column::from).collect(),
            marker: (!shape.has_config()).then(|| ConfigMeta::new(exposure, nodes, shape)),
        }
    }
}

/// How the tables of a workbook were found, the most frequent way first: `published data source (3
/// tables), custom SQL (1 table)`. `None` if it has none.
fn found_through(dependencies: &[Dependency]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for Dependency { path, .. } in dependencies {
        *counts.entry(path).or_default() += 1;
    }
    let mut counts = counts.into_iter().collect::<Vec<_>>();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let ways = counts.iter().map(|(path, count)| {
        let path = if path.is_empty() { EARLIER_RUN } else { path };
        let tables = if *count == 1 { "table" } else { "tables" };
        format!("{path} ({count} {tables})")
    });
    Some(ways.collect::<Vec<_>>().join(", ")).filter(|ways| !ways.is_empty())
}

/// `config.meta`: the marker alone.
pub(super) struct ConfigMeta<'e>(MarkerFields<'e>);

impl<'e> ConfigMeta<'e> {
    pub(super) fn new(exposure: &'e Exposure, nodes: &'e [Node<'e>], shape: Shape) -> Self {
        let Exposure { marker, label, .. } = exposure;
        Self(MarkerFields {
            source: MARKER_SOURCE,
            server: &marker.site.server,
            site: &marker.site.content_url,
            luid: &marker.luid,
            project: &marker.project,
            complete: marker.is_complete,
            depends_on: Reasons {
                dependencies: &exposure.dependencies,
                nodes,
            },
            title: (!shape.has_label()).then_some(label),
        })
    }
}

impl Serialize for ConfigMeta<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(MARKER_KEY, &self.0)])
    }
}

/// The marker as it is written.
#[derive(Serialize)]
struct MarkerFields<'e> {
    source: &'static str,
    server: &'e Option<String>,
    site: &'e Option<String>,
    luid: &'e str,
    project: &'e [String],
    complete: bool,
    depends_on: Reasons<'e>,
    /// The title, if the shape has no `label` for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'e Option<String>>,
}

/// Rule and path of each dependency, by id.
struct Reasons<'e> {
    dependencies: &'e [Dependency],
    nodes: &'e [Node<'e>],
}

#[derive(Serialize)]
struct Reason<'e> {
    rule: &'e str,
    path: &'e str,
}

impl Serialize for Reasons<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.dependencies.iter().map(|dependency| {
            let Dependency {
                node, rule, path, ..
            } = dependency;
            (self.nodes[*node].unique_id.as_ref(), Reason { rule, path })
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::{Dependency, found_through};
    use crate::model::NodeIx;

    #[test]
    fn ways_are_counted_and_the_most_frequent_one_comes_first() {
        let read = |paths: &[&'static str]| {
            let dependencies = paths.iter().map(|path| Dependency {
                node: NodeIx(0),
                rule: "exact".into(),
                path: (*path).into(),
                place: None,
                columns: Vec::new(),
            });
            found_through(&dependencies.collect::<Vec<_>>())
        };
        assert_eq!(read(&[]), None);
        assert_eq!(read(&["workbook"]).as_deref(), Some("workbook (1 table)"));
        let several = read(&["workbook", "flow > custom SQL", "", "flow > custom SQL"]);
        let expected = "flow > custom SQL (2 tables), an earlier run (1 table), workbook (1 table)";
        assert_eq!(several.as_deref(), Some(expected));
    }
}
