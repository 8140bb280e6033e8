//! What has to be known of a whole site before the lineage of its workbooks is followed.

use foldhash::HashSet;

use super::circles;
use super::unclaimed::Unclaimed;
use crate::input::tableau::store::{Merged, ObjectIx};

/// What is found out once about a whole site, for the lineage of each of its workbooks.
pub(crate) struct Survey {
    /// Objects that lead in a circle and nowhere else.
    pub(super) circles: HashSet<ObjectIx>,
    pub(crate) unclaimed: Unclaimed,
}

impl Survey {
    pub(crate) fn new(store: &Merged) -> Self {
        Self {
            circles: circles::find(store),
            unclaimed: Unclaimed::find(store),
        }
    }
}
