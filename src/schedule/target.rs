//! What Tableau refreshes in one go.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::model::SiteId;
use crate::model::refresh::{TargetId, TargetKind};

/// A workbook with extracts inside, or a published data source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What it is.
    pub kind: TargetKind,
    /// What tells it apart; `None` without a luid.
    pub id: Option<TargetId>,
    /// The site that it is on.
    pub site: SiteId,
    /// Its name; empty if Tableau hides it.
    pub name: String,
    /// The path of its project, as far as it is known.
    pub project: Option<String>,
    /// The names of its extracts, sorted; of a published data source, its own.
    pub extracts: Vec<String>,
    /// What its data is.
    pub content: Content,
    /// The ids of the nodes that its extracts read, sorted.
    pub nodes: BTreeSet<String>,
    /// Whether some of these are known of the workbook alone, and not of a data source in it.
    pub is_by_workbook: bool,
    /// Whether the export shows everything that it reads.
    pub is_complete: bool,
    /// When its extracts last got new data, the oldest of them; `None` where one does not tell.
    pub refreshed_at: Option<Timestamp>,
    /// Why it is not selected; `None` if it is.
    pub not_selected: Option<String>,
}

/// What the data of a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// An extract.
    Extract,
    /// A live connection.
    Live,
    /// What a Prep flow writes.
    ByFlow,
    /// The export does not say.
    Unknown,
}

impl Target {
    /// What people call it.
    pub fn title(&self) -> &str {
        match &self.id {
            Some(id) if self.name.is_empty() => &id.luid,
            _ => &self.name,
        }
    }
}
