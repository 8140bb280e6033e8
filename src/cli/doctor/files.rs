//! The half that asks nobody: configuration, manifests and export.

use crate::cli::args::{DoctorArgs, InputArgs};
use crate::cli::ask_tableau;
use crate::cli::exports::Exports;
use crate::cli::inputs::{self, MANIFEST_HELP, ProjectFile};
use crate::cli::leak::leak;
use crate::cli::paths::{self, CONFIG_FILE, Paths, StatePath};
use crate::cli::settings::{self, Effective};
use crate::doctor::export::{self, Export};
use crate::doctor::finding::not_asked;
use crate::doctor::matching::{self, Matching};
use crate::doctor::project::{self, of_failure};
use crate::doctor::{Check, Finding, Part};
use crate::input::manifest::written;
use crate::io::name_of_input;
use crate::model::{Diagnostic, Failure, Site};
use crate::pipeline::{self, LeftBehind, ProjectInput, Read, ReadProject, SiteInput};
use crate::settings::{SelectedWorkbooks, Settings};

/// What hangs on a manifest, and on an export beside it.
const ON_BOTH: [Check; 2] = [Check::Target, Check::MatchRate];

/// The files of a run, not yet read but for the configuration.
pub(super) struct Files {
    pub(super) paths: Paths,
    pub(super) settings: Settings,
    exports: Exports,
    /// What the configuration comes to.
    config: Finding,
    /// Why it is not known where dbt writes the manifest.
    no_manifest: Option<Failure>,
}

impl Files {
    /// Finds the files that the arguments mean. Without a configuration that can be read, every setting
    /// has its default.
    ///
    /// # Errors
    /// Wrong arguments.
    pub(super) fn find(args: &DoctorArgs) -> Result<Self, Vec<Failure>> {
        let inputs = &args.inputs;
        let (mut paths, no_manifest) = Paths::find_or_tell(inputs)?;
        let file = paths.config.as_deref().map(name_of_input);
        let beside = name_of_input(&paths.project.join(CONFIG_FILE));
        let (effective, config) = match settings::effective(inputs, &paths) {
            Ok(effective) => (effective, project::config(Ok(file.as_deref()), &beside)),
            Err(failures) => {
                paths.config = None;
                // What fails without the file as well is a fault of the arguments.
                let effective = settings::effective(inputs, &paths)?;
                let finding = match failures.first() {
                    Some(failure) => project::config(Err(failure), &beside),
                    None => project::config(Ok(None), &beside),
                };
                (effective, finding)
            }
        };
        let Effective {
            settings, exports, ..
        } = effective;
        Ok(Self {
            paths,
            settings,
            exports,
            config,
            no_manifest,
        })
    }

    /// What the files come to.
    pub(super) fn findings(self, args: &DoctorArgs) -> Vec<Finding> {
        let inputs = &args.inputs;
        let mut findings = vec![self.config.clone()];
        let projects = self.projects(inputs).unwrap_or_else(|told| {
            findings.extend(told);
            Vec::new()
        });
        for read in &projects {
            findings.extend(of_manifest(read));
        }
        let site = self.site(inputs).map_err(|told| findings.extend(told));
        let Ok((site, diagnostics)) = site else {
            let why = "there is not an export that can be read";
            findings.extend(not_asked(&ON_BOTH, why));
            return findings;
        };
        let read = Read {
            projects,
            site,
            diagnostics: Vec::new(),
            asks_columns: false,
            withheld: None,
        };
        let read = pipeline::read_sql(read, &self.settings);
        let (read, selection) = match pipeline::select(read, &self.settings) {
            Ok(selected) => selected,
            Err(failures) => {
                let failures = failures.iter();
                findings.extend(failures.map(|failure| of_failure(Check::Export, failure)));
                return findings;
            }
        };
        let diagnostics = pipeline::told(&read, diagnostics);
        findings.extend(export::export(&Export {
            site: &read.site,
            diagnostics: &diagnostics,
        }));
        if read.projects.is_empty() {
            let why = "there is not a manifest that can be read";
            findings.extend(not_asked(&ON_BOTH, why));
            return findings;
        }
        findings.extend(matched(&read, &selection, &self.settings));
        findings
    }

    /// The manifests, or why there is not one.
    fn projects(&self, args: &InputArgs) -> Result<Vec<ReadProject<'static>>, Vec<Finding>> {
        let of_failures = |failures: Vec<Failure>| {
            let failures = failures.iter();
            let faults = failures.map(|failure| of_failure(Check::Manifest, failure));
            faults.collect::<Vec<_>>()
        };
        if let Some(failure) = &self.no_manifest {
            return Err(vec![of_failure(Check::Manifest, failure)]);
        }
        let is_given = !args.project.manifests.is_empty();
        let missing = self.paths.manifests.iter();
        let missing = missing.filter(|found| !is_given && !found.path.exists());
        if let Some(found) = missing.into_iter().next() {
            let why = format!("{} is missing", name_of_input(&found.path));
            let cure = Some(MANIFEST_HELP.to_owned());
            return Err(vec![Finding::not_asked(Check::Manifest, why, cure)]);
        }
        let files = ProjectFile::manifests(args, &self.paths).map_err(of_failures)?;
        let inputs = files.iter().map(|file| ProjectInput {
            manifest: file.source(),
            state: None,
            left: LeftBehind::default(),
        });
        let inputs = leak(inputs.collect::<Vec<_>>());
        pipeline::read_projects(inputs).map_err(of_failures)
    }

    /// The export, or why there is not one.
    fn site(&self, args: &InputArgs) -> Result<(Site<'static>, Vec<Diagnostic>), Vec<Finding>> {
        let of_failures = |failures: Vec<Failure>| {
            let failures = failures.iter();
            let faults = failures.map(|failure| of_failure(Check::Export, failure));
            let why = "the export cannot be read";
            faults.chain(of_part(why)).collect::<Vec<_>>()
        };
        ask_tableau::if_wanted(args, &self.paths).map_err(of_failures)?;
        let fetched = paths::fetched_export(&self.paths.project, args.project.target_path.as_ref());
        let fetched = fetched.unwrap_or_else(|_| paths::usual_export(&self.paths.project));
        let in_states = || self.paths.states.iter().find_map(StatePath::exports);
        let beside = || in_states().or_else(|| Some(fetched.clone()).filter(|path| path.exists()));
        let exports = self.exports.clone().or_in(beside);
        if exports.is_empty() {
            let why = format!(
                "neither `--tableau` nor `tableau.exports` in {CONFIG_FILE} names one, and {} is missing",
                name_of_input(&fetched)
            );
            let cure = "make one with `autoexpose fetch`, or give one with `--tableau`".to_owned();
            let first = Finding::not_asked(Check::Export, why, Some(cure));
            let others = of_part("there is not an export");
            return Err(std::iter::once(first).chain(others).collect());
        }
        let files = exports.find_all().map_err(of_failures)?;
        let (input, _) = inputs::site(files, args, self.settings.site.clone());
        let input = SiteInput {
            asks_access: self.settings.audience.asks_access(),
            ..input
        };
        pipeline::read_site(input).map_err(of_failures)
    }
}

/// The other checks of the export, not asked for this reason.
fn of_part(why: &'static str) -> impl Iterator<Item = Finding> {
    let checks = Check::ALL.iter().copied();
    let checks = checks.filter(|check| check.part() == Part::Export && *check != Check::Export);
    checks.map(move |check| Finding::not_asked(check, why, None))
}

fn of_manifest(read: &ReadProject) -> Vec<Finding> {
    let document = &read.manifest.document;
    let written = written(document);
    project::manifest(&project::Manifest {
        file: read.file,
        schema: document.version.schema,
        generated_at: written.generated_at.as_deref(),
        project: &read.manifest.project,
        diagnostics: &read.diagnostics,
    })
}

/// Matches the export to the manifests.
fn matched(read: &Read, selection: &SelectedWorkbooks, settings: &Settings) -> Vec<Finding> {
    let links = pipeline::link(read, settings);
    let lost = pipeline::lost_of_all(read, settings, &links);
    let linked = pipeline::linked(read, selection, &links, &lost, settings);
    let projects = linked.iter();
    let projects = projects.map(|linked| (&linked.project.manifest.project, linked.links));
    matching::matching(&Matching {
        site: &read.site,
        selection,
        projects: projects.collect(),
        causes: match &*linked {
            [linked] => pipeline::causes(linked),
            _ => Vec::new(),
        },
    })
}
