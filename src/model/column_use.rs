//! Which columns of its tables a workbook uses.

use std::collections::BTreeMap;

use super::custom_sql::Place;
use super::display::display_enum;
use super::index::{TableIx, WorkbookIx};

/// The columns that workbooks use, as far as an export tells. Empty unless a run asks for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnsInUse {
    /// By workbook and table. What is missing is not told.
    pub tables: BTreeMap<(WorkbookIx, TableIx), TableColumns>,
}

/// The columns of one table that one workbook uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableColumns {
    /// Whether the export shows the fields, and their columns, of every data source by which the
    /// workbook reads the table. If it does not, a column that is not listed may be used all the same.
    pub is_told: bool,
    /// The columns that are known to be used, in the order of their names.
    pub columns: Vec<UsedColumn>,
}

/// A column that a workbook uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedColumn {
    /// Its name as the connection reports it.
    pub name: String,
    /// How it is used, at most.
    pub degree: Degree,
    /// The sheets that show it, and the fields and calculations made of it, for people; a few of them.
    pub fields: Vec<String>,
    /// Where custom SQL names it.
    pub places: Vec<Place>,
}

display_enum! {
    /// How a workbook uses a column, the strongest use first.
    pub enum Degree {
        /// A sheet shows it, itself or through calculations.
        OnSheet => "on-sheet";
        /// Custom SQL names it, and so fails as a whole without it.
        InQuery => "in-query";
        /// A data source has it, and no sheet is known to show it.
        InDatasource => "in-datasource";
    }
}

impl ColumnsInUse {
    /// What is known of a table that a workbook reads; `None` if the export tells nothing.
    pub fn get(&self, workbook: WorkbookIx, table: TableIx) -> Option<&TableColumns> {
        self.tables.get(&(workbook, table))
    }
}
