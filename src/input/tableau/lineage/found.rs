//! What a walk finds, and the paths to it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::trail::{Trail, VisitIx, Way};
use crate::input::tableau::store::ObjectIx;
use crate::model::{
    ConnectionType, Path, TableIx, UnreadableSql, Unresolved, Upstream, WorkbookGap,
};

/// How many paths to one thing are kept, the shortest ones.
const MOST_PATHS: usize = 8;

/// One thing that a workbook reads, with enough to tell it apart from others that look the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum UpstreamKey<'a> {
    Table(TableIx),
    /// Something hidden. A null element of a list has no id, so it also has the position of the
    /// object whose list it is in.
    Hidden(Arc<str>, Option<ObjectIx>),
    Unresolved(Unresolved<'a>),
    /// Custom SQL often has the same name as other custom SQL, so it also has its id.
    Unreadable {
        name: Cow<'a, str>,
        id: &'a str,
        connection: ConnectionType<'a>,
        reason: UnreadableSql,
    },
}

impl<'a> UpstreamKey<'a> {
    pub(super) fn into_upstream(self) -> Upstream<'a> {
        match self {
            Self::Table(table) => Upstream::Table(table),
            Self::Hidden(label, _) => Upstream::Hidden(label),
            Self::Unresolved(reference) => Upstream::Unresolved(reference),
            Self::Unreadable {
                name,
                id: _,
                connection,
                reason,
            } => Upstream::Unreadable {
                name,
                connection,
                reason,
            },
        }
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
    /// Whether custom SQL whose reader is unknown mentions a table that is reached.
    pub(super) is_near_unclaimed_sql: bool,
}

impl<'a> Noted<'a> {
    pub(super) fn absorb(&mut self, other: &Self) {
        self.gaps.extend(other.gaps.iter().cloned());
        self.connections.extend(other.connections.iter().cloned());
        self.connections_of_tables
            .extend(&other.connections_of_tables);
        self.has_unsupported_sql |= other.has_unsupported_sql;
        self.is_near_unclaimed_sql |= other.is_near_unclaimed_sql;
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
            if paths.len() < MOST_PATHS {
                paths.push(path);
            }
        }
        Some((key, paths))
    })
}
