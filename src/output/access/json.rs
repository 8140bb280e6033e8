//! Renders the answer as one JSON document, for scripts. New fields may be added at any time; a change of
//! a field's meaning, or its removal, needs another `schema_version`.
//!
//! The doc comments of these structs are the descriptions in the JSON schema.

use schemars::JsonSchema;
use serde::Serialize;

use super::AccessAnswer;
use crate::audience;
use crate::model;
use crate::output::json;

/// The version of this document.
const SCHEMA_VERSION: u32 = 1;

/// Renders the answer, with a line feed at its end.
///
/// # Errors
/// None in practice: strings and numbers always serialise.
pub fn render(answer: &AccessAnswer) -> serde_json::Result<String> {
    json::document(&Document::new(answer))
}

/// The JSON schema of the document, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn schema() -> serde_json::Result<String> {
    json::schema_of::<Document>()
}

/// Whether somebody may do something.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "autoexpose access")]
struct Document<'a> {
    /// The version of this document: 1.
    schema_version: u32,
    /// Who: `user:…`, `group:…`, `everyone` or `nobody`.
    subject: String,
    /// What they want to do: `view`, `overwrite` or `set-permissions`.
    capability: &'static str,
    /// With what.
    asset: Asset<'a>,
    /// `allowed`, `denied` or `unknown`. What is unknown must not be shown.
    decision: &'static str,
    /// The rule that decides; of what is unknown, the first that cannot be judged.
    rule: Rule,
    /// What that rule saw.
    why: &'a str,
    /// Whether Tableau's own list of what a user may see and the rules disagree.
    disputed: bool,
    /// The rules in the order in which they were asked.
    steps: Vec<Step<'a>>,
    /// What else the user should know.
    diagnostics: Vec<Diagnostic<'a>>,
}

impl<'a> Document<'a> {
    fn new(answer: &'a AccessAnswer) -> Self {
        let AccessAnswer {
            subject,
            capability,
            asset,
            answer,
            diagnostics,
        } = answer;
        Self {
            schema_version: SCHEMA_VERSION,
            subject: subject.to_string(),
            capability: capability.text(),
            asset: Asset {
                kind: asset.id.kind.text(),
                luid: &asset.id.luid,
                name: asset.name.as_deref(),
                site: asset.site.to_string(),
            },
            decision: answer.decision.text(),
            rule: Rule::new(answer.rule),
            why: &answer.why,
            disputed: answer.is_disputed,
            steps: answer.steps.iter().map(Step::new).collect(),
            diagnostics: diagnostics.iter().map(Diagnostic::new).collect(),
        }
    }
}

/// Something that has permissions.
#[derive(Serialize, JsonSchema)]
struct Asset<'a> {
    /// What it is, such as `workbook`.
    kind: &'static str,
    /// Its luid.
    luid: &'a str,
    /// Its name; null if no answer tells it.
    name: Option<&'a str>,
    /// Its site.
    site: String,
}

/// A rule.
#[derive(Serialize, JsonSchema)]
struct Rule {
    /// Its name.
    name: &'static str,
    /// What it says.
    text: &'static str,
    /// The page of Tableau's documentation that has it; null for a rule of this program.
    source: Option<&'static str>,
}

impl Rule {
    fn new(rule: audience::Rule) -> Self {
        Self {
            name: rule.key(),
            text: rule.text(),
            source: Some(rule.source()).filter(|page| !page.is_empty()),
        }
    }
}

/// A rule that was asked.
#[derive(Serialize, JsonSchema)]
struct Step<'a> {
    /// The name of the rule.
    rule: &'static str,
    /// `allows`, `denies`, `goes on` (the rule says nothing about it) or `unknown`.
    outcome: &'static str,
    /// What the rule saw.
    saw: &'a str,
}

impl<'a> Step<'a> {
    fn new(step: &'a audience::Step) -> Self {
        Self {
            rule: step.rule.key(),
            outcome: step.outcome.text(),
            saw: &step.saw,
        }
    }
}

/// Something that the user should know.
#[derive(Serialize, JsonSchema)]
struct Diagnostic<'a> {
    /// Its code.
    code: &'static str,
    /// `note` or `warning`.
    severity: &'static str,
    /// What it is about; empty if it is about the run.
    place: &'a str,
    /// The message.
    message: &'a str,
    /// What to do about it.
    help: Option<&'a str>,
}

impl<'a> Diagnostic<'a> {
    fn new(diagnostic: &'a model::Diagnostic) -> Self {
        Self {
            code: diagnostic.code.as_str(),
            severity: diagnostic.code.severity().as_str(),
            place: &diagnostic.place,
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
        }
    }
}
