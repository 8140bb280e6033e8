//! The whole way of the data, in stages. Each is a function from the results of those before to a
//! type of its own, so that a verb stops where it has what it needs:
//!
//! ```text
//! bytes ─read─▶ Read ─select─▶ SelectedWorkbooks ─link─▶ Links ─plan─▶ Plan ─edit─▶ Edits
//!                                                                       └──report──▶ Report
//! ```
//!
//! `diff` stops at the report, `patch` goes to the end. There may be several projects in one run,
//! each with its links and its plan; today the command line gives one.
//!
//! Nothing here touches files or the terminal; `cli` brings the bytes and takes the results away.

use rayon::prelude::*;

use crate::edit::{self, Edit, Shape, Shaper};
use crate::input::manifest::{self, Manifest};
use crate::input::tableau;
use crate::link::{self, Links};
use crate::model::{Diagnostic, Failure, Site, StandingExposure};
use crate::output::report::{self, Report, Results};
use crate::plan::{self, Known, Plan};
use crate::settings::{SelectedWorkbooks, Settings};

/// The manifests of one dbt project.
pub struct ProjectInput<'a> {
    /// The manifest that gets the exposures.
    pub manifest: manifest::Source<'a>,
    /// The manifest of an earlier run, whose exposures count as before.
    pub state: Option<manifest::Source<'a>>,
}

/// Tableau's exports.
pub struct SiteInput<'a> {
    /// The files.
    pub exports: Vec<tableau::Source<'a>>,
    /// What counts for exports that do not say it of themselves.
    pub defaults: tableau::SiteDefaults,
    /// The memory that the site borrows from.
    pub arena: &'a tableau::Arena,
}

/// Everything that was read.
pub struct Read<'a> {
    /// The projects.
    pub projects: Vec<ReadProject<'a>>,
    /// Tableau.
    pub site: Site<'a>,
    /// What the user should know of the export.
    pub diagnostics: Vec<Diagnostic>,
}

/// A project that was read.
pub struct ReadProject<'a> {
    /// The manifest's path, for messages.
    pub file: &'a str,
    /// The manifest.
    pub manifest: Manifest<'a>,
    /// The manifest of an earlier run, if one was given to compare with.
    pub state: Option<Manifest<'a>>,
    /// What the user should know of the manifest.
    pub diagnostics: Vec<Diagnostic>,
}

impl ReadProject<'_> {
    /// The exposures of an earlier run, if one was given to compare with.
    pub fn earlier_exposures(&self) -> Option<&[StandingExposure]> {
        let state = self.state.as_ref()?;
        Some(&state.project.exposures)
    }

    /// Whether dbt 2 wrote the manifest, whose docs do not read it.
    pub fn is_v2(&self) -> bool {
        Shape::new(&self.manifest.document.version).is_v2
    }
}

/// Reads all inputs, side by side.
///
/// # Errors
/// Every input that cannot be used, all at once.
pub fn read<'a>(
    projects: &'a [ProjectInput<'a>],
    site: SiteInput<'a>,
) -> Result<Read<'a>, Vec<Failure>> {
    let (projects, site) = rayon::join(
        || projects.par_iter().map(read_project).collect::<Vec<_>>(),
        || tableau::read(site.exports, &site.defaults, site.arena),
    );
    let mut failures = Vec::new();
    let mut read = Vec::new();
    for project in projects {
        match project {
            Ok(project) => read.push(project),
            Err(more) => failures.extend(more),
        }
    }
    match site {
        Ok((site, diagnostics)) if failures.is_empty() => Ok(Read {
            projects: read,
            site,
            diagnostics,
        }),
        Ok(_) => Err(failures),
        Err(more) => Err(failures.into_iter().chain(more).collect()),
    }
}

fn read_project<'a>(input: &'a ProjectInput<'a>) -> Result<ReadProject<'a>, Vec<Failure>> {
    let ProjectInput { manifest, state } = input;
    let (read, state) = rayon::join(
        || manifest::read(manifest),
        || state.as_ref().map(manifest::read).transpose(),
    );
    let ((manifest, diagnostics), state) = match (read, state) {
        (Ok(read), Ok(state)) => (read, state),
        (read, state) => return Err(read.err().into_iter().chain(state.err()).collect()),
    };
    Ok(ReadProject {
        file: input.manifest.file,
        manifest,
        state: state.map(|(state, _)| state),
        diagnostics,
    })
}

/// Decides for each workbook, once, whether it is selected.
pub fn select(read: &Read, settings: &Settings) -> SelectedWorkbooks {
    settings.selection.select_all(&read.site)
}

/// Links what workbooks read to the nodes of one project.
pub fn link<'r>(read: &'r Read, project: &ReadProject, settings: &Settings) -> Links<'r> {
    let project = &project.manifest.project;
    link::link(
        &project.nodes,
        project.adapter(),
        &read.site,
        &settings.matching,
    )
}

/// The results of the stages up to the links, for one project.
#[derive(Clone, Copy)]
pub struct Linked<'r, 'a> {
    /// What was read.
    pub read: &'r Read<'a>,
    /// The project.
    pub project: &'r ReadProject<'a>,
    /// Whether each workbook is selected.
    pub selection: &'r SelectedWorkbooks,
    /// What each workbook reads of the project.
    pub links: &'r Links<'a>,
    /// What the user wants otherwise than by default.
    pub settings: &'r Settings,
}

/// Plans what changes in one project.
pub fn plan<'r>(linked: &Linked<'r, '_>) -> (Plan<'r>, Vec<Diagnostic>) {
    let shaper = Shaper::new(&linked.project.manifest);
    let known = Known {
        project: &linked.project.manifest.project,
        state: linked.project.earlier_exposures(),
        site: &linked.read.site,
        selection: linked.selection,
        links: linked.links,
        settings: linked.settings,
    };
    plan::plan(&known, |exposure| shaper.fingerprints(exposure))
}

/// The edits of one project's manifest, in the order of its text without the byte-order mark.
pub fn edit(project: &ReadProject, plan: &Plan) -> Vec<Edit> {
    let shaper = Shaper::new(&project.manifest);
    edit::edits(&project.manifest, &plan.desired, &shaper)
}

/// The new text of one project's manifest, in parts of the old one and new ones. The first is what
/// the file begins with already.
pub fn new_text<'t>(project: &'t ReadProject, edits: &'t [Edit]) -> Vec<&'t str> {
    let document = &project.manifest.document;
    let mut parts = edit::splice(document.text, edits);
    let mark = document.file_text.len() - document.text.len();
    parts[0] = &document.file_text[..mark + parts[0].len()];
    parts
}

/// The report on one project. `planned` are the diagnostics of its plan.
pub fn report(linked: &Linked, plan: &Plan, planned: Vec<Diagnostic>) -> Report {
    let project = &linked.project.manifest.project;
    let site = &linked.read.site;
    let unused = plan::unused::diagnostics(linked.settings, project, site, linked.links);
    let read = [&linked.project.diagnostics, &linked.read.diagnostics];
    let diagnostics = read.into_iter().flatten().cloned();
    let results = Results {
        file: linked.project.file,
        project,
        site,
        selection: linked.selection,
        links: linked.links,
        plan,
    };
    report::report(&results, diagnostics.chain(planned).chain(unused).collect())
}
