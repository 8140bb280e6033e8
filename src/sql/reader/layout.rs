//! Where the parts of a query stand: for what reads its columns.

use super::state::Block;
use super::{Keyword, Reader};
use crate::sql::tokens::Kind;

/// Where the parts of a query stand, as numbers of pieces.
#[derive(Debug, Default)]
pub(in crate::sql) struct Layout {
    pub(in crate::sql) selects: Vec<Select>,
    pub(in crate::sql) sources: Vec<Source>,
    pub(in crate::sql) withs: Vec<With>,
    /// Whether something of it is no SELECT, and was not understood here.
    pub(in crate::sql) has_others: bool,
}

/// A SELECT, up to its end or the set operator behind it.
#[derive(Debug, Clone, Copy)]
pub(in crate::sql) struct Select {
    pub(in crate::sql) start: usize,
    pub(in crate::sql) end: usize,
    /// Its FROM.
    pub(in crate::sql) from: Option<usize>,
    /// Where the text or the bracket begins that it is the query of, or a part of that.
    pub(in crate::sql) region: usize,
}

/// What stands in a table's place.
#[derive(Debug, Clone, Copy)]
pub(in crate::sql) struct Source {
    pub(in crate::sql) at: usize,
    pub(in crate::sql) behind: usize,
    /// Whether a query there sees the tables before it.
    pub(in crate::sql) is_lateral: bool,
}

/// A CTE.
#[derive(Debug, Clone, Copy)]
pub(in crate::sql) struct With {
    pub(in crate::sql) name: usize,
    /// The bracket of its query.
    pub(in crate::sql) body: usize,
}

impl Reader<'_, '_> {
    pub(super) fn note_select(&mut self, block: &Block, region: usize, end: usize) {
        if self.tokens.keyword(block.start) == Keyword::Select {
            self.layout.selects.push(Select {
                start: block.start,
                end,
                from: block.from,
                region,
            });
        } else {
            self.layout.has_others |= block.from.is_some();
        }
    }

    pub(super) fn note_source(&mut self, at: usize, behind: usize) {
        let before = self.tokens.keyword_before(at);
        if behind > at && !matches!(self.tokens.kind(at), Kind::End) {
            self.layout.sources.push(Source {
                at,
                behind,
                is_lateral: matches!(before, Keyword::Lateral | Keyword::Apply),
            });
        }
    }

    pub(super) fn note_with(&mut self, name: usize, body: usize) {
        self.layout.withs.push(With { name, body });
    }
}
