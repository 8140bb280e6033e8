//! What a walk notes where it does not come to tables: hidden objects, missing ones, custom SQL that
//! could not be read, and silence.

use std::borrow::Cow;

use super::sql::{has_tables, unreadable};
use super::{Place, UpstreamKey, Walk, Way};
use crate::input::tableau::names;
use crate::input::tableau::store::{Content, Intermediate, Mention, Object, ObjectIx, Ref};
use crate::input::tableau::wire::Field;
use crate::model::{CustomSqlIx, ObjectKind, TableIx, UnreadableSql, Unresolved, UnresolvedReason};

impl<'a> Walk<'_, '_, 'a> {
    /// Records custom SQL whose tables are not all known, also inside another object.
    pub(super) fn note_unparsed(
        &mut self,
        link: Ref,
        object: &Object<'a>,
        intermediate: &Intermediate<'a>,
        way: Way,
    ) {
        let unsupported = intermediate.unsupported_sql == Some(true);
        let reason = match object.entity.kind {
            ObjectKind::CustomSql => {
                if let Some(sql) = self.shown_sql(link) {
                    self.noted.shows_unsupported_sql |= unreadable(object, intermediate).is_some();
                    let step = self.step(object, link);
                    let key = step.map(|step| UpstreamKey::Sql(sql, step));
                    key.into_iter().for_each(|key| self.add(key, way));
                    return;
                }
                if intermediate.query == Field::Null && !has_tables(object) {
                    self.add_hidden(ObjectKind::CustomSql, link, way);
                    return;
                }
                unreadable(object, intermediate)
            }
            ObjectKind::VirtualTable => unsupported.then_some(UnreadableSql::InVirtualConnection),
            ObjectKind::Workbook
            | ObjectKind::Embedded
            | ObjectKind::Published
            | ObjectKind::Datasource
            | ObjectKind::Table
            | ObjectKind::VirtualConnection
            | ObjectKind::Flow
            | ObjectKind::View => {
                self.noted.has_unsupported_sql |= unsupported;
                None
            }
        };
        if let Some(reason) = reason {
            self.add_unreadable(link, object, intermediate, reason, way);
        }
    }

    /// Custom SQL of which the export shows the query.
    fn shown_sql(&self, link: Ref) -> Option<CustomSqlIx> {
        self.survey.shown_sql.position(self.store.find(link)?)
    }

    /// Notes an object that shows nothing of what it reads, or an extract alone, or of which a list is
    /// null. That Tableau names nothing does not show that there is nothing.
    pub(super) fn note_silent(
        &mut self,
        link: Ref,
        object: &Object<'a>,
        intermediate: &Intermediate<'a>,
        way: Way,
    ) {
        // Custom SQL that Tableau does not support explains the silence, and is a gap of its own.
        let is_null = !object.links.null_lists.is_empty();
        let is_explained = intermediate.unsupported_sql == Some(true) && !is_null;
        if object.entity.kind == ObjectKind::CustomSql || is_explained {
            return;
        }
        let is_in_circle = |at| self.survey.circles.contains(&at);
        let reason = if is_null {
            UnresolvedReason::ListsNull
        } else if !object.links.lead_on() || self.store.find(link).is_some_and(is_in_circle) {
            UnresolvedReason::NothingNamed
        } else if self.leads_to_extracts(link) {
            UnresolvedReason::OnlyExtract
        } else {
            return;
        };
        let label = self.name_or_id(object, link);
        let place = self.place(link);
        self.add_unresolved(object.entity.kind, label, reason, place, way);
    }

    /// As [`Self::leads_to_extracts_only`] for the object of a link. Thousands of links may lead to one
    /// object with thousands of extracts, so that it is found out once.
    fn leads_to_extracts(&mut self, link: Ref) -> bool {
        let Some(at) = self.store.find(link) else {
            return false;
        };
        if let Some(known) = self.visits.get(&at).and_then(|one| one.leads_to_extracts) {
            return known;
        }
        let find = || self.leads_to_extracts_only([at].into_iter());
        let known = self
            .shared
            .and_then(|shared| shared.leads_to_extracts(at, find));
        let found = known.unwrap_or_else(find);
        self.visits.entry(at).or_default().leads_to_extracts = Some(found);
        found
    }

    /// The name of an object, else an id of Tableau.
    fn name_or_id(&self, object: &Object<'a>, link: Ref) -> Cow<'a, str> {
        let name = self.display_name(object, link);
        if name.is_empty() {
            self.label(link)
        } else {
            name
        }
    }

    /// Whether all that is upstream of these objects are extracts, and nothing shows what fills them.
    pub(super) fn leads_to_extracts_only(&self, objects: impl Iterator<Item = ObjectIx>) -> bool {
        let mut any = false;
        for at in objects {
            let links = &self.store.object(at).links;
            if links.has_gaps() {
                return false;
            }
            let upstream = links.upstream.iter().chain(&links.columns);
            for link in upstream.filter(|link| link.kind != ObjectKind::View) {
                if !self.is_bare_extract(*link) {
                    return false;
                }
                any = true;
            }
        }
        any
    }

    /// Whether this is an extract, and nothing shows what fills it.
    fn is_bare_extract(&self, link: Ref) -> bool {
        let Some(object) = self.store.find(link).map(|at| self.store.object(at)) else {
            return false;
        };
        let Content::Tables(tables) = &object.content else {
            return false;
        };
        let is_extract = |table: &Option<TableIx>| {
            table.is_some_and(|table| self.store.tables[table.0].connection.is_extract())
        };
        !object.links.lead_on() && !tables.is_empty() && tables.iter().all(is_extract)
    }

    fn add_unreadable(
        &mut self,
        link: Ref,
        object: &Object<'a>,
        intermediate: &Intermediate<'a>,
        reason: UnreadableSql,
        way: Way,
    ) {
        let database = intermediate
            .database
            .map(|database| self.store.complete_database(database));
        let name = match self.display_name(object, link) {
            name if name.trim().is_empty() => {
                Cow::Owned(format!("{} {}", object.entity.kind, self.label(link)))
            }
            name => name,
        };
        let key = UpstreamKey::Unreadable {
            name,
            id: self.store.mention(link).id.unwrap_or_default(),
            connection: names::connection(intermediate.connection_type, database),
            reason,
            place: self.place(link),
        };
        self.add(key, way);
    }

    pub(super) fn add_hidden(&mut self, kind: ObjectKind, link: Ref, way: Way) {
        let label = format!("{kind} {}", self.label(link));
        let place = self.place(link);
        self.add(UpstreamKey::Hidden(label.into(), kind, place), way);
    }

    fn place(&self, link: Ref) -> Option<Place> {
        self.store.find(link).map(Place::of)
    }

    /// Adds an object of which the export does not show what it reads.
    pub(super) fn add_undescribed(&mut self, link: Ref, way: Way) {
        let found = self.store.find(link);
        let reason = if found.is_some_and(|at| self.store.without_lists.contains(&at)) {
            UnresolvedReason::ListsMissing
        } else if self.is_elsewhere(link) {
            UnresolvedReason::SiteUnknown
        } else {
            UnresolvedReason::NotInExport
        };
        let (kind, label) = (self.kind(link), self.label(link));
        self.add_unresolved(kind, label, reason, self.place(link), way);
    }

    /// Whether files describe an object that may be from another site.
    fn is_elsewhere(&self, link: Ref) -> bool {
        let Mention { id, luid, .. } = self.store.mention(link);
        self.survey.elsewhere.has([id, luid].into_iter().flatten())
    }

    pub(super) fn add_unresolved(
        &mut self,
        kind: ObjectKind,
        label: Cow<'a, str>,
        reason: UnresolvedReason,
        place: Option<Place>,
        way: Way,
    ) {
        let object = Unresolved {
            kind,
            label,
            reason,
        };
        self.add(UpstreamKey::Unresolved(object, place), way);
    }
}
