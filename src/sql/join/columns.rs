//! Adds the columns that custom SQL names, and those that it passes on, to what workbooks use.

use std::collections::{BTreeMap, BTreeSet};

use super::found::Found;
use super::names;
use super::options::Options;
use super::reads::Renumbered;
use crate::model::{
    CustomSql, Degree, Place, TableColumns, TableIx, UnlessElsewhere, UsedColumn, Workbook,
};
use crate::sql::{ColumnsRead, Reading, read_columns};

/// What one piece of custom SQL says of the columns of its tables.
pub(super) struct SqlColumns<'a> {
    /// All tables that it reads.
    read: BTreeSet<TableIx>,
    /// The columns that it names, by table.
    named: BTreeMap<TableIx, Vec<UsedColumn<'a>>>,
    /// The tables of which it names the columns, and no other ones.
    clear: BTreeSet<TableIx>,
    /// Those of which it passes all columns on.
    passed: BTreeSet<TableIx>,
    columns: ColumnsRead<'a>,
    /// The table of each mention.
    mentions: Vec<Option<TableIx>>,
}

impl<'a> SqlColumns<'a> {
    pub(super) fn new(
        sql: &CustomSql<'a>,
        reading: &Reading<'a>,
        found: &Found<'a>,
        renumbered: &Renumbered<'a>,
        options: &Options,
    ) -> Self {
        let dialect = options.dialect(&sql.connection);
        let mentions = reading.tables.iter().map(|reference| {
            let table = names::table(reference, sql, dialect);
            let listed = found.covered.get(&table).filter(|at| found.keeps(**at));
            let listed = listed.map(|at| renumbered.of_listed(*at));
            let is_added = found.added.contains_key(&table);
            listed.or_else(|| is_added.then(|| renumbered.position(&table)))
        });
        let mentions = mentions.collect::<Vec<_>>();
        let columns = read_columns(sql.query, dialect);
        let of = |tables: &BTreeSet<usize>| {
            let tables = tables.iter().filter_map(|table| mentions[*table]);
            tables.collect::<BTreeSet<_>>()
        };
        let listed = found.kept(&sql.tables);
        let listed = listed.map(|(at, _)| renumbered.of_listed(at));
        let added = found.added.keys().map(|table| renumbered.position(table));
        let (passed, unclear) = (of(&columns.passed), of(&columns.unclear));
        let known = mentions.iter().flatten().copied();
        let known = known.filter(|table| columns.is_clear && !unclear.contains(table));
        Self {
            read: listed.chain(added).collect(),
            named: named(sql, &columns, &mentions),
            clear: known.collect(),
            passed,
            columns,
            mentions,
        }
    }

    /// The tables of which a column is passed on that the workbook uses under this name.
    fn behind(&self, returned: &UsedColumn<'a>) -> impl Iterator<Item = (TableIx, UsedColumn<'a>)> {
        let passed = self.columns.behind(&returned.name);
        passed.filter_map(|passed| {
            let table = self.mentions[passed.table]?;
            let mut column = returned.clone();
            if !passed.is_sure {
                column.degree = Degree::Perhaps;
                column.unless = unless(returned.degree, table, &passed.others, &self.mentions);
            }
            Some((table, column))
        })
    }
}

/// The columns that a query names, with their places, by table.
fn named<'a>(
    sql: &CustomSql<'a>,
    columns: &ColumnsRead<'a>,
    mentions: &[Option<TableIx>],
) -> BTreeMap<TableIx, Vec<UsedColumn<'a>>> {
    let positions = columns.named.iter().filter_map(|column| column.position);
    let positions = positions.collect::<BTreeSet<_>>();
    let places = Place::of_all(sql.query, positions).collect::<BTreeMap<_, _>>();
    let mut named = BTreeMap::<_, Vec<_>>::new();
    for column in &columns.named {
        let Some(table) = mentions[column.table] else {
            continue;
        };
        let degree = if column.is_sure {
            Degree::InQuery
        } else {
            Degree::Perhaps
        };
        let place = column.position.and_then(|position| places.get(&position));
        named.entry(table).or_default().push(UsedColumn {
            places: place.copied().into_iter().collect(),
            unless: unless(Degree::InQuery, table, &column.others, mentions),
            ..UsedColumn::new(column.name.clone(), degree)
        });
    }
    named
}

/// What makes it certain that a column is one of this table, where it may be of these other ones, if
/// all of them are known. A query may read a table twice.
fn unless(
    degree: Degree,
    table: TableIx,
    others: &BTreeSet<usize>,
    mentions: &[Option<TableIx>],
) -> Vec<UnlessElsewhere> {
    let known = others.iter().map(|other| mentions[*other]);
    let known = known.collect::<Option<BTreeSet<_>>>();
    let unless = known.filter(|_| !others.is_empty()).map(|mut others| {
        others.remove(&table);
        UnlessElsewhere { degree, others }
    });
    unless.into_iter().collect()
}

/// The workbook with the columns that it uses through its custom SQL, which is at its positions in `all`.
pub(super) fn add<'a>(mut workbook: Workbook<'a>, all: &[SqlColumns<'a>]) -> Workbook<'a> {
    let columns = &mut workbook.columns;
    for read in &workbook.custom_sql {
        let sql = &all[read.sql.0];
        let returned = columns.queries.get(&read.sql);
        let is_returned_told = returned.is_some_and(|returned| returned.is_told);
        for table in &sql.read {
            let only_here = || TableColumns {
                is_told: columns.is_whole,
                ..Default::default()
            };
            let known = columns.tables.entry(*table).or_insert_with(only_here);
            known.is_told &=
                sql.clear.contains(table) && (is_returned_told || !sql.passed.contains(table));
            known.add(sql.named.get(table).cloned().unwrap_or_default());
        }
        for column in returned.into_iter().flat_map(|returned| &returned.columns) {
            for (table, column) in sql.behind(column) {
                columns.tables.entry(table).or_default().add([column]);
            }
        }
    }
    columns.queries.clear();
    let empty = |columns: &TableColumns| !columns.is_told && columns.columns.is_empty();
    columns.tables.retain(|_, columns| !empty(columns));
    workbook
}
