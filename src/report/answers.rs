//! What the formats ask of a report.

use super::Report;
use crate::model::{Code, Diagnostic};
use crate::verdict::Cause;

impl Report {
    /// What the run compares with, if that is neither the manifest nor the state.
    pub fn baseline(&self) -> Option<&Diagnostic> {
        let mut diagnostics = self.diagnostics.iter();
        diagnostics.find(|found| found.code == Code::StateRemembered)
    }

    /// Whether nothing changes and no link is lost.
    pub fn is_quiet(&self) -> bool {
        !self.has_changes() && self.lost.relations.is_empty()
    }

    /// Whether a cause tells that the manifest may be of another target.
    pub fn is_target_told(&self) -> bool {
        self.causes.iter().any(Cause::is_of_other_target)
    }

    /// Whether any exposure is added, changed, renamed or removed, or kept with changes.
    pub fn has_changes(&self) -> bool {
        !(self.added.is_empty()
            && self.changed.is_empty()
            && self.renamed.is_empty()
            && self.removed.is_empty()
            && self.kept.iter().all(|kept| kept.before.is_none()))
    }
}
