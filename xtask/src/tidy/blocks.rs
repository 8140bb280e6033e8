//! What the documentation shows of the program itself: the help of each verb, and tables.

use std::collections::BTreeSet;

use autoexpose::cli::Cli;
use autoexpose::settings::Gate;
use clap::{Arg, Command, CommandFactory, Id};

use super::generated::Block;

/// All blocks.
pub(super) fn all() -> Vec<Block> {
    let mut blocks = helps();
    blocks.push(gates());
    blocks
}

/// The help of each verb, in the order of the program. An argument is shown with the first verb that
/// has it, and not again.
fn helps() -> Vec<Block> {
    let mut command = Cli::command().term_width(100);
    command.build();
    let mut known = BTreeSet::new();
    let mut blocks = Vec::new();
    for verb in command.get_subcommands() {
        if verb.get_name() != "help" {
            blocks.push(help(verb, &known));
            known.extend(verb.get_arguments().map(Arg::get_id));
        }
    }
    blocks
}

/// The help of a verb, without the arguments that an earlier block shows.
fn help(verb: &Command, known: &BTreeSet<&Id>) -> Block {
    let mut own = verb.clone().mut_args(|argument| {
        let is_hidden = argument.is_hide_set() || known.contains(argument.get_id());
        argument.hide(is_hidden)
    });
    let help = own
        .render_help()
        .to_string()
        .lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n");
    (
        format!("help {}", verb.get_name()),
        format!("```text\n{help}\n```\n"),
    )
}

/// The gates of `check`.
fn gates() -> Block {
    let mut table = "| gate | fails if |\n|---|---|\n".to_owned();
    for gate in Gate::named() {
        table += &format!("| `{gate}` | {} |\n", gate.fails_if());
    }
    ("gates".to_owned(), table)
}
