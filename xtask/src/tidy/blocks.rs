//! What the documentation shows of the program itself: the help of each verb, and tables.

use std::collections::BTreeSet;
use std::path::Path;

use autoexpose::audience::Rule;
use autoexpose::cli::{Cli, Exit};
use autoexpose::codes::{self, Kind};
use autoexpose::doctor::Check;
use autoexpose::input::config;
use autoexpose::output::{check, doctor, hidden, json};
use autoexpose::settings::Gate;
use clap::{Arg, Command, CommandFactory, Id};

use super::generated::Block;
use super::schema_tables::{keys, settings};
use crate::failure::{Result, Trying};
use crate::repository::{files, name, text};

/// All blocks.
pub(super) fn all(root: &Path) -> Result<Vec<Block>> {
    let mut blocks = helps();
    blocks.extend(shown_files(root)?);
    blocks.push(gates());
    blocks.push(access_rules());
    blocks.push(exit_codes());
    blocks.push(doctor_checks());
    let mut table = |name: &str, kind| blocks.push((name.to_owned(), codes::table(kind, "codes/")));
    table("outcomes", Kind::Outcome);
    table("rules", Kind::Rule);
    let [config, report, check, impact] = [
        config::json_schema(),
        json::schema(),
        check::json::schema(),
        json::impact_schema(),
    ];
    blocks.push(settings(&config.trying("autoexpose schema config")?)?);
    let report = report.trying("autoexpose schema report")?;
    blocks.push(keys("keys of reports", &report, Some("Document"))?);
    let check = check.trying("autoexpose schema check")?;
    blocks.push(keys("keys of check", &check, None)?);
    let impact = impact.trying("autoexpose schema impact")?;
    blocks.push(keys("keys of impact", &impact, None)?);
    let doctor = doctor::json::schema().trying("autoexpose schema doctor")?;
    blocks.push(keys("keys of doctor", &doctor, None)?);
    let hidden = hidden::json::schema().trying("autoexpose schema hidden")?;
    blocks.push(keys("keys of hidden", &hidden, Some("Site"))?);
    Ok(blocks)
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

/// The files that pages offer to copy: workflows and recipes, each by its path from `docs`.
fn shown_files(root: &Path) -> Result<Vec<Block>> {
    let docs = root.join("docs");
    let mut blocks = Vec::new();
    for folder in ["recipes", "workflows"] {
        for path in files(&docs.join(folder))? {
            let language = match path.extension().and_then(|ending| ending.to_str()) {
                Some("yml") => "yaml",
                Some("py") => "python",
                Some(other) => other,
                None => "",
            };
            let content = format!("```{language}\n{}```\n", text(&path)?);
            blocks.push((format!("file {}", name(&docs, &path)), content));
        }
    }
    Ok(blocks)
}

/// The rules of `explain --for`.
fn access_rules() -> Block {
    let rows = Rule::ALL.iter().map(|rule| {
        let source = match rule.source() {
            "" => String::new(),
            page => format!("[Tableau]({page})"),
        };
        format!("| `{}` | {} | {source} |\n", rule.key(), rule.text())
    });
    let head = "| rule | says | source |\n|---|---|---|\n".to_owned();
    ("access rules".to_owned(), head + &rows.collect::<String>())
}

/// The gates of `check`.
fn gates() -> Block {
    let mut table = "| gate | fails if |\n|---|---|\n".to_owned();
    for gate in Gate::named() {
        table += &format!("| `{gate}` | {} |\n", gate.fails_if());
    }
    ("gates".to_owned(), table)
}

/// The checks of `doctor`.
fn doctor_checks() -> Block {
    let mut table = "| looks at | check | asks |\n|---|---|---|\n".to_owned();
    for check in Check::ALL {
        let (part, name, asks) = (check.part().heading(), check.as_str(), check.asks());
        table += &format!("| {part} | `{name}` | {asks} |\n");
    }
    ("checks of doctor".to_owned(), table)
}

/// The exit codes.
fn exit_codes() -> Block {
    let mut table = "| exit code | meaning |\n|---|---|\n".to_owned();
    for exit in Exit::ALL {
        table += &format!("| {} | {} |\n", exit as u8, exit.meaning());
    }
    ("exit codes".to_owned(), table)
}
