//! Whether two texts of a node or a macro make the same rows.
//!
//! Comments, blanks and the case of keywords make no rows; strings, quoted names and everything of
//! Jinja do, Jinja inside SQL comments as well: dbt runs it. [`jinja`] cuts the text into Jinja and
//! the rest, [`crate::sql`] cuts the rest into pieces, [`words`] knows which words may change case, and
//! [`select`] finds what a query selects. Where it is doubtful how a text reads, only equal texts are
//! equal.

mod jinja;
mod python;
mod select;
mod words;

use std::collections::BTreeMap;

use crate::model::Dialect;
use crate::sql;

/// What a text is the text of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// A query in a dialect.
    Query(Dialect),
    /// A macro that may make any text: case may count everywhere.
    Macro(Dialect),
    /// Python code.
    Python,
}

/// A text as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code {
    /// Its pieces without comments; a single one if it is doubtful how it reads.
    pieces: Vec<String>,
    /// What is in it of Jinja, in order, without calls of `config`.
    tags: Vec<String>,
    /// The arguments of its calls of `config`, by key.
    configs: BTreeMap<String, String>,
    /// Whether it could be cut into pieces.
    is_read: bool,
}

impl Code {
    /// Reads a text.
    pub(super) fn new(text: &str, written: Written) -> Self {
        let read = match written {
            Written::Python => python::pieces(text).map(|pieces| Self {
                pieces,
                ..Self::empty()
            }),
            Written::Query(dialect) => Self::of_jinja(text, dialect, true),
            Written::Macro(dialect) => Self::of_jinja(text, dialect, false),
        };
        read.unwrap_or_else(|| Self {
            pieces: vec![text.replace("\r\n", "\n").trim().to_owned()],
            is_read: false,
            ..Self::empty()
        })
    }

    fn empty() -> Self {
        Self {
            pieces: Vec::new(),
            tags: Vec::new(),
            configs: BTreeMap::new(),
            is_read: true,
        }
    }

    fn of_jinja(text: &str, dialect: Dialect, is_query: bool) -> Option<Self> {
        let cut = jinja::cut(text)?;
        let pieces = sql::pieces(&cut.rest, dialect)?;
        let is_one_case = is_query && sql::stores_one_case(dialect);
        let pieces = if is_query {
            words::folded(&pieces, is_one_case)
        } else {
            pieces.iter().map(|piece| piece.text.to_owned()).collect()
        };
        Some(Self {
            pieces,
            tags: cut.tags,
            configs: cut.configs,
            is_read: true,
        })
    }

    /// Whether both make the same rows, but for configuration. `renamed` are names in `ref` and
    /// `source` that this text has and the other one has otherwise.
    pub(super) fn makes_the_same(&self, other: &Self, renamed: &[(String, String)]) -> bool {
        self.is_read == other.is_read
            && self.pieces == other.pieces
            && self.tags.len() == other.tags.len()
            && self.tags.iter().zip(&other.tags).all(|(one, other)| {
                one == other || !renamed.is_empty() && jinja::renamed(one, renamed) == *other
            })
    }

    /// The text that an argument of `config` is in this text, without blanks.
    pub(super) fn config(&self, key: &str) -> Option<&str> {
        self.configs.get(key).map(String::as_str)
    }

    /// How many pieces it has, those of Jinja included.
    pub(super) fn len(&self) -> usize {
        self.pieces.len() + self.tags.len()
    }

    /// Everything in it that is compared, in an order of its own.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().chain(&self.tags).map(String::as_str)
    }

    /// Whether a name stands in it as a word, in any case, in Jinja as well.
    pub(super) fn names(&self, name: &str) -> bool {
        let is_quoted = |piece: &str| {
            let inner = piece.get(1..piece.len().saturating_sub(1));
            piece.starts_with(['"', '`', '[', '\''])
                && inner.is_some_and(|inner| alike(inner, name))
        };
        let in_pieces = |piece: &String| alike(piece, name) || is_quoted(piece);
        self.pieces.iter().any(in_pieces)
            || self.tags.iter().any(|tag| {
                let words = tag.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
                words.into_iter().any(|word| alike(word, name))
            })
    }

    /// Whether its rows depend on whether the table exists.
    pub(super) fn asks_for_the_table(&self) -> bool {
        self.tags
            .iter()
            .any(|tag| jinja::calls(tag, "is_incremental"))
    }

    /// The names of the columns that a query selects, if all of them can be told.
    pub(super) fn selects(&self) -> Option<Vec<String>> {
        self.is_read
            .then(|| select::columns(&self.pieces))
            .flatten()
    }
}

fn alike(one: &str, other: &str) -> bool {
    crate::model::relation::same_but_case(one, other)
}

/// Whether a text of Jinja depends on what is around the run, and not on the project alone.
pub(super) fn depends_on_surroundings(expression: &str) -> bool {
    jinja::SURROUNDINGS
        .iter()
        .any(|name| jinja::has_word(expression, name))
}

#[cfg(test)]
mod tests;
