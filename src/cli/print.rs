//! Prints results to standard output, and everything else to standard error.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use anstyle::AnsiColor;

use super::args::Format;
use crate::model::Failure;
use crate::output::{Options, json, markdown, printable, text, unified};
use crate::report::RunReport;

/// Renders the report in a format.
pub(super) fn render(
    report: &RunReport,
    format: Format,
    options: Options,
) -> Result<String, Vec<Failure>> {
    match report {
        RunReport::One(report) => Ok(match format {
            Format::Json => json::render(report).map_err(not_json)?,
            Format::Markdown => markdown::render(report, options),
            Format::Unified => unified::render(report),
            Format::Text => text::render(report, options),
        }),
        RunReport::Several(several) => Ok(match format {
            Format::Json => json::render_several(several).map_err(not_json)?,
            Format::Markdown => markdown::render_several(several, options),
            Format::Unified => unified::render_several(several),
            Format::Text => text::render_several(several, options),
        }),
    }
}

fn not_json(error: impl Display) -> Vec<Failure> {
    vec![Failure::new("", error.to_string())]
}

/// Prints a text to standard output. A closed pipe is not a failure: its reader has seen enough.
pub(super) fn to_stdout(text: &str) -> Result<(), Vec<Failure>> {
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(vec![Failure::new(
            "standard output",
            crate::io::reason(&error),
        )]),
        _ => Ok(()),
    }
}

/// Prints a line to standard error.
pub(super) fn to_stderr(line: &str) {
    text_to_stderr(&format!("{line}\n"));
}

/// Prints a text to standard error.
pub(super) fn text_to_stderr(text: &str) {
    // If standard error is closed, there is nowhere to report it.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Prints the failures that ended the run.
pub(super) fn failures(failures: &[Failure], colored: bool) {
    let style = if colored {
        AnsiColor::Red.on_default().bold()
    } else {
        anstyle::Style::new()
    };
    for failure in failures {
        let place = if failure.place.is_empty() {
            String::new()
        } else {
            format!("{}: ", printable(&failure.place))
        };
        let message = printable(&failure.message);
        to_stderr(&format!("{style}error{style:#}: {place}{message}"));
        if let Some(help) = &failure.help {
            to_stderr(&format!("  help: {}", printable(help)));
        }
    }
}
