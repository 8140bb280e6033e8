//! Gives the tables of custom SQL to the workbooks that read it.

use std::collections::BTreeMap;

use super::found::Found;
use crate::model::{
    ColumnsInUse, CustomSql, ObjectKind, Path, Place, Read, ReadSql, Table, TableIx, Upstream,
    Workbook,
};

/// The tables of a site, those that only queries name included.
pub(super) struct Renumbered<'a> {
    /// All tables, in order.
    pub(super) tables: Vec<Table<'a>>,
    /// The position of each table that Tableau lists.
    old: Vec<TableIx>,
}

impl<'a> Renumbered<'a> {
    pub(super) fn new(listed: Vec<Table<'a>>, found: &[Found<'a>]) -> Self {
        let added = found.iter().flat_map(|found| found.added.keys().cloned());
        let mut tables = listed.iter().cloned().chain(added).collect::<Vec<_>>();
        tables.sort_unstable();
        tables.dedup();
        let mut renumbered = Self {
            tables,
            old: Vec::new(),
        };
        renumbered.old = listed
            .iter()
            .map(|table| renumbered.position(table))
            .collect();
        renumbered
    }

    /// The position of a table, which must be one of these.
    pub(super) fn position(&self, table: &Table<'a>) -> TableIx {
        let (Ok(at) | Err(at)) = self.tables.binary_search(table);
        TableIx(at)
    }

    /// Puts the new positions in place of the old ones, which are in the same order.
    fn renumber(&self, reads: &mut [Read]) {
        for read in reads {
            if let Upstream::Table(at) = &mut read.upstream {
                *at = self.old[at.0];
            }
        }
    }

    /// The position of a table that Tableau lists.
    pub(super) fn of_listed(&self, table: TableIx) -> TableIx {
        self.old[table.0]
    }

    fn renumber_columns(&self, columns: &mut ColumnsInUse<'a>) {
        let tables = std::mem::take(&mut columns.tables).into_iter();
        let tables = tables.map(|(table, columns)| (self.old[table.0], columns));
        columns.tables = tables.collect();
    }

    /// A workbook with everything that its custom SQL reads.
    pub(super) fn workbook(
        &self,
        mut workbook: Workbook<'a>,
        custom_sql: &[CustomSql<'a>],
        found: &[Found<'a>],
    ) -> Workbook<'a> {
        self.renumber_columns(&mut workbook.columns);
        workbook.reads = self.reads(workbook.reads, &workbook.custom_sql, custom_sql, found);
        workbook
    }

    /// What a reader reads, with everything that its own custom SQL reads.
    pub(super) fn reads(
        &self,
        mut listed: Vec<Read<'a>>,
        own_sql: &[ReadSql<'a>],
        custom_sql: &[CustomSql<'a>],
        found: &[Found<'a>],
    ) -> Vec<Read<'a>> {
        if own_sql.is_empty() {
            self.renumber(&mut listed);
            return listed;
        }
        let claims = Claims::new(own_sql, custom_sql);
        let mut reads = Reads::default();
        for read in listed {
            match read.upstream {
                Upstream::Table(at) => {
                    let paths = claims.without(at, read.paths, found);
                    reads.add(self.old[at.0], paths);
                }
                _ => reads.others.push(read),
            }
        }
        for read in own_sql {
            let (sql, found) = (&custom_sql[read.sql.0], &found[read.sql.0]);
            for (at, place) in found.kept(&sql.tables) {
                let paths = read.paths.iter();
                let paths =
                    paths.map(|path| place.map_or(path.clone(), |place| path.at(place, false)));
                reads.add(self.old[at.0], paths.collect());
            }
            for (table, place) in &found.added {
                let paths = paths_at(&read.paths, *place, found.is_doubtful());
                reads.add(self.position(table), paths);
            }
            reads.others.extend(unreadable(read, sql, found));
        }
        reads.into_sorted()
    }
}

/// What stands for the tables that the query of custom SQL does not tell.
fn unreadable<'a>(
    read: &ReadSql<'a>,
    sql: &CustomSql<'a>,
    found: &Found<'a>,
) -> impl Iterator<Item = Read<'a>> {
    found.gaps.iter().map(|(reason, place)| Read {
        upstream: Upstream::Unreadable {
            name: sql.name.clone(),
            connection: sql.connection.clone(),
            reason: *reason,
        },
        kind: ObjectKind::CustomSql,
        object: Some(sql.object),
        paths: paths_at(&read.paths, *place, false),
    })
}

fn paths_at<'a>(paths: &[Path<'a>], place: Place, is_doubtful: bool) -> Vec<Path<'a>> {
    paths
        .iter()
        .map(|path| path.at(place, is_doubtful))
        .collect()
}

/// The custom SQL of one workbook by the tables that Tableau lists for it.
struct Claims<'w, 'a>(BTreeMap<TableIx, Vec<&'w ReadSql<'a>>>);

impl<'w, 'a> Claims<'w, 'a> {
    fn new(read: &'w [ReadSql<'a>], custom_sql: &[CustomSql<'a>]) -> Self {
        let mut claims = BTreeMap::<_, Vec<_>>::new();
        for sql in read {
            for table in &custom_sql[sql.sql.0].tables {
                claims.entry(*table).or_default().push(sql);
            }
        }
        Self(claims)
    }

    /// The paths to a table without those through custom SQL, which knows itself what it reads. What the
    /// workbook and its data sources list is a sum of what is behind them: a table that is none in all
    /// the custom SQL that is said to read it is none there, too.
    fn without(&self, at: TableIx, mut paths: Vec<Path<'a>>, found: &[Found]) -> Vec<Path<'a>> {
        let Some(claims) = self.0.get(&at) else {
            return paths;
        };
        let is_refuted = claims.iter().all(|sql| !found[sql.sql.0].keeps(at));
        paths.retain(|path| {
            let mut through = claims.iter().flat_map(|sql| &sql.paths);
            !through.any(|of_sql| path == of_sql || (is_refuted && of_sql.begins_with(path)))
        });
        paths
    }
}

/// What a workbook reads.
#[derive(Default)]
struct Reads<'a> {
    /// The paths to each table.
    tables: BTreeMap<TableIx, Vec<Path<'a>>>,
    others: Vec<Read<'a>>,
}

impl<'a> Reads<'a> {
    fn add(&mut self, at: TableIx, paths: Vec<Path<'a>>) {
        if !paths.is_empty() {
            self.tables.entry(at).or_default().extend(paths);
        }
    }

    /// Everything in order, of each table the certain paths first, then the short ones.
    fn into_sorted(self) -> Vec<Read<'a>> {
        let rank = |path: &Path<'a>| (path.is_doubtful(), path.len());
        let tables = self.tables.into_iter().map(|(at, mut paths)| {
            paths.sort_by(|one, other| (rank(one), one).cmp(&(rank(other), other)));
            paths.dedup();
            paths.truncate(Read::MOST_PATHS);
            Read {
                upstream: Upstream::Table(at),
                kind: ObjectKind::Table,
                object: None,
                paths,
            }
        });
        let mut others = self.others;
        others.sort_by(|one, other| {
            (&one.upstream, &one.paths).cmp(&(&other.upstream, &other.paths))
        });
        tables.chain(others).collect()
    }
}
