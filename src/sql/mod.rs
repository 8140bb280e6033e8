//! Reads which tables a custom SQL query names, without knowing what they are.
//!
//! ```text
//! text ──scan──▶ pieces, brackets paired ──reader──▶ names in a table's place ──scopes──▶ tables
//! ```
//!
//! It is not a parser: only what says where names of tables stand is understood, so that a query is
//! read whatever else is in it. `facts` has a row for each dialect; `scan` cuts the text into pieces;
//! `reader` goes through them, bracket by bracket, and notes which names stand in a table's place and
//! which ones are declared, each for a stretch of the text (`scopes`): CTEs, temporary tables and
//! aliases. At the end, whatever is declared where it is used is not a table.
//!
//! The text is the one that Tableau holds, in which `<` and `>` are doubled and parameters are
//! written `<[Parameters].[Name]>`. What cannot be known is told, never guessed: [`Unknown`], and
//! what makes a whole reading doubtful: [`Doubt`]. Each step is linear in the text, and none is
//! recursive.
//!
//! [`read_columns`] goes on from there, for runs that ask for it: which columns of which table a query
//! names, and of which tables it passes all on.
//!
//! [`join()`] then puts together what Tableau lists for custom SQL and what is read so.

mod columns;
mod facts;
mod join;
mod keywords;
mod names;
mod pieces;
mod reader;
mod reading;
mod scan;
mod scopes;
mod tokens;

pub use self::columns::{ColumnsRead, NamedColumn, PassedOn, read_columns};
pub use self::join::{Options, join};
pub use self::pieces::{Piece, PieceKind, pieces, stores_one_case};
pub use self::reading::{
    Doubt, Local, LocalKind, Part, Reading, TableReference, Unknown, UnknownKind, Usage,
};

use self::reader::Reader;
use self::tokens::Tokens;
use crate::model::{Dialect, DoubtKind};

/// Reads a custom SQL query, as Tableau holds it.
pub fn read(text: &str, dialect: Dialect) -> Reading<'_> {
    if text.len() > tokens::LONGEST {
        let doubts = vec![Doubt {
            kind: DoubtKind::TooLong,
            position: 0,
        }];
        return Reading {
            doubts,
            ..Reading::default()
        };
    }
    let facts = facts::of(dialect);
    let (list, mut doubts) = scan::scan(text, facts);
    let (tokens, unpaired) = Tokens::new(text, list);
    doubts.extend(unpaired.map(|position| Doubt {
        kind: DoubtKind::Unclosed,
        position,
    }));
    Reader::new(&tokens, facts).read(doubts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of tables as typed, with the position of each.
    fn tables(text: &str, dialect: Dialect) -> Vec<(String, usize)> {
        let reading = read(text, dialect);
        let tables = reading.tables.into_iter().map(|table| {
            let parts = table.parts.iter().map(|part| part.text.as_ref());
            (parts.collect::<Vec<_>>().join("."), table.position)
        });
        tables.collect()
    }

    #[track_caller]
    fn check(text: &str, dialect: Dialect, expected: &[&str]) {
        let names = tables(text, dialect).into_iter().map(|(name, _)| name);
        assert_eq!(names.collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn positions_are_those_of_the_text_that_tableau_holds() {
        let text =
            "SELECT 'ä' FROM a WHERE x <<>> <[Parameters].[P]> AND y IN (SELECT z FROM \"b\")";
        let expected = [("a", 17), ("b", 75)].map(|(name, at)| (name.to_owned(), at));
        assert_eq!(tables(text, Dialect::Postgres), expected);
        assert!(text[17..].starts_with("a ") && text[75..].starts_with("\"b\""));
        let spelt = "SELECT * FROM IDENTIFIER('a.b')";
        assert_eq!(tables(spelt, Dialect::Snowflake), [("a.b".to_owned(), 26)]);
    }

    #[test]
    fn names_hold_where_they_are_declared() {
        let text = "WITH a AS (SELECT * FROM a), b AS (SELECT * FROM a JOIN c) SELECT * FROM b, d";
        check(text, Dialect::Postgres, &["a", "c", "d"]);
        check(
            "WITH a AS (SELECT 1) SELECT * FROM a; SELECT * FROM a",
            Dialect::MySql,
            &["a"],
        );
        check(
            "SELECT (SELECT max(p) FROM x.parts) FROM d.t x, x.items",
            Dialect::BigQuery,
            &["d.t"],
        );
        let text = "CREATE TEMP TABLE t AS SELECT * FROM t; SELECT * FROM t, \"T\"";
        check(text, Dialect::Postgres, &["t", "T"]);
    }

    #[test]
    fn what_is_no_table_is_told() {
        let reading = read(
            "WITH a AS (SELECT 1) SELECT * FROM a, #b, f(1)",
            Dialect::SqlServer,
        );
        let locals = reading.locals.iter().map(|local| local.kind);
        assert_eq!(
            locals.collect::<Vec<_>>(),
            [LocalKind::Cte, LocalKind::Temporary, LocalKind::Function]
        );
        assert_eq!(reading.tables, []);
        let reading = read("SELECT * FROM t@x.y", Dialect::Oracle);
        let table = &reading.tables[0];
        assert_eq!((table.usage, table.link), (Usage::Remote, Some("x.y")));
    }

    #[test]
    fn what_cannot_be_known_is_told() {
        let unknown = |text, dialect| {
            let unknown = read(text, dialect).unknown;
            unknown
                .iter()
                .map(|unknown| unknown.kind)
                .collect::<Vec<_>>()
        };
        let parameter = "SELECT * FROM s.t_<[Parameters].[Year]> JOIN <Parameters.T>";
        assert_eq!(
            unknown(parameter, Dialect::Trino),
            [UnknownKind::Parameter; 2]
        );
        assert_eq!(
            unknown("EXEC dbo.p", Dialect::SqlServer),
            [UnknownKind::Dynamic]
        );
        assert_eq!(
            unknown("SELECT * FROM ?", Dialect::MySql),
            [UnknownKind::Dynamic]
        );
        assert_eq!(unknown("SELECT ? FROM t", Dialect::MySql), []);
    }

    #[test]
    fn doubts_are_told() {
        let doubts = |text, dialect| {
            let doubts = read(text, dialect).doubts;
            let told = doubts.iter().map(|doubt| (doubt.kind, doubt.position));
            told.collect::<Vec<_>>()
        };
        assert_eq!(
            doubts("SELECT 'a FROM t", Dialect::Trino),
            [(DoubtKind::Unclosed, 7)]
        );
        assert_eq!(
            doubts("SELECT (1 FROM t", Dialect::Trino),
            [(DoubtKind::Unclosed, 7)]
        );
        assert_eq!(
            doubts("orders", Dialect::Trino),
            [(DoubtKind::NotAQuery, 0)]
        );
        assert_eq!(
            doubts("SELECT 1; orders", Dialect::Trino),
            [(DoubtKind::NotAQuery, 10)]
        );
        assert_eq!(doubts("SET a = 1; SELECT 1", Dialect::Trino), []);
        assert_eq!(
            doubts("SELECT * FROM \"t\"", Dialect::MySql),
            [(DoubtKind::GuessedQuoting, 14)]
        );
        assert_eq!(
            doubts(r"SELECT 'a\' FROM t", Dialect::Generic),
            [(DoubtKind::GuessedQuoting, 9)]
        );
    }

    #[test]
    fn long_and_deep_texts_are_read() {
        let deep = format!("SELECT {} FROM t", "(".repeat(200_000));
        assert_eq!(
            read(&deep, Dialect::Generic).doubts[0].kind,
            DoubtKind::Unclosed
        );
        let deep = format!(
            "SELECT {}1{} FROM t",
            "(".repeat(100_000),
            ")".repeat(100_000)
        );
        check(&deep, Dialect::Snowflake, &["t"]);
        let nested = format!(
            "{} t{}",
            "SELECT * FROM (".repeat(50_000),
            ")".repeat(50_000)
        );
        check(&nested, Dialect::Postgres, &["t"]);
        let flat = format!("SELECT * FROM t WHERE {}", "a = 1 OR ".repeat(100_000));
        check(&flat, Dialect::Oracle, &["t"]);
    }
}
