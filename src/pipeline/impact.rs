//! Compares two manifests of one project, and says which workbooks the change reaches.

use super::{Read, SiteInput, StateInput};
use crate::impact::{self, Impact, Run, Side};
use crate::input::manifest::{self, Manifest, Written};
use crate::model::definition::Definitions;
use crate::model::{Catalog, Code, Diagnostic, Failure};
use crate::pipeline::ProjectInput;
use crate::settings::{SelectedWorkbooks, Settings};

/// What lies beside a manifest.
#[derive(Debug, Default)]
pub struct Beside {
    /// What the warehouse says of columns.
    pub catalog: Option<Catalog>,
    /// The target that the run named.
    pub target: Option<String>,
    /// Whether it ran with `--empty`.
    pub is_empty: bool,
}

/// The manifests and the export after reading.
pub struct ReadBoth<'a> {
    /// Base, as the only project, and the export.
    pub read: Read<'a>,
    /// Head.
    pub head: Manifest<'a>,
    /// What is told of head.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads both manifests and the export.
///
/// # Errors
/// All inputs that cannot be used; manifests of two projects.
pub fn read<'a>(
    base: &'a [ProjectInput<'a>],
    head: &'a manifest::Source<'a>,
    site: SiteInput<'a>,
) -> Result<ReadBoth<'a>, Vec<Failure>> {
    let no_states: &[StateInput] = &[];
    let (read, head_read) = rayon::join(
        || super::read(base, no_states, site),
        || manifest::read(head),
    );
    match (read, head_read) {
        (Ok(read), Ok((manifest, diagnostics))) => {
            let project = &read.projects[0].manifest.project;
            let (before, now) = (&project.root_package, &manifest.project.root_package);
            if before != now {
                return Err(vec![other_project(head.file, before, now)]);
            }
            Ok(ReadBoth {
                read,
                head: manifest,
                diagnostics,
            })
        }
        (read, head) => {
            let failures = read.err().unwrap_or_default().into_iter();
            Err(failures.chain(head.err()).collect())
        }
    }
}

/// What is told of the export, in a comparison, in which nothing is removed: what a workbook that it
/// does not list suffers is not known.
pub fn told_of_export(read: &Read) -> Vec<Diagnostic> {
    let told = read.diagnostics.iter().cloned().map(|told| {
        let mut exports = read.site.evidence.iter();
        let export = exports.find(|export| export.site.place() == told.place);
        match export.filter(|_| told.code == Code::ExportIncomplete) {
            Some(export) => Diagnostic {
                message: format!(
                    "workbooks that this export does not list are not compared: {}",
                    export.reasons()
                ),
                ..told
            },
            None => told,
        }
    });
    told.collect()
}

fn other_project(file: &str, base: &str, head: &str) -> Failure {
    let message = format!("this manifest is of project {head}, and base is of project {base}");
    Failure::new(file, message).help("give two manifests of one project")
}

/// The definitions of both, and which invocation wrote each.
pub struct Defined<'a> {
    base: (Definitions<'a>, Written),
    head: (Definitions<'a>, Written),
}

/// Reads the definitions of both manifests.
pub fn defined<'a>(both: &ReadBoth<'a>) -> Defined<'a> {
    let of = |manifest: &Manifest<'a>| {
        let document = &manifest.document;
        (manifest::definitions(document), manifest::written(document))
    };
    let (base, head) = rayon::join(|| of(&both.read.projects[0].manifest), || of(&both.head));
    Defined { base, head }
}

impl Defined<'_> {
    /// Which invocations wrote base and head.
    pub fn written(&self) -> [&Written; 2] {
        [&self.base.1, &self.head.1]
    }
}

/// What is compared beside the manifests.
pub struct Asked<'b> {
    /// What lies beside base.
    pub base: &'b Beside,
    /// What lies beside head.
    pub head: &'b Beside,
    /// The file of head.
    pub head_file: &'b str,
    /// Whether the user says that both are of one target.
    pub is_told_same: bool,
}

/// Links the workbooks to base, the only project that was read, and says which of them the change
/// reaches.
pub fn impact(
    head: &Manifest,
    read: &Read,
    selection: &SelectedWorkbooks,
    settings: &Settings,
    defined: &Defined,
    asked: &Asked,
) -> Impact {
    let base = &read.projects[0];
    let links = super::link(read, settings);
    let known = impact::Known {
        base: Side {
            file: base.file,
            project: &base.manifest.project,
            definitions: &defined.base.0,
            catalog: asked.base.catalog.as_ref(),
            run: run(asked.base, &defined.base.1),
        },
        head: Side {
            file: asked.head_file,
            project: &head.project,
            definitions: &defined.head.0,
            catalog: asked.head.catalog.as_ref(),
            run: run(asked.head, &defined.head.1),
        },
        is_told_same: asked.is_told_same,
        site: &read.site,
        selection,
        links: &links.of_projects()[0],
    };
    impact::impact(&known)
}

fn run<'r>(beside: &'r Beside, written: &'r Written) -> Run<'r> {
    Run {
        generated_at: written.generated_at.as_deref(),
        target: beside.target.as_deref(),
        is_empty: beside.is_empty,
    }
}
