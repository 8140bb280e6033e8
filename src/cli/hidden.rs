//! `autoexpose explain --hidden`: what would show the tables whose names Tableau hides. It needs an export
//! alone.

use super::access::{self, AskedOf};
use super::args::{ExplainArgs, ExplainFormat, YesOrNo};
use super::exit::Exit;
use super::reports::{Printed, Reports};
use crate::model::Failure;
use crate::output::Options;
use crate::output::hidden::{gather, json, text};

/// What the failure for an audience calls the question.
const FLAG: &str = "--hidden";

/// Answers the question about hidden tables; `None` if the question is about something else.
pub(super) fn answered(args: &ExplainArgs) -> Option<Result<Exit, Vec<Failure>>> {
    args.access.hidden.then(|| run(args))
}

fn run(args: &ExplainArgs) -> Result<Exit, Vec<Failure>> {
    let paths = match access::paths_or_settings(args)? {
        Ok(paths) => paths,
        Err(exit) => return Ok(exit),
    };
    let AskedOf {
        site, diagnostics, ..
    } = access::site(args, &paths, FLAG)?;
    let has = args.access.data_management.map(YesOrNo::is_yes);
    let answer = gather(site, has, diagnostics);
    let render = |format, options: Options| match format {
        ExplainFormat::Text => Ok(text::render(&answer, options)),
        ExplainFormat::Json => {
            json::render(&answer).map_err(|error| vec![Failure::new("", error.to_string())])
        }
    };
    Reports::render(&args.report, Printed::OnStdout, render)?.publish()?;
    Ok(Exit::Done)
}
