//! Goes through all names of a query that may be columns.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::read::{ColumnsRead, NamedColumn, others};
use super::structure::Structure;
use super::words::{self, Sense};
use crate::sql::keywords::Keyword;
use crate::sql::names;
use crate::sql::reading::Part;
use crate::sql::tokens::Kind;

pub(super) struct Walk<'w, 's, 'a> {
    structure: &'w Structure<'s, 'a>,
    pub(super) found: ColumnsRead<'a>,
}

/// A name with its qualifiers.
struct Name<'a> {
    at: usize,
    next: usize,
    parts: Vec<Part<'a>>,
    /// Whether a star is its last part.
    has_star: bool,
}

impl<'w, 's, 'a> Walk<'w, 's, 'a> {
    pub(super) fn new(structure: &'w Structure<'s, 'a>) -> Self {
        let found = ColumnsRead {
            is_clear: true,
            ..ColumnsRead::default()
        };
        Self { structure, found }
    }

    pub(super) fn run(&mut self) {
        let tokens = self.structure.tokens;
        let mut at = 0;
        while at < tokens.len() {
            if let Some(next) = self.structure.passed_over.get(&at) {
                at = (*next).max(at + 1);
                continue;
            }
            let Some(block) = self.structure.places[at].0 else {
                at += 1;
                continue;
            };
            at = match tokens.kind(at) {
                Kind::Sign(b'*') => {
                    self.star(block, at);
                    at + 1
                }
                Kind::Word(_) | Kind::Quoted => self.name(block, at),
                _ => at + 1,
            };
        }
        self.returned();
    }

    /// Notes what the whole query returns.
    fn returned(&mut self) {
        let regions = self.structure.tops();
        let regions = regions.map(|at| self.structure.blocks[at].select.region);
        let regions = regions.collect::<BTreeSet<_>>();
        for region in &regions {
            let (passed, unclear) = (&mut self.found.passed, &mut self.found.unclear);
            self.structure.passed(*region, 0, passed, unclear);
        }
        // Where queries are joined, they must have as many columns as each other.
        for (region, blocks) in &self.structure.by_region {
            if blocks.len() > 1 {
                let unclear = &mut self.found.unclear;
                self.structure
                    .passed(*region, 0, &mut BTreeSet::new(), unclear);
            }
        }
        for top in self.structure.tops() {
            let names = &self.structure.blocks[top].outputs.names;
            let names = names.iter().map(|name| name.to_lowercase());
            self.found.explicit.extend(names);
        }
    }

    /// `*` that is no item of SELECT may stand for all columns as well, as an argument.
    fn star(&mut self, block: usize, at: usize) {
        let structure = self.structure;
        if structure.blocks[block].outputs.star_pieces.contains(&at) {
            return;
        }
        let tokens = structure.tokens;
        let is_count = at >= 2 && tokens.is_word(at - 2, "COUNT") && tokens.sign(at - 1) == b'(';
        let is_first = at > 0 && matches!(tokens.sign(at - 1), b'(' | b',');
        let is_behind_word = at > 0
            && matches!(tokens.kind(at - 1), Kind::Word(_))
            && words::sense(tokens.text(at - 1)) == Sense::Keyword;
        if !is_count && (is_first || is_behind_word) {
            for source in &structure.blocks[block].sources {
                structure.tables_of(source, &mut self.found.unclear);
            }
        }
    }

    /// Reads a name; returns the piece behind it.
    fn name(&mut self, block: usize, at: usize) -> usize {
        let name = self.path(at);
        let next = name.next;
        if !self.is_no_column(block, &name) {
            self.note(block, &name);
        }
        next
    }

    /// Whether a name is surely that of something else.
    fn is_no_column(&self, block: usize, name: &Name) -> bool {
        let tokens = self.structure.tokens;
        let (at, next) = (name.at, name.next);
        let before = |distance: usize| at.checked_sub(distance);
        let sign_before = |distance| before(distance).map_or(0, |at| tokens.sign(at));
        let keyword_before = before(1).map_or(Keyword::Other, |at| tokens.keyword(at));
        let is_call = tokens.sign(next) == b'('
            && !(tokens.sign(next + 1) == b'+' && tokens.sign(next + 2) == b')');
        let is_alias = self.structure.blocks[block]
            .outputs
            .alias_pieces
            .contains(&at);
        let is_typed = matches!(tokens.kind(at), Kind::Word(_)) && name.parts.len() == 1;
        let is_keyword = is_typed && words::sense(tokens.text(at)) == Sense::Keyword;
        let is_over = before(1).is_some_and(|at| tokens.is_word(at, "OVER"));
        is_call
            || is_alias
            || is_keyword
            || is_over
            // A type, or a key in a value.
            || keyword_before == Keyword::As
            || sign_before(1) == b':'
            || sign_before(1) == b'.'
            // `DATE '2026-01-01'`
            || (is_typed && tokens.kind(next) == Kind::Text && words::sense(tokens.text(at)) != Sense::Column)
            // `name => value`
            || (tokens.sign(next) == b'=' && tokens.sign(next + 1) == b'>' && tokens.touches(next + 1))
    }

    fn note(&mut self, block: usize, name: &Name<'a>) {
        let structure = self.structure;
        let key = |part: &Part| names::key(structure.facts, std::slice::from_ref(part));
        if name.has_star {
            // `t.*` as an argument; items of SELECT are known.
            let is_item = structure.blocks[block]
                .outputs
                .star_pieces
                .contains(&(name.next - 1));
            if let (false, Some(last)) = (is_item, name.parts.last()) {
                for source in structure.called(block, &key(last)) {
                    structure.tables_of(source, &mut self.found.unclear);
                }
            }
            return;
        }
        let [first, others @ ..] = name.parts.as_slice() else {
            return;
        };
        if others.is_empty() {
            return self.note_unqualified(block, first, name.at, true);
        }
        // The name behind the first qualifier that anything is called by: `t.a`, `s.t.a`, `t.a.field`.
        for (number, pair) in name.parts.windows(2).enumerate().take(3) {
            let Some(tables) = structure.qualified(block, &key(&pair[0]), &key(&pair[1])) else {
                continue;
            };
            let is_sure = number == 0 || number + 2 == name.parts.len();
            for (table, is_only) in tables.found {
                let is_sure = is_only && is_sure;
                self.add(table, &pair[1], Some(name.at), is_sure, BTreeSet::new());
            }
            return;
        }
        // A field of a column, or the column of something that is not known.
        self.note_unqualified(block, first, name.at, false);
        if let Some(last) = others.last() {
            self.note_unqualified(block, last, name.at, false);
        }
    }

    fn note_unqualified(&mut self, block: usize, part: &Part<'a>, at: usize, may_be_sure: bool) {
        let structure = self.structure;
        let key = names::key(structure.facts, std::slice::from_ref(part));
        // A whole row of a table: `count(t)`.
        let rows = structure.called(block, &key);
        for source in &rows {
            structure.tables_of(source, &mut self.found.unclear);
        }
        let aliases = &structure.blocks[block].outputs.aliases;
        let is_perhaps_alias = aliases.get(&key).is_some_and(|alias| *alias < at);
        let is_soft = !part.quoted && words::sense(&part.text) == Sense::Either;
        let tables = structure.unqualified(block, &key);
        let is_column =
            rows.is_empty() && !tables.is_open && may_be_sure && !is_perhaps_alias && !is_soft;
        for (table, is_only) in &tables.found {
            let all = tables.found.iter().map(|(table, _)| *table);
            let others = others(*table, is_column && !is_only, all);
            let is_sure = *is_only && is_column;
            self.add(*table, part, (!is_soft).then_some(at), is_sure, others);
        }
    }

    fn add(
        &mut self,
        table: usize,
        part: &Part<'a>,
        at: Option<usize>,
        is_sure: bool,
        others: BTreeSet<usize>,
    ) {
        self.found.named.push(NamedColumn {
            table,
            name: match &part.text {
                Cow::Borrowed(text) => Cow::Borrowed(*text),
                Cow::Owned(text) => Cow::Owned(text.clone()),
            },
            position: at.map(|at| self.structure.tokens.position(at)),
            is_sure,
            others,
        });
    }

    /// The name that begins there. Unlike one of a table, it has no dashes.
    fn path(&self, from: usize) -> Name<'a> {
        let tokens = self.structure.tokens;
        let mut name = Name {
            at: from,
            next: from,
            parts: Vec::new(),
            has_star: false,
        };
        loop {
            let at = name.next;
            if tokens.kind(at) == Kind::Quoted {
                let path = names::path(tokens, self.structure.facts, at);
                name.parts
                    .extend(path.and_then(|path| path.parts.into_iter().next()));
            } else if matches!(tokens.kind(at), Kind::Word(_)) {
                name.parts.push(Part {
                    text: Cow::Borrowed(tokens.text(at)),
                    quoted: false,
                });
            } else {
                name.has_star = tokens.sign(at) == b'*';
                name.next += usize::from(name.has_star);
                return name;
            }
            name.next += 1;
            let goes_on = tokens.sign(name.next) == b'.'
                && (tokens.is_name(name.next + 1) || tokens.sign(name.next + 1) == b'*');
            if !goes_on {
                return name;
            }
            name.next += 1;
        }
    }
}
