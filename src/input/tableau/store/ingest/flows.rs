//! Flows of Tableau Prep.

use super::super::fields::Intermediate;
use super::super::links::Links;
use super::super::mentions::{Mention, Ref};
use super::super::record::Fields;
use super::Ingest;
use crate::input::tableau::wire::{AnyList, Flow};
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
        self.add_list_of_readers(reference, ObjectKind::Table, &flow.downstream_tables);
        self.add_readers(reference, &flow.readers);
        // Without any list this is a reference to a flow that is described elsewhere.
        let is_described = !links.lists.is_empty();
        let unsupported_sql = flow.contains_unsupported_custom_sql;
        if is_described || links.has_gaps() || unsupported_sql == Some(true) {
            let fields = Intermediate {
                name,
                unsupported_sql,
                is_described,
                ..Intermediate::default()
            };
            self.add_record(reference, None, Fields::Intermediate(&fields), links);
        }
        reference
    }

    pub(super) fn add_upstream_flows<'w>(
        &mut self,
        links: &mut Links,
        flows: &impl AnyList<Flow<'w>>,
    ) {
        self.add_upstream(links, ObjectKind::Flow, flows, Self::add_flow);
    }
}
