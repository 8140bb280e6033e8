//! `autoexpose explain`: answers questions about workbooks, models and tables.

use super::args::ExplainArgs;
use super::exit::Exit;
use super::leak::leak;
use super::paths::Paths;
use super::reports;
use super::request::Request;
use super::run::{self, Planned};
use super::unused;
use crate::explain::{self, Known, NotFound, OfProject, Subject};
use crate::model::Failure;
use crate::output::explain::{self as answers, Explanation};
use crate::output::{json, text};

pub(super) fn run(args: &ExplainArgs, paths: &Paths) -> Result<Exit, Vec<Failure>> {
    if args.unused {
        return unused::run(args, paths);
    }
    let question = question(args).map_err(|failure| vec![failure])?;
    let planned = run::plan(&Request {
        asks_columns: true,
        ..Request::new(&args.inputs, paths, &args.report)
    })?;
    let answer = answer(&planned, question).map_err(|failure| vec![failure])?;
    reports::explained(
        &args.report,
        |options| text::explain::render(&answer, options),
        || json::explain(&answer),
    )
}

/// What the user asks about; `None` for everything that is not linked.
fn question(args: &ExplainArgs) -> Result<Option<&str>, Failure> {
    match &args.subject {
        Some(subject) => Ok(Some(subject)),
        None if args.unlinked => Ok(None),
        None => Err(Failure::new("", "explain what?").help(
            "name a workbook, a model or a table before `--tableau`, which takes everything behind it, or give \
             `--unlinked` or `--unused`",
        )),
    }
}

fn answer(planned: &Planned, question: Option<&str>) -> Result<Explanation, Failure> {
    let first = &planned.projects[0].linked;
    let projects = planned.projects.iter().map(|planned| OfProject {
        project: &planned.linked.project.manifest.project,
        graph: leak(planned.linked.project.graph()),
        earlier: planned.linked.project.earlier_exposures(),
        links: planned.linked.links,
        lost: planned.linked.lost,
        plan: planned.plan,
    });
    let known = Known {
        site: &first.read.site,
        selection: first.selection,
        settings: first.settings,
        projects: projects.collect(),
    };
    let Some(text) = question else {
        return Ok(answers::unlinked(&known, planned.diagnostics()));
    };
    let subject = Subject::parse(text);
    let found = explain::find(&known, &subject).map_err(|none| not_found(&subject, &none))?;
    let diagnostics = planned.diagnostics();
    Ok(answers::explain(
        &known,
        &found,
        text.to_owned(),
        diagnostics,
    ))
}

/// That nothing has the name, with those that come near.
fn not_found(subject: &Subject, none: &NotFound) -> Failure {
    let what = match subject.kind {
        Some(kind) => format!("a {kind} of these inputs"),
        None => "a workbook, model or table of these inputs".to_owned(),
    };
    let text = match none.is {
        Some(is) => format!("{:?} is {is}", subject.text),
        None => format!("{:?} is not {what}", subject.text),
    };
    let failure = Failure::new("", text);
    let near = none.suggestions.iter();
    let near = near.map(|near| format!("{} {:?}", near.kind, near.name));
    let near = near.collect::<Vec<_>>();
    if near.is_empty() {
        return failure.help("`*` stands for any letters, as in 'Sales*'");
    }
    failure.help(format!("did you mean {}?", near.join(", ")))
}
