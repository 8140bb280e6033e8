//! `autoexpose explain --unused`: what workbooks do not use.

use super::args::{ExplainArgs, ExplainFormat};
use super::exit::Exit;
use super::paths::Paths;
use super::reports::{Printed, Reports};
use super::request::Request;
use super::run;
use crate::input::manifest;
use crate::model::Failure;
use crate::output::{json, text, usage as answers};
use crate::usage::Known;

pub(super) fn run(args: &ExplainArgs, paths: &Paths) -> Result<Exit, Vec<Failure>> {
    let planned = run::plan(&Request {
        inputs: &args.inputs,
        paths,
        reports: &args.report.paths(),
        is_quiet: args.report.quiet,
        target: None,
        properties: None,
    })?;
    let first = &planned.projects[0].linked;
    let linked = planned.projects.iter().map(|planned| &planned.linked);
    let graphs = linked.clone();
    let graphs = graphs.map(|linked| manifest::graph(&linked.project.manifest.document));
    let graphs = graphs.collect::<Vec<_>>();
    let projects = linked.zip(&graphs).map(|(linked, graph)| Known {
        project: &linked.project.manifest.project,
        graph,
        links: linked.links,
        earlier: linked.project.earlier_exposures(),
    });
    let projects = projects.collect::<Vec<_>>();
    let answer = answers::gather(
        &projects,
        &first.read.site,
        first.settings,
        args.stale_after,
        planned.diagnostics(),
    );
    Reports::render(
        &args.report,
        Printed::OnStdout,
        |format, options| match format {
            ExplainFormat::Text => Ok(text::usage::render(&answer, options)),
            ExplainFormat::Json => {
                json::usage(&answer).map_err(|error| vec![Failure::new("", error.to_string())])
            }
        },
    )?
    .publish()?;
    Ok(Exit::Done)
}
