//! What is known while a query is read: where, in which clause, and what was found so far.

use std::ops::Range;

use crate::sql::facts::Facts;
use crate::sql::keywords::Keyword;
use crate::sql::names;
use crate::sql::reading::{Part, TableReference};
use crate::sql::scopes::{Declared, Stretches};

/// A stretch of the text that is read on its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Region {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) place: Place,
}

impl Region {
    /// The whole text.
    pub(super) fn whole(to: usize) -> Self {
        Self {
            from: 0,
            to,
            place: Place::Text,
        }
    }
}

/// Where a region stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the text: statements.
    Text,
    /// A query is in its bracket.
    Query,
    /// Its bracket stands in a table's place, and may hold a list of tables.
    Tables,
    /// It is the arguments of a function in a table's place, which may be tables.
    Arguments,
    /// Anything else.
    Expression,
}

impl Place {
    /// Whether a query may begin at its beginning.
    pub(super) fn is_of_query(self) -> bool {
        matches!(self, Self::Text | Self::Query)
    }

    /// How a region begins that is in this place.
    pub(super) fn clause(self) -> Clause {
        match self {
            Self::Text | Self::Query => Clause::Start,
            Self::Tables => Clause::From,
            Self::Arguments | Self::Expression => Clause::Expression,
        }
    }
}

/// A name in a table's place, before it is known what it stands for.
pub(super) struct Found<'a> {
    pub(super) at: usize,
    pub(super) role: Role,
    pub(super) table: TableReference<'a>,
}

/// Where a name stands that may be one of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// In a list of tables.
    Listed,
    /// Behind IN, where columns may stand as well.
    BehindIn,
    /// As the target of INSERT, CREATE or the like.
    Made,
    /// As the target of UPDATE or DELETE, which may be the alias of a table.
    Changed,
}

/// Which part of a statement is being read, as far as it matters to tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clause {
    /// A statement or a query may begin.
    Start,
    /// The columns of a SELECT; FROM opens a list.
    Select,
    /// A list of tables, which commas and joins continue.
    From,
    /// Columns inside a list of tables, which commas separate; joins continue the list.
    Columns,
    /// Conditions, orders and the like.
    Rest,
    /// The columns that an UPDATE sets; FROM opens a list.
    Set,
    /// The targets of a DELETE; FROM and USING open a list.
    Delete,
    /// What is created, up to its query.
    Create,
    /// The targets of an INSERT of several, up to its query.
    InsertAll,
    /// A statement that names no tables itself; others may be inside.
    Statement,
    /// An expression.
    Expression,
}

/// A region while it is read.
pub(super) struct Level {
    pub(super) at: usize,
    pub(super) to: usize,
    pub(super) place: Place,
    pub(super) clause: Clause,
    /// The keyword that the statement begins with, if it changes a table.
    pub(super) verb: Keyword,
    /// Where the region begins.
    pub(super) region: usize,
    /// Where the statement begins, and how many names were declared before.
    pub(super) start: usize,
    pub(super) names_before: usize,
    /// Where it begins if its first word is not understood, and nothing behind it is so far.
    pub(super) stray: Option<usize>,
    pub(super) block: Block,
    /// The name of a temporary table that exists once the statement has ended.
    pub(super) temporary: Option<String>,
}

/// A SELECT with its aliases.
#[derive(Default)]
pub(super) struct Block {
    pub(super) start: usize,
    pub(super) from: Option<usize>,
    /// Queries in its list of tables, which do not see its aliases.
    pub(super) queries: Vec<Range<usize>>,
    /// Each alias, and the piece behind the table that it stands for.
    pub(super) aliases: Vec<(String, usize)>,
}

impl Found<'_> {
    /// Whether it is a table, and not what a name is declared for.
    pub(super) fn is_table(&self, stretches: &Stretches, facts: &Facts) -> bool {
        let parts = &self.table.parts;
        let is = |kind, parts: &[Part<'_>]| stretches.hold(kind, names::key(facts, parts), self.at);
        let is_cte = || is(Declared::Cte, parts);
        let is_local = match self.role {
            Role::Listed => {
                let is_path = facts.alias_paths && parts.len() > 1;
                is_cte() || (is_path && is(Declared::Alias, &parts[..1]))
            }
            Role::BehindIn => is_cte() || is(Declared::Alias, &parts[..1]),
            Role::Made => facts.changes_ctes && is_cte(),
            Role::Changed => {
                let is_alias = parts.len() == 1 && is(Declared::Alias, parts);
                is_alias || (facts.changes_ctes && is_cte())
            }
        };
        !is_local && !is(Declared::Temporary, parts)
    }
}

impl Level {
    pub(super) fn new(region: Region, names_before: usize) -> Self {
        Self {
            at: region.from,
            to: region.to,
            place: region.place,
            clause: region.place.clause(),
            verb: Keyword::Other,
            region: region.from,
            start: region.from,
            names_before,
            stray: None,
            block: Block::starting(region.from),
            temporary: None,
        }
    }

    /// Whether the piece is the first one of a statement of the text.
    pub(super) fn is_first(&self) -> bool {
        self.at == self.start && self.place == Place::Text
    }
}

/// A block with more pairs of an alias and a query is read as if each saw each other.
const MOST_PAIRS: usize = 10_000;

impl Block {
    pub(super) fn starting(start: usize) -> Self {
        Self {
            start,
            ..Self::default()
        }
    }

    /// Each alias with the stretches in which it holds: before the list, and behind its own table,
    /// but for the queries of the list.
    pub(super) fn stretches(self, end: usize) -> Vec<(String, Range<usize>)> {
        let from = self.from.unwrap_or(self.start);
        let is_usual = self.aliases.len() * self.queries.len() <= MOST_PAIRS;
        let mut stretches = Vec::new();
        for (alias, behind) in self.aliases {
            stretches.push((alias.clone(), self.start..from));
            let mut start = behind;
            for query in self.queries.iter().filter(|_| is_usual) {
                if query.start >= start {
                    stretches.push((alias.clone(), start..query.start));
                    start = query.end;
                }
            }
            stretches.push((alias, start..end));
        }
        stretches
    }
}
