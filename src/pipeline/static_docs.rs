//! Writes the exposures of a plan into a page of dbt docs that has its manifest in it.
//!
//! The page gets the exposures that its project's manifest gets, as far as it has what they depend on.
//! Everything else in it stays, to the byte.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ReadProject;
use crate::edit::{self, Covered, Edit, Shaper};
use crate::input::manifest::{self, Manifest};
use crate::input::static_docs::{Page, WRITE_ANEW};
use crate::model::exposure::DesiredExposure;
use crate::model::listing::first_few;
use crate::model::{Code, Dependency, Diagnostic, Exposure, Failure, Marker, StandingExposure};
use crate::plan::Plan;

/// A page after reading.
pub struct ReadPage<'a> {
    page: &'a Page<'a>,
    manifest: Manifest<'a>,
    /// What was told about its manifest.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> ReadPage<'a> {
    /// Reads the manifest of a page.
    ///
    /// # Errors
    /// It cannot be used, for the same reasons as that of a file.
    pub fn read(page: &'a Page<'a>) -> Result<Self, Failure> {
        let read = manifest::read(&page.manifest);
        let (manifest, diagnostics) = read.map_err(|Failure { message, .. }| {
            let message = format!("the manifest in this page cannot be used: {message}");
            Failure::new(page.file, message).help(WRITE_ANEW)
        })?;
        Ok(Self {
            page,
            manifest,
            diagnostics,
        })
    }

    /// Which of the projects the page is of.
    ///
    /// # Errors
    /// None of them.
    pub fn project<'p, 'b: 'p>(
        &self,
        mut projects: impl Iterator<Item = &'p ReadProject<'b>>,
    ) -> Result<usize, Failure> {
        let name = &self.manifest.project.root_package;
        let found = projects.position(|project| project.manifest.project.root_package == *name);
        found.ok_or_else(|| {
            let message = format!("this page is of project {name}, and no manifest of it is given");
            Failure::new(self.page.file, message)
                .help("give the page of the same project, or its manifest with `--manifest`")
        })
    }

    /// The edits of the page's manifest after which it has the exposures of the plan, in the order of the
    /// page, and what there is to tell of it. No text of an edit contains `<`, so that none can end the
    /// script of the page.
    pub fn edit(&mut self, project: &ReadProject, plan: &Plan) -> (Vec<Edit>, Vec<Diagnostic>) {
        let shaper = Shaper::new(&project.manifest);
        let by_hand = self.by_hand(plan);
        let (desired, missing) = self.desired(&shaper, plan, &by_hand);
        let told = [
            self.nodes_missing(&missing),
            self.stay_by_hand(&by_hand),
            self.keep_unknown(project, plan),
        ];
        let standing = &self.manifest.project.exposures;
        let mut edits = edit::edits(&self.manifest, standing, &desired, &shaper);
        for text in edits.iter_mut().flat_map(|edit| &mut edit.texts) {
            if text.contains('<') {
                // It can only stand within a text of JSON, where this means the same.
                *text = text.replace('<', "\\u003c");
            }
        }
        (edits, told.into_iter().flatten().collect())
    }

    /// The new page, as slices of the old one and of the edits. The first slice is how the page already
    /// starts.
    pub fn new_text<'t>(&'t self, edits: &'t [Edit]) -> Vec<&'t str> {
        let Page { text, span, .. } = self.page;
        let mut parts = edit::splice(self.manifest.document.text, edits);
        parts[0] = &text[..span.start + parts[0].len()];
        parts.push(&text[span.end..]);
        parts
    }

    /// The exposures of the plan as far as the page can show them, and the ids of the nodes that it lacks.
    fn desired<'s>(
        &self,
        shaper: &Shaper<'s>,
        plan: &Plan,
        by_hand: &BTreeSet<String>,
    ) -> (BTreeMap<String, DesiredExposure>, BTreeSet<&'s str>) {
        let mut missing = BTreeSet::new();
        let desired = plan.desired.iter();
        let desired = desired.filter(|(id, _)| !by_hand.contains(*id));
        let desired = desired.map(|(id, desired)| {
            let is_there = |dependency: &&Dependency| {
                let node = shaper.nodes[dependency.node].unique_id.as_ref();
                self.manifest.document.has_id(node) || {
                    missing.insert(node);
                    false
                }
            };
            let exposure = &desired.exposure;
            let known = exposure.dependencies.iter().filter(is_there);
            let known = known.cloned().collect::<Vec<_>>();
            let desired = if known.len() == exposure.dependencies.len() {
                desired.clone()
            } else {
                let mut exposure = Exposure::clone(exposure);
                exposure.dependencies = known;
                DesiredExposure {
                    exposure: Arc::new(exposure),
                    fingerprint: None,
                }
            };
            (id.clone(), desired)
        });
        (desired.collect(), missing)
    }

    /// The ids of exposures of the plan that the page has from other hands.
    fn by_hand(&self, plan: &Plan) -> BTreeSet<String> {
        let standing = self.manifest.project.exposures.iter();
        let others = standing.filter(|standing| !standing.is_ours());
        let ids = others.map(|standing| &standing.unique_id);
        let ids = ids.filter(|id| plan.desired.contains_key(*id));
        ids.cloned().collect()
    }

    /// Tells of nodes that workbooks read and the page does not have.
    fn nodes_missing(&self, missing: &BTreeSet<&str>) -> Option<Diagnostic> {
        let listed = first_few(missing.len(), missing.iter().copied());
        (!missing.is_empty()).then(|| {
            self.behind(format!(
                "the page does not have nodes that workbooks read, so it does not show these links: {listed}"
            ))
        })
    }

    /// Tells of exposures that are written by hand in the page and not in the manifest.
    fn stay_by_hand(&self, ids: &BTreeSet<String>) -> Option<Diagnostic> {
        let listed = first_few(ids.len(), ids.iter().map(String::as_str));
        (!ids.is_empty()).then(|| {
            self.behind(format!(
                "exposures are written by hand in the page and not in the manifest, and they stay as they are: {listed}"
            ))
        })
    }

    fn behind(&self, message: String) -> Diagnostic {
        Diagnostic::new(Code::DocsDiffer, self.page.file, message).help(
            "the page is of another run of dbt than the manifest: `dbt docs generate --static` writes both anew, then patch again",
        )
    }

    /// Keeps exposures of ours of which this run knows nothing, as if dbt had written them, and tells of
    /// them.
    fn keep_unknown(&mut self, project: &ReadProject, plan: &Plan) -> Option<Diagnostic> {
        let removed = plan.removed.iter();
        let removed = removed.map(|removed| removed.standing.unique_id.as_str());
        let removed = removed.collect::<BTreeSet<_>>();
        let may_show = |marker: &Marker| project.may_show(marker);
        let covered = Covered::new(&plan.desired, &removed, &may_show);
        let is_unknown = |one: &mut StandingExposure| one.is_ours() && !covered.goes(one);
        let exposures = &mut self.manifest.project.exposures;
        let kept = exposures.extract_if(.., is_unknown);
        let kept = kept.map(|kept| kept.unique_id).collect::<Vec<_>>();
        let listed = first_few(kept.len(), kept.iter().map(String::as_str));
        (!kept.is_empty()).then(|| {
            let message = format!(
                "exposures of an earlier run are kept in the page, since this run does not compare with that one, and nothing proves that their workbooks are gone: {listed}"
            );
            Diagnostic::new(Code::DocsKept, self.page.file, message).help(
                "give the manifest of that run with `--state`, or let dbt write the page again, with `dbt docs generate --static`",
            )
        })
    }
}
