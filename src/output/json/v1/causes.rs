//! Why tables and workbooks lack links.

use schemars::JsonSchema;
use serde::Serialize;

use crate::output::cures;
use crate::output::report::WithoutLinksFacts;
use crate::verdict::{self, Cure};

/// Why several tables are not linked.
#[derive(Serialize, JsonSchema)]
pub(super) struct Cause<'r> {
    /// The kind of the cause, such as `other-database` or `not-in-project`.
    cause: &'static str,
    /// The cause in one sentence.
    detail: String,
    /// How many distinct tables it explains. If `cures` has configuration, so many link by it.
    tables: usize,
    /// How many workbooks read one of them.
    workbooks: usize,
    /// What can be done, the best first.
    cures: Vec<OneCure<'r>>,
}

impl<'r> Cause<'r> {
    pub(super) fn new(cause: &'r verdict::Cause) -> Self {
        Self {
            cause: cause.why.key(),
            detail: cause.why.to_string(),
            tables: cause.tables,
            workbooks: cause.workbooks,
            cures: cause.cures.iter().map(OneCure::new).collect(),
        }
    }
}

/// What can be done about a cause.
#[derive(Serialize, JsonSchema)]
struct OneCure<'r> {
    /// What it is.
    kind: Kind,
    /// The text of the configuration, the command, the fields of the query or the advice. In
    /// configuration, `…` stands for one of the choices.
    text: String,
    /// What may stand for `…`, if there is one.
    choices: &'r [String],
}

/// Kinds of cures.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// Lines for autoexpose.yml, which were tried.
    Config,
    /// A command that makes another manifest.
    Command,
    /// Fields to ask Tableau for.
    Query,
    /// Something else to do.
    Advice,
}

impl<'r> OneCure<'r> {
    fn new(cure: &'r Cure) -> Self {
        let (kind, text, choices) = match cure {
            Cure::Config { lines, choices } => {
                (Kind::Config, cures::config(lines), choices.as_slice())
            }
            Cure::Command(command) => (Kind::Command, (*command).to_owned(), &[][..]),
            Cure::Query(fields) => (Kind::Query, fields.join(" "), &[][..]),
            Cure::Advice(advice) => (Kind::Advice, (*advice).to_owned(), &[][..]),
        };
        Self {
            kind,
            text,
            choices,
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
}

impl<'r> WithoutLinks<'r> {
    pub(super) fn new(facts: &'r WithoutLinksFacts) -> Self {
        Self {
            workbook: &facts.workbook,
            luid: &facts.luid,
            project: facts.project.as_deref(),
            reason: facts.reason.text(),
        }
    }
}
