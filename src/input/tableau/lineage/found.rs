//! What a walk finds, and the paths to it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::trail::{Trail, VisitIx, Way};
use crate::input::tableau::store::ObjectIx;
use crate::model::{
    ConnectionType, CustomSqlIx, ObjectKey, ObjectKind, Path, Read, ReadSql, Step, TableIx,
    UnreadableSql, Unresolved, Upstream, WorkbookGap,
};

/// Everything upstream of one workbook.
#[derive(Debug, Default)]
pub(crate) struct Lineage<'a> {
    /// Each thing that it reads, in order. Tables are positions among those of their site.
    pub reads: Vec<Read<'a>>,
    /// The custom SQL that it reads and of which the export shows the query, by position in its site.
    pub custom_sql: Vec<ReadSql<'a>>,
    /// Why something may be missing.
    pub gaps: BTreeSet<WorkbookGap>,
    /// Whether custom SQL whose reader is unknown mentions a table that it reads.
    pub is_near_unclaimed_sql: bool,
    /// When an extract of its data sources last got new data.
    pub refreshed_at: Option<Timestamp>,
}

/// One thing that a workbook reads, with enough to tell it apart from others that look the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum UpstreamKey<'a> {
    Table(TableIx),
    Hidden(Arc<str>, ObjectKind, Option<Place>),
    Unresolved(Unresolved<'a>, Option<Place>),
    /// Custom SQL often has the same name as other custom SQL.
    Unreadable {
        name: Cow<'a, str>,
        id: &'a str,
        connection: ConnectionType<'a>,
        reason: UnreadableSql,
        place: Option<Place>,
    },
    /// Custom SQL of which the export shows the query, and the last step of a path through it.
    Sql(CustomSqlIx, Step<'a>),
}

/// Where an object is in the export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Its own position; a null element of a list has none, and this is the object whose list it is in.
    pub(super) at: ObjectIx,
    /// The number of such an element.
    pub(super) element: usize,
}

impl Place {
    pub(super) fn of(at: ObjectIx) -> Self {
        Self { at, element: 0 }
    }
}

impl<'a> UpstreamKey<'a> {
    /// Adds what this is read as to a lineage.
    pub(super) fn add_to(self, lineage: &mut Lineage<'a>, paths: Vec<Path<'a>>) {
        let (upstream, kind, place) = match self {
            Self::Sql(sql, step) => {
                let step = [step].into_iter().collect::<Path>();
                let paths = paths.iter().map(|path| path.and(&step)).collect();
                lineage.custom_sql.push(ReadSql { sql, paths });
                return;
            }
            Self::Table(table) => (Upstream::Table(table), ObjectKind::Table, None),
            Self::Hidden(label, kind, place) => (Upstream::Hidden(label), kind, place),
            Self::Unresolved(object, place) => {
                let kind = object.kind;
                (Upstream::Unresolved(object), kind, place)
            }
            Self::Unreadable {
                name,
                id: _,
                connection,
                reason,
                place,
            } => {
                let upstream = Upstream::Unreadable {
                    name,
                    connection,
                    reason,
                };
                (upstream, ObjectKind::CustomSql, place)
            }
        };
        let object = place.map(|place| ObjectKey {
            site: 0,
            object: place.at.index(),
            element: place.element,
        });
        lineage.reads.push(Read {
            upstream,
            kind,
            object,
            paths,
        });
    }
}

/// What is noted on the way, beside what is found.
#[derive(Default)]
pub(super) struct Noted<'a> {
    /// Why something may be missing.
    pub(super) gaps: BTreeSet<WorkbookGap>,
    /// The virtual connections that are used, by name and position.
    pub(super) connections: BTreeSet<(Cow<'a, str>, Option<ObjectIx>)>,
    /// The connections of the virtual connection tables that are used; `None` for a table whose
    /// connection is unknown and may be any.
    pub(super) connections_of_tables: BTreeSet<Option<ObjectIx>>,
    /// Whether some object contains custom SQL that Tableau does not support.
    pub(super) has_unsupported_sql: bool,
    /// Whether the export shows the query of custom SQL that Tableau could not parse.
    pub(super) shows_unsupported_sql: bool,
    /// Whether custom SQL whose reader is unknown mentions a table that is reached.
    pub(super) is_near_unclaimed_sql: bool,
    /// When an extract of the data sources last got new data.
    pub(super) refreshed_at: Option<Timestamp>,
}

impl<'a> Noted<'a> {
    pub(super) fn absorb(&mut self, other: &Self) {
        self.gaps.extend(other.gaps.iter().cloned());
        self.connections.extend(other.connections.iter().cloned());
        self.connections_of_tables
            .extend(&other.connections_of_tables);
        self.has_unsupported_sql |= other.has_unsupported_sql;
        self.shows_unsupported_sql |= other.shows_unsupported_sql;
        self.is_near_unclaimed_sql |= other.is_near_unclaimed_sql;
        self.refreshed_at = self.refreshed_at.max(other.refreshed_at);
    }
}

/// What was found, each with its path. What an object links to was found in a row, and shares a path.
pub(super) fn with_paths<'a>(
    found: Vec<(UpstreamKey<'a>, Way)>,
    trail: &Trail<'a>,
) -> impl Iterator<Item = (UpstreamKey<'a>, Path<'a>)> {
    let mut last = (VisitIx::FIRST.onward(), Path::default());
    found.into_iter().map(move |(key, way)| {
        if way != last.0 || last.1.is_empty() {
            last = (way, trail.path(way));
        }
        (key, last.1.clone())
    })
}

/// Groups the paths by what they lead to; everything in order, the shortest path first.
pub(super) fn group<'a>(
    mut found: Vec<(UpstreamKey<'a>, Path<'a>)>,
) -> impl Iterator<Item = (UpstreamKey<'a>, Vec<Path<'a>>)> {
    found.sort_by(|(a, to_a), (b, to_b)| {
        a.cmp(b)
            .then_with(|| to_a.len().cmp(&to_b.len()))
            .then_with(|| to_a.cmp(to_b))
    });
    found.dedup();
    let mut found = found.into_iter().peekable();
    std::iter::from_fn(move || {
        let (key, first) = found.next()?;
        let mut paths = vec![first];
        while let Some((_, path)) = found.next_if(|(next, _)| *next == key) {
            if paths.len() < Read::MOST_PATHS {
                paths.push(path);
            }
        }
        Some((key, paths))
    })
}
