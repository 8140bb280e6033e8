//! Statements that change tables: their targets, and the lists that they read.

use super::{Clause, Keyword, Level, Place, Reader, Role};
use crate::sql::names;
use crate::sql::tokens::Kind;

impl Reader<'_, '_> {
    /// Notes the path of a table that is written; returns the piece behind it.
    pub(super) fn target(&mut self, at: usize, role: Role) -> usize {
        let is_spelt = self.facts.identifier
            && self.tokens.keyword(at) == Keyword::Identifier
            && self.is_open(at + 1);
        if is_spelt {
            return self.spelt(at, role);
        }
        let Some(path) = names::path(self.tokens, self.facts, at) else {
            return at;
        };
        let behind = path.next;
        self.note(at, path, role);
        behind
    }

    /// Whether INSERT begins a statement wherever it stands.
    pub(super) fn is_insert_into(&self, at: usize) -> bool {
        matches!(
            self.tokens.keyword(at + 1),
            Keyword::Into | Keyword::Overwrite
        ) || (at > 0 && self.tokens.is_word(at - 1, "BULK"))
    }

    pub(super) fn insert(&mut self, level: &mut Level) -> usize {
        self.understand(level);
        self.end_block(level, level.at);
        let mut at = level.at + 1;
        if self.is_insert_of_several(at) {
            level.clause = Clause::InsertAll;
            return at;
        }
        level.clause = Clause::Start;
        while self.is_before_target(at) {
            at = self.tokens.behind_bracket(at + 1);
        }
        let is_elsewhere = self.tokens.keyword(at) == Keyword::Function
            || self.is_directory(at)
            || (self.tokens.is_word(at, "LOCAL") && self.is_directory(at + 1));
        if is_elsewhere {
            return at + 1;
        }
        let behind = self.target(at, Role::Made);
        if self.is_open(behind) {
            // Its columns, or its query.
            return self.enter(behind, Place::Expression);
        }
        behind
    }

    /// `DIRECTORY '/mnt/x'`, a folder of Spark.
    fn is_directory(&self, at: usize) -> bool {
        self.tokens.is_word(at, "DIRECTORY") && self.tokens.kind(at + 1) == Kind::Text
    }

    /// A target of a statement that may have several.
    pub(super) fn one_of_targets(&mut self, at: usize) -> usize {
        let is_word = self.tokens.keyword(at) == Keyword::Table;
        self.target(at + usize::from(is_word), Role::Made)
    }

    /// `INSERT ALL`, `INSERT FIRST`, `INSERT OVERWRITE ALL`.
    fn is_insert_of_several(&self, at: usize) -> bool {
        let is_overwrite = self.tokens.keyword(at) == Keyword::Overwrite;
        let at = at + usize::from(is_overwrite);
        ["ALL", "FIRST"].iter().any(|word| {
            self.tokens.is_word(at, word)
                && matches!(self.tokens.keyword(at + 1), Keyword::Into | Keyword::When)
        })
    }

    /// Whether a word belongs to INSERT, UPDATE, DELETE or MERGE and not to the table behind.
    fn is_before_target(&self, at: usize) -> bool {
        let words = [
            "OR",
            "ABORT",
            "FAIL",
            "ROLLBACK",
            "LOW_PRIORITY",
            "DELAYED",
            "HIGH_PRIORITY",
            "QUICK",
        ];
        match self.tokens.keyword(at) {
            Keyword::Into
            | Keyword::Overwrite
            | Keyword::Only
            | Keyword::Ignore
            | Keyword::Replace
            | Keyword::Top => true,
            // `INSERT INTO TABLE table` has a table of that name.
            Keyword::Table => {
                self.tokens.keyword_before(at) != Keyword::Table && self.tokens.is_name(at + 1)
            }
            Keyword::Other => {
                let is_word = words.iter().any(|word| self.tokens.is_word(at, word));
                is_word && self.tokens.is_name(at + 1)
            }
            _ => false,
        }
    }

    pub(super) fn update(&mut self, level: &mut Level) -> usize {
        self.begin_change(level, Keyword::Update);
        level.clause = Clause::From;
        let mut at = level.at + 1;
        while self.is_before_target(at) {
            at = self.tokens.behind_bracket(at + 1);
        }
        if self.is_open(at) {
            return self.enter(at, Place::Tables);
        }
        self.target(at, Role::Changed)
    }

    pub(super) fn delete(&mut self, level: &mut Level) -> usize {
        self.begin_change(level, Keyword::Delete);
        level.clause = Clause::Delete;
        let mut at = level.at + 1;
        while self.is_before_target(at) || self.tokens.keyword(at) == Keyword::From {
            at = self.tokens.behind_bracket(at + 1);
        }
        if self.is_open(at) {
            return self.enter(at, Place::Tables);
        }
        self.target(at, Role::Changed)
    }

    fn begin_change(&mut self, level: &mut Level, verb: Keyword) {
        self.understand(level);
        self.end_block(level, level.at);
        level.verb = verb;
    }

    pub(super) fn word_of_delete(&mut self, level: &mut Level, keyword: Keyword) -> usize {
        match keyword {
            Keyword::From | Keyword::Using => self.list(level),
            Keyword::Output => {
                level.clause = Clause::Set;
                level.at + 1
            }
            Keyword::Where | Keyword::Returning => {
                level.clause = Clause::Rest;
                level.at + 1
            }
            _ => level.at + 1,
        }
    }

    pub(super) fn merge(&mut self, level: &mut Level) -> usize {
        self.begin_change(level, Keyword::Merge);
        level.clause = Clause::From;
        let mut at = level.at + 1;
        // `WITH SCHEMA EVOLUTION` of Databricks.
        while self.is_before_target(at) || self.tokens.keyword(at) == Keyword::With {
            let is_with = self.tokens.keyword(at) == Keyword::With;
            at = self.tokens.behind_bracket(at + if is_with { 3 } else { 1 });
        }
        self.target(at, Role::Made)
    }

    /// `COPY t FROM …` writes a table, `COPY t TO …` reads one, `COPY INTO x FROM …` may do both.
    pub(super) fn copy(&mut self, level: &mut Level) -> usize {
        let next = level.at + 1;
        if self.tokens.keyword(next) == Keyword::Into {
            self.understand(level);
            level.clause = Clause::Delete;
            return self.target(next + 1, Role::Made);
        }
        level.clause = Clause::Statement;
        let Some(path) = names::path(self.tokens, self.facts, next) else {
            return next;
        };
        self.understand(level);
        let behind = self.tokens.behind_bracket(path.next);
        let is_from = self.tokens.keyword(behind) == Keyword::From;
        let role = if is_from { Role::Made } else { Role::Listed };
        self.note(next, path, role);
        behind
    }

    pub(super) fn truncate(&mut self, level: &mut Level) -> usize {
        self.understand(level);
        level.clause = Clause::Delete;
        self.one_of_targets(level.at + 1)
    }
}
