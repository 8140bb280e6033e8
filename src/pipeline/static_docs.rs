//! Writes the exposures of a plan into a page of dbt docs that has its manifest in it.
//!
//! The page gets the exposures that its project's manifest gets. Everything else in it stays, to the
//! byte.

use std::collections::BTreeSet;

use super::ReadProject;
use crate::edit::{self, Edit, Shaper};
use crate::input::manifest::{self, Manifest};
use crate::input::static_docs::{Page, WRITE_ANEW};
use crate::model::{Diagnostic, Failure};
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
    /// page. No text of theirs contains `<`, so that none can end the script of the page.
    ///
    /// # Errors
    /// The page and the manifest of the plan are not of the same state of the project.
    pub fn edit(&self, project: &ReadProject, plan: &Plan) -> Result<Vec<Edit>, Failure> {
        if let Some(difference) = self.difference(project, plan) {
            return Err(Failure::new(self.page.file, difference).help(
                "page and manifest are of two states of the project: `dbt docs generate --static` writes both anew, then patch again",
            ));
        }
        let shaper = Shaper::new(&project.manifest);
        let mut edits = edit::edits(&self.manifest, &plan.desired, &shaper);
        for text in edits.iter_mut().flat_map(|edit| &mut edit.texts) {
            if text.contains('<') {
                // It can only stand within a text of JSON, where this means the same.
                *text = text.replace('<', "\\u003c");
            }
        }
        Ok(edits)
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

    /// In what the page differs from the manifest of the plan, as far as that matters for the exposures.
    fn difference(&self, project: &ReadProject, plan: &Plan) -> Option<String> {
        let nodes = &project.manifest.project.nodes;
        let exposures = plan.desired.values().map(|desired| &desired.exposure);
        let mut read = exposures.flat_map(|exposure| &exposure.dependencies);
        let missing = read.find_map(|dependency| {
            let id = &nodes[dependency.node].unique_id;
            (!self.manifest.document.has_id(id)).then_some(id)
        });
        if let Some(id) = missing {
            return Some(format!(
                "{id} is missing in this page, and a workbook reads it"
            ));
        }
        let removed = plan.removed.iter();
        let removed = removed.map(|removed| removed.standing.unique_id.as_str());
        let removed = removed.collect::<BTreeSet<_>>();
        let standing = &self.manifest.project.exposures;
        standing.iter().find_map(|standing| {
            let id = standing.unique_id.as_str();
            match (standing.is_ours(), plan.desired.contains_key(id)) {
                (false, true) => Some(format!("{id} is written by hand in this page")),
                (true, false) if !removed.contains(id) => Some(format!(
                    "{id} is an exposure of an earlier run in this page, of which the manifest does not tell"
                )),
                (true, _) | (false, false) => None,
            }
        })
    }
}
