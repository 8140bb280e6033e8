//! What has to be known of a whole site before the lineage of its workbooks is followed.

use foldhash::HashSet;

use super::circles;
use super::unclaimed::Unclaimed;
use crate::input::tableau::elsewhere::OfSite;
use crate::input::tableau::store::{Merged, ObjectIx};

/// What is found out once about a whole site, for the lineage of each of its workbooks.
pub(crate) struct Survey<'e> {
    /// Objects that lead in a circle and nowhere else.
    pub(super) circles: HashSet<ObjectIx>,
    pub(crate) unclaimed: Unclaimed,
    /// What is described, but not in the exports of this site.
    pub(super) elsewhere: OfSite<'e>,
}

impl<'e> Survey<'e> {
    pub(crate) fn new(store: &Merged, elsewhere: OfSite<'e>) -> Self {
        Self {
            circles: circles::find(store),
            unclaimed: Unclaimed::find(store),
            elsewhere,
        }
    }
}
