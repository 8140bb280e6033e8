//! What the Metadata API tells of owners, projects and tables, for permissions that follow from content.

use super::super::envelope::{Envelope, EnvelopeUser};
use super::super::responses::{Response, Sections};
use super::super::wire::{AnyList, Database, Datasource, Flow, List, Table, Workbook};
use super::mentioned::Mentioned;
use super::store::AccessStore;
use crate::model::access::{AssetId, AssetKind, Location, SiteRole};

/// Adds what an envelope tells, at this time in milliseconds since 1970.
pub(super) fn add_envelope(
    store: &mut AccessStore,
    envelope: &Envelope<Response>,
    at: Option<i64>,
) {
    for project in &envelope.projects {
        let facts = store.assets.of(AssetKind::Project, &project.luid);
        if let Some(name) = &project.name {
            facts.name.add(at, name.to_string());
        }
        let parent = project.parent_luid.as_deref();
        let parent = parent.map(|parent| Location::Project(parent.to_owned()));
        facts.location.add(at, parent.unwrap_or(Location::Top));
    }
    if let Some(user) = &envelope.user {
        add_user(store, user, at);
    }
    for response in &envelope.answers {
        add_sections(store, &response.sections, at);
    }
}

/// Adds the user who asked, of whom the envelope tells the role.
fn add_user(store: &mut AccessStore, user: &EnvelopeUser, at: Option<i64>) {
    let Some(luid) = &user.luid else { return };
    let facts = store.people.entry(luid.to_lowercase()).or_default();
    if let Some(name) = &user.name {
        facts.name.add(at, name.clone());
    }
    if let Some(role) = &user.site_role {
        facts.role.add(at, SiteRole::of(role));
    }
}

/// Adds what the lists of a response tell.
fn add_sections(store: &mut AccessStore, sections: &Sections, at: Option<i64>) {
    let mut adding = Adding { store, at };
    for workbook in items(&sections.workbooks) {
        adding.add_workbook(workbook);
    }
    for datasource in items(&sections.embedded).chain(items(&sections.datasources)) {
        let workbook = datasource.workbook.as_ref();
        if let Some(luid) = workbook.and_then(|workbook| workbook.luid.as_deref()) {
            adding.add_embedded(luid, datasource);
        }
    }
    for datasource in items(&sections.published).chain(items(&sections.datasources)) {
        adding.add_published(datasource);
    }
    for flow in items(&sections.flows) {
        adding.add_flow(flow);
    }
    for table in items(&sections.tables).chain(items(&sections.any_tables)) {
        adding.add_table(table, None);
    }
    for sql in items(&sections.custom_sql) {
        adding.store.table_names.add_sql(at, sql);
    }
    let of_a_kind = sections.databases_of_a_kind.iter();
    let of_a_kind = of_a_kind.flat_map(|(_, list)| &list.items);
    for database in items(&sections.databases).chain(of_a_kind) {
        for table in database.tables.items() {
            adding.add_table(table, Some(database));
        }
    }
}

fn items<T>(lists: &[List<T>]) -> impl Iterator<Item = &T> {
    lists.iter().flat_map(|list| &list.items)
}

struct Adding<'s> {
    store: &'s mut AccessStore,
    at: Option<i64>,
}

impl Adding<'_> {
    fn add_workbook(&mut self, workbook: &Workbook) {
        let Some(luid) = workbook.luid.as_deref() else {
            return;
        };
        let at = self.at;
        let facts = self.store.assets.of(AssetKind::Workbook, luid);
        if let Some(name) = &workbook.name {
            facts.name.add(at, name.to_string());
        }
        if let Some(owner) = &workbook.owner {
            if let Some(luid) = &owner.luid {
                facts.owner.add(at, luid.to_string());
            }
            if let Some(name) = &owner.username {
                facts.owner_name.add(at, name.to_string());
            }
        }
        let container = workbook.container_type.as_deref().unwrap_or_default();
        if container.to_ascii_lowercase().contains("personal") {
            facts.location.add(at, Location::PersonalSpace);
        } else if let Some(project) = &workbook.project_luid {
            let project = Location::Project(project.to_string());
            facts.location.add(at, project);
        }
        for datasource in &workbook.embedded_datasources.items {
            self.add_embedded(luid, datasource);
        }
        let embedded = &workbook.embedded_datasources.items;
        let are_told = embedded.iter().any(|one| one.upstream_tables.has_nodes);
        // Where parts are not told, all tables are the workbook's own if nothing published is between.
        let is_between = !workbook.upstream_datasources.items.is_empty()
            || !workbook.upstream_virtual_connections.items.is_empty()
            || !workbook.upstream_virtual_connection_tables.items.is_empty();
        for table in &workbook.upstream_tables.items {
            self.add_table(table, None);
            if !are_told && !is_between {
                self.add_input(AssetKind::Workbook, luid, table);
            }
        }
    }

    /// Adds the tables of a part of a workbook, unless it reads them through a published data source or a
    /// virtual connection.
    fn add_embedded(&mut self, workbook: &str, datasource: &Datasource) {
        for table in &datasource.upstream_tables.items {
            self.add_table(table, None);
            if is_direct(datasource) {
                self.add_input(AssetKind::Workbook, workbook, table);
            }
        }
    }

    fn add_published(&mut self, datasource: &Datasource) {
        let Some(luid) = datasource.luid.as_deref() else {
            return;
        };
        let facts = self.store.assets.of(AssetKind::Datasource, luid);
        if let Some(name) = &datasource.name {
            facts.name.add(self.at, name.to_string());
        }
        for table in &datasource.upstream_tables.items {
            self.add_table(table, None);
            if is_direct(datasource) {
                self.add_input(AssetKind::Datasource, luid, table);
            }
        }
    }

    fn add_flow(&mut self, flow: &Flow) {
        let Some(luid) = flow.luid.as_deref() else {
            return;
        };
        let facts = self.store.assets.of(AssetKind::Flow, luid);
        if let Some(name) = &flow.name {
            facts.name.add(self.at, name.to_string());
        }
        for table in &flow.upstream_tables.items {
            self.add_table(table, None);
            self.add_input(AssetKind::Flow, luid, table);
        }
        let outputs = flow.downstream_tables.items.iter();
        let outputs =
            outputs.filter_map(|table| Mentioned::of(table.luid.as_deref(), table.id.as_deref()));
        let uses = self.store.uses.entry(AssetId::new(AssetKind::Flow, luid));
        uses.or_default().outputs.extend(outputs);
    }

    fn add_input(&mut self, kind: AssetKind, luid: &str, table: &Table) {
        if let Some(table) = Mentioned::of(table.luid.as_deref(), table.id.as_deref()) {
            let uses = self.store.uses.entry(AssetId::new(kind, luid)).or_default();
            uses.inputs.insert(table);
        }
    }

    fn add_table(&mut self, table: &Table, within: Option<&Database>) {
        self.store.table_names.add(self.at, table, within);
        let Some(luid) = table.luid.as_deref() else {
            return;
        };
        if let Some(id) = table.id.as_deref() {
            let luids = &mut self.store.table_luids;
            luids.insert(id.to_owned(), luid.to_owned());
        }
        let at = self.at;
        let facts = self.store.assets.of(AssetKind::Table, luid);
        if let Some(name) = table.name.as_deref().text() {
            facts.name.add(at, name.to_owned());
        }
        if let Some(schema) = table.schema.as_deref().text() {
            facts.schema.add(at, schema.to_owned());
        }
        let Some(database) = table.database.as_ref().or(within) else {
            return;
        };
        if let Some(of_table) = &database.luid {
            facts.database.add(at, of_table.to_string());
            let facts = self.store.assets.of(AssetKind::Database, of_table);
            if let Some(name) = database.name.as_deref().text() {
                facts.name.add(at, name.to_owned());
            }
        }
    }
}

fn is_direct(datasource: &Datasource) -> bool {
    datasource.upstream_datasources.items.is_empty()
        && datasource.parent_published_datasources.items.is_empty()
        && datasource.upstream_virtual_connections.items.is_empty()
        && datasource
            .upstream_virtual_connection_tables
            .items
            .is_empty()
}
