//! Renders what `autoexpose init` would change, and what comes next.

use std::fmt::Write;

use super::{printable, unified};
use crate::setup::{Choice, Setup, Way};

/// How far steps and remarks are indented below their heading.
const INDENT: &str = "  ";

const MANIFEST: &str =
    "Let dbt write its manifest for the target that Tableau reads, which is production as a rule.";
const LIST: &str = "List them; `dbt build --select +exposure:NAME` builds what one of them reads.";

/// The facts of a run that the setup does not know.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Whether the change is made.
    pub is_made: bool,
    /// What the commands that are shown have behind them to find the project, such as
    /// ` --project-dir shop`; often nothing.
    pub project: &'a str,
}

/// Renders the change and the next steps.
pub fn render(setup: &Setup, asked: Asked) -> String {
    let mut text = String::new();
    // Writing to a String does not fail.
    let _ = write(&mut text, setup, asked);
    text
}

fn write(text: &mut String, setup: &Setup, asked: Asked) -> std::fmt::Result {
    for line in way(setup) {
        writeln!(text, "{}", printable(&line))?;
    }
    if let Some(why) = why(setup) {
        writeln!(text, "{why}")?;
    }
    let changes = setup.changes.iter();
    let changes = changes.map(|change| (change.path, change.before, Some(change.after.as_str())));
    let changes = changes.collect::<Vec<_>>();
    writeln!(text)?;
    if changes.is_empty() {
        writeln!(text, "All of it is set up: nothing changes.")?;
    } else {
        text.push_str(&unified::files(&changes));
        if !asked.is_made {
            let (flag, project) = (flag(setup.way), printable(asked.project));
            writeln!(
                text,
                "\nNothing is written yet; this does it:\n{INDENT}autoexpose init {flag} --write{project}"
            )?;
        }
    }
    if !setup.remarks.is_empty() {
        writeln!(text, "\nLeft to do:")?;
        for remark in &setup.remarks {
            writeln!(text, "{INDENT}- {}", printable(&remark.to_string()))?;
        }
    }
    writeln!(text, "\nNext:")?;
    for (number, (what, command)) in steps(setup, asked.project).iter().enumerate() {
        writeln!(text, "{INDENT}{}. {}", number + 1, printable(what))?;
        if !command.is_empty() {
            writeln!(text, "{INDENT}{INDENT} {}", printable(command))?;
        }
    }
    Ok(())
}

fn flag(way: Way) -> &'static str {
    match way {
        Way::Committed => "--committed",
        Way::Hidden => "--hidden",
    }
}

fn way(setup: &Setup) -> [String; 2] {
    let folder = &setup.folder;
    match setup.way {
        Way::Committed => [
            format!("Committed files: `autoexpose yaml` writes the exposures into {folder}/, to be committed as models are."),
            "Every checkout can select by them, and each change of them can be reviewed.".to_owned(),
        ],
        Way::Hidden => [
            format!("Hidden folder: `autoexpose yaml` writes the exposures into {folder}/, which git ignores and dbt reads."),
            "Nothing is committed; each job that selects by exposures runs `autoexpose yaml` first.".to_owned(),
        ],
    }
}

/// Why it is this way, unless it was asked for.
fn why(setup: &Setup) -> Option<&'static str> {
    match (setup.choice, setup.way) {
        (Choice::Asked, _) => None,
        (Choice::Usual, _) => Some(
            "This is the usual way, since it leaves dbt_project.yml as it is. The other one, with a folder that git ignores, is `autoexpose init --hidden`.",
        ),
        (Choice::Found, _) => Some(
            "The project has this folder among its `model-paths`; `autoexpose init --committed` goes over to committed files.",
        ),
    }
}

/// What comes next, each with a command if there is one.
fn steps(setup: &Setup, project: &str) -> [(&'static str, String); 5] {
    let yaml = if setup.has_exports {
        format!("autoexpose yaml{project}")
    } else {
        format!("autoexpose yaml{project} --tableau EXPORT")
    };
    let export = if setup.has_exports {
        "Save an export of Tableau's metadata where `tableau.exports` of autoexpose.yml says (docs/tableau-export.md tells how)."
    } else {
        "Save an export of Tableau's metadata (docs/tableau-export.md tells how)."
    };
    let last = match setup.way {
        Way::Committed => {
            "Commit these files. A job that makes a fresh export writes them again; `autoexpose yaml --check` tells when they are out of date."
        }
        Way::Hidden => {
            "Commit what has changed here, and run steps 1 to 3 in each job that selects by exposures."
        }
    };
    [
        (export, String::new()),
        (MANIFEST, "dbt parse --target prod".to_owned()),
        ("Write the exposures.", yaml),
        (LIST, "dbt ls --select \"exposure:tableau_*\"".to_owned()),
        (last, String::new()),
    ]
}
