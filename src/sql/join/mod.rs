//! Joins what Tableau found in custom SQL with what we read in its query.
//!
//! Tableau's list goes first ([`listed`]) and ours fills its gaps ([`found`]); [`names`] makes a
//! table of a name that somebody typed, [`reads`] gives the tables to the workbooks, [`columns`] the columns, and [`told`] has
//! what should be said about it.

mod columns;
mod found;
mod listed;
mod names;
mod options;
mod reads;
mod told;

use std::collections::BTreeSet;

use foldhash::{HashMap, HashSet};
use rayon::prelude::*;

use self::columns::SqlColumns;
use self::found::Found;
pub use self::options::Options;
use self::reads::Renumbered;
use super::{Reading, read};
use crate::model::{CustomSql, Datasource, Diagnostic, Dialect, Site, UnclaimedSql};

/// The site with the tables that its custom SQL names, and what should be told about it.
pub fn join<'a>(site: Site<'a>, options: &Options) -> (Site<'a>, Vec<Diagnostic>) {
    if site.custom_sql.is_empty() && site.unclaimed_sql.shown.is_empty() {
        return (site, Vec::new());
    }
    let Site {
        tables,
        workbooks,
        datasources,
        custom_sql,
        unclaimed_sql,
        ..
    } = site;
    let readings = read_all(custom_sql.iter().chain(&unclaimed_sql.shown), options);
    let reading = |sql: &CustomSql<'a>| &readings[&key(sql, options)];
    let found = custom_sql
        .par_iter()
        .map(|sql| Found::new(sql, reading(sql), &tables, options))
        .collect::<Vec<_>>();
    let diagnostics = told::diagnostics(&custom_sql, &found, &tables);
    let renumbered = Renumbered::new(tables, &found);
    let columns = options.asks_columns.then(|| {
        let all = custom_sql.par_iter().zip(&found);
        let columns =
            all.map(|(sql, found)| SqlColumns::new(sql, reading(sql), found, &renumbered, options));
        columns.collect::<Vec<_>>()
    });
    let workbooks = workbooks.into_par_iter();
    let workbooks = workbooks.map(|workbook| {
        let workbook = renumbered.workbook(workbook, &custom_sql, &found);
        match &columns {
            Some(columns) => columns::add(workbook, columns),
            None => workbook,
        }
    });
    let datasources = datasources.into_par_iter().map(|one| Datasource {
        reads: renumbered.reads(one.reads, &one.custom_sql, &custom_sql, &found),
        ..one
    });
    let datasources = datasources.collect();
    let unclaimed_sql = with_shown(unclaimed_sql, |sql| {
        Found::new(sql, reading(sql), &[], options)
    });
    let site = Site {
        workbooks: workbooks.collect(),
        datasources,
        tables: renumbered.tables,
        custom_sql,
        unclaimed_sql,
        ..site
    };
    (site, diagnostics)
}

/// A query with the dialect in which it is read.
type Key<'a> = (Dialect, &'a str);

fn key<'a>(sql: &CustomSql<'a>, options: &Options) -> Key<'a> {
    (options.dialect(&sql.connection), sql.query)
}

/// Each distinct query, read once: many data sources may hold the same one.
fn read_all<'s, 'a: 's>(
    all: impl Iterator<Item = &'s CustomSql<'a>>,
    options: &Options,
) -> HashMap<Key<'a>, Reading<'a>> {
    let distinct = all.map(|sql| key(sql, options)).collect::<HashSet<_>>();
    let readings = distinct.into_par_iter();
    let readings = readings.map(|(dialect, text)| ((dialect, text), read(text, dialect)));
    readings.collect::<Vec<_>>().into_iter().collect()
}

/// Custom SQL of nobody, with the tables that its queries name.
fn with_shown<'a>(
    unclaimed: UnclaimedSql<'a>,
    find: impl Fn(&CustomSql<'a>) -> Found<'a>,
) -> UnclaimedSql<'a> {
    let mut tables = unclaimed.tables.into_iter().collect::<BTreeSet<_>>();
    let mut is_open = unclaimed.is_open;
    for found in unclaimed.shown.iter().map(find) {
        is_open |= found.may_read_more();
        tables.extend(found.added.into_keys());
    }
    UnclaimedSql {
        tables: tables.into_iter().collect(),
        is_open,
        shown: unclaimed.shown,
    }
}
