//! Taking in objects, whole and in pieces, inside each other and on their own.

use std::borrow::Cow;
use std::mem::take;

use jiff::Timestamp;

use super::super::document::{Project, Sections};
use super::super::wire::{
    self, AnyTable, CustomSql, Datasource, Field, Flow, List, Reference, Text, VirtualConnection,
    VirtualConnectionTable,
};
use super::versions::Descriptions;
use super::{Body, Copy, Entity, Holder, Kind, Links, Names, Ref};

/// An object that names its reader.
pub(super) struct Told<'a> {
    pub(super) reader: Ref<'a>,
    pub(super) read: Ref<'a>,
    pub(super) captured_at: Option<Timestamp>,
}

/// The objects of one site while they come in.
#[derive(Default)]
pub(in crate::input::tableau) struct Store<'a> {
    pub(super) entities: Vec<Entity<'a>>,
    pub(super) names: Names<'a>,
    /// Who reads what, as told by what is read, until all objects are known.
    pub(super) told: Vec<Told<'a>>,
    /// Virtual connection tables, each with its connection.
    pub(super) members: Vec<(Ref<'a>, Ref<'a>)>,
    /// Paths of views by workbook.
    pub(super) views: Vec<(Ref<'a>, Cow<'a, str>)>,
    pub(super) databases: Descriptions<'a, wire::Database<'a>>,
    pub(super) projects: Descriptions<'a, Project<'a>>,
    pub(super) captured_at: Option<Timestamp>,
}

impl<'a> Store<'a> {
    /// Takes in the sections of one answer, captured at a time that may be unknown.
    pub(in crate::input::tableau) fn add(
        &mut self,
        sections: Sections<'a>,
        captured_at: Option<Timestamp>,
    ) {
        self.captured_at = captured_at;
        each(sections.workbooks, |workbook| self.workbook(workbook));
        each(sections.datasources, |datasource| {
            drop(self.datasource(Kind::Datasource, datasource))
        });
        each(sections.embedded, |datasource| drop(self.datasource(Kind::Embedded, datasource)));
        each(sections.published, |datasource| drop(self.datasource(Kind::Published, datasource)));
        each(sections.tables, |table| drop(self.table(table)));
        each(sections.any_tables, |table| drop(self.any_table(table)));
        each(sections.custom_sql, |sql| drop(self.custom_sql(sql)));
        each(sections.virtual_connections, |connection| drop(self.virtual_connection(connection)));
        each(sections.virtual_connection_tables, |table| drop(self.virtual_table(table)));
        each(sections.flows, |flow| drop(self.flow(flow)));
        each(sections.views, |view| {
            if let (Some(workbook), Some(path)) = (view.workbook, text(view.path)) {
                self.views.push((of_reference(Kind::Workbook, workbook), path));
            }
        });
        each(sections.databases, |database| self.database(database));
    }

    /// Takes in a project as an envelope lists it.
    pub(in crate::input::tableau) fn project(
        &mut self,
        project: Project<'a>,
        captured_at: Option<Timestamp>,
    ) {
        self.projects.add(project.luid.0.clone(), captured_at, project);
    }

    fn workbook(&mut self, mut workbook: wire::Workbook<'a>) {
        let reference =
            mention(Kind::Workbook, &workbook.id, &workbook.luid, workbook.name.as_ref());
        let mut links = Links::default();
        self.tables(&mut links, take(&mut workbook.upstream_tables));
        self.upstream(
            &mut links,
            Kind::Embedded,
            take(&mut workbook.embedded_datasources),
            |store, datasource| store.datasource(Kind::Embedded, datasource),
        );
        self.published(&mut links, take(&mut workbook.upstream_datasources));
        let connections = take(&mut workbook.upstream_virtual_connections);
        self.upstream(&mut links, Kind::VirtualConnection, connections, Self::virtual_connection);
        let tables = take(&mut workbook.upstream_virtual_connection_tables);
        self.upstream(&mut links, Kind::VirtualTable, tables, Self::virtual_table);
        self.upstream(&mut links, Kind::Flow, take(&mut workbook.upstream_flows), Self::flow);
        let views = [&mut workbook.views, &mut workbook.sheets, &mut workbook.dashboards];
        let views = views.into_iter().flat_map(|list| take(list).items);
        links.views = views.filter_map(|view| text(view.path)).collect();
        let stamp = self.stamp(workbook.updated_at.as_ref());
        self.copy(&reference, Copy { stamp, body: Body::Workbook(Box::new(workbook)), links });
    }

    fn datasource(&mut self, kind: Kind, datasource: Datasource<'a>) -> Ref<'a> {
        let reference =
            self.named(mention(kind, &datasource.id, &datasource.luid, datasource.name.as_ref()));
        for workbook in datasource.workbook.into_iter().chain(datasource.downstream_workbooks.items)
        {
            self.tell(of_reference(Kind::Workbook, workbook), &reference);
        }
        let has_columns =
            datasource.fields.items.iter().any(|field| field.upstream_columns.has_nodes);
        let has_content = has_columns
            || datasource.upstream_tables.has_nodes
            || datasource.upstream_datasources.has_nodes
            || datasource.parent_published_datasources.has_nodes
            || datasource.upstream_virtual_connections.has_nodes
            || datasource.upstream_virtual_connection_tables.has_nodes
            || datasource.upstream_flows.has_nodes;
        let mut links = Links::default();
        self.tables(&mut links, datasource.upstream_tables);
        self.published(&mut links, datasource.upstream_datasources);
        self.published(&mut links, datasource.parent_published_datasources);
        let connections = datasource.upstream_virtual_connections;
        self.upstream(&mut links, Kind::VirtualConnection, connections, Self::virtual_connection);
        let tables = datasource.upstream_virtual_connection_tables;
        self.upstream(&mut links, Kind::VirtualTable, tables, Self::virtual_table);
        self.upstream(&mut links, Kind::Flow, datasource.upstream_flows, Self::flow);
        self.columns(&mut links, datasource.fields);
        if has_content {
            let unsupported_sql = datasource.contains_unsupported_custom_sql;
            let name = text(datasource.name);
            let body = holder(Holder { name, unsupported_sql, ..Holder::default() });
            let stamp = self.stamp(datasource.updated_at.as_ref());
            self.copy(&reference, Copy { stamp, body, links });
        }
        reference
    }

    fn published(&mut self, links: &mut Links<'a>, list: List<Datasource<'a>>) {
        self.upstream(links, Kind::Published, list, |store, datasource| {
            store.datasource(Kind::Published, datasource)
        });
    }

    fn columns(&mut self, links: &mut Links<'a>, fields: List<wire::DatasourceField<'a>>) {
        let columns = fields.items.into_iter().flat_map(|field| field.upstream_columns.items);
        for table in columns.filter_map(|column| column.table) {
            let table = self.any_table(table);
            links.columns.insert(table);
        }
    }

    fn table(&mut self, mut table: wire::Table<'a>) -> Ref<'a> {
        let queries = take(&mut table.referenced_by_queries);
        let flows = take(&mut table.upstream_flows);
        let mut reference = mention(Kind::Table, &table.id, &table.luid, None);
        if reference.id.is_none() && reference.luid.is_none() {
            // Without ids, a table is what it says of itself.
            let facts = (
                &table.name,
                &table.full_name,
                &table.schema,
                &table.connection_type,
                &table.database,
            );
            reference.id = Some(Cow::Owned(format!("\0{facts:?}")));
        }
        let mut links = Links::default();
        for query in queries.items {
            let query = self.custom_sql(query);
            self.tell(query.clone(), &reference);
            links.queries.insert(query);
        }
        self.upstream(&mut links, Kind::Flow, flows, Self::flow);
        let is_reference = table.name == Field::Absent && table.full_name == Field::Absent;
        if !is_reference || links != Links::default() {
            let stamp = self.stamp(None);
            self.copy(&reference, Copy { stamp, body: Body::Table(Box::new(table)), links });
        }
        reference
    }

    fn any_table(&mut self, table: AnyTable<'a>) -> Ref<'a> {
        let AnyTable { typename, id, luid, name, .. } = table;
        match typename.as_ref().map(|Text(typename)| typename.as_ref()) {
            Some("CustomSQLTable") => self.custom_sql(CustomSql {
                id,
                name,
                query: table.query,
                is_unsupported_custom_sql: table.is_unsupported_custom_sql,
                tables: table.tables,
                connection_type: table.connection_type,
                database: table.database,
                ..CustomSql::default()
            }),
            Some("VirtualConnectionTable") => {
                let upstream_tables = table.upstream_tables;
                self.virtual_table(VirtualConnectionTable {
                    id,
                    luid,
                    name,
                    upstream_tables,
                    ..VirtualConnectionTable::default()
                })
            }
            // Only an id and a name: the table may be of any kind, and is described elsewhere.
            None if (id.is_some() || luid.is_some())
                && name.text().is_some()
                && [&table.full_name, &table.schema] == [&Field::Absent; 2]
                && table.database.is_none() =>
            {
                mention(Kind::Table, &id, &luid, name.text().cloned().map(Text).as_ref())
            }
            _ => self.table(wire::Table {
                id,
                luid,
                name,
                full_name: table.full_name,
                schema: table.schema,
                connection_type: table.connection_type,
                database: table.database,
                ..wire::Table::default()
            }),
        }
    }

    fn custom_sql(&mut self, sql: CustomSql<'a>) -> Ref<'a> {
        let name = sql.name.text().cloned().map(Text);
        let reference = self.named(mention(Kind::CustomSql, &sql.id, &None, name.as_ref()));
        let has_tables = sql.tables.has_nodes;
        let mut links = Links::default();
        self.tables(&mut links, sql.tables);
        for workbook in sql.downstream_workbooks.items {
            self.tell(of_reference(Kind::Workbook, workbook), &reference);
        }
        let fields =
            sql.columns.items.into_iter().flat_map(|column| column.referenced_by_fields.items);
        let of_fields = fields.filter_map(|field| field.datasource);
        for datasource in sql.downstream_datasources.items.into_iter().chain(of_fields) {
            self.tell(of_reference(Kind::Datasource, datasource), &reference);
        }
        let unsupported_sql = sql.is_unsupported_custom_sql;
        if has_tables || sql.query != Field::Absent || unsupported_sql.is_some() {
            let body = holder(Holder {
                name: text(name),
                unsupported_sql,
                query: sql.query,
                has_tables,
                connection_type: sql.connection_type,
                database: sql.database,
            });
            let stamp = self.stamp(None);
            self.copy(&reference, Copy { stamp, body, links });
        }
        reference
    }

    fn virtual_connection(&mut self, connection: VirtualConnection<'a>) -> Ref<'a> {
        let VirtualConnection { id, luid, name, tables } = connection;
        let reference = self.named(mention(Kind::VirtualConnection, &id, &luid, name.as_ref()));
        // The connection's tables are known from here on, but nobody reads all of them.
        for table in tables.items {
            let table = self.virtual_table(table);
            self.members.push((table, reference.clone()));
        }
        reference
    }

    fn virtual_table(&mut self, table: VirtualConnectionTable<'a>) -> Ref<'a> {
        let name = table.name.text().cloned().map(Text);
        let reference =
            self.named(mention(Kind::VirtualTable, &table.id, &table.luid, name.as_ref()));
        let has_tables = table.upstream_tables.has_nodes;
        let mut links = Links::default();
        self.tables(&mut links, table.upstream_tables);
        if let Some(connection) = table.virtual_connection {
            let connection = self.named(of_reference(Kind::VirtualConnection, connection));
            self.members.push((reference.clone(), connection));
        }
        if has_tables {
            let unsupported_sql = table.contains_unsupported_custom_sql;
            let name = text(name);
            let body = holder(Holder { name, unsupported_sql, has_tables, ..Holder::default() });
            let stamp = self.stamp(None);
            self.copy(&reference, Copy { stamp, body, links });
        }
        reference
    }

    fn flow(&mut self, flow: Flow<'a>) -> Ref<'a> {
        let reference = self.named(mention(Kind::Flow, &flow.id, &flow.luid, flow.name.as_ref()));
        let has_content = flow.upstream_tables.has_nodes
            || flow.upstream_datasources.has_nodes
            || flow.upstream_flows.has_nodes;
        let mut links = Links::default();
        self.tables(&mut links, flow.upstream_tables);
        self.published(&mut links, flow.upstream_datasources);
        self.upstream(&mut links, Kind::Flow, flow.upstream_flows, Self::flow);
        let downstream = [
            (Kind::Datasource, flow.downstream_datasources),
            (Kind::Table, flow.downstream_tables),
            (Kind::Workbook, flow.downstream_workbooks),
        ];
        for (kind, list) in downstream {
            for reader in list.items {
                self.tell(of_reference(kind, reader), &reference);
            }
        }
        if has_content {
            let name = text(flow.name);
            let body = holder(Holder { name, has_tables: true, ..Holder::default() });
            let stamp = self.stamp(None);
            self.copy(&reference, Copy { stamp, body, links });
        }
        reference
    }

    fn database(&mut self, database: wire::Database<'a>) {
        if let Some(Text(id)) = database.id.clone() {
            self.databases.add(id, self.captured_at, database);
        }
    }

    fn tell(&mut self, reader: Ref<'a>, read: &Ref<'a>) {
        self.told.push(Told { reader, read: read.clone(), captured_at: self.captured_at });
    }

    fn tables(&mut self, links: &mut Links<'a>, tables: List<wire::Table<'a>>) {
        self.upstream(links, Kind::Table, tables, Self::table);
    }

    /// Takes in a list of objects upstream of something.
    fn upstream<T>(
        &mut self,
        links: &mut Links<'a>,
        kind: Kind,
        list: List<T>,
        mut add: impl FnMut(&mut Self, T) -> Ref<'a>,
    ) {
        if list.has_nodes {
            links.lists.insert(kind);
        }
        if list.is_cut() {
            links.cut.insert(kind);
        }
        if list.nulls > 0 {
            *links.nulls.entry(kind).or_default() += list.nulls;
        }
        for item in list.items {
            let reference = add(self, item);
            links.upstream.insert(reference);
        }
    }
}

fn each<T>(lists: Vec<List<T>>, mut add: impl FnMut(T)) {
    for list in lists {
        list.items.into_iter().for_each(&mut add);
    }
}

fn text(text: Option<Text<'_>>) -> Option<Cow<'_, str>> {
    text.map(|Text(text)| text)
}

fn holder(holder: Holder) -> Body {
    Body::Other(Box::new(holder))
}

fn mention<'a>(
    kind: Kind,
    id: &Option<Text<'a>>,
    luid: &Option<Text<'a>>,
    name: Option<&Text<'a>>,
) -> Ref<'a> {
    let given = |text: Option<&Text<'a>>| {
        text.map(|Text(text)| text.clone()).filter(|text| !text.is_empty())
    };
    Ref { kind, id: given(id.as_ref()), luid: given(luid.as_ref()), name: given(name) }
}

fn of_reference<'a>(kind: Kind, reference: Reference<'a>) -> Ref<'a> {
    mention(kind, &reference.id, &reference.luid, reference.name.as_ref())
}
