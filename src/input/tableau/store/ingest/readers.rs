//! What reads tables: workbooks, data sources and flows.

use super::super::fields::{Intermediate, Workbook, text};
use super::super::kind::Kind;
use super::super::links::Links;
use super::super::mentions::{Mention, Ref};
use super::super::record::{Fields, Record};
use super::Ingest;
use crate::input::tableau::wire::{self, Datasource, Flow, List};

impl Ingest<'_, '_> {
    pub(super) fn add_workbook(&mut self, workbook: &wire::Workbook) {
        let mention = Mention::new(
            Kind::Workbook,
            &workbook.id,
            &workbook.luid,
            text(&workbook.name),
        );
        let mut links = Links::default();
        self.tables(&mut links, &workbook.upstream_tables);
        let embedded = &workbook.embedded_datasources;
        self.upstream(
            &mut links,
            Kind::Embedded,
            embedded,
            |ingest, datasource| ingest.add_datasource(Kind::Embedded, datasource),
        );
        self.published(&mut links, &workbook.upstream_datasources);
        let connections = &workbook.upstream_virtual_connections;
        self.virtuals(
            &mut links,
            connections,
            &workbook.upstream_virtual_connection_tables,
        );
        self.upstream(
            &mut links,
            Kind::Flow,
            &workbook.upstream_flows,
            Self::add_flow,
        );
        let views = [&workbook.views, &workbook.sheets, &workbook.dashboards];
        let views = views.into_iter().flat_map(|list| &list.items);
        links.views = views.filter_map(|view| text(&view.path)).collect();
        let stamp = self.stamp(text(&workbook.updated_at));
        let tags = workbook.tags.items.iter().filter_map(|tag| text(&tag.name));
        let tags = tags.collect::<Vec<_>>();
        let fields = Fields::Workbook(&Workbook::new(workbook, &tags));
        let reference = self.number(mention);
        self.add_record(
            reference,
            Record {
                stamp,
                fields,
                links,
            },
        );
    }

    pub(super) fn add_datasource(&mut self, kind: Kind, datasource: &Datasource) -> Ref {
        let name = text(&datasource.name);
        let reference = self.named(Mention::new(kind, &datasource.id, &datasource.luid, name));
        for workbook in datasource
            .workbook
            .iter()
            .chain(&datasource.downstream_workbooks.items)
        {
            self.add_downstream_of(Mention::of(Kind::Workbook, workbook), reference);
        }
        let has_columns = datasource
            .fields
            .items
            .iter()
            .any(|field| field.upstream_columns.has_nodes);
        let has_content = has_columns
            || datasource.upstream_tables.has_nodes
            || datasource.upstream_datasources.has_nodes
            || datasource.parent_published_datasources.has_nodes
            || datasource.upstream_virtual_connections.has_nodes
            || datasource.upstream_virtual_connection_tables.has_nodes
            || datasource.upstream_flows.has_nodes;
        let mut links = Links::default();
        self.tables(&mut links, &datasource.upstream_tables);
        self.published(&mut links, &datasource.upstream_datasources);
        self.published(&mut links, &datasource.parent_published_datasources);
        let connections = &datasource.upstream_virtual_connections;
        self.virtuals(
            &mut links,
            connections,
            &datasource.upstream_virtual_connection_tables,
        );
        self.upstream(
            &mut links,
            Kind::Flow,
            &datasource.upstream_flows,
            Self::add_flow,
        );
        self.columns(&mut links, &datasource.fields);
        if has_content {
            let unsupported_sql = datasource.contains_unsupported_custom_sql;
            let intermediate = Intermediate {
                name,
                unsupported_sql,
                ..Intermediate::default()
            };
            let stamp = self.stamp(text(&datasource.updated_at));
            self.add_record(
                reference,
                Record {
                    stamp,
                    fields: Fields::Intermediate(&intermediate),
                    links,
                },
            );
        }
        reference
    }

    pub(super) fn published(&mut self, links: &mut Links, list: &List<Datasource>) {
        self.upstream(links, Kind::Published, list, |ingest, datasource| {
            ingest.add_datasource(Kind::Published, datasource)
        });
    }

    pub(super) fn columns(&mut self, links: &mut Links, fields: &List<wire::DatasourceField>) {
        let columns = fields
            .items
            .iter()
            .flat_map(|field| &field.upstream_columns.items);
        for table in columns.filter_map(|column| column.table.as_ref()) {
            let table = self.add_any_table(table);
            links.columns.push(table);
        }
    }

    pub(super) fn add_flow(&mut self, flow: &Flow) -> Ref {
        let name = text(&flow.name);
        let reference = self.named(Mention::new(Kind::Flow, &flow.id, &flow.luid, name));
        let has_content = flow.upstream_tables.has_nodes
            || flow.upstream_datasources.has_nodes
            || flow.upstream_flows.has_nodes;
        let mut links = Links::default();
        self.tables(&mut links, &flow.upstream_tables);
        self.published(&mut links, &flow.upstream_datasources);
        self.upstream(&mut links, Kind::Flow, &flow.upstream_flows, Self::add_flow);
        let downstream = [
            (Kind::Datasource, &flow.downstream_datasources),
            (Kind::Table, &flow.downstream_tables),
            (Kind::Workbook, &flow.downstream_workbooks),
        ];
        for (kind, list) in downstream {
            for reader in &list.items {
                self.add_downstream_of(Mention::of(kind, reader), reference);
            }
        }
        if has_content {
            let intermediate = Intermediate {
                name,
                has_tables: true,
                ..Intermediate::default()
            };
            let stamp = self.stamp(None);
            self.add_record(
                reference,
                Record {
                    stamp,
                    fields: Fields::Intermediate(&intermediate),
                    links,
                },
            );
        }
        reference
    }
}
