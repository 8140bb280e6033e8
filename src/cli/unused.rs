//! What workbooks do not use: `autoexpose explain --unused`, and the same below the gates of `check`.

use super::args::ExplainArgs;
use super::exit::Exit;
use super::paths::Paths;
use super::reports;
use super::request::Request;
use super::run::{self, Planned};
use crate::model::{Failure, Graph};
use crate::output::usage::{self as answers, UsageAnswer};
use crate::output::{json, text};
use crate::usage::Known;

pub(super) fn run(args: &ExplainArgs, paths: &Paths) -> Result<Exit, Vec<Failure>> {
    let planned = run::plan(&Request::new(&args.inputs, paths, &args.report))?;
    let projects = planned.projects.iter();
    let graphs = projects.map(|planned| planned.linked.project.graph());
    let graphs = graphs.collect::<Vec<_>>();
    let answer = answer(&planned, &graphs, args.stale.stale_after);
    reports::explained(
        &args.report,
        |options| text::usage::render(&answer, options),
        || json::usage(&answer),
    )
}

/// What workbooks use of these projects, each with its graph.
pub(super) fn answer<'g>(
    planned: &Planned,
    graphs: impl IntoIterator<Item = &'g Graph<'g>>,
    stale_after: u32,
) -> UsageAnswer {
    let first = &planned.projects[0].linked;
    let linked = planned.projects.iter().map(|planned| &planned.linked);
    let projects = linked.zip(graphs).map(|(linked, graph)| Known {
        project: &linked.project.manifest.project,
        graph,
        links: linked.links,
        earlier: linked.project.earlier_exposures(),
    });
    let projects = projects.collect::<Vec<_>>();
    answers::gather(
        &projects,
        &first.read.site,
        first.settings,
        stale_after,
        planned.diagnostics(),
    )
}
