//! Functions in a table's place, and which of their arguments are tables.

use super::{Keyword, Level, Place, Reader, Role};
use crate::sql::facts::Takes;
use crate::sql::names::{self, Path, Sense};
use crate::sql::reading::{LocalKind, UnknownKind};
use crate::sql::tokens::Kind;

/// Hints that may stand in a bracket behind a table of SQL Server, without WITH.
const HINTS: &[&str] = &[
    "FASTFIRSTROW",
    "FORCESCAN",
    "FORCESEEK",
    "HOLDLOCK",
    "INDEX",
    "NOEXPAND",
    "NOLOCK",
    "NOWAIT",
    "PAGLOCK",
    "READCOMMITTED",
    "READCOMMITTEDLOCK",
    "READPAST",
    "READUNCOMMITTED",
    "REPEATABLEREAD",
    "ROWLOCK",
    "SERIALIZABLE",
    "SNAPSHOT",
    "TABLOCK",
    "TABLOCKX",
    "UPDLOCK",
    "XLOCK",
];

impl<'a> Reader<'_, 'a> {
    /// Whether the bracket there belongs to a table, and is not that of a function's arguments.
    pub(super) fn is_hint(&self, at: usize) -> bool {
        let inside = at + 1;
        let text = self.tokens.text(inside);
        let is_placeholder = text.trim_start_matches('\'').starts_with("PLACEHOLDER");
        self.facts.bracketed_hints
            && (is_placeholder || HINTS.iter().any(|hint| self.tokens.is_word(inside, hint)))
    }

    /// Reads a call, whose name is known; returns the piece behind it.
    pub(super) fn call(&mut self, at: usize, path: Path<'a>) -> usize {
        let open = path.next;
        let takes = self.takes(&path);
        match path.sense {
            Sense::Unknown(_) => self.note(at, path, Role::Listed),
            _ => self.note_local(at, path.parts, LocalKind::Function),
        }
        match takes {
            Some(Takes::Tables) => return self.enter(open, Place::Tables),
            Some(Takes::TableFirst) => self.note_argument(open + 1),
            Some(Takes::TableBehindWord) => self.note_argument(open + 2),
            Some(Takes::TableOfData) => self.note_data(open),
            Some(Takes::Strings) => self.note_strings(open),
            None => {}
        }
        self.enter(open, Place::Arguments)
    }

    fn takes(&self, path: &Path<'_>) -> Option<Takes> {
        let [name] = path.parts.as_slice() else {
            return None;
        };
        let mut rows = self.facts.table_functions.iter();
        rows.find(|(function, _)| name.text.eq_ignore_ascii_case(function))
            .map(|(_, takes)| *takes)
    }

    fn note_argument(&mut self, at: usize) {
        if let Some(path) = names::path(self.tokens, self.facts, at) {
            self.note(at, path, Role::Listed);
        }
    }

    /// Tables whose names are the strings in a bracket, which has nothing but them and their list.
    fn note_strings(&mut self, open: usize) {
        let Some((inside, _)) = self.tokens.bracket(open) else {
            return;
        };
        for at in inside {
            match self.tokens.kind(at) {
                Kind::Text => self.note_spelt(at, Role::Listed),
                Kind::Sign(b'[' | b']' | b',') => {}
                Kind::Parameter => self.unknown(UnknownKind::Parameter, at),
                _ => {
                    self.unknown(UnknownKind::Dynamic, at);
                    return;
                }
            }
        }
    }

    /// The table behind `DATA =`.
    fn note_data(&mut self, open: usize) {
        let Some((inside, _)) = self.tokens.bracket(open) else {
            return;
        };
        let mut at = inside.start;
        while at < inside.end {
            if self.tokens.is_word(at, "DATA") && self.tokens.sign(at + 1) == b'=' {
                return self.note_argument(at + 2);
            }
            at = self.tokens.behind(at);
        }
    }

    /// A word in the arguments of a function: `TABLE t` and `TABLE(t)` are tables.
    pub(super) fn word_of_arguments(&mut self, level: &mut Level, keyword: Keyword) -> usize {
        let next = level.at + 1;
        match keyword {
            Keyword::Table if self.is_open(next) => self.enter(next, Place::Tables),
            Keyword::Table if self.tokens.is_name(next) => self.table(level, next),
            _ => next,
        }
    }
}
