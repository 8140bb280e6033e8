//! The stages of a run. Each is a function from earlier results to a type of its own, so that a
//! verb can stop wherever it has what it needs:
//!
//! ```text
//! bytes ─read─▶ Read ─read_sql─▶ Read ─select─▶ SelectedWorkbooks ─link─▶ Links ─plan─▶ Plan ─edit─▶ Edits
//!                                            │             └─lost─▶ LostLinks ├──report──▶ Report
//!                                            └──verdict──▶ Verdict            └──left_behind──▶ text
//! ```
//!
//! `diff` stops at the report, `patch` goes on to the edits. A run may have several projects, each
//! with its own links and plan; today the command line passes one.
//!
//! Nothing here does I/O: `cli` passes in the bytes, and prints and writes the results.

use rayon::prelude::*;

use crate::edit::{self, Edit, Shape, Shaper};
use crate::input::manifest::{self, Manifest};
use crate::input::{remembered, tableau};
use crate::link::{self, Before, Links, LostLinks};
use crate::model::{Adapter, Diagnostic, Failure, Remembered, Site, StandingExposure};
use crate::output::report::{self, Report, Results};
use crate::plan::{self, Known, Plan};
use crate::settings::{SelectedWorkbooks, Settings};
use crate::sql;
use crate::verdict;

/// The manifests of one dbt project, not yet read.
pub struct ProjectInput<'a> {
    /// The manifest that gets the exposures.
    pub manifest: manifest::Source<'a>,
    /// The manifest of `--state`, whose exposures are the baseline.
    pub state: Option<manifest::Source<'a>>,
    /// What earlier patches left.
    pub left: LeftBehind<'a>,
}

/// What patches left beside the manifests that they wrote, not yet read.
#[derive(Default, Clone)]
pub struct LeftBehind<'a> {
    /// Beside the manifest of this run.
    pub beside_manifest: Option<remembered::Source<'a>>,
    /// Beside that of `--state`.
    pub beside_state: Option<remembered::Source<'a>>,
}

/// The exports of Tableau, not yet read.
pub struct SiteInput<'a> {
    /// The files, each read chunk by chunk.
    pub exports: Vec<tableau::Source<'a>>,
    /// What folders contain beside these files.
    pub passed_over: Vec<Diagnostic>,
    /// Site and completeness of exports that do not state their own.
    pub defaults: tableau::SiteDefaults,
    /// Owns the strings of the site, which outlive the files' text.
    pub arena: &'a tableau::Arena,
}

/// The result of reading all inputs.
pub struct Read<'a> {
    /// The projects, in the order of the inputs.
    pub projects: Vec<ReadProject<'a>>,
    /// The workbooks and tables of all exports, which may be from several sites.
    pub site: Site<'a>,
    /// Diagnostics about the exports.
    pub diagnostics: Vec<Diagnostic>,
}

/// One project after reading.
pub struct ReadProject<'a> {
    /// The manifest's path, for messages.
    pub file: &'a str,
    /// The manifest that gets the exposures.
    pub manifest: Manifest<'a>,
    /// The manifest of `--state`, if it is given.
    pub state: Option<Manifest<'a>>,
    /// What the last patch left beside the baseline, if it can be used.
    pub remembered: Option<Remembered>,
    /// Whether its exposures are the baseline.
    pub is_remembered_baseline: bool,
    /// Diagnostics about the manifest.
    pub diagnostics: Vec<Diagnostic>,
}

impl ReadProject<'_> {
    /// The exposures of the state, if `--state` is given or the last patch left one.
    pub fn earlier_exposures(&self) -> Option<&[StandingExposure]> {
        if let Some(remembered) = self
            .remembered
            .as_ref()
            .filter(|_| self.is_remembered_baseline)
        {
            return Some(&remembered.exposures);
        }
        let state = self.state.as_ref()?;
        Some(&state.project.exposures)
    }

    /// What is known of the nodes that the run before linked to.
    fn before(&self) -> Before<'_> {
        let left = self.remembered.as_ref();
        let left = left.filter(|_| self.is_remembered_baseline);
        let nodes = left.and_then(|left| Some((left.project.as_ref()?, &left.findings)));
        match (&self.state, nodes) {
            (Some(state), _) => Before::State(&state.project),
            (None, Some((nodes, findings))) => Before::Left(nodes, findings),
            (None, None) => Before::Same,
        }
    }

    /// Whether dbt 2 or Fusion wrote the manifest; their docs do not read it.
    pub fn is_v2(&self) -> bool {
        Shape::new(&self.manifest.document.version).is_v2
    }
}

/// Reads all inputs in parallel.
///
/// # Errors
/// All inputs that cannot be used, with the reason for each.
pub fn read<'a>(
    projects: &'a [ProjectInput<'a>],
    site: SiteInput<'a>,
) -> Result<Read<'a>, Vec<Failure>> {
    let passed_over = site.passed_over;
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
            diagnostics: passed_over.into_iter().chain(diagnostics).collect(),
        }),
        Ok(_) => Err(failures),
        Err(more) => Err(failures.into_iter().chain(more).collect()),
    }
}

fn read_project<'a>(input: &'a ProjectInput<'a>) -> Result<ReadProject<'a>, Vec<Failure>> {
    let ProjectInput {
        manifest,
        state,
        left,
    } = input;
    let (read, state) = rayon::join(
        || manifest::read(manifest),
        || state.as_ref().map(manifest::read).transpose(),
    );
    let ((manifest, mut diagnostics), state) = match (read, state) {
        (Ok(read), Ok(state)) => (read, state.map(|(state, _)| state)),
        (read, state) => return Err(read.err().into_iter().chain(state.err()).collect()),
    };
    let is_baseline_missing = !has_ours(&manifest) && !state.as_ref().is_some_and(has_ours);
    let source = match (&state, is_baseline_missing) {
        (None, _) => &left.beside_manifest,
        (Some(_), true) if left.beside_state.is_none() => &left.beside_manifest,
        (Some(_), _) => &left.beside_state,
    };
    let remembered = source.as_ref().and_then(|source| {
        let read = remembered::read(source, &manifest.project.root_package);
        let ignored = read.as_ref().err();
        diagnostics.extend(ignored.map(|ignored| ignored.diagnostic(source.file)));
        Some((source, read.ok()?))
    });
    let is_remembered_baseline = is_baseline_missing
        && remembered
            .as_ref()
            .is_some_and(|(_, remembered)| holds_ours(&remembered.exposures));
    if let Some((source, _)) = remembered.as_ref().filter(|_| is_remembered_baseline) {
        diagnostics.push(remembered::note(source, state.is_some()));
    }
    Ok(ReadProject {
        file: input.manifest.file,
        manifest,
        state,
        remembered: remembered.map(|(_, remembered)| remembered),
        is_remembered_baseline,
        diagnostics,
    })
}

/// Whether a manifest holds exposures that an earlier patch wrote.
fn has_ours(manifest: &Manifest) -> bool {
    holds_ours(&manifest.project.exposures)
}

fn holds_ours(exposures: &[StandingExposure]) -> bool {
    exposures.iter().any(StandingExposure::is_ours)
}

/// Reads the custom SQL of the export, and gives what it reads to the workbooks.
pub fn read_sql<'a>(read: Read<'a>, settings: &Settings) -> Read<'a> {
    let adapters = read.projects.iter();
    let adapters = adapters.map(|project| project.manifest.project.adapter());
    let options = sql::Options {
        read_as: &|connection| settings.matching.read_as(connection),
        of_projects: adapters.map(Adapter::dialect).collect(),
        is_strict: settings.matching.strict,
    };
    let (site, told) = sql::join(read.site, &options);
    Read {
        site,
        diagnostics: read.diagnostics.into_iter().chain(told).collect(),
        projects: read.projects,
    }
}

/// Decides for each workbook whether it is selected. No other stage decides that again.
pub fn select(read: &Read, settings: &Settings) -> SelectedWorkbooks {
    settings.selection.select_all(&read.site)
}

/// Links the tables of all workbooks to the nodes of one project.
pub fn link<'r>(read: &'r Read, project: &ReadProject, settings: &Settings) -> Links<'r> {
    let project = &project.manifest.project;
    link::link(
        &project.nodes,
        project.adapter(),
        &read.site,
        &settings.matching,
    )
}

/// Finds the links that are lost since the state.
pub fn lost<'r>(
    read: &'r Read,
    project: &'r ReadProject,
    settings: &Settings,
    links: &'r Links<'r>,
) -> LostLinks<'r> {
    let now = &project.manifest.project;
    let before = project.before();
    let is_other = project.is_remembered_baseline;
    LostLinks::new(now, before, &read.site, links, &settings.matching).of_other_nodes(is_other)
}

/// The results of the stages up to `link`, for one project.
#[derive(Clone, Copy)]
pub struct Linked<'r, 'a> {
    /// All inputs.
    pub read: &'r Read<'a>,
    /// The project, which is one of those in `read`.
    pub project: &'r ReadProject<'a>,
    /// Whether each workbook is selected.
    pub selection: &'r SelectedWorkbooks,
    /// What each workbook reads from the project.
    pub links: &'r Links<'a>,
    /// The links that are lost since the state.
    pub lost: &'r LostLinks<'r>,
    /// The effective settings.
    pub settings: &'r Settings,
}

/// Plans what changes in one project.
pub fn plan<'r>(linked: &Linked<'r, '_>) -> (Plan<'r>, Vec<Diagnostic>) {
    let shaper = Shaper::new(&linked.project.manifest);
    plan::plan(&known(linked), |exposure| shaper.fingerprints(exposure))
}

fn known<'r, 'a>(linked: &Linked<'r, 'a>) -> Known<'r, 'a> {
    Known {
        project: &linked.project.manifest.project,
        state: linked.project.earlier_exposures(),
        remembered: linked.project.remembered.as_ref(),
        site: &linked.read.site,
        selection: linked.selection,
        links: linked.links,
        lost: linked.lost,
        settings: linked.settings,
    }
}

/// What a completed patch leaves beside the manifest for the next run.
///
/// # Errors
/// A value that cannot be written as JSON, which does not happen.
pub fn left_behind(linked: &Linked, plan: &Plan) -> Result<String, Failure> {
    let manifest = &linked.project.manifest;
    let findings = plan::findings::findings(&known(linked), plan);
    edit::remembered(manifest, &plan.desired, &Shaper::new(manifest), &findings)
        .map_err(|error| Failure::new("", error.to_string()))
}

/// The edits of one project's manifest, in the order of the document. Their ranges are in the text
/// without a byte-order mark.
pub fn edit(project: &ReadProject, plan: &Plan) -> Vec<Edit> {
    let shaper = Shaper::new(&project.manifest);
    edit::edits(&project.manifest, &plan.desired, &shaper)
}

/// The new text of one project's manifest, as slices of the old text and of the edits. The first
/// slice is how the file already starts.
pub fn new_text<'t>(project: &'t ReadProject, edits: &'t [Edit]) -> Vec<&'t str> {
    let document = &project.manifest.document;
    let mut parts = edit::splice(document.text, edits);
    let mark = document.file_text.len() - document.text.len();
    parts[0] = &document.file_text[..mark + parts[0].len()];
    parts
}

/// The report on one project. `planned` are the diagnostics of its plan; those of reading, of matching
/// and about unused settings are added.
pub fn report(linked: &Linked, plan: &Plan, planned: Vec<Diagnostic>) -> Report {
    let project = &linked.project.manifest.project;
    let site = &linked.read.site;
    let verdict = verdict::verdict(&verdict::Known {
        project,
        site,
        selection: linked.selection,
        links: linked.links,
        lost: linked.lost,
        matching: &linked.settings.matching,
    });
    let results = Results {
        file: linked.project.file,
        project,
        site,
        selection: linked.selection,
        links: linked.links,
        lost: linked.lost,
        exposures: &linked.settings.exposure,
        plan,
        verdict: &verdict,
        remembered: linked.project.remembered.as_ref(),
    };
    report::report(&results, diagnostics(linked, planned))
}

/// The diagnostics of all stages, in any order. `planned` are those of the plan.
pub fn diagnostics(linked: &Linked, planned: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let project = &linked.project.manifest.project;
    let site = &linked.read.site;
    let unused = plan::unused::diagnostics(linked.settings, project, site, linked.links);
    let cut_short = link::nearest::cut_short(linked.links.searches_cut_short);
    let read = [&linked.project.diagnostics, &linked.read.diagnostics];
    let diagnostics = read.into_iter().flatten().cloned();
    let diagnostics = diagnostics.chain(planned).chain(cut_short).chain(unused);
    diagnostics.collect()
}

/// The results of all stages for one project.
pub struct Patched {
    /// The new text of the manifest.
    pub manifest: String,
    /// What changes, and why.
    pub report: Report,
    /// What is left beside the manifest for the next run.
    pub left: String,
}

/// Runs all stages for one project, from texts to texts. The command line calls them one by one,
/// since it begins to write while it reads.
///
/// # Errors
/// All inputs that cannot be used, with the reason for each.
pub fn patch(
    project: &ProjectInput,
    site: SiteInput,
    settings: &Settings,
) -> Result<Patched, Vec<Failure>> {
    let read = read_sql(read(std::slice::from_ref(project), site)?, settings);
    let project = &read.projects[0];
    let links = link(&read, project, settings);
    let linked = Linked {
        read: &read,
        project,
        selection: &select(&read, settings),
        links: &links,
        lost: &lost(&read, project, settings, &links),
        settings,
    };
    let (plan, diagnostics) = plan(&linked);
    let edits = edit(project, &plan);
    Ok(Patched {
        manifest: new_text(project, &edits).concat(),
        left: left_behind(&linked, &plan).map_err(|failure| vec![failure])?,
        report: report(&linked, &plan, diagnostics),
    })
}
