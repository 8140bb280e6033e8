//! The columns that a workbook uses, in an answer.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model;
use crate::output::explain::facts::{ColumnFacts, ColumnsFacts};

/// The columns of a table that a workbook uses.
#[derive(Serialize, JsonSchema)]
pub(super) struct Columns<'r> {
    /// Whether it uses no column that is not listed.
    told: bool,
    /// The columns, in the order of their names.
    used: Vec<Column<'r>>,
}

/// A column that a workbook uses.
#[derive(Serialize, JsonSchema)]
struct Column<'r> {
    /// Its name, as the connection reports it or as custom SQL spells it.
    name: &'r str,
    /// `on-sheet`, `in-query` (custom SQL names it), `perhaps`, or `in-datasource` (no sheet shows it).
    usage: &'static str,
    /// The sheets that show it; a few of them.
    sheets: &'r [String],
    /// The fields and calculations by which it is used so; a few of them.
    fields: &'r [String],
    /// Where custom SQL names it; a few of the places.
    places: Vec<Place>,
}

/// A place in a query.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PlaceOfColumn")]
struct Place {
    /// The line, from 1.
    line: usize,
    /// The column in that line, from 1, in characters.
    column: usize,
}

impl<'r> Columns<'r> {
    pub(super) fn new(columns: &'r ColumnsFacts) -> Self {
        Self {
            told: columns.is_told,
            used: columns.columns.iter().map(Column::new).collect(),
        }
    }
}

impl<'r> Column<'r> {
    fn new(column: &'r ColumnFacts) -> Self {
        let place = |place: &model::Place| Place {
            line: place.line,
            column: place.column,
        };
        Self {
            name: &column.name,
            usage: column.degree.text(),
            sheets: &column.sheets,
            fields: &column.fields,
            places: column.places.iter().map(place).collect(),
        }
    }
}
