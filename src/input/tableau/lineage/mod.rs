//! The lineage of each workbook: everything upstream of it, by whatever path.

mod circles;
mod datasource;
mod found;
mod gaps;
mod shared;
mod shown_sql;
mod sql;
mod survey;
mod trail;
mod unclaimed;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

pub(super) use self::datasource::trace_datasource;
pub(super) use self::found::Lineage;
use self::found::{Noted, Place, UpstreamKey, group, with_paths};
pub(super) use self::shared::Shared;
pub(super) use self::survey::Survey;
use self::trail::{Trail, VisitIx, Way};
pub(super) use self::unclaimed::Unclaimed;
use super::store::{Content, Merged, Object, ObjectIx, Ref, is_made_up};
use crate::model::{
    ObjectKind, Path, Read, Step, StepKind, UnresolvedReason, Upstream, WorkbookGap,
};

/// Follows everything upstream of the workbook at this position.
pub(super) fn trace<'a>(
    store: &Merged<'_, 'a>,
    survey: &Survey<'_, 'a>,
    shared: &Shared<'a>,
    at: ObjectIx,
) -> Lineage<'a> {
    let mut walk = Walk::new(store, survey, Trail::from(at, None), Some(shared));
    let object = store.object(at);
    if let Content::Workbook(workbook) = object.content {
        walk.noted.has_unsupported_sql = workbook.unsupported_sql == Some(true);
    }
    // Other lists may well be empty: a workbook can read tables without a published data source.
    let lists = object.links.lists;
    let lists_tables = lists.contains(ObjectKind::Table) || lists.contains(ObjectKind::Embedded);
    let has_null_lists = !object.links.null_lists.is_empty();
    if !lists_tables && !has_null_lists && object.links.upstream.is_empty() {
        walk.noted.gaps.insert(WorkbookGap::NothingUpstream);
    }
    for kind in store.open_readers.iter() {
        // What the workbook itself lists is known from there.
        if !object.links.lists.contains(kind) {
            walk.noted.gaps.insert(WorkbookGap::ReadersCutOff(kind));
        }
    }
    walk.run();
    walk.finish(at)
}

/// How many paths through one object are followed, the shortest ones first. A flow lists all flows
/// upstream of it, also the indirect ones, so that n flows in a row have 2^n paths.
const MOST_PATHS: usize = 8;

/// What a walk knows of one object: its visits.
#[derive(Default)]
struct Visits {
    last: Option<VisitIx>,
    /// How many there are through custom SQL, and how many otherwise.
    through_sql: usize,
    otherwise: usize,
    /// Whether the object leads to nothing but extracts, once that is found out.
    leads_to_extracts: Option<bool>,
}

impl Visits {
    /// The first visit, to which no way leads back.
    fn of_first() -> Self {
        Self {
            last: Some(VisitIx::FIRST),
            ..Self::default()
        }
    }
}

/// A walk from a workbook, or from an object that many workbooks share, to everything upstream of it,
/// breadth first.
struct Walk<'s, 'm, 'a> {
    store: &'s Merged<'m, 'a>,
    survey: &'s Survey<'s, 'a>,
    /// What is found once for all workbooks.
    shared: Option<&'s Shared<'a>>,
    /// How often the walk took what is shared.
    taken: usize,
    found: Vec<(UpstreamKey<'a>, Way)>,
    /// What is upstream of objects that are shared.
    found_shared: Vec<(UpstreamKey<'a>, Path<'a>)>,
    noted: Noted<'a>,
    /// The visits so far and those that are still to be made, the shortest ways first.
    trail: Trail<'a>,
    visits: BTreeMap<ObjectIx, Visits>,
    /// The views of the workbook that are already visited.
    views: BTreeSet<ObjectIx>,
    /// Whether anything on the way is a part of a workbook.
    is_in_workbook: bool,
}

impl<'s, 'm, 'a> Walk<'s, 'm, 'a> {
    fn new(
        store: &'s Merged<'m, 'a>,
        survey: &'s Survey<'s, 'a>,
        trail: Trail<'a>,
        shared: Option<&'s Shared<'a>>,
    ) -> Self {
        let first = trail.object(VisitIx::FIRST);
        let first = first.map(|at| (at, Visits::of_first()));
        Self {
            store,
            survey,
            shared,
            taken: 0,
            found: Vec::new(),
            found_shared: Vec::new(),
            noted: Noted::default(),
            trail,
            visits: first.into_iter().collect(),
            views: BTreeSet::new(),
            is_in_workbook: false,
        }
    }

    fn run(&mut self) {
        let mut visit = VisitIx::FIRST;
        while let Some(at) = self.trail.object(visit) {
            self.enter(at, visit);
            visit = visit.next();
        }
    }

    fn enter(&mut self, at: ObjectIx, visit: VisitIx) {
        let way = visit.onward();
        let links = &self.store.object(at).links;
        for link in &links.upstream {
            self.follow(*link, way);
        }
        for link in &links.columns {
            let is_by_columns = true;
            self.follow(
                *link,
                Way {
                    is_by_columns,
                    ..way
                },
            );
        }
        for (kind, count) in &links.nulls {
            self.add_nulls(*kind, *count, at, way);
        }
        for kind in links.cut.iter() {
            self.noted.gaps.insert(WorkbookGap::ListCutOff(kind));
        }
        // What is between a workbook and tables tells of its own lists when it is reached.
        if !is_between(self.store.object(at)) {
            let null_lists = links.null_lists.iter();
            self.noted
                .gaps
                .extend(null_lists.map(WorkbookGap::ListNull));
        }
    }

    /// Adds the null elements of a list.
    fn add_nulls(&mut self, kind: ObjectKind, count: usize, at: ObjectIx, way: Way) {
        let place = self.trail.last_step(way).into_iter().collect::<Path>();
        for number in 1..=count {
            let label = format!("unnamed {kind} {number} of {count} in the {place}");
            let element = Place {
                at,
                element: number,
            };
            self.add(UpstreamKey::Hidden(label.into(), kind, Some(element)), way);
        }
    }

    /// Adds the object that a link leads to, and what is upstream of it.
    fn follow(&mut self, link: Ref, way: Way) {
        let found = self.store.find(link);
        if link.kind == ObjectKind::VirtualConnection {
            self.noted.connections.insert((self.label(link), found));
            return;
        }
        let Some(at) = found else {
            self.add_undescribed(link, way);
            return;
        };
        let object = self.store.object(at);
        self.is_in_workbook |= is_part_of_workbook(object.entity.kind);
        if object.entity.kind == ObjectKind::View {
            self.visit_view(at, way);
            return;
        }
        match &object.content {
            Content::Unknown if object.links.has_tables() => {}
            Content::Unknown => self.add_undescribed(link, way),
            Content::Workbook(_) => {}
            Content::Tables(tables) => {
                // A table lists all custom SQL that mentions it, whoever reads that custom SQL. Its
                // readers are those that the export names.
                self.noted.is_near_unclaimed_sql |=
                    !self.trail.is_through_sql(way, None) && self.survey.unclaimed.mentions(at);
                let reader = self.trail.object(way.from);
                let in_sql = reader.and_then(|sql| self.store.tables_read_by(sql, at));
                for table in in_sql.unwrap_or(tables) {
                    match table {
                        Some(table) => self.add(UpstreamKey::Table(*table), way),
                        None => self.add_hidden(ObjectKind::Table, link, way),
                    }
                }
            }
            Content::TooManyTables => {
                let reason = UnresolvedReason::TooManyCopies;
                let (kind, label) = (ObjectKind::Table, self.label(link));
                self.add_unresolved(kind, label, reason, Some(Place::of(at)), way);
            }
            Content::Intermediate(intermediate) => {
                self.note_unparsed(link, object, intermediate, way);
                self.noted.refreshed_at = self.noted.refreshed_at.max(intermediate.refreshed_at);
                let has_null_lists = !object.links.null_lists.is_empty();
                if intermediate.is_described || has_null_lists || object.links.has_tables() {
                    self.note_silent(link, object, intermediate, way);
                } else {
                    self.add_undescribed(link, way);
                }
                if object.entity.kind == ObjectKind::VirtualTable {
                    self.noted
                        .connections_of_tables
                        .insert(self.store.connection_of.get(&at).copied());
                }
            }
        }
        if object.links.lead_on() {
            self.visit(at, link, way);
        }
    }

    /// Adds a view to those that are to be visited. It is a part of the workbook and no step of a path.
    fn visit_view(&mut self, at: ObjectIx, way: Way) {
        if self.views.insert(at) {
            self.trail.add(at, way, None, None);
        }
    }

    /// Adds an object to those that are to be visited, unless it is on the way already: flows may run
    /// in circles.
    fn visit(&mut self, at: ObjectIx, link: Ref, way: Way) {
        let step = self.step(self.store.object(at), link);
        let visits = self.visits.entry(at).or_default();
        let count = if self.trail.is_through_sql(way, step.as_ref()) {
            &mut visits.through_sql
        } else {
            &mut visits.otherwise
        };
        if *count == MOST_PATHS || self.trail.is_through(way, visits.last) {
            return;
        }
        *count += 1;
        let last = visits.last;
        if let Some(upstream) = self.find_shared(at, way, step.as_ref()) {
            self.take(upstream, way);
        } else {
            let visit = self.trail.add(at, way, step, last);
            self.visits.entry(at).or_default().last = Some(visit);
        }
    }

    fn add(&mut self, key: UpstreamKey<'a>, way: Way) {
        self.found.push((key, way));
    }

    fn finish(mut self, workbook: ObjectIx) -> Lineage<'a> {
        if self.leads_to_extracts_only(self.views.iter().copied().chain([workbook])) {
            self.noted.gaps.insert(WorkbookGap::OnlyExtract);
        }
        for (connection, at) in std::mem::take(&mut self.noted.connections) {
            let of_tables = &self.noted.connections_of_tables;
            if !of_tables.contains(&at) && !of_tables.contains(&None) {
                self.add_unresolved(
                    ObjectKind::VirtualConnection,
                    connection,
                    UnresolvedReason::TablesNotNamed,
                    at.map(Place::of),
                    VisitIx::FIRST.onward(),
                );
            }
        }
        let has_unsupported_sql =
            self.noted.has_unsupported_sql && !self.noted.shows_unsupported_sql;
        let mut lineage = Lineage {
            gaps: self.noted.gaps,
            is_near_unclaimed_sql: self.noted.is_near_unclaimed_sql,
            refreshed_at: self.noted.refreshed_at,
            ..Lineage::default()
        };
        let found = with_paths(self.found, &self.trail).chain(self.found_shared);
        for (key, paths) in group(found.collect()) {
            key.add_to(&mut lineage, paths);
        }
        let is_unreadable = |read: &Read| matches!(read.upstream, Upstream::Unreadable { .. });
        if has_unsupported_sql && !lineage.reads.iter().any(is_unreadable) {
            lineage.gaps.insert(WorkbookGap::UnsupportedSql);
        }
        lineage
    }

    /// The step of a path that leads through an object, if it is one.
    fn step(&self, object: &Object<'a>, link: Ref) -> Option<Step<'a>> {
        let kind = match object.entity.kind {
            // A page of `datasources` has both embedded and published ones; the link may name the
            // kind.
            ObjectKind::Datasource => link.kind,
            kind => kind,
        };
        let kind = match kind {
            ObjectKind::Embedded => StepKind::EmbeddedDatasource,
            ObjectKind::Published | ObjectKind::Datasource => StepKind::PublishedDatasource,
            ObjectKind::CustomSql => StepKind::CustomSql,
            ObjectKind::VirtualTable => StepKind::VirtualConnectionTable,
            ObjectKind::Flow => StepKind::Flow,
            ObjectKind::Workbook
            | ObjectKind::Table
            | ObjectKind::VirtualConnection
            | ObjectKind::View => return None,
        };
        let name = self.display_name(object, link);
        Some(Step {
            kind,
            name,
            place: None,
        })
    }

    fn display_name(&self, object: &Object<'a>, link: Ref) -> Cow<'a, str> {
        let described = match object.content {
            Content::Intermediate(intermediate) => intermediate.name,
            Content::Unknown
            | Content::Workbook(_)
            | Content::Tables(_)
            | Content::TooManyTables => None,
        };
        let name = described.or_else(|| self.store.mention(link).name);
        Cow::Borrowed(name.unwrap_or_default())
    }

    /// How a reference is shown: by its name, else by an id of Tableau. Mentions of one object may
    /// name it differently, so all of them count.
    fn label(&self, link: Ref) -> Cow<'a, str> {
        let object = self.store.find(link).map(|at| self.store.object(at));
        let known = object.and_then(|object| object.entity.label());
        let mention = self.store.mention(link);
        let shown = [known, mention.name, mention.luid, mention.id]
            .into_iter()
            .flatten()
            .find(|text| !is_made_up(text));
        Cow::Borrowed(shown.unwrap_or("without an id"))
    }

    /// The kind of the object that a reference leads to, as far as any mention shows it.
    fn kind(&self, link: Ref) -> ObjectKind {
        match self.store.find(link) {
            Some(at) => self.store.object(at).entity.kind,
            None => link.kind,
        }
    }
}

/// Whether an object is between workbooks and tables, and a step of paths.
fn is_between(object: &Object) -> bool {
    matches!(object.content, Content::Intermediate(_)) && object.entity.kind != ObjectKind::View
}

/// Whether objects of this kind are parts of one workbook, or workbooks.
fn is_part_of_workbook(kind: ObjectKind) -> bool {
    match kind {
        ObjectKind::Workbook | ObjectKind::Embedded | ObjectKind::View => true,
        ObjectKind::Published
        | ObjectKind::Datasource
        | ObjectKind::Table
        | ObjectKind::CustomSql
        | ObjectKind::VirtualConnection
        | ObjectKind::VirtualTable
        | ObjectKind::Flow => false,
    }
}
