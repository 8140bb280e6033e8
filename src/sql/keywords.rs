//! The words that steer the reading of a query.
//!
//! Only these are told apart; every other word is a name, or of no interest.

/// Declares the keywords, in the order of their spelling.
macro_rules! keywords {
    ($($name:ident = $text:literal,)*) => {
        /// A keyword; [`Keyword::Other`] is any other word, or no word at all.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Keyword {
            $($name,)*
            Other,
        }

        const KEYWORDS: &[(&str, Keyword)] = &[$(($text, Keyword::$name),)*];
    };
}

keywords! {
    Anti = "ANTI",
    Any = "ANY",
    Apply = "APPLY",
    Array = "ARRAY",
    As = "AS",
    Asof = "ASOF",
    Begin = "BEGIN",
    By = "BY",
    Cache = "CACHE",
    Call = "CALL",
    Clone = "CLONE",
    Cluster = "CLUSTER",
    Conflict = "CONFLICT",
    Connect = "CONNECT",
    Copy = "COPY",
    Create = "CREATE",
    Cross = "CROSS",
    Delete = "DELETE",
    Describe = "DESCRIBE",
    Distinct = "DISTINCT",
    Distribute = "DISTRIBUTE",
    Do = "DO",
    Duplicate = "DUPLICATE",
    Else = "ELSE",
    Except = "EXCEPT",
    Exec = "EXEC",
    Execute = "EXECUTE",
    Exists = "EXISTS",
    Explain = "EXPLAIN",
    Fetch = "FETCH",
    Fill = "FILL",
    Final = "FINAL",
    For = "FOR",
    Force = "FORCE",
    From = "FROM",
    Full = "FULL",
    Function = "FUNCTION",
    Global = "GLOBAL",
    Go = "GO",
    Group = "GROUP",
    Having = "HAVING",
    Identifier = "IDENTIFIER",
    If = "IF",
    Ignore = "IGNORE",
    In = "IN",
    Index = "INDEX",
    Infile = "INFILE",
    Inner = "INNER",
    Insert = "INSERT",
    Intersect = "INTERSECT",
    Into = "INTO",
    Is = "IS",
    Join = "JOIN",
    Key = "KEY",
    Lateral = "LATERAL",
    Left = "LEFT",
    Limit = "LIMIT",
    Materialized = "MATERIALIZED",
    Merge = "MERGE",
    Minus = "MINUS",
    Natural = "NATURAL",
    New = "NEW",
    Not = "NOT",
    NthValue = "NTH_VALUE",
    Offset = "OFFSET",
    Old = "OLD",
    On = "ON",
    Only = "ONLY",
    Open = "OPEN",
    Option = "OPTION",
    Order = "ORDER",
    Outer = "OUTER",
    Output = "OUTPUT",
    Overwrite = "OVERWRITE",
    Partition = "PARTITION",
    Pivot = "PIVOT",
    PivotLonger = "PIVOT_LONGER",
    PivotWider = "PIVOT_WIDER",
    Prepare = "PREPARE",
    Prewhere = "PREWHERE",
    Procedure = "PROCEDURE",
    Qualify = "QUALIFY",
    Recursive = "RECURSIVE",
    Replace = "REPLACE",
    Returning = "RETURNING",
    Right = "RIGHT",
    Row = "ROW",
    Rows = "ROWS",
    Sample = "SAMPLE",
    Sel = "SEL",
    Select = "SELECT",
    Semi = "SEMI",
    Set = "SET",
    Settings = "SETTINGS",
    Sort = "SORT",
    Start = "START",
    StraightJoin = "STRAIGHT_JOIN",
    Stream = "STREAM",
    Summarize = "SUMMARIZE",
    Table = "TABLE",
    TableSample = "TABLESAMPLE",
    Temp = "TEMP",
    Temporary = "TEMPORARY",
    Then = "THEN",
    Top = "TOP",
    Truncate = "TRUNCATE",
    Union = "UNION",
    Unpivot = "UNPIVOT",
    Update = "UPDATE",
    Use = "USE",
    Using = "USING",
    Values = "VALUES",
    View = "VIEW",
    Volatile = "VOLATILE",
    When = "WHEN",
    Where = "WHERE",
    Window = "WINDOW",
    With = "WITH",
}

/// The longest keyword, in letters.
const LONGEST: usize = 13;

impl Keyword {
    /// The keyword that this word is, in any case.
    pub(super) fn of(word: &str) -> Self {
        let mut upper = [0; LONGEST];
        let Some(upper) = upper.get_mut(..word.len()) else {
            return Self::Other;
        };
        upper.copy_from_slice(word.as_bytes());
        upper.make_ascii_uppercase();
        KEYWORDS
            .binary_search_by(|(text, _)| text.as_bytes().cmp(upper))
            .map_or(Self::Other, |found| KEYWORDS[found].1)
    }

    /// Whether it may stand right behind a table, where an alias may stand as well.
    pub(super) fn follows_table(self) -> bool {
        use Keyword as K;
        matches!(
            self,
            K::Anti
                | K::Any
                | K::Array
                | K::As
                | K::Asof
                | K::Connect
                | K::Cross
                | K::Except
                | K::Fetch
                | K::For
                | K::From
                | K::Full
                | K::Global
                | K::Group
                | K::Having
                | K::Inner
                | K::Insert
                | K::Intersect
                | K::Into
                | K::Join
                | K::Lateral
                | K::Left
                | K::Limit
                | K::Minus
                | K::Natural
                | K::Offset
                | K::On
                | K::Option
                | K::Order
                | K::Output
                | K::Pivot
                | K::Prewhere
                | K::Qualify
                | K::Returning
                | K::Right
                | K::Select
                | K::Semi
                | K::Set
                | K::TableSample
                | K::Union
                | K::Unpivot
                | K::Using
                | K::Values
                | K::When
                | K::Where
                | K::Window
                | K::With
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_sorted_and_found_in_any_case() {
        assert!(KEYWORDS.is_sorted_by(|a, b| a.0 < b.0));
        let longest = KEYWORDS.iter().map(|(text, _)| text.len()).max();
        assert_eq!(longest, Some(LONGEST));
        assert_eq!(Keyword::of("Straight_Join"), Keyword::StraightJoin);
        assert_eq!(Keyword::of("selection"), Keyword::Other);
        assert_eq!(Keyword::of("a_very_long_name_of_a_table"), Keyword::Other);
        assert_eq!(Keyword::of("größe"), Keyword::Other);
    }
}
