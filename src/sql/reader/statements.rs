//! Statements: what they begin with, and the tables that they write.

use super::{Clause, Keyword, Level, Place, Reader, Role};
use crate::sql::names::{self, Sense};
use crate::sql::scopes::Declared;
use crate::sql::tokens::Kind;

/// First words of statements that read no tables and stand between those that do.
const HARMLESS: &[&str] = &[
    "ABORT",
    "ADD",
    "ALTER",
    "ANALYZE",
    "ASSERT",
    "ATTACH",
    "BACKUP",
    "BREAK",
    "CHECKPOINT",
    "CLOSE",
    "CLUSTER",
    "COMMIT",
    "CONTINUE",
    "DEALLOCATE",
    "DECLARE",
    "DELIMITER",
    "DESC",
    "DESCRIBE",
    "DETACH",
    "DISCARD",
    "DROP",
    "ELSEIF",
    "ELSIF",
    "END",
    "EXCEPTION",
    "EXCHANGE",
    "EXIT",
    "EXPORT",
    "FETCH",
    "FLUSH",
    "FOR",
    "GET",
    "IF",
    "INSTALL",
    "ITERATE",
    "KILL",
    "LEAVE",
    "LET",
    "LIST",
    "LISTEN",
    "LOCK",
    "LOCKING",
    "LOOP",
    "MOVE",
    "MSCK",
    "NOTIFY",
    "NULL",
    "OPEN",
    "OPTIMIZE",
    "PRAGMA",
    "PREPARE",
    "PRINT",
    "PUT",
    "RAISE",
    "RAISERROR",
    "REFRESH",
    "REINDEX",
    "RELEASE",
    "REMOVE",
    "RENAME",
    "REPEAT",
    "RESET",
    "RESUME",
    "RETURN",
    "ROLLBACK",
    "SAVE",
    "SAVEPOINT",
    "SET",
    "SHOW",
    "SIGNAL",
    "START",
    "SUSPEND",
    "THROW",
    "UNCACHE",
    "UNDROP",
    "UNLISTEN",
    "UNLOAD",
    "UNSET",
    "USE",
    "VACUUM",
    "WAITFOR",
    "WHILE",
];

/// First words of statements in which SELECT is a right, or in which nothing is a query.
const CLOSED: &[&str] = &["COMMENT", "DENY", "GRANT", "REVOKE"];

impl Reader<'_, '_> {
    /// A word where a statement or a query may begin.
    pub(super) fn word_of_start(&mut self, level: &mut Level, keyword: Keyword) -> usize {
        let at = level.at;
        let next = at + 1;
        match keyword {
            Keyword::Sel if self.facts.abbreviates_select => self.begin_select(level),
            Keyword::From if self.tokens.keyword(next) != Keyword::Infile => self.list(level),
            Keyword::Table if self.is_query_word(next) => next,
            Keyword::Table if self.names_table(at) => self.only_table(level),
            Keyword::Values => {
                self.understand(level);
                level.clause = Clause::Rest;
                next
            }
            Keyword::Insert => self.insert(level),
            Keyword::Replace if self.tokens.keyword(next) == Keyword::Into => self.insert(level),
            // `ON DUPLICATE KEY UPDATE`
            Keyword::Update if self.tokens.keyword_before(at) == Keyword::Key => next,
            Keyword::Update => self.update(level),
            Keyword::Delete => self.delete(level),
            Keyword::Merge => self.merge(level),
            Keyword::Create => self.create(level),
            Keyword::Copy => self.copy(level),
            Keyword::Truncate => self.truncate(level),
            Keyword::Into if self.facts.batches => self.into(level),
            Keyword::Cache => self.cache(level),
            Keyword::Call if self.facts.calls_functions => self.pass_statement(level),
            Keyword::Execute if self.is_prepared(next) => self.pass_statement(level),
            Keyword::Call | Keyword::Exec | Keyword::Execute => self.dynamic(level),
            Keyword::Do if self.does_text(next) => self.dynamic(level),
            Keyword::Prepare => self.prepare(level),
            Keyword::Open if self.opens_text(at) => self.dynamic(level),
            Keyword::Begin | Keyword::Then | Keyword::Else | Keyword::Explain => {
                self.is_script |= keyword == Keyword::Begin;
                next
            }
            Keyword::Describe if self.is_query_word(next) => next,
            Keyword::Describe if level.place == Place::Query => self.only_table(level),
            _ if self.makes_table(keyword) => self.only_table(level),
            Keyword::Other if self.is_cte(at) => self.list_of_ctes(at, at, false),
            _ if level.is_first() => self.other_statement(level),
            _ => next,
        }
    }

    /// A query that is about one table alone: `TABLE t`, `PIVOT t ON …`, `SUMMARIZE t`.
    fn only_table(&mut self, level: &mut Level) -> usize {
        self.understand(level);
        let behind = self.table(level, level.at + 1);
        if level.clause == Clause::Start && behind > level.at + 1 {
            level.clause = Clause::Rest;
        }
        behind
    }

    fn other_statement(&mut self, level: &mut Level) -> usize {
        let at = level.at;
        if CLOSED.iter().any(|word| self.tokens.is_word(at, word)) {
            return self.end_of_statement(level);
        }
        if self.tokens.is_word(at, "LOAD") {
            self.understand(level);
            level.clause = Clause::InsertAll;
            return at + 1;
        }
        let is_harmless = HARMLESS.iter().any(|word| self.tokens.is_word(at, word));
        if !is_harmless {
            level.stray = Some(at);
        }
        self.is_script |= self.tokens.is_word(at, "DECLARE");
        self.pass_statement(level)
    }

    /// Where the statement ends.
    fn end_of_statement(&self, level: &Level) -> usize {
        let mut at = level.at;
        while at < level.to && self.tokens.sign(at) != b';' {
            at = self.tokens.behind(at);
        }
        at
    }

    /// `DO $$ … $$` of Postgres.
    fn does_text(&self, at: usize) -> bool {
        self.tokens.kind(at) == Kind::Text || self.tokens.is_word(at, "LANGUAGE")
    }

    /// Passes a statement that names no tables.
    fn pass_statement(&self, level: &mut Level) -> usize {
        level.clause = Clause::Statement;
        level.at + 1
    }

    /// `CREATE … TABLE t` or `VIEW`, with what follows up to its query.
    fn create(&mut self, level: &mut Level) -> usize {
        let mut at = level.at + 1;
        let mut is_temporary = false;
        let mut is_recursive = false;
        loop {
            match self.tokens.kind(at) {
                Kind::Word(Keyword::Recursive) => is_recursive = true,
                Kind::Word(Keyword::Temp | Keyword::Temporary | Keyword::Volatile) => {
                    is_temporary = true;
                }
                Kind::Word(Keyword::Table | Keyword::View)
                    if self.tokens.keyword(at + 1) != Keyword::Function =>
                {
                    break;
                }
                Kind::Word(
                    Keyword::Function
                    | Keyword::Procedure
                    | Keyword::As
                    | Keyword::For
                    | Keyword::On,
                )
                | Kind::Sign(b'(' | b';')
                | Kind::End => return self.create_other(level, at),
                _ => {}
            }
            at += 1;
        }
        self.understand(level);
        level.clause = Clause::Create;
        let name = self.behind_if_not_exists(at + 1);
        let behind = self.make(level, name, is_temporary);
        if is_recursive {
            self.declare_view(name, behind);
        }
        behind
    }

    /// A recursive view sees itself, as a CTE does.
    fn declare_view(&mut self, name: usize, behind: usize) {
        if let Some(path) = names::path(self.tokens, self.facts, name) {
            let name = names::key(self.facts, &path.parts);
            self.scopes.declare(Declared::Cte, name, behind..usize::MAX);
        }
    }

    /// What is created is no table; a query may be inside.
    fn create_other(&mut self, level: &mut Level, at: usize) -> usize {
        level.clause = Clause::Statement;
        at
    }

    fn behind_if_not_exists(&self, at: usize) -> usize {
        let is_if = self.tokens.keyword(at) == Keyword::If
            && self.tokens.keyword(at + 2) == Keyword::Exists;
        at + if is_if { 3 } else { 0 }
    }

    /// Notes a table that a statement makes.
    fn make(&mut self, level: &mut Level, at: usize, is_temporary: bool) -> usize {
        let Some(path) = names::path(self.tokens, self.facts, at) else {
            return at;
        };
        let behind = path.next;
        if is_temporary && path.sense == Sense::Relation {
            level.temporary = Some(names::key(self.facts, &path.parts));
            let sense = Sense::Temporary;
            self.note(at, names::Path { sense, ..path }, Role::Made);
        } else {
            self.note(at, path, Role::Made);
        }
        behind
    }

    /// `CACHE TABLE t AS SELECT …` of Spark.
    fn cache(&mut self, level: &mut Level) -> usize {
        level.clause = Clause::Create;
        let mut at = level.at + 1;
        at += usize::from(self.tokens.is_word(at, "LAZY"));
        at += usize::from(self.tokens.keyword(at) == Keyword::Table);
        self.make(level, at, true)
    }

    pub(super) fn word_of_create(&mut self, level: &mut Level, keyword: Keyword) -> usize {
        let next = level.at + 1;
        match keyword {
            Keyword::Clone | Keyword::Copy
                if self.tokens.is_name(next) && !self.tokens.is_word(next, "GRANTS") =>
            {
                self.table(level, next)
            }
            _ => next,
        }
    }

    /// `SELECT … INTO t`.
    pub(super) fn into(&mut self, level: &mut Level) -> usize {
        let mut at = level.at + 1;
        let mut is_temporary = false;
        loop {
            match self.tokens.keyword(at) {
                Keyword::Temp | Keyword::Temporary => is_temporary = true,
                Keyword::Table => {}
                _ if self.tokens.is_word(at, "UNLOGGED") => {}
                _ => return self.make(level, at, is_temporary),
            }
            at += 1;
        }
    }

    /// `PREPARE name AS SELECT …`; what is prepared from a string is not known.
    fn prepare(&mut self, level: &mut Level) -> usize {
        let name = level.at + 1;
        let is_from = self.tokens.keyword(name + 1) == Keyword::From;
        let begins = matches!(self.tokens.kind(name + 2), Kind::Word(_) | Kind::Sign(b'('));
        if is_from && !begins {
            return self.dynamic(level);
        }
        self.prepared.insert(self.tokens.text(name).to_lowercase());
        level.clause = if is_from {
            Clause::Start
        } else {
            Clause::Statement
        };
        name + 1 + usize::from(is_from)
    }

    fn is_prepared(&self, at: usize) -> bool {
        self.prepared.contains(&self.tokens.text(at).to_lowercase())
    }

    /// `OPEN cursor FOR text`, where no query follows.
    fn opens_text(&self, at: usize) -> bool {
        self.tokens.keyword(at + 2) == Keyword::For && !self.is_query_word(at + 3)
    }
}
