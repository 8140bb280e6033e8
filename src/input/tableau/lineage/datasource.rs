//! What one data source reads itself, which may be less than its workbook reads.

use super::{Lineage, Shared, Survey, Trail, Walk};
use crate::input::tableau::store::{Content, Merged, ObjectIx};

/// Follows everything upstream of the data source at this position.
pub(crate) fn trace_datasource<'a>(
    store: &Merged<'_, 'a>,
    survey: &Survey<'_, 'a>,
    shared: &Shared<'a>,
    at: ObjectIx,
) -> Lineage<'a> {
    let mut walk = Walk::new(store, survey, Trail::from(at, None), Some(shared));
    if let Content::Intermediate(datasource) = store.object(at).content {
        walk.noted.has_unsupported_sql = datasource.unsupported_sql == Some(true);
    }
    walk.run();
    walk.finish(at)
}
