//! The property files of a run that writes exposures as YAML.

use super::{ExposureFacts, Report};
use crate::model::display::display_enum;

/// A property file that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFile {
    /// Its path.
    pub path: String,
    /// What becomes of it.
    pub change: ChangeOfFile,
}

display_enum! {
    /// What becomes of a property file.
    pub enum ChangeOfFile {
        /// It is new.
        Added => "added";
        /// It gets another text.
        Changed => "changed";
        /// It held only exposures of ours, and is left without any.
        Removed => "removed";
    }
}

impl Report {
    /// The report on a run that writes exposures into these files. What YAML does not record of an
    /// exposure is no difference.
    pub fn on_files(mut self, files: Vec<ChangedFile>) -> Self {
        for changed in self.changed.iter_mut().chain(&mut self.renamed) {
            fill(&mut changed.before, &changed.after);
        }
        for kept in &mut self.kept {
            if let Some(before) = &mut kept.before {
                fill(before, &kept.exposure);
            }
        }
        self.files = Some(files);
        self
    }
}

/// Fills in what YAML does not record.
fn fill(before: &mut ExposureFacts, after: &ExposureFacts) {
    before.project.clone_from(&after.project);
    before.complete = after.complete;
    before.created_at = after.created_at;
    for link in &mut before.links {
        if let Ok(at) = after
            .links
            .binary_search_by(|after| after.node.cmp(&link.node))
        {
            *link = after.links[at].clone();
        }
    }
}
