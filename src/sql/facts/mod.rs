//! What can differ between dialects; [`rows`] has the facts of each.

mod rows;

use super::keywords::Keyword;

pub(crate) use rows::of;

/// What stands between certain quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quotes {
    /// A name.
    Name,
    /// A string.
    Text,
    /// A string, or a name if the session says so (`ANSI_QUOTES`): so it is guessed by its place.
    TextOrName,
    /// One or more parts of a name, with the dots between them.
    Path,
    /// A name, unless it comes right behind an expression, whose index it is then.
    NameOrIndex,
    /// Not a quote at all.
    Nothing,
}

/// What a backslash is in a string without a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backslash {
    /// A letter like any other.
    Letter,
    /// It makes the next letter a plain one.
    Escape,
    /// One of both, depending on the database.
    Unknown,
}

/// How a string reads that has a prefix, as in `r'…'`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prefixed {
    /// A backslash is an escape.
    Escapes,
    /// A backslash is a letter.
    Raw,
    /// The letter behind the quote ends it, as in `q'[…]'`.
    Delimited,
}

/// When two letters begin a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begins {
    Always,
    /// Only before a blank, as `--` on MySQL.
    BeforeBlank,
    /// Only before a blank or `!`, as `#` on ClickHouse.
    BeforeBlankOrBang,
}

/// Strings between dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dollars {
    Nothing,
    /// `$$…$$`.
    Plain,
    /// `$tag$…$tag$` as well.
    Tagged,
}

/// Which spellings are one name of a CTE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Folding {
    /// All that differ only in case.
    AnyCase,
    /// An unquoted name is in upper case.
    Upper,
    /// An unquoted name is in lower case.
    Lower,
    /// Only equal ones.
    Exact,
}

/// When a CTE is seen in its own body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recursion {
    Always,
    /// Under `WITH RECURSIVE`, where the body has a `UNION`.
    Keyword,
    /// Under `WITH RECURSIVE`, where each CTE sees all others, too.
    KeywordSeesAll,
    /// Where the body has a `UNION`, with RECURSIVE or without it.
    Union,
}

/// Which arguments of a function are tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// All of them, as if the function were not there.
    Tables,
    /// The first one.
    TableFirst,
    /// The one behind the first word.
    TableBehindWord,
    /// The one behind `DATA =`.
    TableOfData,
    /// Their names stand in strings.
    Strings,
}

/// The facts about one dialect.
#[derive(Debug)]
pub(crate) struct Facts {
    /// `"…"`
    pub(crate) double: Quotes,
    /// `` `…` ``
    pub(crate) back: Quotes,
    /// `[…]`
    pub(crate) square: Quotes,
    /// Whether a backslash escapes a letter in a quoted name.
    pub(crate) escapes_in_names: bool,
    pub(crate) backslash: Backslash,
    /// Whether three quotes begin a string that three quotes end.
    pub(crate) triple_quotes: bool,
    /// Words in front of a quote that say how the string reads.
    pub(crate) prefixes: &'static [(&'static str, Prefixed)],
    /// Whether `U&"d\00e5"` is a name.
    pub(crate) unicode_names: bool,
    pub(crate) dollars: Dollars,
    pub(crate) line_comments: &'static [(&'static str, Begins)],
    pub(crate) nested_comments: bool,
    /// Whether `/*! … */` is code.
    pub(crate) code_comments: bool,
    /// Signs with which a word may begin, beside letters and `_`.
    pub(crate) begins_words: &'static str,
    /// Signs that may stand inside a word.
    pub(crate) inside_words: &'static str,
    /// Whether a word may begin with a digit: anywhere, or behind a dot.
    pub(crate) digits_begin_words: bool,
    pub(crate) digits_begin_parts: bool,
    /// Whether the first part of a name may contain dashes.
    pub(crate) dashes: bool,
    /// Whether `[project:dataset.table]` is a name, in a dialect of old that reads almost the same.
    pub(crate) legacy_names: bool,
    /// Whether `@name/path` is a stage.
    pub(crate) stages: bool,
    /// Whether `t@link` is a table of another database.
    pub(crate) links: bool,
    /// Whether `t@v5` is a version of a table.
    pub(crate) versions: bool,
    /// Whether a name of four parts is a table of another server.
    pub(crate) four_parts_are_remote: bool,
    /// Formats of files: `` delta.`/mnt/x` `` is one, and not a table.
    pub(crate) file_formats: &'static [&'static str],
    /// Schemas of what only the session or the query has.
    pub(crate) temporary_schemas: &'static [&'static str],
    /// Signs with which the name of a temporary table or a variable begins.
    pub(crate) temporary_signs: &'static [char],
    pub(crate) folding: Folding,
    pub(crate) recursion: Recursion,
    /// Whether a query may begin with FROM.
    pub(crate) from_first: bool,
    /// Whether `alias: t` may stand in a list of tables.
    pub(crate) alias_first: bool,
    /// Whether `SEL` is SELECT, as on Teradata.
    pub(crate) abbreviates_select: bool,
    /// Whether the path of a name may begin with an alias, which makes it a column.
    pub(crate) alias_paths: bool,
    /// Whether `SELECT … INTO t` makes a table.
    pub(crate) select_into: bool,
    /// Words that may stand before a table in its place.
    pub(crate) leading_words: &'static [Keyword],
    /// Functions that take tables by their name alone.
    pub(crate) table_functions: &'static [(&'static str, Takes)],
    /// Whether `IDENTIFIER('a.b')` is the table `a.b`.
    pub(crate) identifier: bool,
    /// Whether `x IN t` reads the table `t`.
    pub(crate) tables_after_in: bool,
    /// Whether ARRAY JOIN and USING without brackets are followed by lists of columns.
    pub(crate) array_join: bool,
    /// Whether `WITH x AS name` names an expression.
    pub(crate) names_expressions: bool,
    /// Whether `t (NOLOCK)` is a table with a hint.
    pub(crate) bracketed_hints: bool,
    /// Whether `EXEC` begins a statement wherever it stands, and `GO` on a line of its own ends one.
    pub(crate) batches: bool,
    /// Whether an UPDATE or DELETE of a CTE changes the tables behind it.
    pub(crate) changes_ctes: bool,
    /// Whether CALL is for functions that the database has, and reads no tables of its own.
    pub(crate) calls_functions: bool,
    /// Functions that are called without brackets.
    pub(crate) bare_functions: &'static [&'static str],
    /// Whether `$1` in a table's place is the result of the statement before.
    pub(crate) flows: bool,
    /// Whether `DUAL` is not a table but a word.
    pub(crate) dual: bool,
}
