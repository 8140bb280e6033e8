//! dbt's word for a reader: here, a workbook that reads nodes.

use std::borrow::Cow;

use serde_json::Value;

use super::node::NodeIx;
use super::tableau::SiteId;

/// The key under `meta` that makes an exposure ours.
pub const MARKER_KEY: &str = "autoexpose";
/// What our exposures are imported from, as the marker says it.
pub const MARKER_SOURCE: &str = "tableau";

/// An exposure as this run wants it.
#[derive(Debug, Clone)]
pub struct Exposure {
    /// Its name, `[a-z0-9_]`.
    pub name: String,
    /// The package that it belongs to.
    pub package: String,
    /// The workbook's title as it is; `None` where it may not be seen.
    pub label: Option<String>,
    /// The virtual folders that it is shown under, as slugs.
    pub folders: Vec<String>,
    /// Who answers for the workbook.
    pub owner: Owner,
    /// Markdown in which nothing is active.
    pub description: String,
    /// Tags, sorted.
    pub tags: Vec<String>,
    /// `low`, `medium` or `high`, where somebody said so.
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

impl Marker {
    /// The marker in an exposure's JSON, under `meta` or `config.meta`.
    pub fn of(exposure: &Value) -> Option<Self> {
        let metas = [exposure.get("meta"), exposure.pointer("/config/meta")];
        let marker = metas
            .into_iter()
            .flatten()
            .find_map(|meta| meta.get(MARKER_KEY))?;
        let text = |key: &str| marker.get(key).and_then(Value::as_str).map(str::to_owned);
        let luid = text("luid")?;
        if marker.get("source").and_then(Value::as_str) != Some(MARKER_SOURCE) {
            return None;
        }
        let project = marker.get("project").and_then(Value::as_array);
        Some(Self {
            site: SiteId {
                server: text("server"),
                content_url: text("site"),
            },
            luid,
            project: project
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            is_complete: marker
                .get("complete")
                .and_then(Value::as_bool)
                .unwrap_or(true),
        })
    }
}

/// The workbook's title in an exposure's JSON: its label, which manifests before v7 have not and
/// keep in the marker.
pub fn title_of(exposure: &Value) -> Option<&str> {
    let of_marker = || exposure.pointer(&format!("/meta/{MARKER_KEY}/title"));
    exposure
        .get("label")
        .or_else(of_marker)
        .and_then(Value::as_str)
}
