//! Exposures: dbt's term for uses of its nodes outside dbt, here workbooks.
//!
//! [`Exposure`] is one that this run wants; [`StandingExposure`] is one that a manifest already
//! contains, whoever wrote it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::custom_sql::Place;
use super::node::{Node, NodeIx};
use super::site_id::SiteId;

/// The key of our marker in `config.meta`, or in `meta` where exposures have no `config`.
pub const MARKER_KEY: &str = "autoexpose";
/// The value of `source` in our marker.
pub const MARKER_SOURCE: &str = "tableau";
/// The key in `meta` of the columns that a workbook uses, see [`ReferencedColumn`].
pub const REFERENCED_COLUMNS_KEY: &str = "referenced_columns";
/// The virtual folder of our exposures, with the name that dbt gives its automatic exposures.
pub const VIRTUAL_FOLDER: &str = "imported_from_tableau";

/// An exposure that this run wants.
#[derive(Debug, Clone)]
pub struct Exposure {
    /// Its name, of `[a-z0-9_]`.
    pub name: String,
    /// The package that it belongs to, which is the root package.
    pub package: String,
    /// The workbook's title; `None` if Tableau hides it.
    pub label: Option<String>,
    /// The virtual folders under which dbt docs shows it, as slugs.
    pub folders: Vec<String>,
    /// The owner of the workbook.
    pub owner: Owner,
    /// The description: Markdown in which nothing is active.
    pub description: String,
    /// Tags, sorted and without duplicates.
    pub tags: Vec<String>,
    /// `low`, `medium` or `high`; `None` if nobody set it.
    pub maturity: Option<String>,
    /// The workbook's address; `None` if server, site or number are unknown.
    pub url: Option<String>,
    /// When the workbook was created, in seconds since 1970 (UTC).
    pub created_at: Option<i64>,
    /// Our marker.
    pub marker: Marker,
    /// The nodes that the workbook reads, in the order of their ids.
    pub dependencies: Vec<Dependency>,
    /// Whether the audience of the run may not see the workbook.
    pub is_withheld: bool,
}

impl Exposure {
    /// dbt's id: `exposure.<package>.<name>`.
    pub fn unique_id(&self) -> String {
        format!("exposure.{}.{}", self.package, self.name)
    }

    /// The columns of its dependencies that the workbook uses for certain, in the order of these.
    pub fn referenced_columns(&self, nodes: &[Node]) -> Vec<ReferencedColumn> {
        let of_dependency = |dependency: &Dependency| {
            let node = nodes[dependency.node].relation_name.as_deref();
            let node = node.map(str::to_owned);
            let columns = dependency.columns.iter().cloned();
            let columns = columns.map(|column_name| ReferencedColumn {
                column_name,
                node: node.clone(),
            });
            columns.collect::<Vec<_>>()
        };
        self.dependencies.iter().flat_map(of_dependency).collect()
    }
}

/// A column that a workbook uses, in the form in which the test `exposure_schema_validity` of
/// Elementary reads it
/// (<https://docs.elementary-data.com/data-tests/schema-tests/exposure-tests>).
///
/// Elementary's documentation names the node as `ref('orders')`. Its test renders that call while it
/// compiles the test of another node that the exposure depends on, and dbt 1.11 refuses a `ref` there
/// which is no dependency of the test. Any other text is compared with the relation of the tested
/// node, both in lower case (`get_rendered_ref.sql`, `test_exposure_schema_validity.sql`). So the node
/// is its relation, which also tells sources, versions and packages apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReferencedColumn {
    /// Its name.
    pub column_name: String,
    /// The relation of its node, as dbt renders it; `None` where the manifest does not say.
    pub node: Option<String>,
}

/// The owner of an exposure; unknown parts are `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner {
    /// The name to show.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
}

/// A node that a workbook reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The node.
    pub node: NodeIx,
    /// The name of the matching rule that found the link; empty if an earlier run did not record
    /// it.
    pub rule: Cow<'static, str>,
    /// The kinds of steps from the workbook to the table; empty if an earlier run did not record
    /// them.
    pub path: Cow<'static, str>,
    /// Where the query of custom SQL names the table. It is for the report of the run and is not
    /// written, so that a blank in a query changes no exposure.
    pub place: Option<Place>,
    /// The columns of the node that the workbook uses for certain, sorted; empty unless the settings ask
    /// for them.
    pub columns: Vec<String>,
}

/// An owned exposure that the patched manifest will contain.
#[derive(Debug, Clone)]
pub struct DesiredExposure {
    /// The exposure.
    pub exposure: Arc<Exposure>,
    /// The fingerprint of the exposure as this manifest's dbt would write it; `None` unless it was
    /// compared with an earlier one.
    pub fingerprint: Option<Fingerprint>,
}

/// The marker that makes an exposure ours: the workbook that it covers, and whether the export
/// showed everything that the workbook reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The site of the workbook.
    pub site: SiteId,
    /// The workbook's luid.
    pub luid: String,
    /// The projects from the top to the workbook's own, as far as they are known.
    pub project: Vec<String>,
    /// Whether the export showed everything that the workbook reads.
    pub is_complete: bool,
}

impl Marker {
    /// The path of the workbook's project, `House / Finance`, as far as it is known.
    pub fn project_path(&self) -> Option<String> {
        (!self.project.is_empty()).then(|| self.project.join(" / "))
    }
}

/// An exposure that a manifest contains, as far as it is needed. A field that is missing in the
/// file, or has a type that dbt does not write, is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingExposure {
    /// Its key in the manifest.
    pub unique_id: String,
    /// Its name, which should be the last part of its key.
    pub name: String,
    /// The workbook's title: the label, or before v7, which has no labels, the title in our marker.
    pub title: Option<String>,
    /// The folders between package and name in its `fqn`.
    pub folders: Vec<String>,
    /// The owner.
    pub owner: Owner,
    /// The description as dbt wrote it, which may contain active Markdown.
    pub description: String,
    /// Tags, in the order of the file.
    pub tags: Vec<String>,
    /// The maturity: in a valid manifest `low`, `medium` or `high`.
    pub maturity: Option<String>,
    /// The url, which may be any text.
    pub url: Option<String>,
    /// When it was created, in whole seconds since 1970 (UTC); dbt Core also writes fractions.
    pub created_at: Option<i64>,
    /// What it depends on, in the order of the file: nodes, and in hand-written exposures also
    /// metrics and the like.
    pub depends_on: Vec<StandingDependency>,
    /// The columns that it says the workbook uses, in the order of the file.
    pub referenced_columns: Vec<ReferencedColumn>,
    /// Who wrote it.
    pub origin: Origin,
    /// Hashes to compare it by.
    pub fingerprints: Fingerprints,
    /// What is withheld of it.
    pub withholding: Withholding,
}

impl StandingExposure {
    /// Our marker; `None` for hand-written exposures.
    pub fn marker(&self) -> Option<&Marker> {
        match &self.origin {
            Origin::Ours(marker) | Origin::Yaml { marker, .. } => Some(marker),
            Origin::HandWritten { .. } => None,
        }
    }

    /// The columns that it says are of a node which it depends on. Where that is its only one, they
    /// all are, whatever the relation of the node was.
    pub fn columns_of(&self, node: &Node) -> impl Iterator<Item = &str> {
        let is_only = self.depends_on.len() == 1;
        let columns = self.referenced_columns.iter().filter(move |column| {
            let relation = column.node.as_deref();
            is_only || relation.is_some() && relation == node.relation_name.as_deref()
        });
        columns.map(|column| column.column_name.as_str())
    }

    /// Whether it may be changed or removed in the manifest.
    pub fn is_ours(&self) -> bool {
        matches!(self.origin, Origin::Ours(_))
    }

    /// The last part of its key, which is its name for dbt.
    pub fn name_in_id(&self) -> &str {
        name_in_id(&self.unique_id)
    }
}

/// What is withheld of a standing exposure. One that is withheld says no more here than the run may
/// show of it; [`super::withheld`] names the facts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Withholding {
    /// Nothing: the audience may see its workbook, or the run has none.
    #[default]
    Nothing,
    /// It is withheld, and says no more in its file either.
    Already,
    /// It is withheld, and its file says more.
    Now,
}

impl Withholding {
    /// Whether anything is withheld.
    pub fn is_any(self) -> bool {
        self != Self::Nothing
    }
}

/// The last part of any dbt id, which is the name.
pub fn name_in_id(unique_id: &str) -> &str {
    unique_id.rsplit('.').next().unwrap_or_default()
}

/// Who wrote an exposure of a manifest. Ownership is decided here alone: only [`Origin::Ours`] is
/// ever changed or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It has our marker, and no YAML file of the project defines it.
    Ours(Marker),
    /// It has our marker, and dbt read it from a YAML file of the project.
    Yaml {
        /// Our marker, as the file has it.
        marker: Marker,
        /// The file's path in the dbt project.
        file: String,
    },
    /// It does not have our marker.
    HandWritten {
        /// All luids that its meta may name, see [`super::luid::collect`].
        luids: BTreeSet<String>,
    },
}

/// A dependency of a standing exposure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingDependency {
    /// dbt's id of the node, which may no longer exist.
    pub unique_id: String,
    /// The matching rule that found the link; empty if the marker does not record it.
    pub rule: String,
    /// The path from the workbook to the table; empty if the marker does not record it.
    pub path: String,
}

/// Hashes of an exposure's JSON, independent of the order of keys. Equal hashes mean equal JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprints {
    /// The hash of the whole object.
    pub whole: Fingerprint,
    /// The hash of what dbt compares for `state:modified`.
    pub compared_by_dbt: Fingerprint,
}

/// A SHA-256 of JSON.
pub type Fingerprint = [u8; 32];

/// An exposure under `disabled` in the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisabledExposure {
    /// Its key in the manifest.
    pub unique_id: String,
    /// The exposures in the list that dbt has under this key.
    pub versions: Vec<DisabledVersion>,
}

impl DisabledExposure {
    /// Its name, which is the last part of its key.
    pub fn name(&self) -> &str {
        name_in_id(&self.unique_id)
    }
}

/// One exposure under the key of a disabled one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisabledVersion {
    /// Our marker, if it has one.
    pub marker: Option<Marker>,
    /// All luids that its meta may name, see [`super::luid::collect`].
    pub luids: BTreeSet<String>,
}
