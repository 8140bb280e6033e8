//! A value of the configuration, or of a flag, that cannot be used.

use super::located::Located;
use crate::model::Failure;

/// What is wrong with a value, where it stands, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    position: (u64, u64),
    message: String,
    help: Option<String>,
}

impl Wrong {
    pub(super) fn new<T>(at: &Located<T>, message: impl Into<String>) -> Self {
        Self {
            position: (at.line, at.column),
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
        self.of(&format!("{file}:{line}:{column}"))
    }

    /// The failure of a value that was given by a flag or a variable of this name.
    pub fn of(self, name: &str) -> Failure {
        Failure {
            place: name.to_owned(),
            message: self.message,
            help: self.help,
        }
    }
}

/// `did you mean …?` with that one of the known words that is most like an unknown one.
pub(super) fn did_you_mean<'k>(
    unknown: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<String> {
    let known = known
        .into_iter()
        .map(|known| (strsim::levenshtein(unknown, known), known));
    let near =
        known.filter(|(edits, known)| *edits <= 3 && *edits < known.len().min(unknown.len()));
    near.min()
        .map(|(_, known)| format!("did you mean `{known}`?"))
}
