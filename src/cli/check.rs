//! `autoexpose check`: decides gates, for scripts.

use rayon::prelude::*;

use super::args::{CheckArgs, CheckFormat};
use super::artifacts::{self, Artifacts};
use super::ask_tableau;
use super::exit::Exit;
use super::paths::Paths;
use super::places;
use super::print;
use super::reports::{Printed, Reports};
use super::request::Request;
use super::run::{self, Planned};
use super::settings::{self, Effective};
use super::unused;
use crate::check::state::State;
use crate::check::{self, Answer, Asked, Facts, Gate, ProjectFacts, Verdict};
use crate::model::{Failure, Graph};
use crate::output::Options;
use crate::output::annotations::{Places, github, gitlab, junit, sarif};
use crate::output::check::annotations::annotations;
use crate::output::check::{json, markdown, text};
use crate::output::usage::UsageAnswer;
use crate::pipeline::{Linked, ReadProject};
use crate::settings::CheckSettings;

/// Prints the settings if they are asked for, else decides the gates.
pub(super) fn run_or_show(args: &CheckArgs) -> Result<Exit, Vec<Failure>> {
    let paths = Paths::find(&args.inputs)?;
    let Effective {
        settings, table, ..
    } = settings::for_check(&args.inputs, &args.gates, &paths)?;
    if args.inputs.run.show_config {
        print::to_stdout(&table.text())?;
        return Ok(Exit::Done);
    }
    ask_tableau::if_wanted(&args.inputs, &paths)?;
    run(args, &settings.check, &paths)
}

fn run(args: &CheckArgs, gates: &CheckSettings, paths: &Paths) -> Result<Exit, Vec<Failure>> {
    if !gates.is_any() && !args.usage.unused {
        return Err(vec![no_gate()]);
    }
    let planned = run::plan(&Request::new(&args.inputs, paths, &args.report))?;
    let graphs = planned.projects.par_iter();
    let graphs = graphs.map(|planned| Graphs::read(planned.linked.project, args, gates));
    let graphs = graphs.collect::<Vec<_>>();
    let answer = answer(args, gates, &planned, &graphs)?;
    let usage = args.usage.unused.then(|| {
        let graphs = graphs.iter().filter_map(|graphs| graphs.manifest.as_ref());
        unused::answer(&planned, graphs, args.usage.stale.stale_after)
    });
    let places = places(paths, &planned);
    Reports::render(&args.report, Printed::OnStdout, |format, options| {
        render(&answer, usage.as_ref(), &places, format, options)
    })?
    .publish()?;
    Ok(match answer.verdict() {
        Verdict::Held => Exit::Done,
        Verdict::Failed => Exit::No,
        Verdict::Undecided => Exit::Failed,
    })
}

fn answer(
    args: &CheckArgs,
    gates: &CheckSettings,
    planned: &Planned,
    graphs: &[Graphs],
) -> Result<Answer, Vec<Failure>> {
    let artifacts = artifacts(args, planned)?;
    let report = planned.report();
    let projects = planned.projects.iter().zip(report.projects()).zip(graphs);
    let projects = projects.map(|((planned, report), graphs)| {
        let Linked {
            project,
            links,
            lost,
            ..
        } = planned.linked;
        let state = project.state.as_ref();
        ProjectFacts {
            project: &project.manifest.project,
            report,
            links,
            lost,
            graph: graphs.manifest.as_ref(),
            state: state.map(|state| State::new(graphs.state.as_ref(), &state.project.exposures)),
            named: project.named(),
            earlier: project.earlier_exposures(),
        }
    });
    let mut diagnostics = planned.diagnostics();
    diagnostics.sort();
    diagnostics.dedup();
    let first = &planned.projects[0].linked;
    let facts = Facts {
        site: &first.read.site,
        selection: first.selection,
        settings: first.settings,
        diagnostics,
        runs: artifacts.runs.as_ref(),
        freshness: artifacts.freshness.as_ref(),
        withheld: first.read.withheld.as_ref(),
        projects: projects.collect(),
    };
    let asked = Asked {
        gates,
        new_only: args.gates.new_only,
    };
    let mut answer = check::check(&facts, &asked);
    answer.caveats.extend(artifacts.remarks);
    Ok(answer)
}

/// The graphs of a project, as far as a gate or `--unused` asks for them.
struct Graphs<'a> {
    manifest: Option<Graph<'a>>,
    state: Option<Graph<'a>>,
}

impl<'a> Graphs<'a> {
    fn read(project: &'a ReadProject, args: &CheckArgs, gates: &CheckSettings) -> Self {
        let is_asked_for = gates.fail_on.iter().any(|gate| gate.needs().graph());
        if !is_asked_for && !args.usage.unused {
            return Self {
                manifest: None,
                state: None,
            };
        }
        let has_state = args.gates.new_only;
        Self {
            manifest: Some(project.graph()),
            state: has_state.then(|| project.state_graph()).flatten(),
        }
    }
}

/// What dbt reports beside the manifests.
fn artifacts(args: &CheckArgs, planned: &Planned) -> Result<Artifacts, Vec<Failure>> {
    if args.gates.run_results.is_empty() && args.gates.sources.is_empty() {
        return Ok(Artifacts::default());
    }
    artifacts::with_manifests(planned, |known| {
        Artifacts::read(&args.gates, args.inputs.run.max_size, known)
    })
}

/// Where the files of the projects lie in the repository.
fn places(paths: &Paths, planned: &Planned) -> Places {
    let projects = planned.projects.iter();
    let projects = projects.map(|planned| planned.linked.project);
    places::find(
        paths,
        projects.map(|read| (read.manifest.project.root_package.as_str(), read.file)),
    )
}

fn render(
    answer: &Answer,
    usage: Option<&UsageAnswer>,
    places: &Places,
    format: CheckFormat,
    options: Options,
) -> Result<String, Vec<Failure>> {
    let annotations = || {
        if answer.decisions.is_empty() {
            return Err(vec![only_gates()]);
        }
        Ok(annotations(answer, usage.is_some(), places))
    };
    match format {
        CheckFormat::Text => Ok(text::render(answer, usage, options)),
        CheckFormat::Markdown => Ok(markdown::render(answer, usage, options)),
        CheckFormat::Json => json::render(answer, usage).map_err(cannot_be_shown),
        CheckFormat::Github => Ok(github::render(&annotations()?)),
        CheckFormat::Gitlab => gitlab::render(&annotations()?).map_err(cannot_be_shown),
        CheckFormat::Sarif => sarif::render(&annotations()?).map_err(cannot_be_shown),
        CheckFormat::Junit => junit::render(&annotations()?).map_err(cannot_be_shown),
    }
}

/// The failure of a format that shows gates alone, in a run without any.
fn only_gates() -> Failure {
    let text = "this format shows gates alone, and not one is asked for";
    Failure::new("", text).help(
        "give `--fail-on unused` for findings on the files of models, or take text, Markdown or JSON",
    )
}

/// The failure of a format that cannot hold the answer.
fn cannot_be_shown(error: impl std::error::Error) -> Vec<Failure> {
    vec![Failure::new("", error.to_string())]
}

/// The failure of a run that asks for nothing.
fn no_gate() -> Failure {
    let names = Gate::named().map(Gate::as_str).collect::<Vec<_>>();
    let help = format!(
        "give `--fail-on` (or `check.fail_on` in autoexpose.yml) some of {}; or `--min-match-rate` or `--max-unlinked`; `--unused` shows what no workbook reads; `autoexpose check --help` says what each gate fails on",
        names.join(", ")
    );
    Failure::new("", "nothing to check: not one gate is asked for").help(help)
}
