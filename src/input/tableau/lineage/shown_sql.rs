//! Custom SQL of which the export shows the query and a reader.

use super::sql;
use super::unclaimed::Unclaimed;
use crate::input::tableau::store::{Merged, ObjectIx};
use crate::model::{CustomSql, CustomSqlIx};

/// The custom SQL of a site of which the export shows the query and a reader, in order.
#[derive(Default)]
pub(crate) struct ShownSql(Vec<ObjectIx>);

impl ShownSql {
    pub(super) fn find(store: &Merged, unclaimed: &Unclaimed) -> Self {
        let is_shown =
            |at: &ObjectIx| sql::query(store.object(*at)).is_some() && !unclaimed.contains(*at);
        Self(store.positions().filter(is_shown).collect())
    }

    /// The position of custom SQL among these, if the export shows its query.
    pub(crate) fn position(&self, at: ObjectIx) -> Option<CustomSqlIx> {
        self.0.binary_search(&at).ok().map(CustomSqlIx)
    }

    /// All of them, each with what the export says about it. Their tables are positions among those of
    /// their site.
    pub(crate) fn describe<'a>(&self, store: &Merged<'_, 'a>) -> Vec<CustomSql<'a>> {
        let all = self.0.iter();
        all.filter_map(|at| sql::describe(store, *at)).collect()
    }
}
