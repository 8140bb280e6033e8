//! What several parts of the document have.

use schemars::JsonSchema;
use serde::Serialize;

use crate::link::Ended;
use crate::model;
use crate::report;

/// An owner.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Owner<'r> {
    /// A name to show.
    name: Option<&'r str>,
    /// An e-mail address.
    email: Option<&'r str>,
}

impl<'r> Owner<'r> {
    pub(crate) fn new(owner: &'r model::Owner) -> Self {
        Self {
            name: owner.name.as_deref(),
            email: owner.email.as_deref(),
        }
    }
}

/// A relation that nearly fits, or one of several that fit.
#[derive(Serialize, JsonSchema)]
pub(super) struct Nearest<'r> {
    /// The node's id.
    unique_id: &'r str,
    /// Its relation.
    relation: &'r str,
    /// What keeps it from fitting.
    difference: &'r str,
}

impl<'r> Nearest<'r> {
    pub(super) fn new(nearest: &'r report::Nearest) -> Self {
        Self {
            unique_id: &nearest.unique_id,
            relation: &nearest.relation,
            difference: &nearest.difference,
        }
    }
}

/// A link of an earlier run that a workbook does not have any more.
#[derive(Serialize, JsonSchema)]
pub(super) struct EndedLink<'r> {
    /// The id of the node.
    node: &'r str,
    /// How it ended: `stopped` (the workbook no longer reads it), `lost` (the workbook still reads it,
    /// and the project does not have it any more), `unlinked` (the workbook still reads it, and it
    /// does not link), `found-as` (what the workbook still reads is another node now), `moved` (to a node of another project of the
    /// run, which builds what the workbook still reads), or `not-known`.
    how: &'r str,
    /// The id of that other node.
    found_as: Option<&'r str>,
    /// The project of that other node; only where the link moved to another project of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_to: Option<&'r str>,
    /// What that is to the workbook, in words that go on after its name.
    detail: String,
}

impl<'r> EndedLink<'r> {
    pub(super) fn new(link: &'r report::EndedLink) -> Self {
        let found_as = match &link.ended {
            Ended::FoundAs(node) => Some(node.as_str()),
            Ended::Moved(other) => Some(other.unique_id.as_str()),
            Ended::Lost(_) | Ended::Unlinked | Ended::NotKnown | Ended::Stopped => None,
        };
        let moved_to = match &link.ended {
            Ended::Moved(other) => Some(other.project.as_ref()),
            _ => None,
        };
        Self {
            moved_to,
            node: &link.node,
            how: link.ended.key(),
            found_as,
            detail: link.ended.sentence(&link.node, str::to_owned),
        }
    }
}
