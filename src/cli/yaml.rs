//! `autoexpose yaml`: writes the exposures into property files of the dbt project, or of several.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::args::{Format, YamlArgs};
use super::exit::Exit;
use super::new_files::{NewFile, NewFiles};
use super::paths::Paths;
use super::property_files::{self, Found};
use super::reports::{Printed, Reports};
use super::request::Request;
use super::run::Planned;
use super::{ask_tableau, print, run, settings, targets};
use crate::edit::yaml::{FileChange, Shown};
use crate::model::Failure;
use crate::output::{counted, printable, unified};
use crate::pipeline;
use crate::report::{ChangeOfFile, ChangedFile, Report, RunReport};

/// What stands for the path of a file that may say what is withheld.
const WITHHELD: &str = "(a file of withheld exposures)";

/// Prints the settings if they are asked for, else writes the files.
pub(super) fn run_or_show(args: &YamlArgs) -> Result<Exit, Vec<Failure>> {
    let paths = Paths::find_several(&args.inputs)?;
    if args.inputs.run.show_config {
        print::to_stdout(&settings::for_yaml(args, &paths)?.table.text())?;
        return Ok(Exit::Done);
    }
    ask_tableau::if_wanted(&args.inputs, &paths)?;
    run(args, &paths)
}

fn run(args: &YamlArgs, paths: &Paths) -> Result<Exit, Vec<Failure>> {
    let found = property_files::find(args, paths)?;
    let files = found.iter().flat_map(Found::paths).collect::<Vec<_>>();
    targets::check_properties(&args.report.paths(), &files).map_err(|failure| vec![failure])?;
    let mut planned = run::plan(&Request {
        properties: found.iter().map(|found| &found.input).collect(),
        ..Request::new(&args.inputs, paths, &args.report)
    })?;
    let changes = changes(&mut planned, &found)?;
    check_reports(args, &changes).map_err(|failure| vec![failure])?;
    let mut projects = planned.projects.iter();
    let is_mass_removal = projects.any(|project| !project.plan.mass_removals.is_empty());
    let is_stopped = is_mass_removal && !args.allow_mass_removal;
    let is_written = !args.check && !args.dry_run && !is_stopped;
    let all = || changes.iter().flat_map(ChangesOfProject::files);
    let files = is_written
        .then(|| NewFiles::complete(all().map(|(change, found)| new_file(change, found))))
        .transpose()?;
    let report = report(&planned, &changes);
    Reports::render(
        &args.report,
        Printed::OnStdout,
        |format, options| match format {
            Format::Unified => Ok(unified_diff(&changes)),
            Format::Text | Format::Json | Format::Markdown => {
                print::render(&report, format, options)
            }
        },
    )?
    .publish()?;
    if let Some(files) = files {
        files.publish()?;
        tell_written(args, &changes);
    }
    if is_stopped {
        print::to_stderr(
            "nothing was written: this would remove too many exposures of a site; pass `--allow-mass-removal` if that is intended",
        );
        return Ok(Exit::No);
    }
    let count = all().count();
    if args.check && count > 0 {
        let files = counted(count, "file");
        print::to_stderr(&format!("{files} would change: run `autoexpose yaml`"));
        return Ok(Exit::No);
    }
    Ok(Exit::Done)
}

/// What changes in the property files of one project.
struct ChangesOfProject<'f> {
    files: Vec<FileChange<'static>>,
    found: &'f Found,
    /// The names of exposures in the files that are withheld from the audience of the run.
    withheld: BTreeSet<String>,
}

impl<'f> ChangesOfProject<'f> {
    fn files(&self) -> impl Iterator<Item = (&FileChange<'static>, &'f Found)> {
        self.files.iter().map(|change| (change, self.found))
    }

    /// The same as it may be shown: each with its path from the dbt project on and from here.
    fn shown(&self) -> impl Iterator<Item = (Shown<'_>, [String; 2])> {
        self.files.iter().map(|change| {
            let shown = change.shown(&self.withheld);
            let paths = match shown.path {
                Some(path) => [path.to_owned(), self.found.path(path).display().to_string()],
                None => [WITHHELD, WITHHELD].map(str::to_owned),
            };
            (shown, paths)
        })
    }
}

/// What changes in each project, in their order. Adds what is told of it to the plans.
fn changes<'f>(
    planned: &mut Planned,
    found: &'f [Found],
) -> Result<Vec<ChangesOfProject<'f>>, Vec<Failure>> {
    let all = planned.projects.iter_mut().map(|project| {
        let read = project.linked.project;
        let found = &found[read.given().unwrap_or_default()];
        let changes = pipeline::yaml::changes(read, project.plan, &found.layout);
        let withheld = read.withheld_names();
        let changes = changes.map_err(|failures| match withheld.is_empty() {
            true => found.with_paths(failures),
            false => failures.into_iter().map(without_names).collect(),
        })?;
        let lost = changes.lost_comments.iter();
        let lost = lost.map(|lost| match withheld.contains(&lost.exposure) {
            true => lost.withheld(),
            false => lost.diagnostic(&found.path(&lost.path).display().to_string()),
        });
        project.diagnostics.extend(lost);
        Ok(ChangesOfProject {
            files: changes.files,
            found,
            withheld,
        })
    });
    Failure::all(all)
}

/// The failure of a file that may name what is withheld.
fn without_names(failure: Failure) -> Failure {
    let message = "a property file cannot be changed without touching what is not ours; its name is withheld, as it may say what the audience may not see";
    let text = Failure::new("", message);
    match failure.help {
        Some(help) => text.help(help),
        None => text,
    }
}

/// The report with the files of each project.
fn report(planned: &Planned, changes: &[ChangesOfProject]) -> RunReport {
    let with_files = |report: Report, changes: &ChangesOfProject| {
        let files = changes
            .shown()
            .map(|(shown, [_, path])| changed(&shown, path));
        report.on_files(files.collect())
    };
    match (planned.report(), changes) {
        (RunReport::One(report), [changes]) => {
            RunReport::One(Box::new(with_files(*report, changes)))
        }
        (RunReport::Several(mut several), _) => {
            let projects = several.projects.into_iter().zip(changes);
            let projects = projects.map(|(report, changes)| with_files(report, changes));
            several.projects = projects.collect();
            RunReport::Several(several)
        }
        (report, _) => report,
    }
}

/// Checks that no report is written to a file that this run changes.
fn check_reports(args: &YamlArgs, changes: &[ChangesOfProject]) -> Result<(), Failure> {
    let written = changes.iter().flat_map(ChangesOfProject::files);
    let written = written.map(|(change, found)| found.path(&change.path));
    let written = written.collect::<Vec<_>>();
    let written = written.iter().map(PathBuf::as_path).collect::<Vec<_>>();
    let mut reports = args.report.paths().into_iter();
    reports.try_for_each(|report| targets::check_written_once(report, &written))
}

fn new_file<'c>(change: &'c FileChange<'static>, found: &Found) -> NewFile<'c> {
    NewFile {
        path: found.path(&change.path),
        old: found.content(&change.path),
        new: change.after.as_deref().map(str::as_bytes),
    }
}

fn changed(shown: &Shown, path: String) -> ChangedFile {
    ChangedFile {
        path,
        change: match (&shown.before, &shown.after) {
            (None, _) => ChangeOfFile::Added,
            (Some(_), Some(_)) => ChangeOfFile::Changed,
            (Some(_), None) => ChangeOfFile::Removed,
        },
    }
}

/// The diff of all files. Those of one project are named from it on, as in its own repository.
fn unified_diff(changes: &[ChangesOfProject]) -> String {
    let is_one = changes.len() == 1;
    let files = changes.iter().flat_map(ChangesOfProject::shown);
    let files = files.map(|(shown, [in_project, from_here])| {
        let path = if is_one { in_project } else { from_here };
        (path, shown)
    });
    let files = files.collect::<Vec<_>>();
    let files = files.iter().map(|(path, shown)| {
        (
            path.as_str(),
            shown.before.as_deref(),
            shown.after.as_deref(),
        )
    });
    unified::files(&files.collect::<Vec<_>>())
}

/// Tells what was written.
fn tell_written(args: &YamlArgs, changes: &[ChangesOfProject]) {
    if args.report.format != Format::Text || args.report.quiet {
        return;
    }
    for (shown, [_, path]) in changes.iter().flat_map(ChangesOfProject::shown) {
        let done = match shown.after {
            Some(_) => "wrote",
            None => "removed",
        };
        print::to_stderr(&format!("{done} {}", printable(&path)));
    }
}
