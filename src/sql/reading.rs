//! What is read in a query: tables, names that are none, and what is not known or doubtful.

use std::borrow::Cow;

use crate::model::DoubtKind;

/// What a query says about the tables that it names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading<'a> {
    /// Each mention of a table, in the order of the text.
    pub tables: Vec<TableReference<'a>>,
    /// Names that stand in a table's place, or are declared for one, and are none.
    pub locals: Vec<Local<'a>>,
    /// Tables whose names the query does not say.
    pub unknown: Vec<Unknown>,
    /// Why something else may be read than the database reads.
    pub doubts: Vec<Doubt>,
}

/// One mention of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableReference<'a> {
    /// The parts of its name, the table's own last; one that is left out, as in `a..t`, is empty.
    pub parts: Vec<Part<'a>>,
    /// Where the name begins, in bytes.
    pub position: usize,
    /// What is done with it.
    pub usage: Usage,
    /// The database link, as typed: `hq.example.com` of `t@hq.example.com`.
    pub link: Option<&'a str>,
}

/// A part of a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Part<'a> {
    /// The name without quotes, as it was typed otherwise.
    pub text: Cow<'a, str>,
    /// Whether it stands in quotes, so that its database does not change its case.
    pub quoted: bool,
}

impl Part<'_> {
    /// The part without the text that it was read from.
    pub(super) fn into_owned(self) -> Part<'static> {
        Part {
            text: Cow::Owned(self.text.into_owned()),
            quoted: self.quoted,
        }
    }
}

/// What a query does with a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Usage {
    /// It reads it.
    Read,
    /// It makes or changes it.
    Written,
    /// It reads it from another server or database, over a link.
    Remote,
}

/// A name that is none of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local<'a> {
    /// The parts of the name.
    pub parts: Vec<Part<'a>>,
    /// Where the name begins, in bytes.
    pub position: usize,
    /// What it is.
    pub kind: LocalKind,
}

/// What a name is that is none of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LocalKind {
    /// A query that `WITH` gives a name.
    Cte,
    /// A table that only this session has, or a variable that holds one.
    Temporary,
    /// A function that is called in a table's place.
    Function,
}

/// A table whose name the query does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown {
    /// What stands in the name's place.
    pub kind: UnknownKind,
    /// Where it begins, in bytes.
    pub position: usize,
}

/// What stands in the place of a table's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnknownKind {
    /// A parameter of Tableau.
    Parameter,
    /// A variable, or SQL that is put together when it runs.
    Dynamic,
}

/// Something that makes a reading doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubt {
    /// What it is.
    pub kind: DoubtKind,
    /// Where it begins, in bytes.
    pub position: usize,
}
