//! Which columns of its tables a workbook uses.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::custom_sql::Place;
use super::display::display_enum;
use super::index::{CustomSqlIx, TableIx};

/// The columns that a workbook uses, as far as an export tells. Empty unless a run asks for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnsInUse<'a> {
    /// By table. What is missing is not told.
    pub tables: BTreeMap<TableIx, TableColumns<'a>>,
    /// The columns that custom SQL returns and that the workbook uses, by custom SQL.
    pub queries: BTreeMap<CustomSqlIx, TableColumns<'a>>,
    /// Whether the export shows all fields of all its data sources, and where these come from: then it
    /// uses no column of any table but those that are listed.
    pub is_whole: bool,
}

/// The columns of one table that one workbook uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableColumns<'a> {
    /// Whether the export shows the fields, and their columns, of every data source by which the
    /// workbook reads the table. If it does not, a column that is not listed may be used all the same.
    pub is_told: bool,
    /// The columns that are known to be used, or may well be, in the order of their names.
    pub columns: Vec<UsedColumn<'a>>,
}

/// A column that a workbook uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedColumn<'a> {
    /// Its name as the connection reports it, or as custom SQL spells it.
    pub name: Cow<'a, str>,
    /// How it is used, at most.
    pub degree: Degree,
    /// The sheets that show it, in order; a few of them.
    pub sheets: Vec<Cow<'a, str>>,
    /// The fields and calculations by which it is used so, in order; a few of them.
    pub fields: Vec<Cow<'a, str>>,
    /// Where custom SQL names it, in order; a few of them.
    pub places: Vec<Place>,
    /// What makes a use certain that is one perhaps.
    pub unless: Vec<UnlessElsewhere>,
}

/// Where custom SQL reads several tables, a column without the name of its table is of any of them: it
/// is used for certain unless another of these tables has a column of its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnlessElsewhere {
    /// How it is used then.
    pub degree: Degree,
    /// The other tables.
    pub others: BTreeSet<TableIx>,
}

display_enum! {
    /// How a workbook uses a column, the strongest use first.
    pub enum Degree {
        /// A sheet shows it, itself or through calculations.
        OnSheet => "on-sheet";
        /// Custom SQL names it, and so fails as a whole without it.
        InQuery => "in-query";
        /// It may be used so or so: a data source has it and the export does not tell what sheets show,
        /// or custom SQL names it and may mean the column of another table.
        Perhaps => "perhaps";
        /// A data source has it, and no sheet shows it.
        InDatasource => "in-datasource";
    }
}

/// How many sheets, fields and places are kept of one column.
const MOST_NAMED: usize = 5;

impl<'a> UsedColumn<'a> {
    /// A column of which nothing else is known yet.
    pub fn new(name: Cow<'a, str>, degree: Degree) -> Self {
        Self {
            name,
            degree,
            sheets: Vec::new(),
            fields: Vec::new(),
            places: Vec::new(),
            unless: Vec::new(),
        }
    }

    /// Adds another use of the same column.
    pub fn add(&mut self, other: Self) {
        if other.degree < self.degree {
            // What a stronger use is by says more than what a weaker one is by.
            self.fields.clear();
        }
        if other.degree <= self.degree {
            self.fields.extend(other.fields);
        }
        self.degree = self.degree.min(other.degree);
        self.sheets.extend(other.sheets);
        self.places.extend(other.places);
        self.unless.extend(other.unless);
        self.unless.sort();
        self.unless.dedup();
        first_few(&mut self.sheets);
        first_few(&mut self.fields);
        first_few(&mut self.places);
    }
}

fn first_few<T: Ord>(named: &mut Vec<T>) {
    named.sort();
    named.dedup();
    named.truncate(MOST_NAMED);
}

impl<'a> TableColumns<'a> {
    /// Adds uses of columns of the table; those of one column become one.
    pub fn add(&mut self, columns: impl IntoIterator<Item = UsedColumn<'a>>) {
        let mut by_name = BTreeMap::<Cow<'a, str>, UsedColumn<'a>>::new();
        for mut column in std::mem::take(&mut self.columns).into_iter().chain(columns) {
            match by_name.get_mut(&column.name) {
                Some(known) => known.add(column),
                None => {
                    first_few(&mut column.sheets);
                    first_few(&mut column.fields);
                    first_few(&mut column.places);
                    by_name.insert(column.name.clone(), column);
                }
            }
        }
        self.columns = by_name.into_values().collect();
    }
}

impl ColumnsInUse<'_> {
    /// Adds what another export of the same workbook tells. Only what both tell wholly is told.
    pub fn absorb(&mut self, other: Self) {
        if other == Self::default() || *self == Self::default() {
            self.is_whole = false;
        }
        let both = self.is_whole && other.is_whole;
        for (table, columns) in other.tables {
            let known = self.tables.entry(table).or_default();
            known.is_told &= columns.is_told;
            known.add(columns.columns);
        }
        // Each piece of custom SQL is of one export only.
        self.queries.extend(other.queries);
        self.is_whole = both;
    }
}
