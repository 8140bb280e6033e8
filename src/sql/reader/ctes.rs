//! `WITH`: the names of CTEs, and where they hold.

use std::ops::Range;

use super::{Clause, Keyword, Level, Place, Reader};
use crate::sql::facts::Recursion;
use crate::sql::names;
use crate::sql::reading::LocalKind;
use crate::sql::scopes::Declared;
use crate::sql::tokens::Kind;

/// A CTE: its name, and the bracket of its body.
struct Cte {
    name: usize,
    body: usize,
    inside: Range<usize>,
    behind: usize,
}

impl Reader<'_, '_> {
    /// Whether WITH begins CTEs: where a query may begin, else by what follows.
    pub(super) fn begins_ctes(&self, level: &Level) -> bool {
        let next = level.at + 1;
        let is_recursive = self.tokens.keyword(next) == Keyword::Recursive;
        level.clause == Clause::Start || self.cte(next + usize::from(is_recursive)).is_some()
    }

    /// Reads the CTEs behind WITH; returns the piece behind them, where their query begins.
    pub(super) fn ctes(&mut self, level: &mut Level) -> usize {
        level.clause = Clause::Start;
        let next = level.at + 1;
        let is_recursive = self.tokens.keyword(next) == Keyword::Recursive
            && self.tokens.keyword(next + 1) != Keyword::As;
        let first = next + usize::from(is_recursive);
        let is_routine = matches!(
            self.tokens.keyword(first),
            Keyword::Function | Keyword::Procedure
        );
        if is_routine && !self.is_cte(first) {
            // Its body is full of statements.
            self.is_script = true;
            level.clause = Clause::Statement;
            return first + 1;
        }
        self.list_of_ctes(level.at, first, is_recursive)
    }

    /// Reads the CTEs that begin at a piece, after the one WITH that may make them recursive.
    pub(super) fn list_of_ctes(&mut self, with: usize, first: usize, is_recursive: bool) -> usize {
        let mut at = first;
        loop {
            at = match self.cte(at) {
                Some(cte) => {
                    self.declare(&cte, with, is_recursive);
                    self.behind_search(cte.behind)
                }
                // `XMLNAMESPACES (…)`
                None if self.tokens.sign(at + 1) == b'(' && self.tokens.is_name(at) => {
                    self.enter(at + 1, Place::Expression)
                }
                None if self.facts.names_expressions => self.named_expression(at),
                None => return at,
            };
            let is_more = self.tokens.sign(at) == b','
                && (self.facts.names_expressions || self.cte(at + 1).is_some());
            if !is_more {
                return at;
            }
            at += 1;
        }
    }

    /// The CTE that begins here, by its form: `name [(columns)] … [AS] … (body)`.
    pub(super) fn is_cte(&self, at: usize) -> bool {
        self.cte(at).is_some()
    }

    fn cte(&self, at: usize) -> Option<Cte> {
        let tokens = self.tokens;
        let is_name = tokens.is_name(at)
            || (tokens.kind(at) == Kind::Text && names::is_double_quoted(tokens, self.facts, at));
        if !is_name {
            return None;
        }
        let cte = |body| {
            let (inside, behind) = tokens.bracket(body)?;
            (tokens.sign(body) == b'(').then_some(Cte {
                name: at,
                body,
                inside,
                behind,
            })
        };
        let mut next = at + 1;
        if tokens.sign(next) == b'(' && self.begins_query(next) {
            return cte(next);
        }
        next = self.behind_options(tokens.behind_bracket(next));
        if tokens.keyword(next) != Keyword::As {
            let is_body = tokens.sign(next) == b'(' && self.begins_query(next);
            return is_body.then(|| cte(next)).flatten();
        }
        next += 1;
        while matches!(tokens.keyword(next), Keyword::Not | Keyword::Materialized) {
            next += 1;
        }
        cte(next)
    }

    /// `USING KEY (…)` of DuckDB, `MAX RECURSION LEVEL 10` of Databricks.
    fn behind_options(&self, at: usize) -> usize {
        let tokens = self.tokens;
        if tokens.keyword(at) == Keyword::Using && tokens.keyword(at + 1) == Keyword::Key {
            return tokens.behind_bracket(at + 2);
        }
        if tokens.is_word(at, "MAX") && tokens.is_word(at + 1, "RECURSION") {
            return at + 4;
        }
        at
    }

    /// Declares a CTE from where it can be seen.
    fn declare(&mut self, cte: &Cte, with: usize, is_recursive: bool) {
        let sees_itself = match self.facts.recursion {
            Recursion::Always => true,
            Recursion::Keyword => is_recursive && self.has_union(cte),
            Recursion::KeywordSeesAll => is_recursive,
            Recursion::Union => self.has_union(cte),
        };
        let start = match self.facts.recursion {
            Recursion::KeywordSeesAll if is_recursive => with,
            _ if sees_itself => cte.body,
            _ => cte.behind,
        };
        if let Some(path) = names::path(self.tokens, self.facts, cte.name) {
            let name = names::key(self.facts, &path.parts);
            self.scopes.declare(Declared::Cte, name, start..usize::MAX);
            self.note_local(cte.name, path.parts, LocalKind::Cte);
        }
        self.note_with(cte.name, cte.body);
        let is_nested = self.tokens.sign(cte.body + 1) == b'(';
        let place = if is_nested {
            Place::Query
        } else {
            Place::Expression
        };
        self.enter(cte.body, place);
    }

    /// Whether the body has a UNION that is in no further bracket, but for those it begins with.
    fn has_union(&self, cte: &Cte) -> bool {
        let mut at = cte.inside.start;
        while self.is_open(at) {
            at += 1;
        }
        while at < cte.inside.end {
            if self.tokens.keyword(at) == Keyword::Union {
                return true;
            }
            at = self.tokens.behind(at);
        }
        false
    }

    /// Passes `SEARCH … SET x` and `CYCLE a, b SET c …`, up to the next CTE or the query.
    fn behind_search(&mut self, from: usize) -> usize {
        let tokens = self.tokens;
        let is_search = ["SEARCH", "CYCLE"]
            .iter()
            .any(|word| tokens.is_word(from, word));
        let is_depth = tokens.keyword(from) == Keyword::With && tokens.is_word(from + 1, "DEPTH");
        if !is_search && !is_depth {
            return from;
        }
        let mut at = from + 1;
        loop {
            match tokens.kind(at) {
                Kind::Sign(b',') if self.is_cte(at + 1) => return at,
                Kind::Sign(b'(' | b')' | b';') | Kind::End => return at,
                Kind::Word(
                    Keyword::Select
                    | Keyword::Insert
                    | Keyword::Update
                    | Keyword::Delete
                    | Keyword::Merge
                    | Keyword::From
                    | Keyword::Values
                    | Keyword::Table,
                ) => return at,
                _ => at += 1,
            }
        }
    }

    /// `WITH 1 + 2 AS x` of ClickHouse, where `x` is never a table; returns the piece behind it.
    fn named_expression(&mut self, from: usize) -> usize {
        let mut at = from;
        loop {
            at = match self.tokens.kind(at) {
                Kind::Sign(b'(' | b'[' | b'{') => self.enter(at, Place::Expression),
                Kind::Word(Keyword::As) => self.declare_expression(at + 1),
                Kind::Sign(b',' | b')' | b';')
                | Kind::Word(Keyword::Select | Keyword::From | Keyword::Insert)
                | Kind::End => return at,
                _ => at + 1,
            };
        }
    }

    fn declare_expression(&mut self, at: usize) -> usize {
        let Some(path) = names::path(self.tokens, self.facts, at) else {
            return at;
        };
        let name = names::key(self.facts, &path.parts);
        self.scopes
            .declare(Declared::Alias, name, path.next..usize::MAX);
        path.next
    }
}
