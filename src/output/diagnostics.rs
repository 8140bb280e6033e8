//! Which diagnostics stand in a list of their own in reports for people: each thing is told once.

use crate::model::{Code, Diagnostic};
use crate::report::Report;

/// The diagnostics of a report, but for those whose place is elsewhere.
pub struct Listed<'r> {
    /// These, in their order.
    pub diagnostics: Vec<&'r Diagnostic>,
    /// Of how many dependencies that are gone the exposures above tell what became of them.
    dependencies_told: usize,
}

impl<'r> Listed<'r> {
    /// With `verbose` also those that need no attention. The report may be a part of `all`.
    pub fn new(report: &'r Report, all: &Report, verbose: bool) -> Self {
        let is_shown = |diagnostic: &&Diagnostic| match diagnostic.code {
            Code::StateRemembered => false,
            Code::IgnoredSections => verbose,
            Code::TargetDiffers => !all.is_target_told(),
            _ => true,
        };
        let shown = report.diagnostics.iter().filter(is_shown);
        let (told, diagnostics) = shown.partition::<Vec<_>, _>(|diagnostic| diagnostic.is_told);
        Self {
            diagnostics,
            dependencies_told: told.len(),
        }
    }

    /// The code and the sentence on those that stand above, if any do.
    pub fn told(&self) -> Option<(Code, String)> {
        let (are, were) = match self.dependencies_told {
            0 => return None,
            1 => ("dependency is", "was"),
            _ => ("dependencies are", "were"),
        };
        let count = self.dependencies_told;
        let sentence = format!("{count} {are} gone and {were} dropped, as told above");
        Some((Code::DependencyGone, sentence))
    }

    /// How many entries the list has.
    pub fn len(&self) -> usize {
        self.diagnostics.len() + usize::from(self.dependencies_told > 0)
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
