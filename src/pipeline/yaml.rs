//! The stages of a run that writes exposures as YAML: what the property files define stands in for
//! what the manifest says of exposures, and the plan becomes new texts of these files.

use std::collections::{BTreeMap, BTreeSet};

use super::Read;
use super::projects::{Properties, ReadProject};
use crate::edit::yaml::{self, Changes, Layout};
use crate::input::manifest;
use crate::input::property_file::PropertyFile;
use crate::model::{Code, Diagnostic, Failure, Node, NodeKind, Project};
use crate::plan::{LeftOut, Plan};

/// The property files of a project, and what is known of its packages.
#[derive(Debug, Clone, Default)]
pub struct PropertiesInput<'a> {
    /// The path of its `dbt_project.yml`, for messages.
    pub file: String,
    /// Its name.
    pub project: String,
    /// The files that define exposures.
    pub files: Vec<PropertyFile<'a>>,
    /// The packages that restrict access to their models.
    pub restricted: BTreeSet<String>,
    /// Why that is not known, if it is not.
    pub packages_unread: Option<Diagnostic>,
    /// Diagnostics about the files.
    pub diagnostics: Vec<Diagnostic>,
}

/// Puts the exposures of property files in the place of those that the manifests, their states or an
/// earlier patch have of their YAML. `inputs` are the dbt projects that are given; without any, the
/// exposures are not those of files. One project is that of one manifest, whatever it is called; several
/// pair by their names.
///
/// # Errors
/// Manifests without a dbt project, and the reverse; two dbt projects of one name.
pub fn with_properties<'a>(
    mut read: Read<'a>,
    mut inputs: Vec<PropertiesInput<'a>>,
) -> Result<Read<'a>, Vec<Failure>> {
    if inputs.is_empty() {
        return Ok(read);
    }
    let given = given(&read.projects, &inputs)?;
    for (project, given) in read.projects.iter_mut().zip(given) {
        let input = std::mem::take(&mut inputs[given]);
        read_properties(project, input, given);
    }
    Ok(read)
}

/// The position of the dbt project of each manifest among those that are given.
fn given(projects: &[ReadProject], inputs: &[PropertiesInput]) -> Result<Vec<usize>, Vec<Failure>> {
    if let ([_], [_]) = (projects, inputs) {
        return Ok(vec![0]);
    }
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for (at, input) in inputs.iter().enumerate() {
        if let Some(first) = by_name.insert(&input.project, at) {
            failures.push(project_twice(&inputs[first], input));
        }
    }
    let mut given = Vec::new();
    for project in projects {
        match by_name.remove(project.manifest.project.root_package.as_str()) {
            Some(at) => given.push(at),
            None => failures.push(without_folder(project)),
        }
    }
    let unpaired = by_name.into_values();
    failures.extend(unpaired.map(|at| without_manifest(&inputs[at])));
    if failures.is_empty() {
        Ok(given)
    } else {
        Err(failures)
    }
}

fn project_twice(first: &PropertiesInput, second: &PropertiesInput) -> Failure {
    let message = format!(
        "this is project {}, and so is {}",
        second.project, first.file
    );
    Failure::new(second.file.as_str(), message).help("give each dbt project once")
}

fn without_folder(project: &ReadProject) -> Failure {
    let name = &project.manifest.project.root_package;
    let message = format!(
        "this is a manifest of project {name}, and the folder of that project is not given"
    );
    Failure::new(project.file, message).help(
        "give the folder of each project with `--project-dir`; its dbt_project.yml has the name",
    )
}

fn without_manifest(input: &PropertiesInput) -> Failure {
    let message = format!(
        "this is project {}, and its manifest is not given",
        input.project
    );
    Failure::new(input.file.as_str(), message)
        .help("give the manifest of each project with `--manifest`")
}

/// Puts the exposures of property files in the place of those of one manifest.
fn read_properties<'a>(project: &mut ReadProject<'a>, input: PropertiesInput<'a>, given: usize) {
    let PropertiesInput {
        files,
        restricted,
        packages_unread,
        diagnostics,
        ..
    } = input;
    let defined = yaml::defined(&files, &project.manifest.project);
    project.manifest.project.exposures = defined.exposures;
    project.manifest.project.disabled_exposures = defined.disabled;
    project.remembered = None;
    project.is_remembered_baseline = false;
    if let Some(state) = &mut project.state {
        state.project.exposures.clear();
    }
    let graph = manifest::graph(&project.manifest.document);
    let left_out = LeftOut::new(&project.manifest.project, &graph, &restricted);
    let Project {
        root_package,
        nodes,
        ..
    } = &project.manifest.project;
    let is_of_package = |node: &Node| node.kind == NodeKind::Model && node.package != *root_package;
    let unread = packages_unread.filter(|_| nodes.iter().any(is_of_package));
    project.properties = Some(Properties {
        files,
        left_out,
        given,
    });
    // Nothing is drawn in the manifest.
    let is_needed = |told: &Diagnostic| told.code != Code::ManifestMapsMissing;
    project.diagnostics.retain(is_needed);
    project
        .diagnostics
        .extend(diagnostics.into_iter().chain(unread));
}

/// What changes in property files.
///
/// # Errors
/// Files that cannot be changed without touching what is not ours.
pub fn changes<'a>(
    project: &ReadProject<'a>,
    plan: &Plan,
    layout: &Layout,
) -> Result<Changes<'a>, Vec<Failure>> {
    let files = project.properties.as_ref();
    let files = files.map_or(&[][..], |properties| &properties.files);
    let disabled = &project.manifest.project.disabled_exposures;
    yaml::changes(
        files,
        disabled,
        &plan.desired,
        &project.yaml_writer(),
        layout,
    )
}
