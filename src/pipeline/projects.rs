//! Reads the manifests of a run, and finds the state of each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::edit::Shape;
use crate::edit::yaml::Writer;
use crate::input::manifest::{self, Manifest};
use crate::input::property_file::PropertyFile;
use crate::input::remembered;
use crate::link::Before;
use crate::model::exposure::name_in_id;
use crate::model::folder::may_be_folder_of;
use crate::model::{Diagnostic, Failure, Graph, Marker, Named, Remembered, StandingExposure};
use crate::plan::LeftOut;
use crate::withhold::{self, Decisions, InFile};

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

/// A manifest of `--state`, not yet read, of whichever project it is.
pub struct StateInput<'a> {
    /// The manifest.
    pub manifest: manifest::Source<'a>,
    /// What a patch left beside it.
    pub left: Option<remembered::Source<'a>>,
    /// The name of its folder, if that is one of those that a run left, one for each project. Those of
    /// projects that are not in the run are passed over.
    pub folder: Option<&'a str>,
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
    /// Its property files, if exposures are written there.
    pub properties: Option<Properties<'a>>,
    /// Diagnostics about the manifest.
    pub diagnostics: Vec<Diagnostic>,
    /// What its file says of exposures that are withheld from the audience of the run.
    pub withheld: Option<WithheldOf>,
}

/// What the files of a project say of exposures that are withheld.
pub struct WithheldOf {
    /// The exposures of the manifest.
    pub in_file: InFile,
    /// The ids of the state that others are shown in place of.
    pub state_ids: BTreeMap<String, String>,
    /// What is decided of each workbook.
    pub decisions: Arc<Decisions>,
}

/// What a plan for YAML depends on beside the manifest.
pub struct Properties<'a> {
    /// The property files that define exposures.
    pub(super) files: Vec<PropertyFile<'a>>,
    /// The nodes that exposures in YAML cannot refer to.
    pub(super) left_out: LeftOut,
    /// The position of its dbt project among those that are given.
    pub(super) given: usize,
}

impl ReadProject<'_> {
    /// Writes exposures in the form in which this project's dbt reads them from YAML.
    pub(super) fn yaml_writer(&self) -> Writer<'_> {
        let version = &self.manifest.document.version;
        let nodes = &self.manifest.project.nodes;
        Writer::new(nodes, Shape::new(version), version.dbt.is_some())
    }

    /// The exposures as they stand in the manifest.
    pub(super) fn exposures_in_file(&self) -> &[StandingExposure] {
        match &self.withheld {
            Some(withheld) => &withheld.in_file.exposures,
            None => &self.manifest.project.exposures,
        }
    }

    /// The names, as the files of the project have them, of exposures that are withheld.
    pub fn withheld_names(&self) -> BTreeSet<String> {
        let withheld = self.withheld.iter();
        let ids = withheld.flat_map(|withheld| &withheld.in_file.ids);
        let others = ids.filter(|(id, shown)| id != shown);
        others.map(|(id, _)| name_in_id(id).to_owned()).collect()
    }

    /// The exposures of the manifest that name what the audience of the run may not see.
    pub fn named(&self) -> &[Named] {
        let withheld = self.withheld.as_ref();
        withheld.map_or(&[], |withheld| &withheld.in_file.named)
    }

    /// Whether the audience of the run may see what an exposure of ours covers.
    pub(super) fn may_show(&self, marker: &Marker) -> bool {
        let withheld = self.withheld.as_ref();
        withheld.is_none_or(|withheld| withheld.decisions.of(marker).is_none())
    }

    /// Everything that the manifest contains, as far as the run may show it.
    pub fn graph(&self) -> Graph<'_> {
        let graph = manifest::graph(&self.manifest.document);
        match &self.withheld {
            Some(withheld) => withhold::graph(graph, &withheld.in_file.ids),
            None => graph,
        }
    }

    /// The same of the state, if `--state` is given.
    pub fn state_graph(&self) -> Option<Graph<'_>> {
        let graph = manifest::graph(&self.state.as_ref()?.document);
        Some(match &self.withheld {
            Some(withheld) => withhold::graph(graph, &withheld.state_ids),
            None => graph,
        })
    }

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
    pub(super) fn before(&self) -> Before<'_> {
        let left = self.remembered.as_ref();
        let left = left.filter(|_| self.is_remembered_baseline);
        let nodes = left.and_then(|left| Some((left.project.as_ref()?, &left.findings)));
        match (&self.state, nodes) {
            (Some(state), _) => Before::State(&state.project),
            (None, Some((nodes, findings))) => Before::Left(nodes, findings),
            (None, None) => Before::Same,
        }
    }

    /// Whether the exposures that this run compares with may be of other nodes than manifest and state
    /// have. Those of property files are: a run on the manifest of any target may have written them,
    /// and a ref does not say which relation it had there.
    pub(super) fn has_exposures_of_other_nodes(&self) -> bool {
        let is_of_files = self.properties.is_some() && self.state.is_none();
        self.is_remembered_baseline || is_of_files
    }

    /// The position of its dbt project among those that are given, if exposures are written there.
    pub fn given(&self) -> Option<usize> {
        Some(self.properties.as_ref()?.given)
    }

    /// Whether dbt 2 or Fusion wrote the manifest; their docs do not read it.
    pub fn is_v2(&self) -> bool {
        Shape::new(&self.manifest.document.version).is_v2
    }
}

/// A manifest after reading, with the diagnostics about it.
type ReadManifest<'a> = (Manifest<'a>, Vec<Diagnostic>);

/// The manifest of a project, and its state if that is known already.
struct Manifests<'a> {
    input: &'a ProjectInput<'a>,
    read: ReadManifest<'a>,
    state: Option<State<'a>>,
}

/// The state of a project.
struct State<'a> {
    manifest: Manifest<'a>,
    /// What is left beside it.
    left: Option<&'a remembered::Source<'a>>,
}

/// Reads the manifests of a run, and gives each project the state that is of it. Several projects come
/// in the order of their names.
///
/// # Errors
/// All files that cannot be used; two manifests or two states of one project, or a state of none.
pub(super) fn read<'a>(
    projects: &'a [ProjectInput<'a>],
    states: &'a [StateInput<'a>],
) -> Result<Vec<ReadProject<'a>>, Vec<Failure>> {
    let manifests = projects.par_iter().map(read_manifests).collect::<Vec<_>>();
    let mut manifests = Failure::all(manifests)?;
    let name = |manifests: &Manifests<'a>| manifests.read.0.project.root_package.clone();
    manifests.sort_by_cached_key(name);
    let twice = manifests
        .windows(2)
        .filter(|two| name(&two[0]) == name(&two[1]));
    let twice = twice.map(|two| manifest_twice(&name(&two[0]), &two[0], &two[1]));
    let twice = twice.collect::<Vec<_>>();
    if !twice.is_empty() {
        return Err(twice);
    }
    let names = manifests.iter().map(name).collect::<Vec<_>>();
    let mut states = read_states(&names, states)?;
    for manifests in &mut manifests {
        if let Some(state) = states.remove(&name(manifests)) {
            manifests.state = Some(state);
        }
    }
    Ok(manifests.into_iter().map(complete).collect())
}

fn read_manifests<'a>(input: &'a ProjectInput<'a>) -> Result<Manifests<'a>, Vec<Failure>> {
    let (read, state) = rayon::join(
        || manifest::read(&input.manifest),
        || input.state.as_ref().map(manifest::read).transpose(),
    );
    match (read, state) {
        (Ok(read), Ok(state)) => Ok(Manifests {
            input,
            read,
            state: state.map(|(manifest, _)| State {
                manifest,
                left: input.left.beside_state.as_ref(),
            }),
        }),
        (read, state) => Err(read.err().into_iter().chain(state.err()).collect()),
    }
}

fn manifest_twice(project: &str, one: &Manifests, other: &Manifests) -> Failure {
    let mut files = [one.input.manifest.file, other.input.manifest.file];
    files.sort_unstable();
    let [one, other] = files;
    if one == other {
        return Failure::new(other, "this manifest is given twice").help("give each manifest once");
    }
    Failure::new(
        other,
        format!("this is a manifest of project {project}, and so is {one}"),
    )
    .help("give one manifest of each project; the one of an earlier run is given with `--state`")
}

/// The states by project.
fn read_states<'a>(
    projects: &[String],
    states: &'a [StateInput<'a>],
) -> Result<BTreeMap<String, State<'a>>, Vec<Failure>> {
    let may_be_meant = |state: &&StateInput| {
        let folder = state.folder;
        folder.is_none_or(|folder| projects.iter().any(|name| may_be_folder_of(folder, name)))
    };
    let meant = states.iter().filter(may_be_meant).collect::<Vec<_>>();
    let read = meant.into_par_iter().map(|input| {
        let read = manifest::read(&input.manifest);
        let (manifest, _) = read.map_err(|failure| vec![failure])?;
        Ok((input, manifest))
    });
    let read = Failure::all(read.collect::<Vec<_>>())?;
    let mut failures = Vec::new();
    let mut by_project: BTreeMap<String, (&str, State)> = BTreeMap::new();
    for (input, manifest) in read {
        let (project, file) = (manifest.project.root_package.clone(), input.manifest.file);
        let left = input.left.as_ref();
        if !projects.contains(&project) {
            failures.extend(
                input
                    .folder
                    .is_none()
                    .then(|| state_of_none(&project, file)),
            );
        } else if let Some((other, _)) = by_project.get(&project) {
            failures.push(state_twice(&project, other, file));
        } else {
            by_project.insert(project, (file, State { manifest, left }));
        }
    }
    let is_in_vain = by_project.is_empty() && failures.is_empty();
    failures.extend(states.first().filter(|_| is_in_vain).map(states_of_none));
    if failures.is_empty() {
        let states = by_project.into_iter();
        Ok(states.map(|(name, (_, state))| (name, state)).collect())
    } else {
        Err(failures)
    }
}

fn state_of_none(project: &str, file: &str) -> Failure {
    let message = format!("this state is of project {project}, and no manifest of it is given");
    Failure::new(file, message)
        .help("give the manifest of that project with `--manifest` as well, or leave the state out")
}

fn state_twice(project: &str, one: &str, other: &str) -> Failure {
    let message = format!("this is a state of project {project}, and so is {one}");
    Failure::new(other, message).help("give one state of each project")
}

fn states_of_none(first: &StateInput) -> Failure {
    let message = "neither this state nor one in the folders beside it is of a project of this run";
    Failure::new(first.manifest.file, message)
        .help("give the folder that a `patch --output-dir` of these projects wrote")
}

/// The project with what the last patch left, if that can be used.
fn complete<'a>(manifests: Manifests<'a>) -> ReadProject<'a> {
    let Manifests { input, read, state } = manifests;
    let (manifest, mut diagnostics) = read;
    let (state, beside_state) = match state {
        Some(state) => (Some(state.manifest), state.left),
        None => (None, None),
    };
    let beside_manifest = input.left.beside_manifest.as_ref();
    let is_baseline_missing = !has_ours(&manifest) && !state.as_ref().is_some_and(has_ours);
    let source = match (&state, is_baseline_missing) {
        (None, _) => beside_manifest,
        (Some(_), true) if beside_state.is_none() => beside_manifest,
        (Some(_), _) => beside_state,
    };
    let remembered = source.and_then(|source| {
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
    ReadProject {
        file: input.manifest.file,
        manifest,
        state,
        remembered: remembered.map(|(_, remembered)| remembered),
        is_remembered_baseline,
        properties: None,
        diagnostics,
        withheld: None,
    }
}

/// Whether a manifest holds exposures that an earlier patch wrote.
fn has_ours(manifest: &Manifest) -> bool {
    holds_ours(&manifest.project.exposures)
}

fn holds_ours(exposures: &[StandingExposure]) -> bool {
    exposures.iter().any(StandingExposure::is_ours)
}
