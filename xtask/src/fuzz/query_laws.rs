//! The laws of reading custom SQL, for any text.

use std::time::{Duration, Instant};

use autoexpose::model::Dialect;
use autoexpose::sql::{self, Part, Reading, TableReference, Usage};

use super::program;

/// Longer than any small query may take.
const LONGEST: Duration = Duration::from_secs(2);
/// What Tableau draws around a query, on most connections.
const AROUND: (&str, &str) = ("SELECT * FROM (\n", "\n) \"Custom SQL Query\"");
/// What may stand between any two pieces of a query.
const BETWEEN: &str = "/* , x FROM nowhere */\n";

/// A law that is broken, and how.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) law: &'static str,
    pub(super) detail: String,
}

/// Checks all laws on one query.
pub(super) fn check(query: &str, dialect: Dialect) -> Result<(), Broken> {
    let start = Instant::now();
    let reading = read(query, dialect)?;
    if read(query, dialect)? != reading {
        return broken("same", "the same text is read in two ways");
    }
    if start.elapsed() > LONGEST {
        return broken("fast", format!("{:?}", start.elapsed()));
    }
    check_positions(query, &reading)?;
    check_around(query, dialect, &reading)?;
    check_between(query, dialect, &reading)
}

fn read(query: &str, dialect: Dialect) -> Result<Reading<'_>, Broken> {
    program::caught(|| sql::read(query, dialect)).or_else(|words| broken("no-panic", words))
}

fn broken<T>(law: &'static str, detail: impl Into<String>) -> Result<T, Broken> {
    let detail = detail.into();
    Err(Broken { law, detail })
}

/// Every position is in the text, and the name stands there.
fn check_positions(query: &str, reading: &Reading<'_>) -> Result<(), Broken> {
    for table in &reading.tables {
        let shows = query
            .get(table.position..)
            .is_some_and(|text| shows_name(text, &table.parts));
        if !shows {
            return broken("positions", format!("{table:?}"));
        }
    }
    let positions = reading.unknown.iter().map(|unknown| unknown.position);
    let positions = positions
        .chain(reading.doubts.iter().map(|doubt| doubt.position))
        .chain(reading.locals.iter().map(|local| local.position));
    match positions.into_iter().find(|at| query.get(*at..).is_none()) {
        Some(at) => broken("positions", format!("{at} is not in the text")),
        None => Ok(()),
    }
}

fn shows_name(text: &str, parts: &[Part<'_>]) -> bool {
    match parts.first() {
        Some(part) if part.quoted => text.starts_with(['"', '`', '[', 'U', 'u']),
        Some(part) if part.text.is_empty() => text.starts_with('.'),
        Some(part) => text.starts_with(part.text.as_ref()),
        None => false,
    }
}

/// What Tableau draws around one query changes none of its tables.
fn check_around(query: &str, dialect: Dialect, reading: &Reading<'_>) -> Result<(), Broken> {
    let begins = |word: &str| {
        let start = query.trim_start().get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    let is_query = begins("SELECT ") || begins("WITH ");
    if !is_query || query.contains(';') || !reading.doubts.is_empty() {
        return Ok(());
    }
    let (before, behind) = AROUND;
    let around = format!("{before}{query}{behind}");
    let tables = read(&around, dialect)?.tables;
    same("around", &tables, before.len(), &reading.tables, |_| 0)
}

/// A comment before a table changes nothing.
fn check_between(query: &str, dialect: Dialect, reading: &Reading<'_>) -> Result<(), Broken> {
    let free: Vec<usize> = reading
        .tables
        .iter()
        .map(|table| table.position)
        .filter(|at| is_free(&query[..*at]))
        .collect();
    let mut wider = query.to_owned();
    for at in free.iter().rev() {
        wider.insert_str(*at, BETWEEN);
    }
    let tables = read(&wider, dialect)?.tables;
    let shift = |position| BETWEEN.len() * free.iter().filter(|at| **at <= position).count();
    same("between", &tables, 0, &reading.tables, shift)
}

/// Whether a piece of the query begins behind this text, and not the inside of a string.
fn is_free(before: &str) -> bool {
    let text = before.trim_ascii_end();
    text.len() < before.len() && !text.ends_with(['\'', '$', '"'])
}

/// Whether the second list of tables, moved to their new positions, is the first one.
fn same(
    law: &'static str,
    tables: &[TableReference<'_>],
    start: usize,
    expected: &[TableReference<'_>],
    shift: impl Fn(usize) -> usize,
) -> Result<(), Broken> {
    type Shown<'t> = (&'t [Part<'t>], usize, Usage);
    let found: Vec<Shown<'_>> = tables
        .iter()
        .map(|table| (&table.parts[..], table.position, table.usage))
        .collect();
    let expected: Vec<Shown<'_>> = expected
        .iter()
        .map(|table| {
            let position = start + table.position + shift(table.position);
            (&table.parts[..], position, table.usage)
        })
        .collect();
    if found == expected {
        return Ok(());
    }
    broken(law, format!("{found:?} instead of {expected:?}"))
}
