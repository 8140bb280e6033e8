//! A value of the configuration, or of a flag, that cannot be used.

use super::located::Located;
use crate::model::Failure;

/// Why a value cannot be used, where it stands, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidValue {
    /// Line and column.
    position: (u64, u64),
    message: String,
    help: Option<String>,
}

impl InvalidValue {
    pub(super) fn new<T>(value: &Located<T>, message: impl Into<String>) -> Self {
        Self {
            position: (value.line, value.column),
            message: message.into(),
            help: None,
        }
    }

    #[must_use]
    pub(super) fn help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// The failure of a value of this file.
    pub(super) fn in_file(self, file: &str) -> Failure {
        let (line, column) = self.position;
        self.given_by(&format!("{file}:{line}:{column}"))
    }

    /// The failure of a value that a flag or variable of this name gives.
    pub fn given_by(self, name: &str) -> Failure {
        Failure {
            place: name.to_owned(),
            message: self.message,
            help: self.help,
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
