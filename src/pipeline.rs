//! The stages of a run. Each is a function from earlier results to a type of its own, so that a
//! verb can stop wherever it has what it needs:
//!
//! ```text
//! bytes ─read─▶ Read ─read_sql─▶ Read ─select─▶ SelectedWorkbooks ─link─▶ Links ─plan─▶ Plan ─edit─▶ Edits
//!                                            │             └─lost─▶ LostLinks ├──report──▶ Report
//!                                            └──verdict──▶ Verdict            └──left_behind──▶ text
//! ```
//!
//! `diff` stops at the report, `patch` goes on to the edits. A run may have several projects, which are
//! read (`projects`) and linked together, each with its own links and plan.
//!
//! Nothing here does I/O: `cli` passes in the bytes, and prints and writes the results.

pub mod impact;
mod projects;
mod reports;
mod site;
pub mod static_docs;
mod withheld;
pub mod yaml;

use rayon::prelude::*;

pub use self::projects::{LeftBehind, ProjectInput, ReadProject, StateInput};
pub use self::reports::{causes, diagnostics, report};
pub use self::site::{SiteInput, read_site};
pub use self::withheld::told;
#[cfg(feature = "docs-index")]
use crate::edit::docs_index::{Change, Index, Wanted};
use crate::edit::{self, Edit, Shaper};
use crate::link::{self, Links, LostLinks, Mesh};
use crate::model::{Adapter, Diagnostic, Failure, Project, Site, WithheldCounts};
use crate::output::json;
use crate::plan::{self, Known, Plan};
use crate::report::{Report, RunReport};
use crate::settings::{SelectedWorkbooks, Settings};
use crate::sql;

/// The result of reading all inputs.
pub struct Read<'a> {
    /// The projects; several in the order of their names.
    pub projects: Vec<ReadProject<'a>>,
    /// The workbooks and tables of all exports, which may be from several sites.
    pub site: Site<'a>,
    /// Diagnostics about the exports.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the run asks which columns workbooks use.
    pub asks_columns: bool,
    /// What is withheld from the audience of the run; `None` if everything is shown.
    pub withheld: Option<WithheldCounts>,
}

/// Reads all inputs in parallel. `states` are those that are not yet the state of a project.
///
/// # Errors
/// All inputs that cannot be used, with the reason for each.
pub fn read<'a>(
    projects: &'a [ProjectInput<'a>],
    states: &'a [StateInput<'a>],
    site: SiteInput<'a>,
) -> Result<Read<'a>, Vec<Failure>> {
    let asks_columns = site.asks_columns;
    let (projects, site) = rayon::join(|| projects::read(projects, states), || read_site(site));
    match (projects, site) {
        (Ok(projects), Ok((site, diagnostics))) => Ok(Read {
            projects,
            site,
            diagnostics,
            asks_columns,
            withheld: None,
        }),
        (projects, site) => {
            let failures = projects.err().into_iter().chain(site.err());
            Err(failures.flatten().collect())
        }
    }
}

/// Reads the manifests alone.
///
/// # Errors
/// All that cannot be used.
pub fn read_projects<'a>(
    projects: &'a [ProjectInput<'a>],
) -> Result<Vec<ReadProject<'a>>, Vec<Failure>> {
    projects::read(projects, &[])
}

/// Reads the custom SQL of the export, and gives what it reads to the workbooks.
pub fn read_sql<'a>(read: Read<'a>, settings: &Settings) -> Read<'a> {
    let adapters = read.projects.iter();
    let adapters = adapters.map(|project| project.manifest.project.adapter());
    let options = sql::Options {
        read_as: &|connection| settings.matching.read_as(connection),
        of_projects: adapters.map(Adapter::dialect).collect(),
        is_strict: settings.matching.strict,
        asks_columns: read.asks_columns,
    };
    let (site, told) = sql::join(read.site, &options);
    Read {
        site,
        diagnostics: read.diagnostics.into_iter().chain(told).collect(),
        projects: read.projects,
        asks_columns: read.asks_columns,
        withheld: read.withheld,
    }
}

/// Decides for each workbook whether it is selected, and takes out of what was read what the audience
/// of the run may not see. No other stage decides that again.
///
/// # Errors
/// An audience that the exports do not know.
pub fn select<'a>(
    read: Read<'a>,
    settings: &Settings,
) -> Result<(Read<'a>, SelectedWorkbooks), Vec<Failure>> {
    let selected = settings.selection.select_all(&read.site);
    withheld::withhold(read, selected, settings)
}

/// Links the tables of all workbooks to the nodes of the projects.
pub fn link<'r>(read: &'r Read, settings: &Settings) -> AllLinks<'r> {
    let projects = read.projects.iter();
    let projects = projects.map(|project| &project.manifest.project);
    match *projects.collect::<Vec<&Project>>() {
        [project] => AllLinks::One(link::link(
            &project.nodes,
            project.adapter(),
            &read.site,
            &settings.matching,
        )),
        ref projects => {
            AllLinks::Several(link::mesh::link(projects, &read.site, &settings.matching))
        }
    }
}

/// The links of all projects of a run.
pub enum AllLinks<'r> {
    /// Those of the only one.
    One(Links<'r>),
    /// Those of several, which share the tables out among them.
    Several(Mesh<'r, 'r>),
}

impl<'r> AllLinks<'r> {
    /// The links of each project, in their order.
    pub fn of_projects(&self) -> &[Links<'r>] {
        match self {
            Self::One(links) => std::slice::from_ref(links),
            Self::Several(mesh) => &mesh.links,
        }
    }
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
    let is_other = project.has_exposures_of_other_nodes();
    LostLinks::new(now, before, &read.site, links, &settings.matching).of_other_nodes(is_other)
}

/// The links that each project lost.
pub fn lost_of_all<'r>(
    read: &'r Read,
    settings: &Settings,
    links: &'r AllLinks<'r>,
) -> Vec<LostLinks<'r>> {
    let projects = read.projects.par_iter().zip(links.of_projects());
    let lost = projects.map(|(project, links)| lost(read, project, settings, links));
    lost.collect()
}

/// The results of the stages up to `link`, for each project.
pub fn linked<'r, 'a>(
    read: &'r Read<'a>,
    selection: &'r SelectedWorkbooks,
    links: &'r AllLinks<'a>,
    lost: &'r [LostLinks<'r>],
    settings: &'r Settings,
) -> Vec<Linked<'r, 'a>> {
    let projects = read.projects.iter().zip(links.of_projects()).zip(lost);
    let linked = projects.map(|((project, links), lost)| Linked {
        read,
        project,
        selection,
        links,
        lost,
        settings,
    });
    linked.collect()
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
    let project = linked.project;
    if project.properties.is_some() {
        let writer = project.yaml_writer();
        return plan::plan(&known(linked), |exposure| writer.fingerprints(exposure));
    }
    let shaper = Shaper::new(&project.manifest);
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
        left_out: linked
            .project
            .properties
            .as_ref()
            .map(|yaml| &yaml.left_out),
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

/// The exposures that the patched manifests would contain, as JSON.
///
/// # Errors
/// A value that cannot be written as JSON, which does not happen.
pub fn exposures(planned: &[Planned]) -> Result<String, Failure> {
    let mut exposures = edit::Exposures::default();
    for Planned { linked, plan, .. } in planned {
        exposures.add(&plan.desired, &Shaper::new(&linked.project.manifest));
    }
    json::document(&exposures).map_err(|error| Failure::new("", error.to_string()))
}

/// The change of the index of dbt 2's docs after which it says what the patched manifest says.
///
/// # Errors
/// The index is of another project, or not as dbt is known to write it.
#[cfg(feature = "docs-index")]
pub fn docs_index_change(linked: &Linked, plan: &Plan, index: &Index) -> Result<Change, Failure> {
    let removed = plan.removed.iter();
    index.change(&Wanted {
        manifest: &linked.project.manifest,
        desired: &plan.desired,
        removed: &removed.map(|one| one.standing.unique_id.as_str()).collect(),
        may_show: &|marker| linked.project.may_show(marker),
    })
}

/// The edits of one project's manifest, in the order of the document. Their ranges are in the text
/// without a byte-order mark.
pub fn edit(project: &ReadProject, plan: &Plan) -> Vec<Edit> {
    let shaper = Shaper::new(&project.manifest);
    edit::edits(
        &project.manifest,
        project.exposures_in_file(),
        &plan.desired,
        &shaper,
    )
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

/// What the plan of a project came to.
pub struct Planned<'r, 'a> {
    /// What it is made of.
    pub linked: Linked<'r, 'a>,
    /// What changes.
    pub plan: &'r Plan<'r>,
    /// What planning, and what is written, tell.
    pub diagnostics: Vec<Diagnostic>,
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
    let patched = patch_all(std::slice::from_ref(project), &[], site, settings)?;
    let PatchedAll {
        mut projects,
        report,
    } = patched;
    match (projects.pop(), report) {
        (Some((manifest, left)), RunReport::One(report)) => Ok(Patched {
            manifest,
            report: *report,
            left,
        }),
        _ => Err(vec![Failure::new("", "the run has no project")]),
    }
}

/// The results of all stages for the projects of a run.
pub struct PatchedAll {
    /// The new text of each manifest, and what is left beside it, in the order of [`Read::projects`].
    pub projects: Vec<(String, String)>,
    /// What changes, and why.
    pub report: RunReport,
}

/// The same for several projects.
///
/// # Errors
/// All inputs that cannot be used, with the reason for each.
pub fn patch_all(
    projects: &[ProjectInput],
    states: &[StateInput],
    site: SiteInput,
    settings: &Settings,
) -> Result<PatchedAll, Vec<Failure>> {
    let read = read_sql(read(projects, states, site)?, settings);
    let (read, selection) = select(read, settings)?;
    let links = link(&read, settings);
    let lost = lost_of_all(&read, settings, &links);
    let linked = linked(&read, &selection, &links, &lost, settings);
    let plans = linked.iter().map(plan).collect::<Vec<_>>();
    let planned = linked.iter().zip(&plans);
    let planned = planned.map(|(linked, (plan, diagnostics))| Planned {
        linked: *linked,
        plan,
        diagnostics: diagnostics.clone(),
    });
    let planned = planned.collect::<Vec<_>>();
    let projects = planned.iter().map(|planned| {
        let project = planned.linked.project;
        let edits = edit(project, planned.plan);
        let left = left_behind(&planned.linked, planned.plan)?;
        Ok((new_text(project, &edits).concat(), left))
    });
    let projects = projects.collect::<Result<_, Failure>>();
    Ok(PatchedAll {
        projects: projects.map_err(|failure| vec![failure])?,
        report: report(&links, &planned),
    })
}
