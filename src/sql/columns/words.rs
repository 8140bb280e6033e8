//! Words that stand where columns may stand, and are none.

/// Words that no database takes for a column without quotes.
const RESERVED: &[&str] = &[
    "ALL",
    "AND",
    "ANY",
    "AS",
    "ASC",
    "BETWEEN",
    "BY",
    "CASE",
    "CAST",
    "COLLATE",
    "CROSS",
    "DESC",
    "DISTINCT",
    "ELSE",
    "END",
    "EXCEPT",
    "EXISTS",
    "FALSE",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "IN",
    "INNER",
    "INTERSECT",
    "INTO",
    "IS",
    "JOIN",
    "LATERAL",
    "LEFT",
    "LIKE",
    "LIMIT",
    "NATURAL",
    "NOT",
    "NULL",
    "ON",
    "OR",
    "ORDER",
    "OUTER",
    "OVER",
    "RIGHT",
    "SELECT",
    "SOME",
    "THEN",
    "TRUE",
    "UNION",
    "UNIQUE",
    "USING",
    "WHEN",
    "WHERE",
    "WITH",
    "CURRENT_DATE",
    "CURRENT_TIMESTAMP",
    "CURRENT_TIME",
    "CURRENT_USER",
    "SESSION_USER",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "ILIKE",
    "QUALIFY",
];

/// Words with a meaning in some place that are columns in others: so such a word may be a column.
const SOFT: &[&str] = &[
    "ANTI",
    "APPLY",
    "AT",
    "CENTURY",
    "CURRENT",
    "DATE",
    "DATETIME",
    "DAY",
    "DAYOFWEEK",
    "DAYOFYEAR",
    "DECADE",
    "DIV",
    "DOW",
    "DOY",
    "EPOCH",
    "ESCAPE",
    "EXCLUDE",
    "FETCH",
    "FILTER",
    "FIRST",
    "FOLLOWING",
    "FOR",
    "GLOB",
    "GROUPS",
    "HOUR",
    "IGNORE",
    "INTERVAL",
    "ISOWEEK",
    "ISOYEAR",
    "LAST",
    "MATCH",
    "MICROSECOND",
    "MILLISECOND",
    "MINUTE",
    "MOD",
    "MONTH",
    "NANOSECOND",
    "NEXT",
    "NULLS",
    "OFFSET",
    "ONLY",
    "OVERLAPS",
    "PARTITION",
    "PERCENT",
    "PRECEDING",
    "PRECISION",
    "PRIOR",
    "QUARTER",
    "RANGE",
    "RECURSIVE",
    "REGEXP",
    "RENAME",
    "REPLACE",
    "RESPECT",
    "RLIKE",
    "ROLLUP",
    "ROW",
    "ROWS",
    "SAMPLE",
    "SECOND",
    "SEMI",
    "SEPARATOR",
    "SETS",
    "SIMILAR",
    "TIES",
    "TIME",
    "TIMESTAMP",
    "TO",
    "TOP",
    "UNBOUNDED",
    "VARYING",
    "WEEK",
    "WINDOW",
    "WITHIN",
    "XOR",
    "YEAR",
    "ZONE",
];

/// What a word without quotes may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    Column,
    /// It may be a column, or a word of the language.
    Either,
    /// It is a word of the language.
    Keyword,
}

pub(super) fn sense(word: &str) -> Sense {
    let is_in = |words: &[&str]| words.iter().any(|one| one.eq_ignore_ascii_case(word));
    if is_in(RESERVED) {
        Sense::Keyword
    } else if is_in(SOFT) {
        Sense::Either
    } else {
        Sense::Column
    }
}

/// Words at which a query is not read further here: what they make of columns is another matter.
const SHAPES: &[&str] = &["PIVOT", "UNPIVOT", "MATCH_RECOGNIZE", "NATURAL"];

/// Whether the word makes other columns of those of tables.
pub(super) fn makes_others(word: &str) -> bool {
    SHAPES.iter().any(|one| one.eq_ignore_ascii_case(word))
}
