//! Custom SQL: queries that somebody typed into Tableau.

use std::borrow::Cow;
use std::fmt;

use super::connection::ConnectionType;
use super::index::{ObjectKey, TableIx};

/// Custom SQL of which the export shows the query.
#[derive(Debug, Clone)]
pub struct CustomSql<'a> {
    /// Its name, often the one that Tableau gives to all custom SQL; else an id of it.
    pub name: Cow<'a, str>,
    /// The connection over which it runs.
    pub connection: ConnectionType<'a>,
    /// The database in which it runs, which names without a database are of.
    pub database: Option<Cow<'a, str>>,
    /// The host of the server of that database, if the export names it.
    pub server: Option<Cow<'a, str>>,
    /// What tells it apart from all others.
    pub object: ObjectKey,
    /// The query as Tableau holds it: parameters as `<[Parameters].[Name]>`, every other `<` and `>`
    /// doubled.
    pub query: &'a str,
    /// The tables that Tableau found in it.
    pub tables: Vec<TableIx>,
}

/// A place in the text of a query, for people: both count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column in that line.
    pub column: usize,
}

impl Place {
    /// The places of bytes of a text, which are given in order.
    pub fn of_all(
        text: &str,
        positions: impl IntoIterator<Item = usize>,
    ) -> impl Iterator<Item = (usize, Self)> {
        let (mut before, mut place) = (0, Self { line: 1, column: 1 });
        positions.into_iter().map(move |position| {
            let between = &text[before..position];
            let last_line = between.rsplit('\n').next().unwrap_or_default();
            if last_line.len() < between.len() {
                place.line += between.matches('\n').count();
                place.column = 1;
            }
            place.column += last_line.chars().count();
            before = position;
            (position, place)
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters() {
        let text = "SELECT 'é'\r\nFROM orders,\n\n  lines";
        let words = ["SELECT", "\r", "orders", ",", "lines"];
        let positions = words.map(|word| text.find(word).expect(word));
        let places = Place::of_all(text, positions).map(|(_, place)| place.to_string());
        assert_eq!(
            places.collect::<Vec<_>>(),
            [
                "line 1, column 1",
                "line 1, column 11",
                "line 2, column 6",
                "line 2, column 12",
                "line 4, column 3",
            ]
        );
    }
}
