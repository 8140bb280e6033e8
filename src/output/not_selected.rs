//! Groups workbooks that are not selected for people: each reason once, with its workbooks.

use std::collections::BTreeMap;

use super::report::NotSelectedFacts;
use super::unlinked::Readers;

/// The workbooks that are not selected, by the reason.
pub fn by_reason(not_selected: &[NotSelectedFacts]) -> BTreeMap<&str, Readers<'_>> {
    let mut groups: BTreeMap<&str, Readers> = BTreeMap::new();
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
