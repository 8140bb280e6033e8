//! `autoexpose yaml`: writes the exposures into property files of the dbt project.

use std::path::PathBuf;

use super::args::{Format, YamlArgs};
use super::exit::Exit;
use super::new_files::{NewFile, NewFiles};
use super::paths::Paths;
use super::property_files::{self, Found};
use super::reports::{Printed, Reports};
use super::request::Request;
use super::{ask_tableau, print, run, settings, targets};
use crate::edit::yaml::FileChange;
use crate::model::Failure;
use crate::output::{counted, printable, unified};
use crate::pipeline;
use crate::report::{ChangeOfFile, ChangedFile, RunReport};

/// Prints the settings if they are asked for, else writes the files.
pub(super) fn run_or_show(args: &YamlArgs) -> Result<Exit, Vec<Failure>> {
    let paths = Paths::find(&args.inputs)?;
    if args.inputs.run.show_config {
        print::to_stdout(&settings::for_yaml(args, &paths)?.table.text())?;
        return Ok(Exit::Done);
    }
    ask_tableau(&args.inputs, &paths)?;
    run(args, &paths)
}

fn run(args: &YamlArgs, paths: &Paths) -> Result<Exit, Vec<Failure>> {
    if paths.manifests.len() > 1 {
        return Err(vec![several_projects()]);
    }
    let found = property_files::find(args, paths)?;
    targets::check_properties(&args.report.paths(), &found.paths())
        .map_err(|failure| vec![failure])?;
    let mut planned = run::plan(&Request {
        properties: Some(&found.input),
        ..Request::new(&args.inputs, paths, &args.report)
    })?;
    let [project] = planned.projects.as_mut_slice() else {
        return Err(vec![several_projects()]);
    };
    let changes = pipeline::yaml::changes(project.linked.project, project.plan, &found.layout);
    let changes = changes.map_err(|failures| found.with_paths(failures))?;
    let lost = changes.lost_comments.iter();
    let lost = lost.map(|lost| lost.diagnostic(&found.path(&lost.path).display().to_string()));
    project.diagnostics.extend(lost);
    let changes = changes.files;
    check_reports(args, &changes, &found).map_err(|failure| vec![failure])?;
    let is_stopped = !project.plan.mass_removals.is_empty() && !args.allow_mass_removal;
    let is_written = !args.check && !args.dry_run && !is_stopped;
    let files = is_written
        .then(|| NewFiles::complete(changes.iter().map(|change| new_file(change, &found))))
        .transpose()?;
    let report = match planned.report() {
        RunReport::One(report) => {
            let files = changes.iter().map(|change| shown(change, &found));
            RunReport::One(Box::new(report.on_files(files.collect())))
        }
        several => several,
    };
    Reports::render(
        &args.report,
        Printed::OnStdout,
        |format, options| match format {
            Format::Unified => Ok(unified::files(&changes_as_texts(&changes))),
            Format::Text | Format::Json | Format::Markdown => {
                print::render(&report, format, options)
            }
        },
    )?
    .publish()?;
    if let Some(files) = files {
        files.publish()?;
        tell_written(args, &changes, &found);
    }
    if is_stopped {
        print::to_stderr(
            "nothing was written: this would remove too many exposures of a site; pass `--allow-mass-removal` if that is intended",
        );
        return Ok(Exit::No);
    }
    if args.check && !changes.is_empty() {
        let files = counted(changes.len(), "file");
        print::to_stderr(&format!("{files} would change: run `autoexpose yaml`"));
        return Ok(Exit::No);
    }
    Ok(Exit::Done)
}

/// Checks that no report is written to a file that this run changes.
fn check_reports(args: &YamlArgs, changes: &[FileChange], found: &Found) -> Result<(), Failure> {
    let written = changes.iter().map(|change| found.path(&change.path));
    let written = written.collect::<Vec<_>>();
    let written = written.iter().map(PathBuf::as_path).collect::<Vec<_>>();
    let mut reports = args.report.paths().into_iter();
    reports.try_for_each(|report| targets::check_written_once(report, &written))
}

fn several_projects() -> Failure {
    Failure::new(
        "",
        "exposures in YAML are written for one dbt project at a time",
    )
    .help("run `autoexpose yaml` once for each project, with `--project-dir`")
}

fn new_file<'c>(change: &'c FileChange, found: &Found) -> NewFile<'c> {
    NewFile {
        path: found.path(&change.path),
        old: found.content(&change.path),
        new: change.after.as_deref().map(str::as_bytes),
    }
}

fn shown(change: &FileChange, found: &Found) -> ChangedFile {
    ChangedFile {
        path: found.path(&change.path).display().to_string(),
        change: match (change.before, &change.after) {
            (None, _) => ChangeOfFile::Added,
            (Some(_), Some(_)) => ChangeOfFile::Changed,
            (Some(_), None) => ChangeOfFile::Removed,
        },
    }
}

fn changes_as_texts<'c>(
    changes: &'c [FileChange],
) -> Vec<(&'c str, Option<&'c str>, Option<&'c str>)> {
    let changes = changes.iter();
    changes
        .map(|change| (change.path.as_str(), change.before, change.after.as_deref()))
        .collect()
}

/// Tells what was written.
fn tell_written(args: &YamlArgs, changes: &[FileChange], found: &Found) {
    if args.report.format != Format::Text || args.report.quiet {
        return;
    }
    for change in changes {
        let done = if change.after.is_some() {
            "wrote"
        } else {
            "removed"
        };
        let path = found.path(&change.path).display().to_string();
        print::to_stderr(&format!("{done} {}", printable(&path)));
    }
}
