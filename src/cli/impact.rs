//! `autoexpose impact`: says which workbooks a change of the dbt project breaks or touches.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use super::args::{FailOn, ImpactArgs, ImpactFormat};
use super::exit::Exit;
use super::exports::kept_in;
use super::inputs::{self, Inputs, ProjectFile};
use super::leak::leak;
use super::paths::{Paths, manifest_in};
use super::places;
use super::reports::{Printed, Reports};
use super::run::progress;
use super::settings::{self, Effective};
use super::threads;
use crate::impact::Severity;
use crate::input::artifacts;
use crate::input::manifest::{Source, Written};
use crate::io::max_size::MaxSize;
use crate::io::{is_dash, name_of_input, read};
use crate::model::{Catalog, Failure};
use crate::output::annotations::{Places, github, gitlab};
use crate::output::impact::annotations::annotations;
use crate::output::impact::{ImpactAnswer, gather, markdown, text};
use crate::output::{Options, json};
use crate::pipeline::impact::{Asked, Beside, Defined, ReadBoth};
use crate::pipeline::{self, SiteInput, impact};

pub(super) fn run(args: &ImpactArgs, paths: &Paths) -> Result<Exit, Vec<Failure>> {
    let Answered {
        mut answer,
        project,
        places,
    } = answer(args, paths)?;
    answer.fails_from = fails_from(args.fail_on).filter(|from| answer.reaches(*from));
    Reports::render(&args.report, Printed::OnStdout, |format, options| {
        render(&answer, &project, &places, format, options)
    })?
    .publish()?;
    Ok(match answer.fails_from {
        Some(_) => Exit::No,
        None => Exit::Done,
    })
}

fn fails_from(on: FailOn) -> Option<Severity> {
    match on {
        FailOn::Breaks => Some(Severity::Breaks),
        FailOn::Touches => Some(Severity::Touches),
        FailOn::Uncompared => Some(Severity::Uncompared),
        FailOn::None => None,
    }
}

/// The answer, and what annotations need to name files.
struct Answered {
    answer: ImpactAnswer,
    /// The name of the project.
    project: String,
    places: Places,
}

fn answer(args: &ImpactArgs, paths: &Paths) -> Result<Answered, Vec<Failure>> {
    let inputs = &args.inputs;
    let head = only_head(args, paths).map_err(|failure| vec![failure])?;
    threads::start(inputs.run.threads)?;
    let Effective {
        settings, exports, ..
    } = settings::effective(inputs, paths)?;
    let settings = leak(settings);
    let progress = progress(args.report.quiet, "reading and comparing");
    let base = base_manifest(&args.compared.base);
    let of_base = paths.of_base(base.clone());
    let files = exports.or_in(|| kept_in(&args.compared.base)).find_all();
    let head_file = ProjectFile::manifests(inputs, paths)?;
    let head_source: &'static Source = leak(head_file[0].source());
    let manifests = ProjectFile::manifests(inputs, &of_base);
    let states = ProjectFile::states(inputs, &of_base);
    let site = settings.site.clone();
    let Inputs { projects, site, .. } =
        inputs::open(manifests, states, files, inputs, &of_base, site)?;
    let site = SiteInput {
        asks_columns: true,
        asks_access: settings.audience.asks_access(),
        ..site
    };
    let projects = leak(projects);
    let both = impact::read(projects, head_source, site)
        .map_err(|failures| inputs::name_origins(failures, paths))?;
    let defined = leak(impact::defined(&both));
    let ReadBoth {
        read,
        head: head_manifest,
        mut diagnostics,
    } = both;
    let mut beside = [Beside::default(), Beside::default()];
    let mut remarks = Vec::new();
    fill(args, [&base, &head], defined, &mut beside, &mut remarks)?;
    let (read, selection) = pipeline::select(pipeline::read_sql(read, settings), settings)?;
    let asked = Asked {
        base: &beside[0],
        head: &beside[1],
        head_file: head_source.file,
        is_told_same: args.compared.same_target,
    };
    let found = impact::impact(&head_manifest, &read, &selection, settings, defined, &asked);
    diagnostics.extend(impact::told_of_export(&read));
    diagnostics.extend(read.projects[0].diagnostics.iter().cloned());
    drop(progress);
    let project = &read.projects[0].manifest.project;
    let head = (project.root_package.as_str(), head_source.file);
    Ok(Answered {
        answer: gather(
            project,
            &read.site,
            &settings.exposure,
            found,
            remarks,
            diagnostics,
        ),
        project: project.root_package.clone(),
        places: places::find(paths, [head].into_iter()),
    })
}

/// The only manifest of the change.
fn only_head(args: &ImpactArgs, paths: &Paths) -> Result<PathBuf, Failure> {
    if !args.inputs.project.states.is_empty() {
        let failure = Failure::new(
            "",
            "`impact` compares with `--base`, and does not take `--state`",
        );
        return Err(failure.help("give the manifest of production, or its folder, with `--base`"));
    }
    match &paths.manifests[..] {
        [only] => Ok(only.path.clone()),
        _ => Err(
            Failure::new("", "`impact` compares the manifests of one project")
                .help("run it for each project of its own"),
        ),
    }
}

/// The manifest of base: the file itself, or the one in its folder.
fn base_manifest(given: &Path) -> PathBuf {
    if !is_dash(given) && given.is_dir() {
        manifest_in(given)
    } else {
        given.to_owned()
    }
}

/// Reads catalogs and results of runs: those that are given, else those that lie beside the manifests.
fn fill(
    args: &ImpactArgs,
    manifests: [&Path; 2],
    defined: &Defined,
    beside: &mut [Beside; 2],
    remarks: &mut Vec<String>,
) -> Result<(), Vec<Failure>> {
    let compared = &args.compared;
    let limit = args.inputs.run.max_size;
    let given = [
        (&compared.base_catalog, &compared.base_run_results),
        (&compared.catalog, &compared.run_results),
    ];
    let mut failures = Vec::new();
    for (at, (catalog, results)) in given.into_iter().enumerate() {
        let mut reader = Reader {
            limit,
            written: defined.written()[at],
            is_head: at == 1,
            remarks,
        };
        match reader.catalog(find(catalog.as_deref(), manifests[at], "catalog.json")) {
            Ok(catalog) => beside[at].catalog = catalog,
            Err(failure) => failures.push(failure),
        }
        match reader.target(find(results.as_deref(), manifests[at], "run_results.json")) {
            Ok(Some((target, is_empty))) => {
                beside[at].target = target;
                beside[at].is_empty = is_empty;
            }
            Ok(None) => {}
            Err(failure) => failures.push(failure),
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures)
    }
}

/// A file that is given, or one that lies beside a manifest.
struct Found {
    path: PathBuf,
    is_given: bool,
}

fn find(given: Option<&Path>, manifest: &Path, name: &str) -> Option<Found> {
    if let Some(path) = given {
        return Some(Found {
            path: path.to_owned(),
            is_given: true,
        });
    }
    if is_dash(manifest) {
        return None;
    }
    let plain = manifest.with_file_name(name);
    let gzipped = manifest.with_file_name(format!("{name}.gz"));
    let path = [plain, gzipped].into_iter().find(|path| path.is_file())?;
    Some(Found {
        path,
        is_given: false,
    })
}

/// Reads what lies beside one manifest.
struct Reader<'r> {
    limit: MaxSize,
    /// Which invocation wrote the manifest.
    written: &'r Written,
    is_head: bool,
    remarks: &'r mut Vec<String>,
}

impl Reader<'_> {
    fn catalog(&mut self, found: Option<Found>) -> Result<Option<Catalog>, Failure> {
        let Some(found) = found else {
            return Ok(None);
        };
        let name = name_of_input(&found.path);
        let (catalog, remarks) = artifacts::catalog(&name, &read(&found.path, self.limit)?)?;
        self.remarks
            .extend(remarks.iter().map(|remark| format!("{name}: {remark}")));
        // What an earlier build left says nothing of the change.
        if !found.is_given && self.is_head && self.is_of_other(catalog.invocation_id.as_deref()) {
            self.remarks.push(format!(
                "{name}: it is of another invocation than the manifest beside it, and so is not used; give it with `--catalog` if it is right",
            ));
            return Ok(None);
        }
        Ok(Some(catalog))
    }

    fn target(&mut self, found: Option<Found>) -> Result<Option<(Option<String>, bool)>, Failure> {
        let Some(found) = found else {
            return Ok(None);
        };
        let name = name_of_input(&found.path);
        let (results, _) = artifacts::run_results(&name, &read(&found.path, self.limit)?)?;
        let invocation = &results.invocation;
        if !found.is_given && self.is_of_other(invocation.id.as_deref()) {
            return Ok(None);
        }
        Ok(Some((invocation.target.clone(), invocation.is_empty)))
    }

    fn is_of_other(&self, invocation_id: Option<&str>) -> bool {
        let own = self.written.invocation_id.as_deref();
        own.zip(invocation_id)
            .is_some_and(|(own, other)| own != other)
    }
}

fn render(
    answer: &ImpactAnswer,
    project: &str,
    places: &Places,
    format: ImpactFormat,
    options: Options,
) -> Result<String, Vec<Failure>> {
    let annotations = || annotations(answer, project, places);
    match format {
        ImpactFormat::Text => Ok(text::render(answer, options)),
        ImpactFormat::Json => json::impact(answer).map_err(cannot_be_shown),
        ImpactFormat::Markdown => Ok(markdown::render(answer, options)),
        ImpactFormat::Github => Ok(github::render(&annotations())),
        ImpactFormat::Gitlab => gitlab::render(&annotations()).map_err(cannot_be_shown),
    }
}

/// The failure of a format that cannot hold the answer.
fn cannot_be_shown(error: impl Display) -> Vec<Failure> {
    vec![Failure::new("", error.to_string())]
}
