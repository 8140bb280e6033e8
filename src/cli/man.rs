//! `autoexpose man`: prints the manual page of the program or of a verb.

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::args::{Cli, ManArgs};
use super::exit::Exit;
use super::print;
use crate::model::Failure;

pub(super) fn run(args: &ManArgs) -> Result<Exit, Vec<Failure>> {
    let mut command = Cli::command();
    command.build();
    let command = match &args.verb {
        Some(verb) => find(&command, verb).map_err(|failure| vec![failure])?,
        None => command,
    };
    let mut page = Vec::new();
    Man::new(command)
        .render(&mut page)
        .map_err(|error| vec![Failure::new("", error.to_string())])?;
    print::to_stdout(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Done)
}

fn find(program: &Command, verb: &str) -> Result<Command, Failure> {
    program.find_subcommand(verb).cloned().ok_or_else(|| {
        let verbs = program.get_subcommands().map(Command::get_name);
        Failure::new("", format!("{verb:?} is not a command")).help(format!(
            "the commands are {}",
            verbs.collect::<Vec<_>>().join(", ")
        ))
    })
}
