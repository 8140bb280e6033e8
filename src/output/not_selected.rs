//! Groups workbooks for people: each reason once, with its workbooks.

use std::collections::{BTreeMap, BTreeSet};

/// Workbooks by title and luid, since several may have the same title.
pub type Workbooks<'r> = BTreeSet<(&'r str, &'r str)>;

/// Workbooks by the reason. They come with reason, title and luid; one without a title is shown by
/// its luid.
pub fn by_reason<'r>(
    workbooks: impl Iterator<Item = (&'r str, &'r str, &'r str)>,
) -> BTreeMap<&'r str, Workbooks<'r>> {
    let mut groups: BTreeMap<&str, Workbooks> = BTreeMap::new();
    for (reason, title, luid) in workbooks {
        let title = if title.is_empty() { luid } else { title };
        groups.entry(reason).or_default().insert((title, luid));
    }
    groups
}
