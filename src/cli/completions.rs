//! `autoexpose completions`: prints what a shell needs to complete commands.

use clap::CommandFactory;
use clap_complete::generate;

use super::args::{Cli, CompletionsArgs};
use super::exit::Exit;
use super::print;
use crate::model::Failure;

pub(super) fn run(args: &CompletionsArgs) -> Result<Exit, Vec<Failure>> {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "autoexpose", &mut script);
    print::to_stdout(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
