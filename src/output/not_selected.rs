//! Groups workbooks that are not selected for people: each reason once, with its workbooks.

use std::collections::{BTreeMap, BTreeSet};

use super::report::NotSelectedFacts;

/// Workbooks by title and luid, since several may have the same title.
type Workbooks<'r> = BTreeSet<(&'r str, &'r str)>;

/// The workbooks that are not selected, by the reason.
pub fn by_reason(not_selected: &[NotSelectedFacts]) -> BTreeMap<&str, Workbooks<'_>> {
    let mut groups: BTreeMap<&str, Workbooks> = BTreeMap::new();
    for facts in not_selected {
        let title = if facts.workbook.is_empty() {
            &facts.luid
        } else {
            &facts.workbook
        };
        let workbooks = groups.entry(&facts.reason).or_default();
        workbooks.insert((title, &facts.luid));
    }
    groups
}
