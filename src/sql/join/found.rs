//! What one piece of custom SQL reads: Tableau's list, and what its query names beside that.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashSet;

use super::listed::Listed;
use super::names;
use super::options::Options;
use crate::model::relation::folded;
use crate::model::{CustomSql, DoubtKind, Place, Table, TableIx, UnreadableSql};
use crate::sql::{Reading, TableReference, UnknownKind, Usage};

/// What custom SQL reads beside the tables that Tableau lists, and what is known about those.
#[derive(Default)]
pub(super) struct Found<'a> {
    /// The tables that only the query names, and where it first does.
    pub(super) added: BTreeMap<Table<'a>, Place>,
    /// Where the query first names tables of Tableau's list.
    pub(super) listed: BTreeMap<TableIx, Place>,
    /// Tables of Tableau's list whose name is that of something else in the query.
    pub(super) refuted: BTreeSet<TableIx>,
    /// Tables that Tableau lists without a schema, which the query gives: these stand among the added.
    pub(super) completed: BTreeSet<TableIx>,
    /// Why the query may read more tables, and where.
    pub(super) gaps: BTreeMap<UnreadableSql, Place>,
    /// Which table of Tableau's list is meant by each name of the query, if the run asks for columns.
    pub(super) covered: BTreeMap<Table<'a>, TableIx>,
    /// Why the reading is in doubt, and where.
    pub(super) doubts: BTreeMap<DoubtKind, Place>,
}

impl<'a> Found<'a> {
    /// Compares a reading with Tableau's list, which has positions in `tables`.
    pub(super) fn new(
        sql: &CustomSql<'a>,
        reading: &Reading<'a>,
        tables: &[Table<'a>],
        options: &Options,
    ) -> Self {
        let listed = Listed::new(sql, tables);
        let named = named(sql, reading, options);
        let mut covered = listed.covered(&named);
        let mut completed = BTreeSet::new();
        if reading.doubts.is_empty() {
            let gives_schema =
                |table: &Table| table.name.as_ref().is_ok_and(|name| name.schema.is_some());
            covered.retain(|table, by| {
                let is_completed = listed.lacks_schema(*by) && gives_schema(table);
                completed.extend(is_completed.then_some(*by));
                !is_completed
            });
        }
        let places = Places::new(sql.query, reading);
        let kept = covered.iter().filter(|_| options.asks_columns);
        let kept = kept.map(|(table, by)| ((*table).clone(), *by)).collect();
        let doubts = reading.doubts.iter();
        let unknown = reading.unknown.iter();
        let mut found = Self {
            listed: places.of_first(covered.iter().map(|(table, by)| (*by, named[*table]))),
            gaps: places.of_first(unknown.map(|unknown| (reason(unknown.kind), unknown.position))),
            doubts: places.of_first(doubts.map(|doubt| (doubt.kind, doubt.position))),
            completed,
            covered: kept,
            ..Self::default()
        };
        if found.doubts.is_empty() && found.gaps.is_empty() {
            let locals = reading.locals.iter().filter_map(|local| local.parts.last());
            let locals = locals
                .map(|name| folded(&name.text))
                .collect::<HashSet<_>>();
            let is_local = |table: &TableIx| locals.contains(&listed.folded_name(*table));
            let not_named = sql
                .tables
                .iter()
                .filter(|at| !found.listed.contains_key(at) && !found.completed.contains(at));
            found.refuted = not_named.copied().filter(is_local).collect();
        }
        let added = named
            .iter()
            .filter(|(table, _)| !covered.contains_key(table));
        let added = added.map(|(table, position)| (table.clone(), *position));
        found.add(
            places.of_first(added),
            options.is_strict || !sql.tables.is_empty(),
        );
        found
    }

    /// Adds what only the query names. Doubtful tables are not added beside certain ones of Tableau,
    /// and where tables may have been missed, that is a gap.
    fn add(&mut self, added: BTreeMap<Table<'a>, Place>, must_be_certain: bool) {
        let is_refused = self.is_doubtful() && must_be_certain && !added.is_empty();
        let hides = |doubt: &DoubtKind| doubt.may_hide_tables();
        if is_refused || self.doubts.keys().any(hides) {
            let doubts = self.doubts.iter();
            let gaps = doubts.filter(|(doubt, _)| is_refused || hides(doubt));
            let gaps = gaps.map(|(doubt, place)| (UnreadableSql::InDoubt(*doubt), *place));
            self.gaps.extend(gaps);
        }
        if !is_refused {
            self.added = added;
        }
    }

    /// Whether a table of Tableau's list is one that the query reads.
    pub(super) fn keeps(&self, at: TableIx) -> bool {
        !self.refuted.contains(&at) && !self.completed.contains(&at)
    }

    /// The tables of Tableau's list that the query reads, and where it names them, as far as it does.
    pub(super) fn kept(
        &self,
        listed: &[TableIx],
    ) -> impl Iterator<Item = (TableIx, Option<Place>)> {
        let kept = listed.iter().filter(|at| self.keeps(**at));
        kept.map(|at| (*at, self.listed.get(at).copied()))
    }

    /// Whether the query could not be read without a doubt.
    pub(super) fn is_doubtful(&self) -> bool {
        !self.doubts.is_empty()
    }

    /// Whether the query may read more tables than those that are found.
    pub(super) fn may_read_more(&self) -> bool {
        !self.gaps.is_empty() || self.is_doubtful()
    }
}

/// Why a query may read more, where something stands in the place of a table's name.
fn reason(kind: UnknownKind) -> UnreadableSql {
    match kind {
        UnknownKind::Parameter => UnreadableSql::Parameter,
        UnknownKind::Dynamic => UnreadableSql::Dynamic,
    }
}

/// The tables that a query reads, each with the position at which it is first named.
fn named<'a>(
    sql: &CustomSql<'a>,
    reading: &Reading<'a>,
    options: &Options,
) -> BTreeMap<Table<'a>, usize> {
    let dialect = options.dialect(&sql.connection);
    let mut named = BTreeMap::new();
    let read = reading.tables.iter();
    let read = read.filter(|reference| reference.usage != Usage::Written);
    let read = read.filter(|reference| !is_cut(reference, reading, sql.query));
    for reference in read {
        let first = named.entry(names::table(reference, sql, dialect));
        let first = first.or_insert(reference.position);
        *first = reference.position.min(*first);
    }
    for (table, position) in reading
        .locals
        .iter()
        .filter_map(|local| names::asked(local, sql))
    {
        named.entry(table).or_insert(position);
    }
    named
}

/// Whether the quote around the name has no end, so that all the rest of the query is in it.
fn is_cut(reference: &TableReference, reading: &Reading, query: &str) -> bool {
    let Some(last) = reference.parts.last().filter(|part| part.quoted) else {
        return false;
    };
    let mut doubts = reading.doubts.iter();
    doubts.any(|doubt| {
        let is_behind = doubt.position >= reference.position;
        let rest = query.get(doubt.position + 1..).unwrap_or_default();
        doubt.kind == DoubtKind::Unclosed && is_behind && rest.trim_end() == last.text.trim_end()
    })
}

/// The places of the positions in a query that its reading mentions.
struct Places(BTreeMap<usize, Place>);

impl Places {
    fn new(query: &str, reading: &Reading) -> Self {
        let tables = reading.tables.iter().map(|reference| reference.position);
        let unknown = reading.unknown.iter().map(|unknown| unknown.position);
        let doubts = reading.doubts.iter().map(|doubt| doubt.position);
        let locals = reading.locals.iter().map(|local| local.position);
        let positions = tables.chain(unknown).chain(doubts).chain(locals);
        let positions = positions.collect::<BTreeSet<_>>();
        Self(Place::of_all(query, positions).collect())
    }

    /// The first place of each key.
    fn of_first<K: Ord>(&self, positions: impl Iterator<Item = (K, usize)>) -> BTreeMap<K, Place> {
        let mut firsts = BTreeMap::new();
        for (key, position) in positions {
            let place = self.0[&position];
            let first = firsts.entry(key).or_insert(place);
            *first = place.min(*first);
        }
        firsts
    }
}
