//! Which workbooks of an export link to a dbt node: those whose permission rules are asked for.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cli::args::FetchArgs;
use crate::cli::env::Found;
use crate::cli::inputs::{MANIFEST_HELP, ProjectFile};
use crate::cli::leak::leak;
use crate::cli::paths::manifest_of;
use crate::input::tableau::{Arena, SiteDefaults, Source};
use crate::io::max_size::MaxSize;
use crate::link::{Outcome, WorkbookLinks};
use crate::model::{Failure, luid};
use crate::pipeline::{self, LeftBehind, ProjectInput, SiteInput};
use crate::remote::Linking;
use crate::settings::Settings;

/// What links workbooks to the nodes of the manifests of a run.
///
/// # Errors
/// A manifest that cannot be used, which is better known before Tableau is asked for an hour.
pub(super) fn by(args: &FetchArgs, project: &Path, settings: Settings) -> Result<Linking, Failure> {
    let inputs = manifests(args, project)?.into_iter().map(input);
    let inputs: &'static [ProjectInput] = leak(inputs.collect::<Result<Vec<_>, _>>()?);
    pipeline::read_projects(inputs).map_err(first)?;
    Ok(Linking::new(move |export| {
        linked(inputs, export, &settings)
    }))
}

fn manifests(args: &FetchArgs, project: &Path) -> Result<Vec<Found>, Failure> {
    let paths = match args.manifest.as_slice() {
        [] => vec![manifest_of(project, args.target_path.as_ref())?],
        given => given.to_vec(),
    };
    let found = paths.into_iter().map(|path| Found {
        path,
        by: "--manifest".to_owned(),
    });
    Ok(found.collect())
}

fn input(found: Found) -> Result<ProjectInput<'static>, Failure> {
    let file = ProjectFile::read(&found, MANIFEST_HELP, MaxSize::OF_ARTIFACTS).map_err(first)?;
    Ok(ProjectInput {
        manifest: file.source(),
        state: None,
        left: LeftBehind::default(),
    })
}

/// The luids of the workbooks of an export that link to a node.
fn linked(
    projects: &'static [ProjectInput<'static>],
    export: &[u8],
    settings: &Settings,
) -> Result<BTreeSet<String>, Failure> {
    let text = String::from_utf8_lossy(export);
    let arena = Arena::default();
    let site = SiteInput {
        exports: vec![Source::from_text("the export", &text)],
        passed_over: Vec::new(),
        defaults: SiteDefaults {
            site: settings.site.clone(),
            is_complete: false,
        },
        asks_columns: false,
        asks_extracts: false,
        asks_access: false,
        arena: &arena,
    };
    let read = pipeline::read(projects, &[], site).map_err(first)?;
    let read = pipeline::read_sql(read, settings);
    let links = pipeline::link(&read, settings);
    let of_projects = links.of_projects().iter();
    let linked = of_projects.flat_map(|links| {
        let workbooks = read.site.workbooks.iter().zip(&links.workbooks);
        workbooks.filter(|(_, links)| is_linked(links))
    });
    Ok(linked
        .map(|(workbook, _)| luid::identity(&workbook.luid).into_owned())
        .collect())
}

fn is_linked(links: &WorkbookLinks) -> bool {
    let mut tables = links.tables.iter();
    tables.any(|read| matches!(read.table.outcome, Outcome::Linked { .. }))
}

fn first(failures: Vec<Failure>) -> Failure {
    let mut failures = failures.into_iter();
    let first = failures.next();
    first.unwrap_or_else(|| Failure::new("", "the manifest cannot be used"))
}
