//! The columns that a workbook uses, in an answer.

use crate::model::{Degree, KnownColumns, Place, UsedColumn};

/// The columns of a table that a workbook uses.
#[derive(Debug, PartialEq, Eq)]
pub struct ColumnsFacts {
    /// Whether it uses no column that is not listed.
    pub is_told: bool,
    /// The columns, in the order of their names.
    pub columns: Vec<ColumnFacts>,
}

/// A column that a workbook uses.
#[derive(Debug, PartialEq, Eq)]
pub struct ColumnFacts {
    /// Its name.
    pub name: String,
    /// How it is used.
    pub degree: Degree,
    /// The sheets that show it; a few of them.
    pub sheets: Vec<String>,
    /// The fields and calculations by which it is used so; a few of them.
    pub fields: Vec<String>,
    /// Where custom SQL names it; a few of the places.
    pub places: Vec<Place>,
}

impl ColumnsFacts {
    /// What is known of the columns of a table; `None` if that is nothing.
    pub(super) fn new(known: KnownColumns) -> Option<Self> {
        let columns = known.columns.iter().filter(|column| is_shown(column));
        let columns = columns.map(ColumnFacts::new).collect::<Vec<_>>();
        (known.is_told || !columns.is_empty()).then_some(Self {
            is_told: known.is_told,
            columns,
        })
    }

    /// The columns that are used to a degree.
    pub fn of_degree(&self, degree: Degree) -> impl Iterator<Item = &ColumnFacts> {
        let columns = self.columns.iter();
        columns.filter(move |column| column.degree == degree)
    }
}

/// Whether it is a column. A word that may be one of the language has no place.
fn is_shown(column: &UsedColumn) -> bool {
    column.degree != Degree::Perhaps || !column.places.is_empty() || !column.fields.is_empty()
}

impl ColumnFacts {
    fn new(column: &UsedColumn) -> Self {
        let texts =
            |texts: &[std::borrow::Cow<str>]| texts.iter().map(ToString::to_string).collect();
        Self {
            name: column.name.to_string(),
            degree: column.degree,
            sheets: texts(&column.sheets),
            fields: texts(&column.fields),
            places: column.places.clone(),
        }
    }
}
