//! The answer to which workbooks a change reaches, in a form that every format can render.

pub mod text;

use crate::impact::{Change, Effect, Impact, NotCompared, ReachedWorkbook, Severity};
use crate::model::{Diagnostic, Project, Site};
use crate::report::WorkbookFacts;
use crate::report::view::View;
use crate::settings::ExposureSettings;

/// Which workbooks a change reaches, and what reports show of them.
#[derive(Debug)]
pub struct ImpactAnswer {
    /// What was found.
    pub impact: Impact,
    /// The workbooks of [`Impact::workbooks`], in their order.
    pub workbooks: Vec<WorkbookFacts>,
    /// What users should know of the files beside the manifests, one sentence each.
    pub caveats: Vec<String>,
    /// What else the user should know, sorted and without duplicates.
    pub diagnostics: Vec<Diagnostic>,
}

/// The answer for workbooks of this site, which are linked to this project.
pub fn gather(
    project: &Project,
    site: &Site,
    settings: &ExposureSettings,
    impact: Impact,
    caveats: Vec<String>,
    mut diagnostics: Vec<Diagnostic>,
) -> ImpactAnswer {
    let view = View::new(project, site, settings);
    let workbooks = impact.workbooks.iter();
    let workbooks = workbooks.map(|reached| view.workbook(reached.workbook));
    diagnostics.sort();
    diagnostics.dedup();
    ImpactAnswer {
        workbooks: workbooks.collect(),
        impact,
        caveats,
        diagnostics,
    }
}

impl ImpactAnswer {
    /// The workbooks that are reached so, each with what reports show of it.
    pub fn of(
        &self,
        severity: Severity,
    ) -> impl Iterator<Item = (&ReachedWorkbook, &WorkbookFacts)> {
        let all = self.impact.workbooks.iter().zip(&self.workbooks);
        all.filter(move |(reached, _)| reached.severity == severity)
    }

    /// The change that an effect is of.
    pub fn change(&self, effect: &Effect) -> Option<&Change> {
        match effect.cause {
            crate::impact::Cause::Change(at) => self.impact.changes.get(at.0),
            crate::impact::Cause::NotCompared(_) => None,
        }
    }

    /// What could not be compared and an effect is of.
    pub fn not_compared(&self, effect: &Effect) -> Option<&NotCompared> {
        match effect.cause {
            crate::impact::Cause::Change(_) => None,
            crate::impact::Cause::NotCompared(at) => self.impact.not_compared.get(at),
        }
    }
}
