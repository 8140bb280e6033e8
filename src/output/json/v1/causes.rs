//! Why tables and workbooks lack links.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::output::config_lines;
use crate::report::WithoutLinksFacts;
use crate::verdict::{self, Choice, Counted, Cure, Line, Withheld};

/// Why several tables are not linked.
#[derive(Serialize, JsonSchema)]
pub(super) struct Cause {
    /// The kind of the cause, such as `other-database` or `not-in-project`.
    cause: &'static str,
    /// The cause in one sentence.
    detail: String,
    /// How many distinct tables, queries and other objects it explains. If `cures` has configuration, so
    /// many link by it.
    tables: usize,
    /// How many of them there are of each kind, such as `table` or `custom SQL`.
    kinds: BTreeMap<&'static str, usize>,
    /// How many workbooks read one of them.
    workbooks: usize,
    /// What can be done, the best first.
    cures: Vec<OneCure>,
    /// Configuration that was found and is not proposed.
    not_proposed: Vec<NotProposed>,
}

impl Cause {
    pub(super) fn new(cause: &verdict::Cause) -> Self {
        let kinds = cause.counted.kinds.iter();
        Self {
            cause: cause.why.key(),
            detail: cause.why.to_string(),
            tables: cause.counted.objects(),
            kinds: kinds.map(|(kind, count)| (kind.text(), *count)).collect(),
            workbooks: cause.counted.workbooks,
            cures: cause.cures.iter().map(OneCure::new).collect(),
            not_proposed: cause.withheld.iter().map(NotProposed::new).collect(),
        }
    }
}

/// The configuration that is proposed for all causes, as one block of YAML; `None` if there is none.
pub(super) fn proposed_config(causes: &[verdict::Cause]) -> Option<String> {
    let lines = config_lines::block(causes)?;
    Some(lines.join("\n") + "\n")
}

/// What can be done about a cause.
#[derive(Serialize, JsonSchema)]
struct OneCure {
    /// What it is.
    kind: Kind,
    /// The text of the configuration, the command, the fields of the query or the advice. In
    /// configuration, `…` stands for one of the choices.
    text: String,
    /// The section of the query that these fields are of; null if it is that of the object itself, and
    /// for other kinds.
    section: Option<&'static str>,
    /// What may stand for `…`, if there is one.
    choices: Vec<String>,
    /// What links by each of the choices; with `risk`, what links by the configuration.
    links: Vec<Links>,
    /// What may go wrong; null if nothing is known to.
    risk: Option<&'static str>,
}

/// Kinds of cures.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// Lines for autoexpose.yml, which were tried.
    Config,
    /// Lines in the place of these, which link more, at a risk.
    Risky,
    /// A command that makes another manifest.
    Command,
    /// Fields to ask Tableau for.
    Query,
    /// Something else to do.
    Advice,
}

/// What links.
#[derive(Serialize, JsonSchema)]
struct Links {
    /// How many distinct tables.
    tables: usize,
    /// How many workbooks read one of them.
    workbooks: usize,
}

impl Links {
    fn new(counted: &Counted) -> Self {
        Self {
            tables: counted.objects(),
            workbooks: counted.workbooks,
        }
    }
}

impl OneCure {
    fn new(cure: &Cure) -> Self {
        let (kind, text) = match cure {
            Cure::Config { lines, .. } => (Kind::Config, config_lines::flow(lines)),
            Cure::Risky { lines, .. } => (Kind::Risky, config_lines::flow(lines)),
            Cure::Command(command) => (Kind::Command, (*command).to_owned()),
            Cure::Query { fields, .. } => (Kind::Query, fields.join(" ")),
            Cure::Advice(advice) => (Kind::Advice, (*advice).to_owned()),
        };
        let mut one = Self {
            kind,
            text,
            section: None,
            choices: Vec::new(),
            links: Vec::new(),
            risk: None,
        };
        match cure {
            Cure::Config { lines, choices } => {
                one.choices = choices
                    .iter()
                    .map(|choice| text_of(lines, choice))
                    .collect();
                let links = choices.iter().map(|choice| Links::new(&choice.counted));
                one.links = links.collect();
            }
            Cure::Risky { counted, risk, .. } => {
                one.links = vec![Links::new(counted)];
                one.risk = Some(risk);
            }
            Cure::Query { section, .. } => one.section = Some(*section).filter(|it| !it.is_empty()),
            Cure::Command(_) | Cure::Advice(_) => {}
        }
        one
    }
}

/// What stands in lines for a choice.
fn text_of(lines: &[Line], choice: &Choice) -> String {
    let mut texts = lines
        .iter()
        .filter_map(|line| line.choice_text(&choice.value));
    texts.next().unwrap_or_else(|| choice.value.clone())
}

/// Configuration that is not proposed.
#[derive(Serialize, JsonSchema)]
struct NotProposed {
    /// The text of the configuration.
    text: String,
    /// Why it is not proposed.
    reason: String,
    /// The name of that reason, which `autoexpose explain --code` explains.
    reason_code: &'static str,
}

impl NotProposed {
    fn new(withheld: &Withheld) -> Self {
        Self {
            text: config_lines::flow(&withheld.lines),
            reason: withheld.because.to_string(),
            reason_code: withheld.because.key(),
        }
    }
}

/// A selected workbook without a link.
#[derive(Serialize, JsonSchema)]
pub(super) struct WithoutLinks<'r> {
    /// The workbook's title; empty if Tableau hides it.
    workbook: &'r str,
    /// The workbook's luid.
    luid: &'r str,
    /// The path of its project, as far as it is known; null if it is not.
    project: Option<&'r str>,
    /// Why it has no link.
    reason: &'static str,
    /// The name of that reason, which `autoexpose explain --code` explains.
    reason_code: &'static str,
}

impl<'r> WithoutLinks<'r> {
    pub(super) fn new(facts: &'r WithoutLinksFacts) -> Self {
        Self {
            workbook: &facts.workbook,
            luid: &facts.luid,
            project: facts.project.as_deref(),
            reason: facts.reason.text(),
            reason_code: facts.reason.key(),
        }
    }
}
