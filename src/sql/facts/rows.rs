//! The facts about each dialect: one row for each.
//!
//! A row states what differs from [`ANSI`]. The facts are those of the vendors' documentation
//! (lexical structure, SELECT, WITH), most of them tried with the engine or its parser.

use super::{Backslash, Begins, Dollars, Facts, Folding, Prefixed, Quotes, Recursion, Takes};
use crate::model::Dialect;
use crate::sql::keywords::Keyword;

/// What the standard says, or most databases do.
const ANSI: Facts = Facts {
    double: Quotes::Name,
    back: Quotes::Nothing,
    square: Quotes::Nothing,
    escapes_in_names: false,
    backslash: Backslash::Letter,
    triple_quotes: false,
    prefixes: &[],
    unicode_names: false,
    dollars: Dollars::Nothing,
    line_comments: &[("--", Begins::Always)],
    nested_comments: false,
    code_comments: false,
    begins_words: "",
    inside_words: "$",
    digits_begin_words: false,
    digits_begin_parts: false,
    dashes: false,
    legacy_names: false,
    stages: false,
    links: false,
    versions: false,
    four_parts_are_remote: false,
    file_formats: &[],
    temporary_schemas: &[],
    temporary_signs: &[],
    folding: Folding::AnyCase,
    recursion: Recursion::Keyword,
    from_first: false,
    alias_first: false,
    abbreviates_select: false,
    alias_paths: false,
    select_into: false,
    leading_words: &[],
    table_functions: &[],
    identifier: false,
    tables_after_in: false,
    array_join: false,
    names_expressions: false,
    bracketed_hints: false,
    batches: false,
    changes_ctes: false,
    calls_functions: false,
    bare_functions: &[],
    flows: false,
    dual: false,
};

const SNOWFLAKE: Facts = Facts {
    backslash: Backslash::Escape,
    dollars: Dollars::Plain,
    line_comments: &[("--", Begins::Always), ("//", Begins::Always)],
    stages: true,
    folding: Folding::Upper,
    recursion: Recursion::Union,
    identifier: true,
    table_functions: &[("semantic_view", Takes::TableFirst)],
    flows: true,
    ..ANSI
};

const BIGQUERY: Facts = Facts {
    double: Quotes::Text,
    back: Quotes::Path,
    escapes_in_names: true,
    backslash: Backslash::Escape,
    triple_quotes: true,
    // A backslash keeps the quote behind it from ending a raw string, too.
    prefixes: &[
        ("r", Prefixed::Escapes),
        ("b", Prefixed::Escapes),
        ("rb", Prefixed::Escapes),
        ("br", Prefixed::Escapes),
    ],
    line_comments: &[("--", Begins::Always), ("#", Begins::Always)],
    inside_words: "",
    digits_begin_parts: true,
    dashes: true,
    legacy_names: true,
    temporary_schemas: &["_session"],
    recursion: Recursion::KeywordSeesAll,
    from_first: true,
    alias_paths: true,
    ..ANSI
};

const POSTGRES: Facts = Facts {
    prefixes: &[("e", Prefixed::Escapes)],
    unicode_names: true,
    dollars: Dollars::Tagged,
    nested_comments: true,
    temporary_schemas: &["pg_temp"],
    folding: Folding::Lower,
    recursion: Recursion::KeywordSeesAll,
    select_into: true,
    leading_words: &[Keyword::Only],
    bare_functions: &[
        "current_catalog",
        "current_date",
        "current_role",
        "current_schema",
        "current_time",
        "current_timestamp",
        "current_user",
        "localtime",
        "localtimestamp",
        "session_user",
        "system_user",
        "user",
    ],
    ..ANSI
};

const REDSHIFT: Facts = Facts {
    backslash: Backslash::Escape,
    dollars: Dollars::Plain,
    unicode_names: false,
    begins_words: "#",
    temporary_signs: &['#'],
    folding: Folding::AnyCase,
    recursion: Recursion::Keyword,
    alias_paths: true,
    ..POSTGRES
};

const DATABRICKS: Facts = Facts {
    double: Quotes::TextOrName,
    back: Quotes::Name,
    backslash: Backslash::Escape,
    prefixes: &[("r", Prefixed::Raw)],
    nested_comments: true,
    inside_words: "",
    digits_begin_words: true,
    digits_begin_parts: true,
    versions: true,
    file_formats: &[
        "avro",
        "binaryfile",
        "csv",
        "delta",
        "hudi",
        "iceberg",
        "json",
        "orc",
        "parquet",
        "text",
        "xml",
    ],
    temporary_schemas: &["global_temp"],
    from_first: true,
    leading_words: &[Keyword::Stream],
    identifier: true,
    ..ANSI
};

const SQL_SERVER: Facts = Facts {
    square: Quotes::Name,
    nested_comments: true,
    begins_words: "@#",
    inside_words: "@#$",
    four_parts_are_remote: true,
    temporary_signs: &['#', '@'],
    recursion: Recursion::Always,
    changes_ctes: true,
    select_into: true,
    table_functions: &[
        ("changetable", Takes::TableBehindWord),
        ("containstable", Takes::TableFirst),
        ("freetexttable", Takes::TableFirst),
        ("predict", Takes::TableOfData),
    ],
    bracketed_hints: true,
    batches: true,
    ..ANSI
};

const MYSQL: Facts = Facts {
    double: Quotes::TextOrName,
    back: Quotes::Name,
    backslash: Backslash::Escape,
    line_comments: &[("--", Begins::BeforeBlank), ("#", Begins::Always)],
    code_comments: true,
    begins_words: "$",
    digits_begin_words: true,
    digits_begin_parts: true,
    dual: true,
    ..ANSI
};

const ORACLE: Facts = Facts {
    prefixes: &[("q", Prefixed::Delimited), ("nq", Prefixed::Delimited)],
    inside_words: "$#",
    links: true,
    folding: Folding::Upper,
    recursion: Recursion::Union,
    leading_words: &[Keyword::Only],
    table_functions: &[("containers", Takes::Tables), ("shards", Takes::Tables)],
    ..ANSI
};

const TRINO: Facts = Facts {
    back: Quotes::Name,
    // Around the body of a function in Python.
    dollars: Dollars::Plain,
    inside_words: "",
    ..ANSI
};

const CLICKHOUSE: Facts = Facts {
    back: Quotes::Name,
    escapes_in_names: true,
    backslash: Backslash::Escape,
    dollars: Dollars::Tagged,
    line_comments: &[
        ("--", Begins::Always),
        ("//", Begins::Always),
        ("#", Begins::BeforeBlankOrBang),
    ],
    nested_comments: true,
    folding: Folding::Exact,
    from_first: true,
    digits_begin_words: true,
    digits_begin_parts: true,
    tables_after_in: true,
    array_join: true,
    names_expressions: true,
    ..ANSI
};

const DUCKDB: Facts = Facts {
    // Since 2.0; an error before.
    back: Quotes::Name,
    prefixes: &[("e", Prefixed::Escapes)],
    dollars: Dollars::Tagged,
    nested_comments: true,
    // `recurring` has what a CTE with USING KEY found so far.
    temporary_schemas: &["temp", "recurring"],
    from_first: true,
    alias_first: true,
    calls_functions: true,
    table_functions: &[("query_table", Takes::Strings)],
    ..ANSI
};

const GENERIC: Facts = Facts {
    back: Quotes::Name,
    square: Quotes::NameOrIndex,
    backslash: Backslash::Unknown,
    begins_words: "#",
    inside_words: "$#",
    links: true,
    temporary_schemas: &["session"],
    temporary_signs: &['#'],
    recursion: Recursion::Union,
    select_into: true,
    leading_words: &[Keyword::Only],
    abbreviates_select: true,
    bracketed_hints: true,
    dual: true,
    ..ANSI
};

/// The facts about a dialect.
pub(crate) fn of(dialect: Dialect) -> &'static Facts {
    match dialect {
        Dialect::Snowflake => &SNOWFLAKE,
        Dialect::BigQuery => &BIGQUERY,
        Dialect::Redshift => &REDSHIFT,
        Dialect::Postgres => &POSTGRES,
        Dialect::Databricks => &DATABRICKS,
        Dialect::SqlServer => &SQL_SERVER,
        Dialect::MySql => &MYSQL,
        Dialect::Oracle => &ORACLE,
        Dialect::Trino => &TRINO,
        Dialect::ClickHouse => &CLICKHOUSE,
        Dialect::DuckDb => &DUCKDB,
        Dialect::Generic => &GENERIC,
    }
}
