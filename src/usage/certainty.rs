//! How sure it is that nobody reads what no workbook of the export is known to read.

use super::world::Known;
use crate::model::{Evidence, Site, WorkbookIx};

/// What an export leaves open about who reads what. With every number 0 it leaves nothing open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Certainty {
    /// How many workbooks the export lists.
    pub workbooks: usize,
    /// How many of them may read more than the export shows.
    pub incomplete: usize,
    /// How many of these Tableau hides from the token.
    pub hidden: usize,
    /// How many have no luid, and were not looked at.
    pub unidentified: usize,
    /// How many sites may have workbooks that the export does not list.
    pub unproven_sites: usize,
    /// Whether there is custom SQL that may read anything, and whose reader the export does not name.
    pub has_open_sql: bool,
    /// How many things the manifests contain of which it could not be read what they depend on.
    pub unreadable: usize,
}

impl Certainty {
    /// What the export and the manifests leave open.
    pub fn new(projects: &[Known], site: &Site) -> Self {
        let positions = site.workbook_positions();
        let is_incomplete = |at: &WorkbookIx| {
            let workbook = site.workbook(*at);
            let mut links = projects.iter().map(|known| &known.links.workbooks[at.0]);
            links.any(|links| !links.is_complete(workbook))
        };
        let is_unproven = |evidence: &&Evidence| !evidence.is_complete();
        let unreadable = projects.iter().map(|known| known.graph.unreadable().len());
        Self {
            workbooks: site.workbooks.len(),
            incomplete: positions.filter(is_incomplete).count(),
            hidden: site.workbooks.iter().filter(|one| one.is_hidden()).count(),
            unidentified: site.unidentified,
            unproven_sites: site.evidence.iter().filter(is_unproven).count(),
            has_open_sql: site.unclaimed_sql.is_open,
            unreadable: unreadable.sum(),
        }
    }

    /// Whether nothing is left open.
    pub fn is_full(&self) -> bool {
        let workbooks = self.workbooks;
        *self
            == Self {
                workbooks,
                ..Self::default()
            }
    }
}
