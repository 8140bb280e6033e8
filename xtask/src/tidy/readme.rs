//! The blocks of the README that come from the program itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use autoexpose::cli::Cli;
use autoexpose::settings::Gate;
use clap::{Arg, Command, CommandFactory, Id};

use crate::failure::{Result, Trying};
use crate::repository;

/// Compares the blocks of the README with the program; with `fix`, regenerates them.
pub(super) fn check(path: &Path, fix: bool) -> Result<Vec<String>> {
    let text = repository::text(path)?;
    let (fresh, mut complaints) = renewed(&text, &blocks());
    if fresh != text {
        if fix {
            fs::write(path, fresh).trying(path.display())?;
        } else {
            complaints.push(
                "README.md: a block is not what the program prints; run `cargo xtask tidy --fix`"
                    .to_owned(),
            );
        }
    }
    Ok(complaints)
}

/// The text with new content in each block, which stands between `<!-- NAME -->` and
/// `<!-- /NAME -->`; and what is wrong with these marks.
fn renewed(text: &str, blocks: &[(String, String)]) -> (String, Vec<String>) {
    let mut fresh = text.to_owned();
    let mut complaints = Vec::new();
    for (name, content) in blocks {
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let Some((before, rest)) = fresh.split_once(&start) else {
            complaints.push(format!("README.md: the block {name} is missing"));
            continue;
        };
        let Some((_, after)) = rest.split_once(&end) else {
            complaints.push(format!("README.md: the block {name} does not end"));
            continue;
        };
        fresh = format!("{before}{start}{content}{end}{after}");
    }
    (fresh, complaints)
}

/// The name and the content of each block: the help of each verb, and the gates of `check`.
fn blocks() -> Vec<(String, String)> {
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
    blocks.push(gates());
    blocks
}

/// The block of the gates of `check`.
fn gates() -> (String, String) {
    let mut table = "| gate | fails if |\n|---|---|\n".to_owned();
    for gate in Gate::named() {
        table += &format!("| `{gate}` | {} |\n", gate.fails_if());
    }
    ("gates".to_owned(), table)
}

/// The block of a verb, without the arguments that an earlier block shows.
fn help(verb: &Command, known: &BTreeSet<&Id>) -> (String, String) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_renewed_and_marks_are_checked() {
        let blocks = ["a", "b", "c"].map(|name| (name.to_owned(), "new\n".to_owned()));
        let text = "<!-- a -->\nold\n<!-- /a -->\n<!-- b -->\nold\n";
        let (fresh, complaints) = renewed(text, &blocks);
        assert_eq!(fresh, "<!-- a -->\nnew\n<!-- /a -->\n<!-- b -->\nold\n");
        assert_eq!(
            complaints,
            [
                "README.md: the block b does not end",
                "README.md: the block c is missing",
            ]
        );
    }
}
