//! `autoexpose refresh`: says which extracts are due after dbt has run, and asks Tableau for these.

#[cfg(feature = "fetch")]
mod post;
mod state;

use std::path::PathBuf;

use jiff::Timestamp;
use rayon::prelude::*;

use self::state::Remembered;
use super::args::{RefreshArgs, RefreshFormat};
use super::artifacts::{self, RunFiles};
use super::ask_tableau;
use super::exit::Exit;
use super::paths::Paths;
use super::print;
use super::refresh_settings;
use super::reports::{self, Printed, Reports};
use super::request::Request;
use super::run::{self, Planned};
use super::settings::{self, Effective};
use crate::io::is_dash;
#[cfg(feature = "fetch")]
use crate::io::name_of_input;
use crate::model::artifacts::RunResults;
use crate::model::{Code, Failure, Graph, Site, SiteId};
use crate::output::Options;
use crate::output::refresh::{RefreshAnswer, json, markdown, text};
use crate::schedule::{self, OfProject, Rules};
use crate::settings::{RefreshSettings, Settings};

/// The name of the results beside a manifest.
const RUN_RESULTS: &str = "run_results.json";

/// What tells of exposures alone, which nobody asks for here.
const ABOUT_EXPOSURES: [Code; 13] = [
    Code::ColumnsUnknown,
    Code::DependencyGone,
    Code::ExposureDisabled,
    Code::FormDiffers,
    Code::LinksKept,
    Code::ManifestMapsMissing,
    Code::ManyTwins,
    Code::MassRemoval,
    Code::ServerUnknown,
    Code::StateIgnored,
    Code::StateRemembered,
    Code::TwinElsewhere,
    Code::UrlUnknown,
];

/// Prints the settings if they are asked for, else says what is due.
pub(super) fn run_or_show(args: &RefreshArgs) -> Result<Exit, Vec<Failure>> {
    let paths = Paths::find(&args.inputs)?;
    let Effective {
        settings, table, ..
    } = settings::for_refresh(&args.inputs, &args.due, &paths)?;
    if args.inputs.run.show_config {
        print::to_stdout(&table.text())?;
        return Ok(Exit::Done);
    }
    let off = refresh_settings::switched_off().map_err(|failure| vec![failure])?;
    if off.is_some() {
        let answer = RefreshAnswer {
            off,
            ..RefreshAnswer::default()
        };
        return published(args, &answer);
    }
    can_ask(args)?;
    ask_tableau::if_wanted(&args.inputs, &paths)?;
    let remembered = state::path(args, &paths).map_err(|failure| vec![failure])?;
    let answer = if args.due.dry_run {
        find(args, &settings.refresh, &paths, remembered)?.answer
    } else {
        asked(args, &settings, &paths, remembered)?
    };
    published(args, &answer)
}

/// Whether this program can do what it is asked for.
#[cfg(feature = "fetch")]
#[allow(clippy::unnecessary_wraps, reason = "another build cannot")]
fn can_ask(_: &RefreshArgs) -> Result<(), Vec<Failure>> {
    Ok(())
}

/// Whether this program can do what it is asked for.
#[cfg(not(feature = "fetch"))]
fn can_ask(args: &RefreshArgs) -> Result<(), Vec<Failure>> {
    if args.due.dry_run {
        return Ok(());
    }
    let failure = Failure::new(
        "",
        "this build of autoexpose cannot ask Tableau for refreshes",
    );
    Err(vec![failure.help(
        "give `--dry-run`, which says what is due, and ask for these with another program",
    )])
}

/// Asks for what is due. Meanwhile, no other run works with what is remembered in the file at `path`.
#[cfg(feature = "fetch")]
fn asked(
    args: &RefreshArgs,
    settings: &Settings,
    paths: &Paths,
    path: PathBuf,
) -> Result<RefreshAnswer, Vec<Failure>> {
    let lock = state::locked(&path, post::time_limit(args), args.report.quiet);
    let lock = lock.map_err(|failure| vec![failure])?;
    let unlocked = (!lock.is_kept).then(|| {
        let name = name_of_input(&path);
        format!("{name}: its file system has no locks, so let one run at a time use it")
    });
    let Found {
        mut answer,
        remembered,
        has_audience,
    } = find(args, &settings.refresh, paths, path)?;
    let site = site_of(&settings.site, &answer);
    let result = post::run(
        args,
        &settings.refresh,
        &site,
        &mut answer.schedule,
        &remembered,
        lock,
    );
    let result = result.map_err(|failure| vec![failure])?;
    answer.remarks.extend(unlocked);
    answer.remarks.extend(result.notes);
    let posted = result
        .posted
        .into_iter()
        .map(|(posted, job)| match has_audience {
            true => (posted.without_words(), job),
            false => (posted, job),
        });
    answer.posted = Some(posted.collect());
    answer.is_watched = args.ask.wait.is_some();
    Ok(answer)
}

/// This build cannot ask.
#[cfg(not(feature = "fetch"))]
fn asked(
    args: &RefreshArgs,
    settings: &Settings,
    paths: &Paths,
    path: PathBuf,
) -> Result<RefreshAnswer, Vec<Failure>> {
    Ok(find(args, &settings.refresh, paths, path)?.answer)
}

/// The site that is asked: the one of the settings, its unknown parts taken from the only export.
#[cfg(feature = "fetch")]
fn site_of(given: &SiteId, answer: &RefreshAnswer) -> SiteId {
    match answer.exports.as_slice() {
        [(only, _)] if !given.contradicts(only) => given.clone().or(only),
        _ => given.clone(),
    }
}

/// What is due, and what is remembered of it.
struct Found {
    answer: RefreshAnswer,
    #[cfg_attr(
        not(feature = "fetch"),
        allow(dead_code, reason = "a dry run writes nothing")
    )]
    remembered: Remembered,
    /// Whether something may be withheld from the audience of the run.
    #[cfg_attr(
        not(feature = "fetch"),
        allow(dead_code, reason = "a dry run hears nothing of Tableau")
    )]
    has_audience: bool,
}

fn find(
    args: &RefreshArgs,
    settings: &RefreshSettings,
    paths: &Paths,
    path: PathBuf,
) -> Result<Found, Vec<Failure>> {
    let remembered = Remembered::open(path, args.inputs.run.max_size);
    let mut remembered = remembered.map_err(|failure| vec![failure])?;
    let planned = run::plan(&Request {
        asks_extracts: true,
        ..Request::new(&args.inputs, paths, &args.report)
    })?;
    let (files, mut remarks) = run_results(args, paths, &planned)?;
    let unseen = schedule::unseen(files, &remembered.state);
    remarks.extend(unseen.seen.iter().map(|file| {
        format!("{file}: an earlier run has counted it, so that it does not count again")
    }));
    let runs = RunResults::merge(unseen.files);
    let linked = planned.projects.iter().map(|planned| planned.linked);
    let linked = linked.collect::<Vec<_>>();
    let graphs = linked.par_iter();
    let graphs = graphs.map(|linked| linked.project.graph());
    let graphs = graphs.collect::<Vec<Graph>>();
    let projects = linked.iter().map(|linked| OfProject {
        project: &linked.project.manifest.project,
        links: linked.links,
    });
    let projects = projects.collect::<Vec<_>>();
    let first = &linked[0];
    let selection = &first.settings.selection;
    let is_narrowed =
        !selection.this_run.include.is_empty() || !selection.wanted.include.is_empty();
    let site = &first.read.site;
    let targets = schedule::find(site, &projects, first.selection, is_narrowed);
    remembered.state = schedule::remember(&remembered.state, &targets, &runs, &graphs);
    let now = Timestamp::now();
    let schedule = schedule::decide(targets, &remembered.state, &Rules { settings, now });
    let mut diagnostics = planned.diagnostics();
    diagnostics.retain(|one| !ABOUT_EXPOSURES.contains(&one.code));
    diagnostics.sort();
    diagnostics.dedup();
    Ok(Found {
        answer: RefreshAnswer {
            schedule,
            exports: exports(site),
            now,
            remarks,
            diagnostics,
            ..RefreshAnswer::default()
        },
        remembered,
        has_audience: planned.has_audience(),
    })
}

/// The results of dbt, and what users should know of them.
fn run_results(
    args: &RefreshArgs,
    paths: &Paths,
    planned: &Planned,
) -> Result<RunFiles, Vec<Failure>> {
    let given = &args.due.run_results;
    let files = if given.is_empty() {
        let beside = paths.manifests.iter();
        let beside = beside.filter(|found| !is_dash(&found.path));
        beside
            .map(|found| found.path.with_file_name(RUN_RESULTS))
            .collect()
    } else {
        given.clone()
    };
    if files.is_empty() {
        let failure = Failure::new("", "the results of dbt are missing");
        return Err(vec![failure.help("give them with `--run-results`")]);
    }
    artifacts::run_results(&files, args.inputs.run.max_size, planned)
}

/// When the export of each site was made.
fn exports(site: &Site) -> Vec<(SiteId, Option<Timestamp>)> {
    let exports = site.evidence.iter().map(|evidence| {
        let at = evidence.captured_at;
        let at = at.and_then(|second| Timestamp::from_second(second).ok());
        (evidence.site.clone(), at)
    });
    exports.collect()
}

fn published(args: &RefreshArgs, answer: &RefreshAnswer) -> Result<Exit, Vec<Failure>> {
    Reports::render(&args.report, Printed::OnStdout, |format, options| {
        render(answer, format, options)
    })?
    .publish()?;
    Ok(if answer.is_good() {
        Exit::Done
    } else {
        Exit::No
    })
}

fn render(
    answer: &RefreshAnswer,
    format: RefreshFormat,
    options: Options,
) -> Result<String, Vec<Failure>> {
    match format {
        RefreshFormat::Text => Ok(text::render(answer, options)),
        RefreshFormat::Markdown => Ok(markdown::render(answer, options)),
        RefreshFormat::Json => reports::json(json::render(answer)),
    }
}
