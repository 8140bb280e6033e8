//! What reports for people say of several projects together.

use super::{change_counts, counted};
use crate::link::OutcomeKind;
use crate::model::listing::first_few;
use crate::report::{Report, Several};

impl Report {
    /// Whether there is nothing to say of this project, which is one of several, but that it is as it
    /// should be.
    pub fn is_silent(&self) -> bool {
        self.is_quiet()
            && self.lost.not_selected == 0
            && self.kept.is_empty()
            && self.manual.is_empty()
            && self.diagnostics.is_empty()
            && self.files.as_ref().is_none_or(Vec::is_empty)
    }

    /// How many tables link to this project, and how many to others of the run.
    pub fn own_tables(&self) -> String {
        let count = |kind| self.tables.get(&kind).copied().unwrap_or_default();
        let (own, others) = (count(OutcomeKind::Linked), count(OutcomeKind::OtherProject));
        format!(
            "{} linked, {others} of other projects",
            counted(own, "table")
        )
    }
}

impl Several {
    /// The projects of which there is something to say.
    pub fn loud(&self) -> impl Iterator<Item = &Report> {
        self.projects.iter().filter(|report| !report.is_silent())
    }

    /// The projects of which there is nothing to say, in one sentence; `None` if there are none. `shown`
    /// is how a text shows a name.
    pub fn silent(&self, is_whole: bool, shown: impl Fn(&str) -> String) -> Option<String> {
        let silent = self.projects.iter().filter(|report| report.is_silent());
        let names = silent.map(|report| shown(&report.manifest.project));
        let names = names.collect::<Vec<_>>();
        let listed = if is_whole {
            names.join(", ")
        } else {
            first_few(names.len(), names.clone())
        };
        let projects = counted(names.len(), "project");
        (!names.is_empty()).then(|| format!("Nothing changes in {projects}: {listed}"))
    }

    /// How many projects there are, and how many exposures of them change.
    pub fn change_counts(&self) -> String {
        let projects = counted(self.projects.len(), "project");
        format!("Exposures of {projects}: {}", change_counts(&self.projects))
    }
}
