//! Exports that another user made than the last run's. Each user sees what the permissions allow, so
//! that what one does not see may still be there: only an administrator's export proves more.

use crate::model::{Evidence, Findings, User};

/// The user of an export who is not the one that an earlier run knew, and no known administrator;
/// and the one that it knew.
pub fn other_user<'u>(earlier: &'u Findings, export: &'u Evidence) -> Option<(&'u User, &'u User)> {
    let before = earlier.user(&export.site)?;
    let mut users = export.users.iter();
    let other = users.find(|user| !user.is_same(before) && user.is_administrator != Some(true));
    other.map(|now| (before, now))
}

/// The user whose view the next run should compare with: the one of this export, unless it says too
/// little or is no evidence.
pub fn remembered_user<'u>(earlier: &'u Findings, export: &'u Evidence) -> Option<&'u User> {
    let before = earlier.user(&export.site);
    match export.users.as_slice() {
        [only] if other_user(earlier, export).is_none() => Some(only),
        _ => before,
    }
}
