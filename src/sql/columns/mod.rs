//! Which columns of its tables a query names.
//!
//! Where it is certain of which table a column is, that is told; where it may be of several, it is
//! perhaps of each. `*` passes all columns of a table on, through queries in brackets and CTEs. A query
//! in which anything is not understood tells nothing but what it perhaps names: so what is not named is
//! certain to be not needed only if [`ColumnsRead::is_clear`].
//!
//! `structure` says what stands where, `outputs` what each SELECT returns, `resolve` finds the tables of a
//! name, and `walk` goes through all names.

mod outputs;
mod read;
mod resolve;
mod returned;
mod structure;
#[cfg(test)]
mod tests;
mod walk;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub use self::read::{ColumnsRead, NamedColumn, PassedOn};
use self::structure::Structure;
use super::facts;
use super::reader::Reader;
use super::scan;
use super::tokens::{self, Tokens};
use crate::model::Dialect;

/// Queries with more parts than this are not read for their columns.
const MOST_SELECTS: usize = 1_000;

/// Reads which columns of its tables a custom SQL query names.
pub fn read_columns(text: &str, dialect: Dialect) -> ColumnsRead<'_> {
    if text.len() > tokens::LONGEST {
        return ColumnsRead::default();
    }
    let facts = facts::of(dialect);
    let (list, doubts) = scan::scan(text, facts);
    let (tokens, unpaired) = Tokens::new(text, list);
    let (reading, layout) = Reader::new(&tokens, facts).read_with_layout(doubts);
    if layout.selects.len() > MOST_SELECTS || unpaired.is_some() {
        return ColumnsRead::default();
    }
    let is_doubtful = layout.has_others
        || !reading.doubts.is_empty()
        || !reading.unknown.is_empty()
        || reading
            .tables
            .iter()
            .any(|table| table.usage != super::Usage::Read);
    let structure = Structure::new(&tokens, facts, &reading, &layout);
    let mut walk = walk::Walk::new(&structure);
    walk.run();
    let mut found = walk.found;
    found.is_clear &= !is_doubtful && structure.is_plain;
    if !found.is_clear {
        for column in &mut found.named {
            column.is_sure = false;
            column.others.clear();
        }
    }
    found.named = once_each(found.named);
    found
}

/// Each column of each table once: where it is first named for certain, else where it is first named.
fn once_each(named: Vec<NamedColumn<'_>>) -> Vec<NamedColumn<'_>> {
    let mut first = BTreeMap::<(usize, Cow<str>), NamedColumn>::new();
    for column in named {
        let key = (column.table, column.name.clone());
        let rank = |column: &NamedColumn| {
            let is_of_any = column.others.is_empty();
            let is_nowhere = column.position.is_none();
            (!column.is_sure, is_of_any, is_nowhere, column.position)
        };
        match first.get_mut(&key) {
            Some(known) if rank(known) <= rank(&column) => {}
            Some(known) => *known = column,
            None => {
                first.insert(key, column);
            }
        }
    }
    let mut named = first.into_values().collect::<Vec<_>>();
    named.sort_by_key(|column| (column.position, column.table));
    named
}
