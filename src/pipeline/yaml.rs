//! The stages of a run that writes exposures as YAML: what the property files define stands in for
//! what the manifest says of exposures, and the plan becomes new texts of these files.

use std::collections::BTreeSet;

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
    /// The files that define exposures.
    pub files: Vec<PropertyFile<'a>>,
    /// The packages that restrict access to their models.
    pub restricted: BTreeSet<String>,
    /// Why that is not known, if it is not.
    pub packages_unread: Option<Diagnostic>,
    /// Diagnostics about the files.
    pub diagnostics: Vec<Diagnostic>,
}

/// Puts the exposures of property files in the place of those that the first project's manifest, its
/// state or an earlier patch have of its YAML.
pub fn with_properties<'a>(mut read: Read<'a>, input: PropertiesInput<'a>) -> Read<'a> {
    let PropertiesInput {
        files,
        restricted,
        packages_unread,
        diagnostics,
    } = input;
    let Some(project) = read.projects.first_mut() else {
        return read;
    };
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
    project.properties = Some(Properties { files, left_out });
    // Nothing is drawn in the manifest.
    let is_needed = |told: &Diagnostic| told.code != Code::ManifestMapsMissing;
    project.diagnostics.retain(is_needed);
    project
        .diagnostics
        .extend(diagnostics.into_iter().chain(unread));
    read
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
