//! Flows of Tableau Prep.

use super::super::fields::Intermediate;
use super::super::links::Links;
use super::super::mentions::{Mention, Ref};
use super::super::record::Fields;
use super::Ingest;
use crate::input::tableau::wire::{Flow, List};
use crate::model::ObjectKind;

impl Ingest<'_, '_> {
    pub(super) fn add_flow(&mut self, flow: &Flow) -> Ref {
        let name = flow.name.as_deref();
        let (id, luid) = (flow.id.as_deref(), flow.luid.as_deref());
        let reference = self.reference_with_id(Mention::new(ObjectKind::Flow, id, luid, name));
        let mut links = Links::default();
        self.add_upstream_tables(&mut links, &flow.upstream_tables);
        self.add_upstream_published(&mut links, &flow.upstream_datasources);
        self.add_upstream_flows(&mut links, &flow.upstream_flows);
        let downstream = [
            (ObjectKind::Datasource, &flow.downstream_datasources),
            (ObjectKind::Table, &flow.downstream_tables),
            (ObjectKind::Workbook, &flow.downstream_workbooks),
        ];
        for (kind, list) in downstream {
            for reader in &list.items {
                self.add_downstream(reference, Mention::from_reference(kind, reader));
            }
        }
        // Without any list this is a reference to a flow that is described elsewhere.
        if !links.lists.is_empty() {
            let fields = Intermediate {
                name,
                unsupported_sql: flow.contains_unsupported_custom_sql,
                has_tables: true,
                ..Intermediate::default()
            };
            self.add_record(reference, None, Fields::Intermediate(&fields), links);
        }
        reference
    }

    pub(super) fn add_upstream_flows(&mut self, links: &mut Links, flows: &List<Flow>) {
        self.add_upstream(links, ObjectKind::Flow, flows, Self::add_flow);
    }
}
