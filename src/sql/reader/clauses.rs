//! Keywords: which clause they begin, and what of it names a table.

use super::{Clause, Keyword, Level, Place, Reader, Role};
use crate::sql::names;
use crate::sql::reading::UnknownKind;
use crate::sql::tokens::Kind;

impl Reader<'_, '_> {
    /// Reads a word; returns the next piece.
    pub(super) fn word(&mut self, level: &mut Level, keyword: Keyword) -> usize {
        let at = level.at;
        match keyword {
            Keyword::Select => self.begin_select(level),
            Keyword::With if self.begins_ctes(level) => self.ctes(level),
            Keyword::Union | Keyword::Except | Keyword::Intersect | Keyword::Minus
                if self.joins_queries(at) =>
            {
                self.end_block(level, at);
                level.clause = Clause::Start;
                at + 1
            }
            Keyword::As => self.behind_as(level),
            Keyword::In if self.facts.tables_after_in => self.behind_in(level),
            Keyword::Exec | Keyword::Execute if self.facts.batches => self.dynamic(level),
            Keyword::Execute if self.tokens.is_word(at + 1, "IMMEDIATE") => self.dynamic(level),
            Keyword::Go if self.facts.batches && self.tokens.is_alone_on_line(at) => {
                self.end_statement(level);
                at + 1
            }
            Keyword::Insert if self.is_insert_into(at) => self.insert(level),
            _ => self.word_of_clause(level, keyword),
        }
    }

    fn word_of_clause(&mut self, level: &mut Level, keyword: Keyword) -> usize {
        match level.clause {
            Clause::Start => self.word_of_start(level, keyword),
            Clause::Select | Clause::Set => self.word_of_columns(level, keyword),
            Clause::From | Clause::Columns | Clause::Rest => self.word_of_list(level, keyword),
            Clause::Delete => self.word_of_delete(level, keyword),
            Clause::Create => self.word_of_create(level, keyword),
            Clause::InsertAll if keyword == Keyword::Into => self.one_of_targets(level.at + 1),
            Clause::Expression if level.place == Place::Arguments => {
                self.word_of_arguments(level, keyword)
            }
            Clause::Statement => self.word_between(level, keyword),
            Clause::InsertAll | Clause::Expression => level.at + 1,
        }
    }

    pub(super) fn begin_select(&mut self, level: &mut Level) -> usize {
        self.end_block(level, level.at);
        self.understand(level);
        level.clause = Clause::Select;
        level.at + 1
    }

    /// Whether a set operator joins two queries: `EXCEPT (a, b)` behind a star does not, and `minus`
    /// may be an alias.
    fn joins_queries(&self, at: usize) -> bool {
        let next = at + 1;
        match self.tokens.keyword(at) {
            Keyword::Except if self.tokens.sign(next) == b'(' => self.opens_query(next),
            Keyword::Minus => {
                let is_all = self.tokens.is_word(next, "ALL");
                let is_distinct = self.tokens.keyword(next) == Keyword::Distinct;
                is_all || is_distinct || self.begins_query(at) || self.opens_query(next)
            }
            _ => true,
        }
    }

    /// Whether the round bracket there holds a query, be it in further brackets.
    fn opens_query(&self, at: usize) -> bool {
        self.tokens.sign(at) == b'(' && (self.begins_query(at) || self.tokens.sign(at + 1) == b'(')
    }

    /// A word of a statement that names no tables; others may be inside.
    fn word_between(&mut self, level: &mut Level, keyword: Keyword) -> usize {
        if matches!(
            keyword,
            Keyword::Begin | Keyword::Do | Keyword::Else | Keyword::Then
        ) {
            level.clause = Clause::Start;
        }
        level.at + 1
    }

    /// What follows AS is a name, unless a query is expected.
    fn behind_as(&mut self, level: &mut Level) -> usize {
        let next = level.at + 1;
        match level.clause {
            Clause::Start => return next,
            Clause::Create | Clause::Statement => {
                level.clause = Clause::Start;
                return next;
            }
            Clause::Select if self.facts.names_expressions => self.note_expression(level, next),
            _ => {}
        }
        next + usize::from(self.tokens.is_name(next))
    }

    /// Notes the alias of an expression in SELECT, which IN may be about.
    fn note_expression(&self, level: &mut Level, at: usize) {
        if let Some(path) = names::path(self.tokens, self.facts, at) {
            let alias = names::key(self.facts, &path.parts);
            let start = level.block.start;
            level.block.aliases.push((alias, start));
        }
    }

    /// `x IN t` of ClickHouse.
    fn behind_in(&mut self, level: &Level) -> usize {
        let next = level.at + 1;
        let is_position = level.place == Place::Expression
            && level.start >= 2
            && self.tokens.is_word(level.start - 2, "POSITION");
        // `in` may be a name itself: `SELECT in FROM t`.
        let is_name = self.tokens.is_name(next)
            && !matches!(
                self.tokens.keyword(next),
                Keyword::From | Keyword::Where | Keyword::In | Keyword::Not
            );
        if is_position || !is_name {
            return next;
        }
        match names::path(self.tokens, self.facts, next) {
            Some(path) if self.tokens.sign(path.next) != b'(' => {
                let behind = path.next;
                self.note(next, path, Role::BehindIn);
                behind
            }
            _ => next,
        }
    }

    /// The columns of SELECT, or those that an UPDATE sets.
    fn word_of_columns(&mut self, level: &mut Level, keyword: Keyword) -> usize {
        let at = level.at;
        match keyword {
            Keyword::From if self.opens_list(at) => self.list(level),
            Keyword::Into if self.makes_table_here(level) => self.into(level),
            Keyword::Where | Keyword::Returning if level.clause == Clause::Set => {
                level.clause = Clause::Rest;
                at + 1
            }
            _ => at + 1,
        }
    }

    /// Whether INTO is followed by a table: that of SELECT, or that of OUTPUT on SQL Server.
    pub(super) fn makes_table_here(&self, level: &Level) -> bool {
        match level.clause {
            Clause::Select => self.facts.select_into,
            _ => self.facts.batches,
        }
    }

    /// Whether FROM begins a list of tables, and is not a part of an operator or a function.
    fn opens_list(&self, at: usize) -> bool {
        let before = |distance: usize| match at.checked_sub(distance) {
            Some(before) => self.tokens.keyword(before),
            None => Keyword::Other,
        };
        let is_distinct = before(1) == Keyword::Distinct
            && (before(2) == Keyword::Is
                || (before(2) == Keyword::Not && before(3) == Keyword::Is));
        !is_distinct
            && before(1) != Keyword::Fill
            && !self.is_nth_value(at)
            && self.may_be_table(at + 1)
    }

    /// Whether a table may stand there; behind a column that is called `from`, none can.
    fn may_be_table(&self, at: usize) -> bool {
        match self.tokens.kind(at) {
            Kind::End | Kind::Number => false,
            Kind::Sign(sign) => b"([{.?&%$:@".contains(&sign),
            _ => true,
        }
    }

    /// `NTH_VALUE(x, 2) FROM FIRST IGNORE NULLS OVER …`
    fn is_nth_value(&self, at: usize) -> bool {
        let tokens = self.tokens;
        let is_any = |at, words: &[&str]| words.iter().any(|word| tokens.is_word(at, word));
        is_any(at + 1, &["FIRST", "LAST"]) && is_any(at + 2, &["IGNORE", "RESPECT", "OVER"])
    }

    /// `FROM`, which opens a list of tables.
    pub(super) fn list(&mut self, level: &mut Level) -> usize {
        self.understand(level);
        level.block.from = Some(level.at);
        level.clause = Clause::From;
        self.table(level, level.at + 1)
    }

    fn word_of_list(&mut self, level: &mut Level, keyword: Keyword) -> usize {
        let at = level.at;
        match keyword {
            Keyword::Join if self.is_array_join(at) => {
                level.clause = Clause::Columns;
                at + 1
            }
            Keyword::Join | Keyword::StraightJoin => self.continue_list(level),
            Keyword::Apply if self.is_apply(at) => self.continue_list(level),
            Keyword::Output if level.verb == Keyword::Merge => {
                level.clause = Clause::Set;
                at + 1
            }
            _ if level.clause == Clause::Rest => at + 1,
            Keyword::Lateral if self.tokens.keyword(at + 1) == Keyword::View => {
                level.clause = Clause::Columns;
                at + 2
            }
            Keyword::Using if self.begins_source(level) => self.list(level),
            Keyword::Using if self.facts.array_join && self.tokens.sign(at + 1) != b'(' => {
                level.clause = Clause::Columns;
                at + 1
            }
            Keyword::Set if level.verb == Keyword::Update => {
                level.clause = Clause::Set;
                at + 1
            }
            Keyword::Use | Keyword::Force | Keyword::Ignore => self.behind_index_hint(at),
            _ => {
                if self.ends_list(level) {
                    level.clause = Clause::Rest;
                }
                at + 1
            }
        }
    }

    fn continue_list(&mut self, level: &mut Level) -> usize {
        level.clause = Clause::From;
        let mut next = level.at + 1;
        // `JOIN BY (TYPE left) t` of DuckDB.
        if self.tokens.keyword(next) == Keyword::By && self.is_open(next + 1) {
            next = self.tokens.behind_bracket(next + 1);
        }
        self.table(level, next)
    }

    /// Whether USING is the one of MERGE, and not that of a join behind it.
    fn begins_source(&self, level: &Level) -> bool {
        level.verb == Keyword::Merge && level.block.from.is_none()
    }

    fn is_array_join(&self, at: usize) -> bool {
        self.facts.array_join && self.tokens.keyword_before(at) == Keyword::Array
    }

    fn is_apply(&self, at: usize) -> bool {
        matches!(
            self.tokens.keyword_before(at),
            Keyword::Cross | Keyword::Outer
        )
    }

    /// Whether a further hint of MySQL is there, behind a comma.
    fn is_index_hint(&self, at: usize) -> bool {
        matches!(
            self.tokens.keyword(at),
            Keyword::Use | Keyword::Force | Keyword::Ignore
        ) && self.behind_index_hint(at) > at + 1
    }

    /// `USE INDEX FOR ORDER BY (a)` of MySQL.
    fn behind_index_hint(&self, at: usize) -> usize {
        let is_hint = matches!(self.tokens.keyword(at + 1), Keyword::Index | Keyword::Key);
        let mut next = at + 1;
        if is_hint {
            next += 1;
            while matches!(self.tokens.kind(next), Kind::Word(_)) {
                next += 1;
            }
            next = self.tokens.behind_bracket(next);
        }
        next
    }

    /// Whether the word at the current piece ends a list of tables.
    fn ends_list(&self, level: &Level) -> bool {
        let at = level.at;
        let next = self.tokens.keyword(at + 1);
        match self.tokens.keyword(at) {
            Keyword::Where
            | Keyword::Prewhere
            | Keyword::Group
            | Keyword::Having
            | Keyword::Order
            | Keyword::Returning
            | Keyword::Into
            | Keyword::Connect => true,
            Keyword::When => level.verb == Keyword::Merge,
            Keyword::On => matches!(next, Keyword::Duplicate | Keyword::Conflict),
            Keyword::Sort | Keyword::Cluster | Keyword::Distribute => next == Keyword::By,
            Keyword::Start => next == Keyword::With,
            Keyword::Option => self.tokens.sign(at + 1) == b'(',
            Keyword::For => self.locks_or_shapes(at + 1),
            Keyword::Limit | Keyword::Qualify | Keyword::Window | Keyword::Fetch => {
                !self.is_alias(at) && !self.is_column(at)
            }
            Keyword::Settings => self.facts.array_join && !self.is_alias(at) && !self.is_column(at),
            _ => false,
        }
    }

    /// Whether the word there ends a list of tables even behind a comma, which some databases allow
    /// at the end of a list.
    fn surely_ends_list(&self, at: usize) -> bool {
        match self.tokens.keyword(at) {
            Keyword::Where
            | Keyword::Having
            | Keyword::Union
            | Keyword::Except
            | Keyword::Intersect => true,
            Keyword::Group | Keyword::Order => self.tokens.keyword(at + 1) == Keyword::By,
            Keyword::Limit => self.tokens.kind(at + 1) == Kind::Number,
            Keyword::Qualify => self.tokens.is_name(at + 1) && self.is_open(at + 2),
            Keyword::Window => self.tokens.keyword(at + 2) == Keyword::As && self.is_open(at + 3),
            _ => false,
        }
    }

    /// What follows FOR where it is not a time or a version of a table.
    fn locks_or_shapes(&self, at: usize) -> bool {
        let words = [
            "UPDATE", "SHARE", "NO", "KEY", "XML", "JSON", "BROWSE", "READ", "FETCH",
        ];
        words.iter().any(|word| self.tokens.is_word(at, word))
    }

    /// Whether a word that may begin a clause is a column in a condition, by the operator behind it.
    fn is_column(&self, at: usize) -> bool {
        let operators = b"=<>!.+*/%|";
        operators.contains(&self.tokens.sign(at + 1))
    }

    /// Whether a word that may begin a clause is the alias of a table.
    fn is_alias(&self, at: usize) -> bool {
        if self.tokens.keyword_before(at) == Keyword::With {
            return true;
        }
        match self.tokens.kind(at + 1) {
            Kind::Sign(b',' | b')' | b';') | Kind::End => true,
            Kind::Word(next) => next.follows_table(),
            _ => false,
        }
    }

    /// `,`, which goes on with a list of tables or of targets.
    pub(super) fn comma(&mut self, level: &mut Level) -> usize {
        let next = level.at + 1;
        match level.clause {
            Clause::From if self.is_index_hint(next) => next,
            Clause::From if self.surely_ends_list(next) => next,
            Clause::From => self.table(level, next),
            Clause::Delete => self.target(next, Role::Changed),
            _ => next,
        }
    }

    pub(super) fn is_pipe(&self, at: usize) -> bool {
        self.facts.from_first && self.tokens.sign(at + 1) == b'>' && self.tokens.touches(at + 1)
    }

    /// `|>`, which begins an operator over the table so far.
    pub(super) fn pipe(&mut self, level: &mut Level) -> usize {
        level.clause = Clause::Rest;
        let next = level.at + 2;
        if self.tokens.keyword(next) == Keyword::Call {
            return self.table(level, next + 1);
        }
        next
    }

    /// SQL that is put together when it runs.
    pub(super) fn dynamic(&mut self, level: &mut Level) -> usize {
        level.clause = Clause::Statement;
        self.unknown(UnknownKind::Dynamic, level.at);
        level.at + 1
    }
}
