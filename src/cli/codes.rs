//! `autoexpose explain --code` and `--codes`: the pages of codes, which need no input.

use super::args::ExplainArgs;
use super::exit::Exit;
use super::reports;
use crate::codes::{self, Entry};
use crate::model::Failure;
use crate::output::codes::{list, pages};
use crate::output::json;

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
    reports::explained(
        &args.report,
        |options| text(entries, options.colored),
        || json::codes(entries),
    )
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
