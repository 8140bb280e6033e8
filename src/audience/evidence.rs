//! Tableau's own answer: the list of workbooks that a user may see
//! ("Query Workbooks for User": those that the user owns, and those with Read permission).

use super::decision::{Answer, Decision};
use super::limits::Limits;
use crate::model::access::{Listing, SiteAccess};

/// What Tableau answered about a workbook and a user. A list that lacks something, or is too old, proves
/// nothing.
pub(super) fn of_workbook(
    access: &SiteAccess,
    user: &str,
    workbook: &str,
    limits: &Limits,
) -> Answer {
    let unknown = |why: String| Answer::new(Decision::Unknown, why);
    let missing = Listing::default();
    let list = access.visible_workbooks.get(user).unwrap_or(&missing);
    if let Some(why) = list.why_incomplete() {
        return unknown(format!(
            "the list of workbooks that the user may see is {why}"
        ));
    }
    if let Some(why) = limits.why_stale(list.captured_at) {
        return unknown(format!(
            "the list of workbooks that the user may see is {why}"
        ));
    }
    match list.luids.contains(workbook) {
        true => Answer::new(
            Decision::Allowed,
            "Tableau lists it among the workbooks that the user may see",
        ),
        false => Answer::new(
            Decision::Denied,
            "Tableau does not list it among the workbooks that the user may see",
        ),
    }
}
