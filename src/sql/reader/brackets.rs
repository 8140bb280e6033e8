//! Brackets: what stands in them, by what they begin with and where they are.

use super::{Clause, Keyword, Level, Place, Reader, Region};
use crate::sql::tokens::Kind;

/// Functions whose only argument may begin with FROM.
const TRIMS: [&str; 4] = ["TRIM", "LTRIM", "RTRIM", "BTRIM"];

impl Reader<'_, '_> {
    /// Reads the bracket at the current piece later; returns what is behind it.
    pub(super) fn bracket(&mut self, level: &Level) -> usize {
        let is_nested = self.tokens.sign(level.at + 1) == b'(';
        let place = match level.place {
            _ if level.clause == Clause::Start && is_nested => Place::Query,
            Place::Arguments => Place::Arguments,
            _ => Place::Expression,
        };
        self.enter(level.at, place)
    }

    /// Reads a bracket later, a query as such wherever it stands; returns what is behind it.
    pub(super) fn enter(&mut self, at: usize, place: Place) -> usize {
        let Some((inside, behind)) = self.tokens.bracket(at) else {
            return at + 1;
        };
        // `f(TABLE t, TABLE u)` has arguments, and no query.
        let is_argument =
            place == Place::Arguments && self.tokens.keyword(at + 1) == Keyword::Table;
        let is_query = self.tokens.sign(at) == b'(' && self.begins_query(at) && !is_argument;
        self.regions.push(Region {
            from: inside.start,
            to: inside.end,
            place: if is_query { Place::Query } else { place },
        });
        behind
    }

    /// Whether a query is in the round bracket there, by its first words.
    pub(super) fn begins_query(&self, at: usize) -> bool {
        let next = self.tokens.keyword(at + 2);
        let has_name = self.tokens.is_name(at + 2);
        match self.tokens.keyword(at + 1) {
            Keyword::Select | Keyword::With => true,
            Keyword::Sel => self.facts.abbreviates_select,
            Keyword::Values => self.tokens.kind(at + 2) != Kind::Sign(b')'),
            Keyword::Table => self.names_table(at + 1),
            Keyword::Update => has_name,
            Keyword::From => self.facts.from_first && !self.is_trim(at),
            Keyword::Insert => matches!(next, Keyword::Into | Keyword::Overwrite),
            Keyword::Delete => next == Keyword::From,
            Keyword::Merge => next == Keyword::Into,
            Keyword::Describe => self.facts.alias_first && has_name,
            keyword => {
                self.makes_table(keyword) && self.tokens.sign(at + 2) != b',' && {
                    has_name || matches!(self.tokens.kind(at + 2), Kind::Text | Kind::Sign(b'('))
                }
            }
        }
    }

    /// Whether TABLE there is followed by the name of one.
    pub(super) fn names_table(&self, at: usize) -> bool {
        self.tokens.is_name(at + 1) && self.tokens.keyword(at + 1) != Keyword::As
    }

    /// Whether a query may begin with the word there.
    pub(super) fn is_query_word(&self, at: usize) -> bool {
        match self.tokens.keyword(at) {
            Keyword::Select | Keyword::With => true,
            Keyword::From => self.facts.from_first,
            _ => false,
        }
    }

    fn is_trim(&self, at: usize) -> bool {
        let is_word = |name: &str| at > 0 && self.tokens.is_word(at - 1, name);
        TRIMS.iter().any(|name| is_word(name))
    }

    /// Whether the keyword begins a query of DuckDB that makes one table of another.
    pub(super) fn makes_table(&self, keyword: Keyword) -> bool {
        let is_known = matches!(
            keyword,
            Keyword::Pivot
                | Keyword::PivotWider
                | Keyword::PivotLonger
                | Keyword::Unpivot
                | Keyword::Summarize
        );
        is_known && self.facts.alias_first
    }
}
