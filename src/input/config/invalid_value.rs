//! A value of the configuration, or of a flag, that cannot be used.

use super::located::Located;
use crate::model::access::NotASubject;
use crate::model::connection::warehouse_types;
use crate::model::display::{display_enum, shortened};
use crate::model::server::InvalidServer;
use crate::model::{Fact, Failure};
use crate::settings::gate::AskedBy;
use crate::settings::{CHOICE, Gate, InvalidPattern};

display_enum! {
    /// Why a value cannot be used.
    pub enum InvalidReason {
        /// It is not the address of a server.
        Server(problem: InvalidServer) => "{problem}";
        /// It is not a pattern.
        Pattern(problem: InvalidPattern) => "{problem}";
        /// It is a filter without any pattern.
        EmptyFilter => "empty rule: set at least one of project, name, tag, owner and luid";
        /// It is the filter of a flag, and does not begin with the name of a field.
        FilterWithoutField(text: String) => "expected FIELD:PATTERN, got {:?}", shortened(text);
        /// It is the filter of a flag, and begins with the name of something else.
        UnknownField(name: String) => "unknown field {:?}", shortened(name);
        /// It is not a connection type of one warehouse.
        NotOneWarehouse(text: String) => "{:?} is not a warehouse connection type", shortened(text);
        /// It is not an audience.
        NotASubject(problem: NotASubject) => "{problem}";
        /// It is not a fact that may be withheld.
        UnknownFact(text: String) => "unknown fact {:?}", shortened(text);
        /// It is not a known connection type.
        UnknownConnectionType(text: String) => "unknown connection type {:?}", shortened(text);
        /// It is a schema without a name.
        EmptySchema => "the schema must not be empty";
        /// It stands for a value that is still to be chosen.
        OpenChoice => "`{CHOICE}` stands for a value that you choose";
        /// It is not the path of an export.
        NotAnExport => "expected a file, a folder or a pattern";
        /// It is a part of a name without any letter.
        EmptyPart => "the new part must not be empty";
        /// It is a new name without any part.
        NoNewPart => "nothing to rewrite: set at least one of database, schema and name";
        /// It is a regular expression with a group of a name that stands for something else.
        GroupNameTaken(name: String) => "the group name {} is already taken", in_braces(&[shortened(name)]);
        /// It is a number outside of 0 to 1.
        NotAShare(number: String) => "must be between 0 and 1, got {number}";
        /// It is neither a ratio nor a percentage.
        NotAMatchRate(text: String) => "expected a percentage such as 95%, or a ratio from 0 to 1, got {}", shortened(text);
        /// It is not a gate that is asked for by name.
        UnknownGate(name: String) => "unknown gate {:?}", shortened(name);
        /// It is the limits of a project, and there are none.
        NoLimit => "nothing to check: set at least one of min_match_rate and max_unlinked";
        /// It has a placeholder of this name, and may have only these.
        UnknownPlaceholder(name: String, known: Vec<String>)
            => "unknown placeholder {}; use one of {}", in_braces(&[shortened(name)]), in_braces(known);
        /// It has a `{` without its `}`.
        OpenBrace => "a `{}` is not closed", '{';
    }
}

impl InvalidReason {
    /// What to give instead, if there is something to say.
    fn help(&self) -> Option<String> {
        match self {
            Self::Server(problem) => Some(problem.help()),
            Self::NotOneWarehouse(text) | Self::UnknownConnectionType(text) => {
                let near = did_you_mean(&text.to_ascii_lowercase(), warehouse_types());
                let usual =
                    "give a value of Tableau's `connectionType`, such as snowflake or postgres";
                near.or_else(|| Some(usual.to_owned()))
            }
            Self::FilterWithoutField(_) | Self::UnknownField(_) => {
                let help = "for example `project:Finance/**`; the fields are project, name, tag, owner and luid";
                Some(help.to_owned())
            }
            Self::OpenChoice => {
                Some("put one of the values here that the report lists for it".to_owned())
            }
            Self::NotAnExport => Some("for standard input, give `--tableau -`".to_owned()),
            Self::UnknownPlaceholder(name, known) => {
                did_you_mean(name, known.iter().map(String::as_str))
            }
            Self::UnknownGate(name) => Some(other_gate(name)),
            Self::UnknownFact(name) => {
                let facts = Fact::ALL.iter().map(Fact::text).collect::<Vec<_>>();
                let near = did_you_mean(name, facts.iter().copied());
                near.or_else(|| Some(format!("the facts are {}", facts.join(", "))))
            }
            Self::NotASubject(_) => Some(
                "give it like `user:ada`, `group:All Users`, `everyone` or `nobody`".to_owned(),
            ),
            Self::Pattern(_)
            | Self::EmptyFilter
            | Self::EmptySchema
            | Self::EmptyPart
            | Self::NoNewPart
            | Self::GroupNameTaken(_)
            | Self::NotAShare(_)
            | Self::NotAMatchRate(_)
            | Self::NoLimit
            | Self::OpenBrace => None,
        }
    }
}

/// What to give in place of a name that is not one of a gate.
fn other_gate(name: &str) -> String {
    let limit = Gate::ALL.iter().find(|gate| gate.as_str() == name);
    if let Some(AskedBy::Limit(flag)) = limit.map(|gate| gate.asked_by()) {
        return format!("this gate is a limit: give it with `{flag}`");
    }
    let names = Gate::named().map(Gate::as_str).collect::<Vec<_>>();
    did_you_mean(name, names.iter().copied())
        .unwrap_or_else(|| format!("the gates are {}", names.join(", ")))
}

fn in_braces(names: &[impl AsRef<str>]) -> String {
    let names = names.iter().map(|name| format!("{{{}}}", name.as_ref()));
    names.collect::<Vec<_>>().join(", ")
}

/// Why a value cannot be used, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidValue {
    /// Line and column.
    position: (u64, u64),
    reason: InvalidReason,
}

impl InvalidValue {
    pub(super) fn new<T>(value: &Located<T>, reason: InvalidReason) -> Self {
        Self {
            position: (value.line, value.column),
            reason,
        }
    }

    /// The failure of a value of this file.
    pub(super) fn in_file(&self, file: &str) -> Failure {
        let (line, column) = self.position;
        self.given_by(&format!("{file}:{line}:{column}"))
    }

    /// The failure of a value that a flag or variable of this name gives.
    pub fn given_by(&self, name: &str) -> Failure {
        Failure {
            place: name.to_owned(),
            message: self.reason.to_string(),
            help: self.reason.help(),
        }
    }
}

/// Asks `did you mean …?` with the known word that is most like an unknown one, if one is like it.
pub(super) fn did_you_mean<'k>(
    unknown: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<String> {
    known
        .into_iter()
        .map(|known| (strsim::levenshtein(unknown, known), known))
        .filter(|(edits, known)| *edits <= 3 && *edits < known.len().min(unknown.len()))
        .min()
        .map(|(_, known)| format!("did you mean `{known}`?"))
}
