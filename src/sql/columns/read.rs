//! What a query says of the columns of its tables.

use std::borrow::Cow;
use std::collections::BTreeSet;

/// What a query says of the columns of its tables. Tables are positions in
/// [`Reading::tables`](crate::sql::Reading::tables) of the same query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnsRead<'a> {
    /// The columns that it names, in the order of the text.
    pub named: Vec<NamedColumn<'a>>,
    /// The tables whose columns it returns all, under their names.
    pub passed: BTreeSet<usize>,
    /// The tables whose columns it may use in a way that is not told here.
    pub unclear: BTreeSet<usize>,
    /// The names of what it returns beside those, as databases compare them.
    pub(super) explicit: BTreeSet<String>,
    /// Whether all of it was understood.
    pub is_clear: bool,
}

/// A column that a query names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedColumn<'a> {
    /// The position of its table.
    pub table: usize,
    /// Its name without quotes, as it was typed otherwise.
    pub name: Cow<'a, str>,
    /// Where the name begins, in bytes; `None` for a word that is a column only perhaps.
    pub position: Option<usize>,
    /// Whether it is certain that it is a column of this table, if that has it.
    pub is_sure: bool,
    /// The other tables of which it may be a column instead, where it is certain that it is of one of
    /// them all: it is of this table if none of the others has it. Else empty.
    pub others: BTreeSet<usize>,
}

/// A table of which a query passes a column on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOn {
    /// The position of the table.
    pub table: usize,
    /// Whether it is certain that the column is one of this table.
    pub is_sure: bool,
    /// The other tables of which it may be a column instead, as in [`NamedColumn::others`].
    pub others: BTreeSet<usize>,
}

impl ColumnsRead<'_> {
    /// The tables of which the query passes a column on that it returns.
    pub fn behind(&self, returned: &str) -> impl Iterator<Item = PassedOn> {
        let is_explicit = self.explicit.contains(&returned.to_lowercase());
        let is_sure = self.is_clear && self.passed.len() == 1;
        let is_of_one = self.is_clear && self.passed.is_disjoint(&self.unclear);
        let passed = self.passed.iter().filter(move |_| !is_explicit);
        passed.map(move |table| PassedOn {
            table: *table,
            is_sure,
            others: others(*table, is_of_one, self.passed.iter().copied()),
        })
    }
}

/// The other ones of these tables, if a column is certainly of one of them all.
pub(super) fn others(
    table: usize,
    is_of_one: bool,
    all: impl Iterator<Item = usize>,
) -> BTreeSet<usize> {
    let others = all.filter(|other| is_of_one && *other != table);
    others.collect()
}
