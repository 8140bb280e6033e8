//! The answer to which workbooks a change reaches, in a form that every format can render.
//!
//! `changes`, `effects`, `headline`, `ways_out` and `basis` make sentences of it; `text`, `markdown` and
//! `annotations` set them.

pub mod annotations;
mod basis;
mod changes;
mod effects;
mod headline;
pub mod markdown;
mod names;
mod picture;
pub mod text;
mod ways_out;

use jiff::Timestamp;

use crate::impact::{Cause, Change, Effect, Impact, NotCompared, ReachedWorkbook, Severity};
use crate::model::{Diagnostic, Project, Site};
use crate::report::view::View;
use crate::report::{ExportFacts, WorkbookFacts, export};
use crate::settings::ExposureSettings;

/// Which workbooks a change reaches, and what reports show of them.
#[derive(Debug)]
pub struct ImpactAnswer {
    /// What was found.
    pub impact: Impact,
    /// The workbooks of [`Impact::workbooks`], in their order.
    pub workbooks: Vec<WorkbookFacts>,
    /// The exports, by site.
    pub exports: Vec<CapturedExport>,
    /// The severity from which on the run ends with 1, if it does.
    pub fails_from: Option<Severity>,
    /// What users should know of the files beside the manifests, one sentence each.
    pub caveats: Vec<String>,
    /// What else the user should know, sorted and without duplicates.
    pub diagnostics: Vec<Diagnostic>,
}

/// What the exports of one site prove, and of when they are.
#[derive(Debug)]
pub struct CapturedExport {
    /// What they prove.
    pub facts: ExportFacts,
    /// When the last of them was made, as far as they say so.
    pub captured_at: Option<Timestamp>,
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
    let exports = site.evidence.iter().map(|evidence| CapturedExport {
        facts: export(evidence),
        captured_at: evidence
            .captured_at
            .and_then(|at| Timestamp::from_second(at).ok()),
    });
    diagnostics.sort();
    diagnostics.dedup();
    ImpactAnswer {
        workbooks: workbooks.collect(),
        exports: exports.collect(),
        impact,
        fails_from: None,
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
            Cause::Change(at) => self.impact.changes.get(at.0),
            Cause::NotCompared(_) => None,
        }
    }

    /// What could not be compared and an effect is of.
    pub fn not_compared(&self, effect: &Effect) -> Option<&NotCompared> {
        match effect.cause {
            Cause::Change(_) => None,
            Cause::NotCompared(at) => self.impact.not_compared.get(at),
        }
    }

    /// Whether a workbook is reached as badly as this, or worse. Where not one is linked, nothing could
    /// be compared.
    pub fn reaches(&self, severity: Severity) -> bool {
        let worst = self.impact.workbooks.first();
        match worst {
            Some(worst) => worst.severity <= severity,
            None => severity == Severity::Uncompared && self.is_blind(),
        }
    }

    /// Whether there is nothing that a reviewer has to know: no workbook is reached, and that is known.
    pub fn is_silent(&self) -> bool {
        self.impact.workbooks.is_empty() && !self.is_blind()
    }

    /// Everything that happens to workbooks.
    fn effects(&self) -> impl Iterator<Item = &Effect> {
        let workbooks = self.impact.workbooks.iter();
        workbooks.flat_map(|reached| &reached.effects)
    }

    /// The only cause of the worst, which the first line tells; `None` if there are several.
    fn told_cause(&self) -> Option<Cause> {
        let worst = self.impact.workbooks.first()?.severity;
        let effects = self
            .effects()
            .filter(|effect| effect.what.severity() == worst);
        let mut causes = effects.map(|effect| effect.cause);
        let first = causes.next()?;
        causes.all(|cause| cause == first).then_some(first)
    }

    /// Why the run ends with 1, where the first line does not say that a workbook breaks.
    fn why_it_fails(&self) -> Option<String> {
        let from = self.fails_from.filter(|from| *from != Severity::Breaks)?;
        let breaks = self.of(Severity::Breaks).next().is_some();
        (!breaks).then(|| format!("This fails the run, as `--fail-on {from}` asks"))
    }
}

/// The severities, each with what is said of its workbooks.
fn heading(severity: Severity) -> &'static str {
    match severity {
        Severity::Breaks => "Breaks",
        Severity::Touches => "May change",
        Severity::Uncompared => "Could not be compared",
    }
}

/// What a reader has to know of tables and columns that workbooks lose, one sentence each.
fn consequences(answer: &ImpactAnswer) -> Vec<&'static str> {
    use crate::impact::What;
    let has = |what: What| answer.effects().any(|effect| effect.what == what);
    let all = [
        (
            What::NotUpdated,
            "The old table stays in the warehouse and is no longer updated: old numbers, without an error.",
        ),
        (
            What::RunFails,
            "The table is no longer updated while the run fails: old numbers, without an error.",
        ),
        (
            What::ColumnGone,
            "The column goes when the model is built next: what shows it fails then.",
        ),
    ];
    let told = all.into_iter().filter(|(what, _)| has(*what));
    told.map(|(_, sentence)| sentence).collect()
}
