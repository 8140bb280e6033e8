//! The command line: from arguments to an exit code. Each verb has a short file of its own.

mod access;
mod args;
mod artifacts;
mod ask_tableau;
mod audience_settings;
mod check;
mod codes;
mod completions;
mod diff;
mod docs_index;
mod doctor;
mod env;
mod exit;
mod explain;
mod exports;
mod exposures;
#[cfg(feature = "fetch")]
mod fetch;
mod hidden;
mod impact;
mod init;
mod inputs;
mod leak;
mod left_behind;
mod man;
mod new_files;
mod patch;
mod paths;
mod places;
mod print;
mod property_files;
mod refresh;
mod refresh_settings;
mod reports;
mod request;
mod run;
mod schema;
mod settings;
mod settings_table;
mod state_out;
mod static_docs;
mod targets;
mod threads;
mod unused;
mod version;
mod written;
mod yaml;

use clap::Parser;

pub use self::args::Cli;
use self::args::{InputArgs, Verb};
pub use self::exit::Exit;
use self::paths::Paths;
use crate::model::Failure;
use crate::output::printable;

/// Runs the program with the arguments of the process, and prints what it fails on.
pub fn main() -> Exit {
    let cli = parse();
    let result = match &cli.verb {
        Verb::Patch(args) => settings_or(&args.inputs, |paths| patch::run(args, paths)),
        Verb::Diff(args) => settings_or(&args.inputs, |paths| diff::run(args, paths)),
        Verb::Init(args) => init::run(args),
        Verb::Yaml(args) => yaml::run_or_show(args),
        Verb::Explain(args) => codes::answered(args)
            .or_else(|| access::answered(args))
            .or_else(|| hidden::answered(args))
            .unwrap_or_else(|| settings_or(&args.inputs, |paths| explain::run(args, paths))),
        Verb::Check(args) => check::run_or_show(args),
        Verb::Impact(args) => settings_or(&args.inputs, |paths| impact::run(args, paths)),
        Verb::Refresh(args) => refresh::run_or_show(args),
        #[cfg(feature = "fetch")]
        Verb::Fetch(args) => fetch::run(args),
        Verb::Doctor(args) => doctor::run(args),
        Verb::Exposures(args) => settings_or(&args.inputs, |paths| exposures::run(args, paths)),
        Verb::Schema(args) => schema::run(args),
        Verb::Completions(args) => completions::run(args),
        Verb::Man(args) => man::run(args),
    };
    result.unwrap_or_else(|failures| {
        print::failures(&failures, cli.verb.color().on_stderr());
        Exit::Failed
    })
}

/// Prints the settings if they are asked for, else runs the verb.
fn settings_or(
    args: &InputArgs,
    run: impl FnOnce(&Paths) -> Result<Exit, Vec<Failure>>,
) -> Result<Exit, Vec<Failure>> {
    let paths = Paths::find(args)?;
    let Some(text) = settings::asked_for(args, &paths)? else {
        ask_tableau::if_wanted(args, &paths)?;
        return run(&paths);
    };
    print::to_stdout(&text)?;
    Ok(Exit::Done)
}

/// The arguments of the process. If they are wrong, the program ends here with a message.
fn parse() -> Cli {
    Cli::try_parse().unwrap_or_else(|error| {
        // The message quotes arguments as they are, so it is made again from inert ones.
        let inert = std::env::args_os().map(|argument| printable(&argument.to_string_lossy()));
        Cli::try_parse_from(inert).err().unwrap_or(error).exit()
    })
}
