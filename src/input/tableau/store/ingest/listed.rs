//! The objects that the sections of a response list, whether or not it says anything else of them.

use super::super::mentions::Mention;
use super::Ingest;
use super::response::items;
use crate::input::tableau::responses::Sections;
use crate::input::tableau::wire::AnyList;
use crate::model::ObjectKind;

impl Ingest<'_, '_> {
    /// Notes the objects that the sections list, if the time of their capture is known: a later
    /// capture without them may show that they are gone. Workbooks always become records.
    pub(crate) fn note_listed(&mut self, sections: &Sections) {
        if self.provenance.captured_at.is_none() {
            return;
        }
        let datasources = [
            (ObjectKind::Datasource, &sections.datasources),
            (ObjectKind::Embedded, &sections.embedded),
            (ObjectKind::Published, &sections.published),
        ];
        for (kind, lists) in datasources {
            for one in items(lists) {
                self.note(kind, one.id.as_deref(), one.luid.as_deref());
            }
        }
        let in_databases = items(&sections.databases).flat_map(|one| one.tables.items());
        let tables = items(&sections.tables).chain(items(&sections.any_tables));
        for one in tables.chain(in_databases) {
            let kind = match one.typename.as_deref() {
                Some("CustomSQLTable") => ObjectKind::CustomSql,
                Some("VirtualConnectionTable") => ObjectKind::VirtualTable,
                _ => ObjectKind::Table,
            };
            self.note(kind, one.id.as_deref(), one.luid.as_deref());
        }
        for one in items(&sections.custom_sql) {
            self.note(ObjectKind::CustomSql, one.id.as_deref(), None);
        }
        for one in items(&sections.virtual_connections) {
            let kind = ObjectKind::VirtualConnection;
            self.note(kind, one.id.as_deref(), one.luid.as_deref());
        }
        for one in items(&sections.virtual_connection_tables) {
            self.note(
                ObjectKind::VirtualTable,
                one.id.as_deref(),
                one.luid.as_deref(),
            );
        }
        for one in items(&sections.flows) {
            self.note(ObjectKind::Flow, one.id.as_deref(), one.luid.as_deref());
        }
    }

    fn note(&mut self, kind: ObjectKind, id: Option<&str>, luid: Option<&str>) {
        let mention = Mention::new(kind, id, luid, None);
        if let Some(time) = self.provenance.captured_at
            && mention.has_id()
        {
            let listed = self.reference(mention);
            self.store.listed.push((listed, time));
        }
    }
}
