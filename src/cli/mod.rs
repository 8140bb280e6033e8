//! The command line: arguments in, exit code out. One short file for each verb.

mod args;
mod diff;
mod exit;
mod patch;
mod run;
mod settings;
mod shown;

use std::io::Write;

use anstyle::AnsiColor;
use clap::Parser;

pub use self::args::Cli;
use self::args::{Common, Verb};
pub use self::exit::Exit;
use crate::input::config::json_schema;
use crate::model::Failure;
use crate::output::printable;

/// Runs the program with the arguments of the process.
pub fn main() -> Exit {
    let cli = Cli::parse();
    let result = told(cli.common()).unwrap_or_else(|| match &cli.verb {
        Verb::Patch(args) => patch::run(args),
        Verb::Diff(args) => diff::run(args),
    });
    result.unwrap_or_else(|failures| {
        report_failures(&failures, cli.common().color.on_stderr());
        Exit::Failed
    })
}

/// What is asked for instead of a run: the settings, or the schema of their file.
fn told(common: &Common) -> Option<Result<Exit, Vec<Failure>>> {
    let text = if common.config_schema {
        json_schema().map_err(|error| vec![Failure::new("", error.to_string())])
    } else if common.show_config {
        settings::effective(common).map(|effective| effective.shown.text())
    } else {
        return None;
    };
    Some(text.and_then(|text| run::put(&text)).map(|()| Exit::Done))
}

fn report_failures(failures: &[Failure], colored: bool) {
    let style = if colored {
        AnsiColor::Red.on_default().bold()
    } else {
        anstyle::Style::new()
    };
    let mut stderr = std::io::stderr().lock();
    for failure in failures {
        let place = if failure.place.is_empty() {
            String::new()
        } else {
            format!("{}: ", printable(&failure.place))
        };
        // Nobody is left to tell where standard error is closed.
        let _ = writeln!(
            stderr,
            "{style}error{style:#}: {place}{}",
            printable(&failure.message)
        );
        if let Some(help) = &failure.help {
            let _ = writeln!(stderr, "  help: {}", printable(help));
        }
    }
}
