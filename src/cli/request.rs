//! What a verb asks of the steps that all verbs share.

use std::path::{Path, PathBuf};

use super::args::{Formats, InputArgs, ReportArgs};
use super::inputs::Opened;
use super::paths::Paths;
use crate::pipeline::yaml::PropertiesInput;

/// What a verb asks for when it plans.
pub(super) struct Request<'a> {
    pub(super) inputs: &'a InputArgs,
    pub(super) paths: &'a Paths,
    /// The files that the result is written to, which must not be inputs.
    pub(super) reports: Vec<&'a Path>,
    /// What the run reads and changes beside the manifests: in words, and its path.
    pub(super) also_changed: Vec<(String, PathBuf)>,
    /// Whether it is asked which columns workbooks use.
    pub(super) asks_columns: bool,
    /// Whether it is asked which data sources there are, and what each reads.
    pub(super) asks_extracts: bool,
    /// Whether it is asked who may see what.
    pub(super) asks_access: bool,
    /// What the first plan of the run read, if this is the second one: it is for everybody, whatever
    /// audience the settings name.
    pub(super) first: Option<&'a Opened>,
    /// Whether no progress is shown.
    pub(super) is_quiet: bool,
    /// Where the patched manifests go, if they are made.
    pub(super) target: Option<Target<'a>>,
    /// The property files of each dbt project, if they get the exposures instead.
    pub(super) properties: Vec<&'a PropertiesInput<'static>>,
}

impl<'a> Request<'a> {
    /// A run that writes nothing but its result.
    pub(super) fn new<F: Formats>(
        inputs: &'a InputArgs,
        paths: &'a Paths,
        report: &'a ReportArgs<F>,
    ) -> Self {
        Self {
            inputs,
            paths,
            reports: report.paths(),
            also_changed: Vec::new(),
            asks_columns: false,
            asks_extracts: false,
            asks_access: false,
            first: None,
            is_quiet: report.quiet,
            target: None,
            properties: Vec::new(),
        }
    }
}

/// Where the patched manifests go.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) to: To<'a>,
    /// Whether nothing is written in this run.
    pub(super) is_dry_run: bool,
}

/// Files or a folder that get patched manifests.
#[derive(Clone, Copy)]
pub(super) enum To<'a> {
    /// Each manifest is changed itself.
    Itself,
    /// The only one goes to this file.
    File(&'a Path),
    /// Each goes to this folder, in one that has the name of its project.
    Folder(&'a Path),
}
