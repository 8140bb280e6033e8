//! Notes where the parts of a query stand, while it is read.

use super::layout::{Select, Source, With};
use super::state::Block;
use super::{Keyword, Reader};
use crate::sql::tokens::Kind;

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
