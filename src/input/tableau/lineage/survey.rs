//! What has to be known of a whole site before the lineage of its workbooks is followed.

use foldhash::HashSet;

use super::circles;
use super::shown_sql::ShownSql;
use super::unclaimed::Unclaimed;
use crate::input::tableau::elsewhere::OfSite;
use crate::input::tableau::store::{Merged, ObjectIx};

/// What is found out once about a whole site, for the lineage of each of its workbooks.
pub(crate) struct Survey<'e, 'a> {
    /// Objects that lead in a circle and nowhere else.
    pub(super) circles: HashSet<ObjectIx>,
    pub(crate) unclaimed: Unclaimed<'a>,
    pub(crate) shown_sql: ShownSql,
    /// What is described, but not in the exports of this site.
    pub(super) elsewhere: OfSite<'e>,
}

impl<'e, 'a> Survey<'e, 'a> {
    pub(crate) fn new(store: &Merged<'_, 'a>, elsewhere: OfSite<'e>) -> Self {
        let unclaimed = Unclaimed::find(store);
        Self {
            circles: circles::find(store),
            shown_sql: ShownSql::find(store, &unclaimed),
            unclaimed,
            elsewhere,
        }
    }
}
