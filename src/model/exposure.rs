//! dbt's word for a reader: here, a workbook that reads nodes.
//!
//! [`Exposure`] is one that this run wants; [`StandingExposure`] is one that a manifest holds already,
//! whoever wrote it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::node::NodeIx;
use super::tableau::SiteId;

/// The key under `meta` that makes an exposure ours.
pub const MARKER_KEY: &str = "autoexpose";
/// What our exposures are imported from, as the marker names it.
pub const MARKER_SOURCE: &str = "tableau";
/// The virtual folder of all imported exposures, as in dbt's own automatic ones.
pub const VIRTUAL_FOLDER: &str = "imported_from_tableau";

/// An exposure as this run wants it.
#[derive(Debug, Clone)]
pub struct Exposure {
    /// Its name, `[a-z0-9_]`.
    pub name: String,
    /// The package that it belongs to.
    pub package: String,
    /// The workbook's title as it is; `None` where Tableau hides it.
    pub label: Option<String>,
    /// The virtual folders that it is shown under, as slugs.
    pub folders: Vec<String>,
    /// Who answers for the workbook.
    pub owner: Owner,
    /// Markdown in which nothing is active.
    pub description: String,
    /// Tags, sorted.
    pub tags: Vec<String>,
    /// `low`, `medium` or `high`, where somebody set it.
    pub maturity: Option<String>,
    /// Where the workbook opens.
    pub url: Option<String>,
    /// When the workbook was created, in seconds since 1970.
    pub created_at: Option<i64>,
    /// What makes it ours.
    pub marker: Marker,
    /// The nodes that the workbook reads, by id.
    pub dependencies: Vec<Dependency>,
}

impl Exposure {
    /// dbt's id.
    pub fn unique_id(&self) -> String {
        format!("exposure.{}.{}", self.package, self.name)
    }
}

/// An owner; unknown parts are `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owner {
    /// A name to show.
    pub name: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
}

/// A node that a workbook reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The node.
    pub node: NodeIx,
    /// The name of the rule that drew the link.
    pub rule: Cow<'static, str>,
    /// The kinds of steps from the workbook to the table.
    pub path: Cow<'static, str>,
}

/// An exposure that the manifest is to hold under our name.
#[derive(Debug, Clone)]
pub struct DesiredExposure {
    /// The exposure.
    pub exposure: Arc<Exposure>,
    /// Of the exposure as this manifest's dbt would write it; known where it was compared with an
    /// earlier one.
    pub fingerprint: Option<Fingerprint>,
}

/// What makes an exposure ours: which workbook it stands for, and how much of it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The site of the workbook.
    pub site: SiteId,
    /// The workbook's id.
    pub luid: String,
    /// The workbook's project and the projects above it.
    pub project: Vec<String>,
    /// Whether everything that it reads could be named.
    pub is_complete: bool,
}

/// An exposure that a manifest holds, as far as it matters here. What is missing in the file, or
/// has another type than dbt writes, is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingExposure {
    /// Its key in the manifest.
    pub unique_id: String,
    /// Its name; empty where it has none.
    pub name: String,
    /// The workbook's title: the label, which manifests before v7 do not have and keep in the
    /// marker.
    pub title: Option<String>,
    /// The folders between package and name in its `fqn`.
    pub folders: Vec<String>,
    /// Its owner.
    pub owner: Owner,
    /// Its description.
    pub description: String,
    /// Its tags, in the order of the file.
    pub tags: Vec<String>,
    /// Its maturity.
    pub maturity: Option<String>,
    /// Its url.
    pub url: Option<String>,
    /// When it was created, in whole seconds since 1970; dbt Core writes parts of seconds as well.
    pub created_at: Option<i64>,
    /// What it depends on, in the order of the file: nodes, and for hand-written ones perhaps
    /// metrics and the like.
    pub depends_on: Vec<StandingDependency>,
    /// Who wrote it.
    pub origin: Origin,
    /// What it is compared by.
    pub fingerprints: Fingerprints,
}

impl StandingExposure {
    /// Our marker, in the manifest or in a YAML file.
    pub fn marker(&self) -> Option<&Marker> {
        match &self.origin {
            Origin::Ours(marker) | Origin::Yaml { marker, .. } => Some(marker),
            Origin::HandWritten { .. } => None,
        }
    }

    /// Whether it is ours to change and to remove in the manifest.
    pub fn is_ours(&self) -> bool {
        matches!(self.origin, Origin::Ours(_))
    }

    /// The last part of its key, which is the name under which dbt knows it.
    pub fn name_in_id(&self) -> &str {
        name_in_id(&self.unique_id)
    }
}

/// The last part of dbt's id of anything.
pub fn name_in_id(unique_id: &str) -> &str {
    unique_id.rsplit('.').next().unwrap_or_default()
}

/// Who wrote an exposure that stands in a manifest. This is the one place that decides ownership:
/// what is not [`Origin::Ours`] is never changed or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It carries our marker and stands in our virtual file.
    Ours(Marker),
    /// It carries our marker, and dbt read it from this YAML file.
    Yaml {
        /// The marker.
        marker: Marker,
        /// The file's path in the dbt project.
        file: String,
    },
    /// It carries no marker of ours.
    HandWritten {
        /// All luids that its meta may name, see [`super::luid::collect`].
        luids: BTreeSet<String>,
    },
}

/// Something that a standing exposure depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingDependency {
    /// dbt's id of it.
    pub unique_id: String,
    /// The rule that drew the link, as the marker keeps it; empty where it does not.
    pub rule: String,
    /// The path from the workbook to the table, as the marker keeps it; empty where it does not.
    pub path: String,
}

/// Hashes of an exposure's JSON, in which the order of keys does not count. Equal hashes mean
/// equal JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprints {
    /// Of the whole object.
    pub whole: Fingerprint,
    /// Of what dbt compares for `state:modified`.
    pub compared_by_dbt: Fingerprint,
}

/// A SHA-256 of JSON.
pub type Fingerprint = [u8; 32];

/// An exposure under `disabled` in the manifest: somebody switched it off in the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisabledExposure {
    /// Its key in the manifest.
    pub unique_id: String,
    /// Each exposure under this key; dbt keeps a list.
    pub versions: Vec<DisabledVersion>,
}

impl DisabledExposure {
    /// The name under which dbt knows it.
    pub fn name(&self) -> &str {
        name_in_id(&self.unique_id)
    }
}

/// One exposure under the key of a disabled one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisabledVersion {
    /// Our marker, if it carries one.
    pub marker: Option<Marker>,
    /// All luids that its meta may name, see [`super::luid::collect`].
    pub luids: BTreeSet<String>,
}
