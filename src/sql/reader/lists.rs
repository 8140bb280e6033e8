//! Lists of tables: what stands in a table's place.

use super::{Clause, Keyword, Level, Place, Reader, Region, Role};
use crate::sql::names::{self, Path};
use crate::sql::reading::{LocalKind, UnknownKind};
use crate::sql::tokens::Kind;

impl<'a> Reader<'_, 'a> {
    /// Reads what stands in a table's place; returns the piece behind it.
    pub(super) fn table(&mut self, level: &mut Level, at: usize) -> usize {
        let at = self.behind_leading_words(level, at);
        let behind = match self.tokens.kind(at) {
            Kind::Sign(b'(') => self.bracketed(level, at),
            Kind::Sign(b':') if self.facts.batches => self.named(at + 2),
            Kind::Sign(b'{') if self.tokens.is_word(at + 1, "OJ") => self.odbc_join(at),
            Kind::Sign(b'[') if !self.facts.legacy_names => self.enter(at, Place::Expression),
            Kind::Stage => at + 1,
            Kind::Bind if self.facts.flows && self.is_flow(at) => at + 1,
            Kind::Word(keyword) => match self.table_word(level, keyword, at) {
                Some(behind) => behind,
                None => self.named(at),
            },
            _ => self.named(at),
        };
        self.note_source(at, behind);
        if self.needs_aliases(level) {
            self.note_alias(level, at, behind);
        }
        behind
    }

    /// A query or a list of tables in brackets.
    fn bracketed(&mut self, level: &mut Level, at: usize) -> usize {
        let behind = self.enter(at, Place::Tables);
        if self.begins_query(at) {
            level.block.queries.push(at..behind);
        }
        behind
    }

    /// Passes words and aliases that stand before a table.
    fn behind_leading_words(&self, level: &Level, from: usize) -> usize {
        let mut at = from;
        loop {
            let next = at + 1;
            let goes_on = self.tokens.is_name(next) || self.is_open(next);
            let is_before = match self.tokens.keyword(at) {
                Keyword::Lateral => {
                    let keyword = self.tokens.keyword(next);
                    goes_on && keyword != Keyword::View && !keyword.follows_table()
                }
                Keyword::Table => level.place == Place::Arguments && self.tokens.is_name(next),
                word if self.facts.leading_words.contains(&word) => {
                    goes_on && !self.tokens.keyword(next).follows_table()
                }
                _ => false,
            };
            if is_before {
                at = next;
            } else if self.is_alias_before(at) {
                at = next + 1;
            } else {
                return at;
            }
        }
    }

    /// `alias: t` of DuckDB.
    fn is_alias_before(&self, at: usize) -> bool {
        let is_colon = |at| self.tokens.sign(at) == b':';
        self.facts.alias_first && self.tokens.is_name(at) && is_colon(at + 1) && !is_colon(at + 2)
    }

    pub(super) fn is_open(&self, at: usize) -> bool {
        self.tokens.sign(at) == b'('
    }

    /// `{oj a LEFT OUTER JOIN b ON …}` of ODBC.
    fn odbc_join(&mut self, at: usize) -> usize {
        let Some((inside, behind)) = self.tokens.bracket(at) else {
            return at + 1;
        };
        self.regions.push(Region {
            from: inside.start + 1,
            to: inside.end,
            place: Place::Tables,
        });
        behind
    }

    /// `$1`, the result of the statement before.
    fn is_flow(&self, at: usize) -> bool {
        let name = &self.tokens.text(at)[1..];
        name.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Reads what a keyword in a table's place begins, if it is not a name.
    fn table_word(&mut self, level: &mut Level, keyword: Keyword, at: usize) -> Option<usize> {
        let tokens = self.tokens;
        let is_open = self.is_open(at + 1);
        match keyword {
            _ if self.is_query_word(at) => {
                level.clause = Clause::Start;
                Some(at)
            }
            Keyword::Values if !self.ends_name(at + 1) => Some(self.behind_rows(at + 1)),
            Keyword::Table if is_open => Some(self.table_call(at)),
            Keyword::Table if tokens.is_name(at + 1) && !self.is_named_table(at) => {
                Some(self.named(at + 1))
            }
            Keyword::Rows if tokens.keyword(at + 1) == Keyword::From => {
                Some(self.enter(at + 2, Place::Expression))
            }
            Keyword::Final | Keyword::New | Keyword::Old
                if tokens.keyword(at + 1) == Keyword::Table && self.is_open(at + 2) =>
            {
                Some(self.enter(at + 2, Place::Query))
            }
            Keyword::Unpivot if self.facts.alias_paths => Some(self.behind_object(at + 1)),
            // What another database is asked for, on Exasol.
            _ if tokens.is_word(at, "IMPORT") && self.is_import(at + 1) => {
                level.clause = Clause::Expression;
                Some(at + 1)
            }
            Keyword::Identifier if is_open && self.facts.identifier => {
                Some(self.spelt(at, Role::Listed))
            }
            _ => None,
        }
    }

    /// `UNPIVOT d.items[0].attrs AS v AT k` of Redshift goes through a value, not a table.
    fn behind_object(&self, from: usize) -> usize {
        let path = |at| names::path(self.tokens, self.facts, at).map_or(at, |path| path.next);
        let mut at = path(from);
        while self.tokens.sign(at) == b'[' {
            at = self.tokens.behind(at);
            if self.tokens.sign(at) == b'.' {
                at = path(at + 1);
            }
        }
        at
    }

    fn is_import(&self, at: usize) -> bool {
        matches!(self.tokens.keyword(at), Keyword::Into | Keyword::From)
    }

    /// Whether TABLE is the name of a table, by the clause behind it.
    fn is_named_table(&self, at: usize) -> bool {
        let next = self.tokens.keyword(at + 1);
        next.follows_table() || matches!(next, Keyword::Final | Keyword::Sample | Keyword::Settings)
    }

    /// Whether nothing more belongs to the name or word before.
    fn ends_name(&self, at: usize) -> bool {
        matches!(
            self.tokens.kind(at),
            Kind::End | Kind::Sign(b',' | b')' | b';')
        )
    }

    /// Passes the rows of VALUES, whose commas do not go on with the list of tables.
    fn behind_rows(&mut self, from: usize) -> usize {
        let mut at = from;
        loop {
            at = match self.tokens.kind(at) {
                Kind::Sign(b'(' | b'[' | b'{') => self.enter(at, Place::Expression),
                Kind::Word(Keyword::Row) if self.is_open(at + 1) => at + 1,
                Kind::Word(_) | Kind::Quoted | Kind::End | Kind::Sign(b')' | b';') => return at,
                _ => at + 1,
            };
        }
    }

    /// A path: of a table, or of a function if a bracket follows.
    fn named(&mut self, at: usize) -> usize {
        let Some(path) = names::path(self.tokens, self.facts, at) else {
            return at;
        };
        let behind = path.next;
        if self.is_open(behind) && !self.is_hint(behind) {
            return self.call(at, path);
        }
        if self.is_bare_function(&path) {
            self.note_local(at, path.parts, LocalKind::Function);
            return behind;
        }
        self.note(at, path, Role::Listed);
        behind
    }

    /// `TABLE('a.b')` spells a table, `TABLE(f(x))` calls a function.
    fn table_call(&mut self, at: usize) -> usize {
        let inside = at + 2;
        let is_only = self.tokens.sign(inside + 1) == b')';
        match self.tokens.kind(inside) {
            Kind::Text if is_only && self.facts.identifier => self.spelt(at, Role::Listed),
            Kind::Parameter | Kind::Bind if is_only => self.spelt(at, Role::Listed),
            Kind::Sign(b':' | b'?') => self.spelt(at, Role::Listed),
            _ => {
                self.note_called(inside);
                self.enter(at + 1, Place::Arguments)
            }
        }
    }

    /// The function that is called in the bracket of `TABLE(f(x))`.
    fn note_called(&mut self, at: usize) {
        let path = names::path(self.tokens, self.facts, at);
        if let Some(path) = path.filter(|path| self.is_open(path.next)) {
            self.note_local(at, path.parts, LocalKind::Function);
        }
    }

    /// A table whose name is a string in the bracket behind the word there, or anything else that
    /// cannot be known.
    pub(super) fn spelt(&mut self, at: usize, role: Role) -> usize {
        let inside = at + 2;
        match self.tokens.kind(inside) {
            Kind::Text if self.tokens.sign(inside + 1) == b')' => self.note_spelt(inside, role),
            Kind::Parameter => self.unknown(UnknownKind::Parameter, inside),
            _ => self.unknown(UnknownKind::Dynamic, inside),
        }
        self.tokens.behind(at + 1)
    }

    /// A string that is the name of a table.
    pub(super) fn note_spelt(&mut self, at: usize, role: Role) {
        let string = self.tokens.text(at);
        // A stage, which is a place of files.
        if names::inside_of_string(string).is_some_and(|name| name.starts_with('@')) {
            return;
        }
        let path = names::path_in_string(string, self.tokens.position(at), self.facts);
        self.note(at, path, role);
    }

    /// Whether it is a function that is called without brackets.
    fn is_bare_function(&self, path: &Path<'_>) -> bool {
        let [name] = path.parts.as_slice() else {
            return false;
        };
        let mut functions = self.facts.bare_functions.iter();
        !name.quoted && functions.any(|function| name.text.eq_ignore_ascii_case(function))
    }

    /// Notes the name that a table has in the rest of its query: its alias, else its own.
    fn note_alias(&self, level: &mut Level, table: usize, behind: usize) {
        let is_as = self.tokens.keyword(behind) == Keyword::As;
        let at = behind + usize::from(is_as);
        let is_alias =
            self.tokens.is_name(at) && (is_as || !self.tokens.keyword(at).follows_table());
        let alias = names::path(self.tokens, self.facts, at)
            .filter(|_| is_alias)
            .map(|path| names::key(self.facts, &path.parts));
        if let Some(name) = alias.or_else(|| self.own_name(table, behind)) {
            level.block.aliases.push((name, behind));
        }
    }

    /// The last part of the path that is all of what stands there.
    fn own_name(&self, at: usize, behind: usize) -> Option<String> {
        let path = names::path(self.tokens, self.facts, at)?;
        let name = path.parts.last().filter(|_| path.next == behind)?;
        Some(names::key(self.facts, std::slice::from_ref(name)))
    }

    fn needs_aliases(&self, level: &Level) -> bool {
        self.facts.alias_paths
            || self.facts.tables_after_in
            || matches!(level.verb, Keyword::Update | Keyword::Delete)
    }
}
