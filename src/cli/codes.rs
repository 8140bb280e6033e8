//! `autoexpose explain --code` and `--codes`: the pages of codes, which need no input.

use super::args::{ExplainArgs, ExplainFormat};
use super::exit::Exit;
use super::reports::{Printed, Reports};
use crate::codes::{self, Entry};
use crate::model::Failure;
use crate::output::codes::{list, pages};
use crate::output::{Options, json};

/// Prints what is asked of codes; `None` if the question is about something else.
pub(super) fn answered(args: &ExplainArgs) -> Option<Result<Exit, Vec<Failure>>> {
    if args.codes {
        return Some(print(args, &codes::all(), list));
    }
    let asked = args.code.as_deref()?;
    let entries = codes::find(asked);
    if entries.is_empty() {
        return Some(Err(vec![not_a_code(asked)]));
    }
    Some(print(args, &entries, pages))
}

fn print(
    args: &ExplainArgs,
    entries: &[Entry],
    text: impl Fn(&[Entry], bool) -> String,
) -> Result<Exit, Vec<Failure>> {
    let render = |format, options: Options| match format {
        ExplainFormat::Text => Ok(text(entries, options.colored)),
        ExplainFormat::Json => {
            json::codes(entries).map_err(|error| vec![Failure::new("", error.to_string())])
        }
    };
    Reports::render(&args.report, Printed::OnStdout, render)?.publish()?;
    Ok(Exit::Done)
}

fn not_a_code(asked: &str) -> Failure {
    let failure = Failure::new("", format!("{asked:?} is not a code"));
    let list = "`autoexpose explain --codes` lists all codes";
    let near = codes::nearest(asked);
    if near.is_empty() {
        return failure.help(list);
    }
    let near = near.iter().map(|code| format!("`{code}`"));
    let near = near.collect::<Vec<_>>().join(", ");
    failure.help(format!("did you mean {near}? {list}"))
}
