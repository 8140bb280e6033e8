//! Renders findings for what shows them beside the code: GitHub, GitLab, code scanning, and the viewers
//! of test results. Each format is one module; none decides anything.
//!
//! A verb makes [`Annotations`] of its answer. All texts in them may be hostile: each format makes them
//! inert for where they are shown.

pub mod github;
pub mod gitlab;
pub mod junit;
pub mod sarif;

use std::collections::BTreeMap;

use super::printable;
use crate::report::WorkbookFacts;

/// The name of this program, as the formats show it.
const TOOL: &str = "autoexpose";
/// How many workbooks an annotation names.
const MOST_WORKBOOKS: usize = 5;
/// The longest text of an annotation, in letters. GitHub cuts longer ones off.
const LONGEST_TEXT: usize = 2_000;

/// The answer of a verb.
#[derive(Debug)]
pub struct Annotations {
    /// The verb, such as `check`.
    pub verb: &'static str,
    /// The answer in one line.
    pub headline: String,
    /// What was asked for, and what became of it.
    pub checks: Vec<Check>,
    /// What makes the answer weaker than it looks, one sentence each without a full stop.
    pub notes: Vec<String>,
    /// The file for what is about not one file, where a format needs one: from the root of the
    /// repository.
    pub default_file: String,
}

/// How grave something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It is wrong.
    Error,
    /// Somebody should look at it.
    Warning,
    /// It is good to know.
    Note,
}

/// What was asked for, and what became of it.
#[derive(Debug)]
pub struct Check {
    /// The name of its rule, for scripts. Several checks may have one rule.
    pub rule: &'static str,
    /// What it is called, by its rule and what it is about.
    pub name: String,
    /// What it fails on: "fails if …".
    pub meaning: String,
    /// How grave it is if it fails.
    pub level: Level,
    /// The figures behind what became of it.
    pub figures: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a check.
#[derive(Debug)]
pub enum Outcome {
    /// There is nothing to find.
    Held,
    /// It fails on these. If there are none, the figures say why.
    Failed(Vec<Annotation>),
    /// What it needs to know is missing.
    Undecided,
}

/// One thing that a check fails on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// What is wrong, without a full stop.
    pub message: String,
    /// The workbooks that it is about, each as people shall read it.
    pub workbooks: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// The file that it is about: from the root of the repository, with `/`.
    pub file: Option<String>,
    /// The line in that file, from 1.
    pub line: Option<usize>,
    /// What stays the same from run to run while this does, unique among those of the verb.
    pub fingerprint: String,
}

/// Something to show: an annotation, a check that fails by its figures, or one that is undecided.
struct Shown<'a> {
    check: &'a Check,
    level: Level,
    message: String,
    workbooks: &'a [String],
    help: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<usize>,
    fingerprint: String,
}

impl Annotations {
    /// Everything to show, the gravest first, each fingerprint once.
    fn shown(&self) -> Vec<Shown<'_>> {
        let mut shown = self
            .checks
            .iter()
            .flat_map(Check::shown)
            .collect::<Vec<_>>();
        shown.sort_by_key(|one| one.level);
        let mut seen = BTreeMap::<String, usize>::new();
        for one in &mut shown {
            let count = seen.entry(one.fingerprint.clone()).or_default();
            *count += 1;
            if *count > 1 {
                one.fingerprint = format!("{}-{count}", one.fingerprint);
            }
        }
        shown
    }
}

impl Check {
    fn shown(&self) -> Vec<Shown<'_>> {
        match &self.outcome {
            Outcome::Held => Vec::new(),
            Outcome::Failed(annotations) if annotations.is_empty() => {
                vec![self.as_a_whole("fails", self.level)]
            }
            Outcome::Failed(annotations) => {
                let shown = |one| self.annotation(one);
                annotations.iter().map(shown).collect()
            }
            Outcome::Undecided => vec![self.as_a_whole("could not be decided", Level::Error)],
        }
    }

    fn annotation<'a>(&'a self, annotation: &'a Annotation) -> Shown<'a> {
        Shown {
            check: self,
            level: self.level,
            message: annotation.message.clone(),
            workbooks: &annotation.workbooks,
            help: annotation.help.as_deref().or(self.help.as_deref()),
            file: annotation.file.as_deref(),
            line: annotation.line,
            fingerprint: annotation.fingerprint.clone(),
        }
    }

    fn as_a_whole(&self, what: &str, level: Level) -> Shown<'_> {
        Shown {
            check: self,
            level,
            message: format!("`{}` {what}: {}", self.name, self.figures),
            workbooks: &[],
            help: self.help.as_deref(),
            file: None,
            line: None,
            // Not the figures, which change from run to run.
            fingerprint: format!("{}: {what}", self.name),
        }
    }
}

impl Shown<'_> {
    /// What it is called: the check, and how many workbooks it is about.
    fn title(&self) -> String {
        let workbooks = match self.workbooks.len() {
            0 => String::new(),
            count => format!(" ({})", super::counted(count, "workbook")),
        };
        printable(&format!("{}{workbooks}", self.check.name))
    }

    /// The whole text in one line: what is wrong, which workbooks it is about, what to do.
    fn text(&self) -> String {
        let mut text = inert(&self.message);
        text.push('.');
        match self.workbooks.len() {
            0 => {}
            1 => text.push_str(&format!(" Workbook: {}.", inert(&self.workbooks[0]))),
            _ => text.push_str(&format!(" Workbooks: {}.", self.named_workbooks())),
        }
        if let Some(help) = self.help {
            text.push_str(&format!(" To do: {}.", printable(help)));
        }
        text
    }

    /// The first workbooks, and how many there are besides.
    fn named_workbooks(&self) -> String {
        let (named, more) = super::cap::capped(self.workbooks, MOST_WORKBOOKS, false);
        let mut named = named
            .iter()
            .map(|workbook| inert(workbook))
            .collect::<Vec<_>>();
        if more > 0 {
            named.push(format!("and {more} more"));
        }
        named.join("; ")
    }
}

/// A workbook, with whom to ask.
pub fn workbook(workbook: &WorkbookFacts) -> String {
    let (title, _) = workbook.title_and_luid();
    let owner = super::differences::owner(&workbook.owner);
    let owner = owner.unwrap_or_else(|| "owner not known".to_owned());
    let facts = workbook.project.iter().chain([&owner]);
    let facts = facts.map(String::as_str).collect::<Vec<_>>();
    super::visible(&format!("\"{title}\" ({})", facts.join(" · "))).into_owned()
}

/// A text that acts on nothing that shows it, and is not too long.
fn inert(text: &str) -> String {
    let printable = printable(text);
    match printable.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", &printable[..end]),
        None => printable,
    }
}

/// Where the files of the dbt projects lie in the repository.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// The folder of each project, by its name: from the root of the repository, empty for the root.
    pub folders: BTreeMap<String, String>,
    /// The file for what is about not one file, from the root of the repository.
    pub default_file: String,
}

impl Places {
    /// The path of a project's file from the root of the repository, with `/`: `path` is as dbt tells
    /// it, with `\` if that ran on Windows. `None` if it does not lie in the project's folder.
    pub fn file(&self, project: &str, path: &str) -> Option<String> {
        path_in_repository(self.folders.get(project)?, path)
    }
}

fn path_in_repository(folder: &str, path: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    let is_absolute = path.starts_with('/') || path.as_bytes().get(1) == Some(&b':');
    let mut parts = folder
        .split('/')
        .chain(path.split('/'))
        .filter(|part| !part.is_empty() && *part != ".");
    let leaves = path.split('/').any(|part| part == "..");
    if is_absolute || leaves || path.is_empty() {
        return None;
    }
    let first = parts.next()?.to_owned();
    Some(parts.fold(first, |path, part| format!("{path}/{part}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn annotation(message: &str, file: Option<&str>, fingerprint: &str) -> Annotation {
        Annotation {
            message: message.to_owned(),
            workbooks: vec!["\"Sales\" (Finance · Ada)".to_owned()],
            help: None,
            file: file.map(str::to_owned),
            line: None,
            fingerprint: fingerprint.to_owned(),
        }
    }

    pub(super) fn check(rule: &'static str, level: Level, outcome: Outcome) -> Check {
        Check {
            rule,
            name: rule.to_owned(),
            meaning: "a workbook is unhappy".to_owned(),
            level,
            figures: "3 of 4".to_owned(),
            help: Some("make it happy".to_owned()),
            outcome,
        }
    }

    pub(super) fn annotations(checks: Vec<Check>) -> Annotations {
        Annotations {
            verb: "check",
            headline: "the gate failed: lost".to_owned(),
            checks,
            notes: vec!["the export may not list every workbook".to_owned()],
            default_file: "dbt_project.yml".to_owned(),
        }
    }

    #[test]
    fn paths_stay_in_the_repository() {
        for (folder, path, expected) in [
            ("", "models/a.sql", Some("models/a.sql")),
            ("transform", "models/a.sql", Some("transform/models/a.sql")),
            (
                "./transform/",
                "./models//a.sql",
                Some("transform/models/a.sql"),
            ),
            ("", r"models\marts\a.sql", Some("models/marts/a.sql")),
            ("", "/etc/passwd", None),
            ("", r"C:\x.sql", None),
            ("transform", "../../x.sql", None),
            ("transform", "", None),
        ] {
            let found = path_in_repository(folder, path);
            assert_eq!(found.as_deref(), expected, "{folder} {path}");
        }
    }

    #[test]
    fn the_gravest_come_first_and_each_fingerprint_once() {
        let one = || annotation("a", None, "x");
        let all = annotations(vec![
            check(
                "unknown",
                Level::Warning,
                Outcome::Failed(vec![one(), one()]),
            ),
            check("match-rate", Level::Warning, Outcome::Failed(Vec::new())),
            check("stale", Level::Warning, Outcome::Undecided),
            check("lost", Level::Error, Outcome::Held),
        ]);
        let shown = all.shown();
        let shown = shown
            .iter()
            .map(|one| (one.level, one.fingerprint.as_str()));
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                (Level::Error, "stale: could not be decided"),
                (Level::Warning, "x"),
                (Level::Warning, "x-2"),
                (Level::Warning, "match-rate: fails"),
            ]
        );
    }
}
