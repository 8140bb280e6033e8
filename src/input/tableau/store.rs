//! All objects of one site, joined from every page and every nesting in which they come.
//!
//! Objects arrive whole, in pieces and as mere references, in any order. Here each gets one
//! entity, found by id or luid, with the copies that were seen of it; [`Store::settle`] then
//! decides between copies in a way that does not depend on their order.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::document::{Project, Sections};
use super::wire::{
    self, AnyTable, CustomSql, Datasource, Field, Flow, List, Reference, Text, VirtualConnection,
    VirtualConnectionTable,
};

/// The kinds of objects that take part in lineage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Workbook,
    Embedded,
    Published,
    /// An embedded or published data source, where the mention does not say which.
    Datasource,
    Table,
    CustomSql,
    VirtualConnection,
    VirtualTable,
    Flow,
}

impl Kind {
    /// Its name in messages.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Workbook => "workbook",
            Self::Embedded => "embedded data source",
            Self::Published => "published data source",
            Self::Datasource => "data source",
            Self::Table => "table",
            Self::CustomSql => "custom SQL",
            Self::VirtualConnection => "virtual connection",
            Self::VirtualTable => "virtual connection table",
            Self::Flow => "flow",
        }
    }

    /// Its name in messages about several.
    pub(super) fn noun_of_many(self) -> String {
        match self {
            Self::CustomSql => "custom SQL".to_owned(),
            other => format!("{}s", other.noun()),
        }
    }

    /// Ids are unique over both kinds of data sources, so they share their names.
    fn family(self) -> Self {
        match self {
            Self::Embedded | Self::Published => Self::Datasource,
            other => other,
        }
    }
}

/// A mention of an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Ref<'a> {
    pub kind: Kind,
    pub id: Option<Cow<'a, str>>,
    pub luid: Option<Cow<'a, str>>,
    pub name: Option<Cow<'a, str>>,
}

/// What an object leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Links<'a> {
    /// The objects directly upstream.
    pub upstream: BTreeSet<Ref<'a>>,
    /// Objects behind the columns of a data source's fields.
    pub columns: BTreeSet<Ref<'a>>,
    /// Custom SQL that mentions a table, which says little about who reads what.
    pub queries: BTreeSet<Ref<'a>>,
    /// Elements of lists that are null, by kind.
    pub nulls: BTreeMap<Kind, usize>,
    /// Kinds of which a list breaks off.
    pub cut: BTreeSet<Kind>,
    /// Whether there was any list of objects upstream, even if it was empty.
    pub has_lists: bool,
}

impl<'a> Links<'a> {
    fn absorb(&mut self, other: Self) {
        self.upstream.extend(other.upstream);
        self.columns.extend(other.columns);
        self.queries.extend(other.queries);
        for (kind, count) in other.nulls {
            let most = self.nulls.entry(kind).or_default();
            *most = count.max(*most);
        }
        self.cut.extend(other.cut);
        self.has_lists |= other.has_lists;
    }
}

/// The facts of an object beside its links.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Body<'a> {
    Workbook(Box<wire::Workbook<'a>>),
    Table(Box<wire::Table<'a>>),
    Other {
        name: Option<Cow<'a, str>>,
        unsupported_sql: Option<bool>,
        query: Field<'a>,
        has_tables: bool,
    },
}

/// When a copy was true: the time of capture, then `updatedAt`. Later ones win.
pub(super) type Stamp = (Option<Timestamp>, Option<Timestamp>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Copy<'a> {
    stamp: Stamp,
    body: Body<'a>,
    links: Links<'a>,
}

/// One object, with every copy of it.
#[derive(Debug)]
struct Entity<'a> {
    kind: Kind,
    copies: Vec<Copy<'a>>,
    /// Links that other objects tell of this one.
    told: Links<'a>,
    /// What other objects call it.
    title: Option<Cow<'a, str>>,
    /// Whether it turned out to be another one, which has all of it now.
    is_other: bool,
}

/// One object after its copies were joined. A table whose copies disagree has several bodies.
#[derive(Debug)]
pub(super) struct Object<'a> {
    pub kind: Kind,
    /// What other objects call it.
    pub title: Option<Cow<'a, str>>,
    /// Whether it turned out to be another one, which has all of it.
    pub is_other: bool,
    pub bodies: Vec<Body<'a>>,
    pub links: Links<'a>,
}

/// An object that names its reader.
struct Told<'a> {
    reader: Ref<'a>,
    read: Ref<'a>,
    captured_at: Option<Timestamp>,
}

/// The position of each object, under its id and its luid.
type Names<'a> = HashMap<(Kind, Cow<'a, str>), usize>;

/// The objects of one site while they come in.
#[derive(Default)]
pub(super) struct Store<'a> {
    entities: Vec<Entity<'a>>,
    names: Names<'a>,
    /// Links told of objects by others, until all objects are known.
    told: Vec<Told<'a>>,
    /// Virtual connection tables, each with its connection.
    members: Vec<(Ref<'a>, Ref<'a>)>,
    databases: HashMap<Cow<'a, str>, wire::Database<'a>>,
    pub projects: BTreeMap<Cow<'a, str>, Project<'a>>,
    captured_at: Option<Timestamp>,
}

impl<'a> Store<'a> {
    /// Takes in the sections of one answer, captured at a time that may be unknown.
    pub(super) fn add(&mut self, sections: Sections<'a>, captured_at: Option<Timestamp>) {
        self.captured_at = captured_at;
        each(sections.workbooks, |workbook| drop(self.workbook(workbook)));
        each(sections.datasources, |datasource| {
            drop(self.datasource(Kind::Datasource, datasource))
        });
        each(sections.embedded, |datasource| {
            drop(self.datasource(Kind::Embedded, datasource))
        });
        each(sections.published, |datasource| {
            drop(self.datasource(Kind::Published, datasource))
        });
        each(sections.tables, |table| drop(self.table(table)));
        each(sections.any_tables, |table| drop(self.any_table(table)));
        each(sections.custom_sql, |sql| drop(self.custom_sql(sql)));
        each(sections.virtual_connections, |connection| {
            drop(self.virtual_connection(connection))
        });
        each(sections.virtual_connection_tables, |table| {
            drop(self.virtual_table(table))
        });
        each(sections.flows, |flow| drop(self.flow(flow)));
        each(sections.databases, |database| {
            if let Some(Text(id)) = &database.id {
                self.databases
                    .entry(id.clone())
                    .and_modify(|known| *known = database.clone().max(known.clone()))
                    .or_insert(database);
            }
        });
    }

    fn workbook(&mut self, mut workbook: wire::Workbook<'a>) -> Ref<'a> {
        let reference = mention(
            Kind::Workbook,
            &workbook.id,
            &workbook.luid,
            workbook.name.as_ref(),
        );
        let mut links = Links::default();
        self.tables(
            &mut links,
            both(
                &mut workbook.upstream_tables,
                &mut workbook.upstream_tables_connection,
            ),
        );
        let embedded = both(
            &mut workbook.embedded_datasources,
            &mut workbook.embedded_datasources_connection,
        );
        self.upstream(&mut links, Kind::Embedded, embedded, |store, datasource| {
            store.datasource(Kind::Embedded, datasource)
        });
        let published = both(
            &mut workbook.upstream_datasources,
            &mut workbook.upstream_datasources_connection,
        );
        self.upstream(
            &mut links,
            Kind::Published,
            published,
            |store, datasource| store.datasource(Kind::Published, datasource),
        );
        let connections = both(
            &mut workbook.upstream_virtual_connections,
            &mut workbook.upstream_virtual_connections_connection,
        );
        self.upstream(
            &mut links,
            Kind::VirtualConnection,
            connections,
            Self::virtual_connection,
        );
        let tables = both(
            &mut workbook.upstream_virtual_connection_tables,
            &mut workbook.upstream_virtual_connection_tables_connection,
        );
        self.upstream(&mut links, Kind::VirtualTable, tables, Self::virtual_table);
        let flows = both(
            &mut workbook.upstream_flows,
            &mut workbook.upstream_flows_connection,
        );
        self.upstream(&mut links, Kind::Flow, flows, Self::flow);
        let stamp = self.stamp(workbook.updated_at.as_ref());
        self.copy(
            &reference,
            Copy {
                stamp,
                body: Body::Workbook(Box::new(workbook)),
                links,
            },
        );
        reference
    }

    fn datasource(&mut self, kind: Kind, mut datasource: Datasource<'a>) -> Ref<'a> {
        let reference = mention(
            kind,
            &datasource.id,
            &datasource.luid,
            datasource.name.as_ref(),
        );
        let reference = self.told_of_workbooks(reference, &mut datasource);
        let mut links = Links::default();
        let tables = both(
            &mut datasource.upstream_tables,
            &mut datasource.upstream_tables_connection,
        );
        let mut has_content = tables.has_nodes;
        self.tables(&mut links, tables);
        let upstream = both(
            &mut datasource.upstream_datasources,
            &mut datasource.upstream_datasources_connection,
        );
        let parents = both(
            &mut datasource.parent_published_datasources,
            &mut datasource.parent_published_datasources_connection,
        );
        for list in [upstream, parents] {
            has_content |= list.has_nodes;
            self.upstream(&mut links, Kind::Published, list, |store, datasource| {
                store.datasource(Kind::Published, datasource)
            });
        }
        let connections = both(
            &mut datasource.upstream_virtual_connections,
            &mut datasource.upstream_virtual_connections_connection,
        );
        has_content |= connections.has_nodes;
        self.upstream(
            &mut links,
            Kind::VirtualConnection,
            connections,
            Self::virtual_connection,
        );
        let tables = both(
            &mut datasource.upstream_virtual_connection_tables,
            &mut datasource.upstream_virtual_connection_tables_connection,
        );
        has_content |= tables.has_nodes;
        self.upstream(&mut links, Kind::VirtualTable, tables, Self::virtual_table);
        let flows = both(
            &mut datasource.upstream_flows,
            &mut datasource.upstream_flows_connection,
        );
        has_content |= flows.has_nodes;
        self.upstream(&mut links, Kind::Flow, flows, Self::flow);
        let fields = both(&mut datasource.fields, &mut datasource.fields_connection);
        has_content |= fields.items.iter().any(|field| {
            field.upstream_columns.has_nodes || field.upstream_columns_connection.has_nodes
        });
        self.columns(&mut links, fields);
        let body = Body::Other {
            name: text(datasource.name),
            unsupported_sql: datasource.contains_unsupported_custom_sql,
            query: Field::Absent,
            has_tables: false,
        };
        if has_content {
            let stamp = self.stamp(datasource.updated_at.as_ref());
            self.copy(&reference, Copy { stamp, body, links });
        }
        reference
    }

    /// Notes the workbooks that a data source names as its own; gives a name to one without.
    fn told_of_workbooks(
        &mut self,
        reference: Ref<'a>,
        datasource: &mut Datasource<'a>,
    ) -> Ref<'a> {
        let reference = self.named(reference);
        let downstream = both(
            &mut datasource.downstream_workbooks,
            &mut datasource.downstream_workbooks_connection,
        );
        for workbook in datasource
            .workbook
            .take()
            .into_iter()
            .chain(downstream.items)
        {
            self.tell(of_reference(Kind::Workbook, workbook), &reference);
        }
        reference
    }

    fn columns(&mut self, links: &mut Links<'a>, fields: List<wire::DatasourceField<'a>>) {
        for mut field in fields.items {
            let columns = both(
                &mut field.upstream_columns,
                &mut field.upstream_columns_connection,
            );
            for table in columns.items.into_iter().filter_map(|column| column.table) {
                let table = self.any_table(table);
                links.columns.insert(table);
            }
        }
    }

    fn table(&mut self, mut table: wire::Table<'a>) -> Ref<'a> {
        let queries = std::mem::take(&mut table.referenced_by_queries);
        let flows = std::mem::take(&mut table.upstream_flows);
        let mut reference = mention(Kind::Table, &table.id, &table.luid, None);
        if reference.id.is_none() && reference.luid.is_none() {
            // Without ids, a table is what it says of itself.
            reference.id = Some(Cow::Owned(format!(
                "\0{:?}",
                (
                    &table.name,
                    &table.full_name,
                    &table.schema,
                    &table.connection_type,
                    &table.database
                )
            )));
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
            self.copy(
                &reference,
                Copy {
                    stamp,
                    body: Body::Table(Box::new(table)),
                    links,
                },
            );
        }
        reference
    }

    fn any_table(&mut self, table: AnyTable<'a>) -> Ref<'a> {
        let AnyTable {
            typename,
            id,
            luid,
            name,
            full_name,
            schema,
            connection_type,
            database,
            query,
            is_unsupported_custom_sql,
            tables,
            upstream_tables,
        } = table;
        match typename.as_ref().map(|Text(typename)| typename.as_ref()) {
            Some("CustomSQLTable") => self.custom_sql(CustomSql {
                id,
                name,
                query,
                is_unsupported_custom_sql,
                connection_type,
                database,
                tables,
                ..CustomSql::default()
            }),
            Some("VirtualConnectionTable") => self.virtual_table(VirtualConnectionTable {
                id,
                luid,
                name,
                upstream_tables,
                ..VirtualConnectionTable::default()
            }),
            // Only an id and a name: the table may be of any kind, and is described elsewhere.
            None if (id.is_some() || luid.is_some())
                && name.text().is_some()
                && [&full_name, &schema] == [&Field::Absent; 2]
                && database.is_none() =>
            {
                let name = name.text().cloned().map(Text);
                mention(Kind::Table, &id, &luid, name.as_ref())
            }
            _ => self.table(wire::Table {
                id,
                luid,
                name,
                full_name,
                schema,
                connection_type,
                database,
                ..wire::Table::default()
            }),
        }
    }

    fn custom_sql(&mut self, mut sql: CustomSql<'a>) -> Ref<'a> {
        let name = sql.name.text().cloned().map(Text);
        let reference = self.named(mention(Kind::CustomSql, &sql.id, &None, name.as_ref()));
        let tables = both(&mut sql.tables, &mut sql.tables_connection);
        let has_tables = tables.has_nodes;
        let mut links = Links::default();
        self.tables(&mut links, tables);
        let workbooks = both(
            &mut sql.downstream_workbooks,
            &mut sql.downstream_workbooks_connection,
        );
        let datasources = both(
            &mut sql.downstream_datasources,
            &mut sql.downstream_datasources_connection,
        );
        let columns = both(&mut sql.columns, &mut sql.columns_connection);
        let fields = columns.items.into_iter().flat_map(|mut column| {
            both(
                &mut column.referenced_by_fields,
                &mut column.referenced_by_fields_connection,
            )
            .items
        });
        let datasources = datasources
            .items
            .into_iter()
            .chain(fields.filter_map(|field| field.datasource));
        for workbook in workbooks.items {
            self.tell(of_reference(Kind::Workbook, workbook), &reference);
        }
        for datasource in datasources {
            self.tell(of_reference(Kind::Datasource, datasource), &reference);
        }
        if has_tables || sql.query != Field::Absent || sql.is_unsupported_custom_sql.is_some() {
            let body = Body::Other {
                name: text(name),
                unsupported_sql: sql.is_unsupported_custom_sql,
                query: sql.query,
                has_tables,
            };
            let stamp = self.stamp(None);
            self.copy(&reference, Copy { stamp, body, links });
        }
        reference
    }

    fn virtual_connection(&mut self, mut connection: VirtualConnection<'a>) -> Ref<'a> {
        let reference = self.named(mention(
            Kind::VirtualConnection,
            &connection.id,
            &connection.luid,
            connection.name.as_ref(),
        ));
        // The connection's tables are known from here on, but nobody reads all of them.
        for table in both(&mut connection.tables, &mut connection.tables_connection).items {
            let table = self.virtual_table(table);
            self.members.push((table, reference.clone()));
        }
        reference
    }

    fn virtual_table(&mut self, mut table: VirtualConnectionTable<'a>) -> Ref<'a> {
        let name = table.name.text().cloned().map(Text);
        let reference = self.named(mention(
            Kind::VirtualTable,
            &table.id,
            &table.luid,
            name.as_ref(),
        ));
        let tables = both(
            &mut table.upstream_tables,
            &mut table.upstream_tables_connection,
        );
        let has_tables = tables.has_nodes;
        let mut links = Links::default();
        self.tables(&mut links, tables);
        if let Some(connection) = table.virtual_connection.take() {
            let connection = of_reference(Kind::VirtualConnection, connection);
            let connection = self.named(connection);
            self.members.push((reference.clone(), connection));
        }
        if has_tables {
            let body = Body::Other {
                name: text(name),
                unsupported_sql: table.contains_unsupported_custom_sql,
                query: Field::Absent,
                has_tables,
            };
            let stamp = self.stamp(None);
            self.copy(&reference, Copy { stamp, body, links });
        }
        reference
    }

    fn flow(&mut self, mut flow: Flow<'a>) -> Ref<'a> {
        let reference = self.named(mention(
            Kind::Flow,
            &flow.id,
            &flow.luid,
            flow.name.as_ref(),
        ));
        let mut links = Links::default();
        let tables = both(
            &mut flow.upstream_tables,
            &mut flow.upstream_tables_connection,
        );
        let has_content = tables.has_nodes
            || flow.upstream_datasources.has_nodes
            || flow.upstream_flows.has_nodes;
        self.tables(&mut links, tables);
        let datasources = std::mem::take(&mut flow.upstream_datasources);
        self.upstream(
            &mut links,
            Kind::Published,
            datasources,
            |store, datasource| store.datasource(Kind::Published, datasource),
        );
        let flows = std::mem::take(&mut flow.upstream_flows);
        self.upstream(&mut links, Kind::Flow, flows, Self::flow);
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
            let body = Body::Other {
                name: text(flow.name),
                unsupported_sql: None,
                query: Field::Absent,
                has_tables: true,
            };
            let stamp = self.stamp(None);
            self.copy(&reference, Copy { stamp, body, links });
        }
        reference
    }

    fn tell(&mut self, reader: Ref<'a>, read: &Ref<'a>) {
        self.told.push(Told {
            reader,
            read: read.clone(),
            captured_at: self.captured_at,
        });
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
        links.has_lists |= list.has_nodes;
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

    /// The reference itself, or one with an id of our own where Tableau gave none.
    fn named(&mut self, mut reference: Ref<'a>) -> Ref<'a> {
        if reference.id.is_none() && reference.luid.is_none() {
            reference.id = Some(Cow::Owned(format!("\0{}", self.entities.len())));
            self.entity(&reference);
        }
        reference
    }

    fn stamp(&self, updated_at: Option<&Text<'a>>) -> Stamp {
        (
            self.captured_at,
            updated_at.and_then(|Text(text)| text.parse().ok()),
        )
    }

    fn copy(&mut self, reference: &Ref<'a>, copy: Copy<'a>) {
        let at = self.entity(reference);
        let entity = &mut self.entities[at];
        if !entity.copies.contains(&copy) {
            entity.copies.push(copy);
        }
    }

    /// The entity of an object, found by luid or id, and from now on under both.
    ///
    /// Where the two had led to different entities, these turn out to be one.
    fn entity(&mut self, reference: &Ref<'a>) -> usize {
        let keys = keys(reference);
        let mut known = keys
            .iter()
            .filter_map(|key| self.names.get(key))
            .copied()
            .collect::<Vec<_>>();
        known.sort_unstable();
        let at = known.first().copied().unwrap_or_else(|| {
            self.entities.push(Entity {
                kind: reference.kind,
                copies: Vec::new(),
                told: Links::default(),
                title: None,
                is_other: false,
            });
            self.entities.len() - 1
        });
        for other in known.into_iter().filter(|other| *other != at) {
            self.entities[other].is_other = true;
            let copies = std::mem::take(&mut self.entities[other].copies);
            let told = std::mem::take(&mut self.entities[other].told);
            self.entities[at].copies.extend(copies);
            self.entities[at].told.absorb(told);
            let title = self.entities[other].title.take();
            let titles = [self.entities[at].title.take(), title];
            self.entities[at].title = titles.into_iter().flatten().min();
            self.names
                .values_mut()
                .filter(|name| **name == other)
                .for_each(|name| *name = at);
        }
        // `Datasource` sorts behind the two kinds that it leaves open.
        self.entities[at].kind = self.entities[at].kind.min(reference.kind);
        for key in keys {
            self.names.insert(key, at);
        }
        at
    }

    /// Whether a later capture has the object that told this.
    fn is_outdated(&self, told: &Told<'a>) -> bool {
        let copies = find(&self.names, &told.read).map(|at| &self.entities[at].copies);
        copies.is_some_and(|copies| copies.iter().any(|copy| copy.stamp.0 > told.captured_at))
    }

    /// Ends the intake: joins the copies of each object.
    pub(super) fn settle(mut self) -> Settled<'a> {
        let mut told = std::mem::take(&mut self.told);
        told.retain(|told| !self.is_outdated(told));
        for Told { reader, read, .. } in &told {
            let at = self.entity(reader);
            let entity = &mut self.entities[at];
            entity.told.upstream.insert(read.clone());
            let titles = [entity.title.take(), reader.name.clone()];
            entity.title = titles.into_iter().flatten().min();
        }
        let members = std::mem::take(&mut self.members);
        for (table, connection) in &members {
            self.entity(table);
            self.entity(connection);
        }
        // From here on no two objects turn out to be one, so that positions stay.
        let connection_of = members.iter().filter_map(|(table, connection)| {
            Some((find(&self.names, table)?, find(&self.names, connection)?))
        });
        let connection_of = connection_of.collect();
        let sql_with_reader = told
            .iter()
            .filter(|told| told.read.kind == Kind::CustomSql && told.reader.kind != Kind::CustomSql)
            .filter_map(|told| find(&self.names, &told.read));
        let owned = sql_with_reader.collect();
        let mut differing = BTreeMap::new();
        let objects = self
            .entities
            .into_iter()
            .map(|entity| entity.settle(&mut differing))
            .collect();
        Settled {
            objects,
            names: self.names,
            owned,
            connection_of,
            databases: self.databases,
            projects: self.projects,
            differing,
        }
    }
}

/// The objects of one site, each joined from its copies.
pub(super) struct Settled<'a> {
    objects: Vec<Object<'a>>,
    names: Names<'a>,
    /// Positions of the custom SQL whose readers the export names.
    pub owned: BTreeSet<usize>,
    /// The virtual connection of each virtual connection table, by position.
    pub connection_of: HashMap<usize, usize>,
    pub databases: HashMap<Cow<'a, str>, wire::Database<'a>>,
    pub projects: BTreeMap<Cow<'a, str>, Project<'a>>,
    /// How many objects of each kind came in copies that differ.
    pub differing: BTreeMap<Kind, usize>,
}

impl<'a> Settled<'a> {
    /// All objects.
    pub(super) fn objects(&self) -> &[Object<'a>] {
        &self.objects
    }

    /// Whether an object is mentioned by an id or a luid.
    pub(super) fn has_id(&self, at: usize) -> bool {
        self.names.values().any(|position| *position == at)
    }

    /// A name under which an object is mentioned, for one that is not described anywhere.
    pub(super) fn mention_of(&self, at: usize) -> String {
        if let Some(title) = &self.objects[at].title {
            return title.clone().into_owned();
        }
        let names = self
            .names
            .iter()
            .filter(|(_, position)| **position == at)
            .map(|((_, name), _)| name.as_ref());
        names.min().unwrap_or_default().to_owned()
    }

    /// The position of the object that is meant, if the export mentions it at all.
    pub(super) fn find(&self, reference: &Ref<'a>) -> Option<usize> {
        find(&self.names, reference)
    }
}

fn find<'a>(names: &Names<'a>, reference: &Ref<'a>) -> Option<usize> {
    let keys = keys(reference);
    let found = keys.iter().find_map(|key| names.get(key));
    if reference.kind != Kind::Table {
        return found.copied();
    }
    // A column's table is of any kind, which only `__typename` tells. Ids are unique over all kinds.
    let of_other_kind = [Kind::CustomSql, Kind::VirtualTable]
        .into_iter()
        .find_map(|kind| {
            keys.iter()
                .find_map(|(_, name)| names.get(&(kind, name.clone())))
        });
    found.or(of_other_kind).copied()
}

/// The names under which an object is known: luid first where it outlives the id.
fn keys<'a>(reference: &Ref<'a>) -> Vec<(Kind, Cow<'a, str>)> {
    let family = reference.kind.family();
    let mut names = vec![reference.id.clone(), reference.luid.clone()];
    if matches!(reference.kind, Kind::Workbook | Kind::Published) {
        names.reverse();
    }
    names
        .into_iter()
        .flatten()
        .map(|name| (family, name))
        .collect()
}

impl<'a> Entity<'a> {
    /// Joins the copies: the latest win whole, equally late ones are united.
    fn settle(self, differing: &mut BTreeMap<Kind, usize>) -> Object<'a> {
        let Self {
            kind,
            mut copies,
            told,
            title,
            is_other,
        } = self;
        let latest = copies.iter().map(|copy| copy.stamp).max();
        let differ = copies.windows(2).any(|pair| {
            contradict(&pair[0].body, &pair[1].body)
                || cover_differently(&pair[0].links, &pair[1].links)
        });
        if differ {
            *differing.entry(kind).or_default() += 1;
        }
        copies.retain(|copy| Some(copy.stamp) == latest);
        copies.sort();
        let mut links = told;
        let mut bodies: Vec<Body<'a>> = Vec::new();
        for copy in copies {
            links.absorb(copy.links);
            // Workbooks have one title and one owner; a table may come as two tables.
            let fits = |body: &&mut Body<'a>| {
                !matches!(body, Body::Table(_)) || !contradict(body, &copy.body)
            };
            match bodies.iter_mut().find(fits) {
                Some(body) => complete(body, copy.body),
                None => bodies.push(copy.body),
            }
        }
        Object {
            kind,
            title,
            is_other,
            bodies,
            links,
        }
    }
}

/// Whether two copies give different values for one fact.
fn contradict(a: &Body, b: &Body) -> bool {
    fn differ<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
        matches!((a, b), (Some(a), Some(b)) if a != b)
    }
    match (a, b) {
        (Body::Table(a), Body::Table(b)) => {
            let database = |table: &wire::Table<'_>| {
                table
                    .database
                    .as_ref()
                    .and_then(|database| database.name.text().map(|name| name.clone().into_owned()))
            };
            differ(a.full_name.text(), b.full_name.text())
                || differ(a.name.text(), b.name.text())
                || differ(a.schema.text(), b.schema.text())
                || differ(a.connection_type.as_ref(), b.connection_type.as_ref())
                || differ(database(a).as_ref(), database(b).as_ref())
        }
        (Body::Workbook(a), Body::Workbook(b)) => {
            differ(a.name.as_ref(), b.name.as_ref())
                || differ(a.description.as_ref(), b.description.as_ref())
                || differ(a.project_name.as_ref(), b.project_name.as_ref())
                || differ(a.updated_at.as_ref(), b.updated_at.as_ref())
        }
        (Body::Other { name: a, .. }, Body::Other { name: b, .. }) => {
            differ(a.as_ref(), b.as_ref())
        }
        _ => false,
    }
}

/// Whether two copies both list tables, and not the same ones.
fn cover_differently(a: &Links, b: &Links) -> bool {
    let tables = |links: &Links| {
        links
            .upstream
            .iter()
            .filter(|link| link.kind == Kind::Table)
            .map(|link| link.id.clone().map(Cow::into_owned))
            .collect::<Vec<_>>()
    };
    let (a, b) = (tables(a), tables(b));
    !a.is_empty() && !b.is_empty() && a != b
}

/// Fills the gaps of one copy from another.
fn complete<'a>(body: &mut Body<'a>, other: Body<'a>) {
    fn fill<T>(gap: &mut Option<T>, value: Option<T>) {
        if gap.is_none() {
            *gap = value;
        }
    }
    fn fill_field<'a>(gap: &mut Field<'a>, value: Field<'a>) {
        if gap.text().is_none() && value != Field::Absent {
            *gap = value;
        }
    }
    match (body, other) {
        (Body::Table(table), Body::Table(other)) => {
            fill_field(&mut table.name, other.name);
            fill_field(&mut table.full_name, other.full_name);
            fill_field(&mut table.schema, other.schema);
            fill(&mut table.connection_type, other.connection_type);
            match (&mut table.database, other.database) {
                (Some(database), Some(other)) => {
                    fill_field(&mut database.name, other.name);
                    fill(&mut database.connection_type, other.connection_type);
                }
                (gap, value) => fill(gap, value),
            }
        }
        (Body::Workbook(workbook), Body::Workbook(other)) => {
            fill(&mut workbook.luid, other.luid);
            fill(&mut workbook.name, other.name);
            fill(&mut workbook.description, other.description);
            fill(&mut workbook.uri, other.uri);
            fill(&mut workbook.vizportal_url_id, other.vizportal_url_id);
            fill(&mut workbook.project_name, other.project_name);
            fill(&mut workbook.project_luid, other.project_luid);
            fill(&mut workbook.container_type, other.container_type);
            fill(
                &mut workbook.contains_unsupported_custom_sql,
                other.contains_unsupported_custom_sql,
            );
            fill(&mut workbook.created_at, other.created_at);
            fill(&mut workbook.owner, other.owner);
            workbook.tags.items.extend(other.tags.items);
        }
        (
            Body::Other {
                name,
                unsupported_sql,
                query,
                has_tables,
            },
            Body::Other {
                name: n,
                unsupported_sql: u,
                query: q,
                has_tables: h,
            },
        ) => {
            fill(name, n);
            fill(unsupported_sql, u);
            fill_field(query, q);
            *has_tables |= h;
        }
        _ => {}
    }
}

fn each<T>(lists: Vec<List<T>>, mut add: impl FnMut(T)) {
    for list in lists {
        list.items.into_iter().for_each(&mut add);
    }
}

/// A field and its `…Connection` twin as one list.
fn both<T>(plain: &mut List<T>, page: &mut List<T>) -> List<T> {
    std::mem::take(plain).and(std::mem::take(page))
}

fn text(text: Option<Text<'_>>) -> Option<Cow<'_, str>> {
    text.map(|Text(text)| text)
}

fn mention<'a>(
    kind: Kind,
    id: &Option<Text<'a>>,
    luid: &Option<Text<'a>>,
    name: Option<&Text<'a>>,
) -> Ref<'a> {
    let given = |text: Option<&Text<'a>>| {
        text.map(|Text(text)| text.clone())
            .filter(|text| !text.is_empty())
    };
    Ref {
        kind,
        id: given(id.as_ref()),
        luid: given(luid.as_ref()),
        name: given(name),
    }
}

fn of_reference<'a>(kind: Kind, reference: Reference<'a>) -> Ref<'a> {
    mention(
        kind,
        &reference.id,
        &reference.luid,
        reference.name.as_ref(),
    )
}
