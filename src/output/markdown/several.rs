//! The report on several projects: a total, what is about all of them, and each of which there is
//! something to say.

use super::super::{as_sentence, change_counts, nothing_changes};
use super::causes::causes;
use super::changes::{changes, manual};
use super::prose::prose;
use super::spans::code;
use super::{FOR_CAUSES, FOR_CHANGES, Page, summary};
use crate::report::{Report, Several};

impl Page {
    pub(super) fn several(&mut self, several: &Several) {
        let (all, options) = (&several.all, self.options);
        for report in &several.projects {
            self.lost(&report.lost, &format!("{}: ", named(report)));
        }
        let heading = nothing_changes(&several.projects).unwrap_or_else(|| several.change_counts());
        self.line(&format!("### {heading}\n"));
        if !options.quiet {
            self.line(&summary(all));
            self.blocks(&causes(all, options), FOR_CAUSES);
        }
        let blocks = several
            .loud()
            .flat_map(|report| project(report, options.quiet));
        self.blocks(&blocks.collect::<Vec<_>>(), FOR_CHANGES);
        self.files(&several.projects);
        if options.quiet {
            return;
        }
        if let Some(silent) = several.silent(options.verbose, code) {
            self.line(&format!("\n{silent}."));
        }
        let manual = several.projects.iter().flat_map(manual);
        self.rest(all, &manual.collect::<Vec<_>>(), &several.projects);
    }
}

/// The heading of a project with its counts, and what changes in it.
fn project(report: &Report, is_quiet: bool) -> Vec<String> {
    let counts = change_counts(std::slice::from_ref(report));
    let mut heading = format!("\n### {}: {counts}\n", named(report));
    if !is_quiet {
        heading.push_str(&format!("\n{}.", report.own_tables()));
        let baseline = report.baseline();
        let baseline = baseline.map(|baseline| prose(&as_sentence(&baseline.message)));
        heading.extend(baseline.map(|baseline| format!(" {baseline}")));
    }
    let changes = changes(report);
    if changes.is_empty() && is_quiet {
        return Vec::new();
    }
    std::iter::once(heading).chain(changes).collect()
}

fn named(report: &Report) -> String {
    format!("Project {}", code(&report.manifest.project))
}
