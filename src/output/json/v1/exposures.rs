//! Exposures in the document.

use schemars::JsonSchema;
use serde::Serialize;

use super::parts::{EndedLink, Owner};
use crate::model::ReferencedColumn;
use crate::report;

/// An exposure.
#[derive(Serialize, JsonSchema)]
pub(super) struct Exposure<'r> {
    /// dbt's id.
    unique_id: &'r str,
    /// Its name.
    name: &'r str,
    /// The workbook's title; null if Tableau hides it.
    label: Option<&'r str>,
    /// The workbook's luid.
    luid: &'r str,
    /// The workbook's server; null if it is not known.
    server: Option<&'r str>,
    /// The content URL of its site, empty for the default site; null if it is not known.
    site: Option<&'r str>,
    /// Where the workbook opens; null if server or site are not known.
    url: Option<&'r str>,
    /// The workbook's project, as a path as far as it is known.
    project: Option<&'r str>,
    /// The owner.
    owner: Owner<'r>,
    /// Whether the export shows everything that the workbook reads.
    complete: bool,
    /// Tags.
    tags: &'r [String],
    /// `low`, `medium` or `high`; null if nobody set it.
    maturity: Option<&'r str>,
    /// When the workbook was created, in seconds since 1970.
    created_at: Option<i64>,
    /// The description, in which no Markdown or HTML is active.
    description: &'r str,
    /// The ids of the nodes that it reads, sorted.
    depends_on: Vec<&'r str>,
    /// Why each of these is there.
    links: Vec<Link<'r>>,
    /// The columns that the workbook uses, sorted by node and name. Only where `autoexpose.yml` asks for
    /// them and the export tells them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    referenced_columns: Vec<Column<'r>>,
}

/// A column that a workbook uses.
#[derive(Serialize, JsonSchema)]
struct Column<'r> {
    /// Its name.
    column_name: &'r str,
    /// The relation of its node, as dbt renders it; null where the manifest does not say.
    node: Option<&'r str>,
}

impl<'r> Column<'r> {
    fn new(column: &'r ReferencedColumn) -> Self {
        Self {
            column_name: &column.column_name,
            node: column.node.as_deref(),
        }
    }
}

impl<'r> Exposure<'r> {
    pub(super) fn new(exposure: &'r report::ExposureFacts) -> Self {
        Self {
            unique_id: &exposure.unique_id,
            name: &exposure.name,
            label: exposure.label.as_deref(),
            luid: &exposure.luid,
            server: exposure.server.as_deref(),
            site: exposure.site.as_deref(),
            url: exposure.url.as_deref(),
            project: exposure.project.as_deref(),
            owner: Owner::new(&exposure.owner),
            complete: exposure.complete,
            tags: &exposure.tags,
            maturity: exposure.maturity.as_deref(),
            created_at: exposure.created_at,
            description: &exposure.description,
            depends_on: exposure.links.iter().map(|link| &*link.node).collect(),
            links: exposure.links.iter().map(Link::new).collect(),
            referenced_columns: exposure
                .referenced_columns
                .iter()
                .map(Column::new)
                .collect(),
        }
    }
}

/// Why an exposure depends on a node.
#[derive(Serialize, JsonSchema)]
struct Link<'r> {
    /// The node's id.
    node: &'r str,
    /// The rule that drew the link; empty if it is not known.
    rule: &'r str,
    /// The kinds of steps from the workbook to the table; empty if they are not known.
    path: &'r str,
    /// Where the query of custom SQL names the table; null for a link by another way, and for one of an
    /// earlier run.
    place: Option<Place>,
}

/// A place in the query of custom SQL; line and column count from 1, columns in characters.
#[derive(Serialize, JsonSchema)]
struct Place {
    line: usize,
    column: usize,
}

impl<'r> Link<'r> {
    fn new(link: &'r report::LinkFacts) -> Self {
        Self {
            node: &link.node,
            rule: &link.rule,
            path: &link.path,
            place: link.place.map(|place| Place {
                line: place.line,
                column: place.column,
            }),
        }
    }
}

/// An exposure before and after. Its own fields are those of `after`.
#[derive(Serialize, JsonSchema)]
pub(super) struct Changed<'r> {
    #[serde(flatten)]
    exposure: Exposure<'r>,
    /// As it was.
    before: Exposure<'r>,
    /// As it will be.
    after: Exposure<'r>,
    /// The links that it has no more.
    ended: Vec<EndedLink<'r>>,
}

impl<'r> Changed<'r> {
    pub(super) fn new(changed: &'r report::BeforeAfter) -> Self {
        Self {
            exposure: Exposure::new(&changed.after),
            before: Exposure::new(&changed.before),
            after: Exposure::new(&changed.after),
            ended: changed.ended.iter().map(EndedLink::new).collect(),
        }
    }
}

/// An exposure that is removed.
#[derive(Serialize, JsonSchema)]
pub(super) struct Removed<'r> {
    #[serde(flatten)]
    exposure: Exposure<'r>,
    /// Why.
    reason: String,
    /// The name of that reason, which `autoexpose explain --code` explains.
    reason_code: &'static str,
    /// Its links, if that they ended is the reason.
    ended: Vec<EndedLink<'r>>,
}

impl<'r> Removed<'r> {
    pub(super) fn new(removed: &'r report::RemovedFacts) -> Self {
        Self {
            exposure: Exposure::new(&removed.exposure),
            reason: removed.reason.to_string(),
            reason_code: removed.reason.key(),
            ended: removed.ended.iter().map(EndedLink::new).collect(),
        }
    }
}

/// An exposure that is kept, as it will be in the manifest.
#[derive(Serialize, JsonSchema)]
pub(super) struct Kept<'r> {
    #[serde(flatten)]
    exposure: Exposure<'r>,
    /// Why.
    reason: String,
    /// The name of that reason, which `autoexpose explain --code` explains.
    reason_code: &'static str,
    /// As it was, if it has to change: a dependency no longer exists, or its name is taken.
    before: Option<Exposure<'r>>,
    /// The links that it has no more.
    ended: Vec<EndedLink<'r>>,
}

impl<'r> Kept<'r> {
    pub(super) fn new(kept: &'r report::KeptFacts) -> Self {
        Self {
            exposure: Exposure::new(&kept.exposure),
            reason: kept.reason.to_string(),
            reason_code: kept.reason.key(),
            before: kept.before.as_ref().map(Exposure::new),
            ended: kept.ended.iter().map(EndedLink::new).collect(),
        }
    }
}
