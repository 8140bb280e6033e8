//! Tables that only look like relations of the project.

use std::collections::BTreeSet;

use serde_json::json;

use super::Speller;
use crate::accuracy::expect::{self, Expected};
use crate::accuracy::parts::{Parts, brackets, is_plain};
use crate::accuracy::relations::Relation;

impl Speller<'_> {
    /// Other relations with like parts, each of which may by chance be one of the project.
    pub(super) fn look_alikes(&mut self, parts: &Parts) {
        let other = match self.facts.adapter.as_str() {
            "bigquery" => "other-books-99".to_owned(),
            _ => format!("{}_old", parts.database()),
        };
        let elsewhere = parts.with_database(Some(&other));
        self.add(
            "another database",
            &elsewhere,
            Some(&elsewhere.three(brackets)),
        );
        self.expect_nearest(&elsewhere);
        self.add(
            "another database beside [s].[t]",
            &elsewhere,
            Some(&elsewhere.two(brackets)),
        );
        self.expect_nearest(&elsewhere);
        let elsewhere = parts.with_schema(&format!("{}_old", parts.schema));
        self.add(
            "another schema",
            &elsewhere,
            Some(&elsewhere.three(brackets)),
        );
        self.expect_namesake(&elsewhere);
        let schemas = self
            .facts
            .relations
            .iter()
            .map(|relation| relation.schema.as_str());
        let mut schemas: Vec<&str> = schemas.collect::<BTreeSet<_>>().into_iter().collect();
        self.random.shuffle(&mut schemas);
        for schema in schemas.into_iter().take(6) {
            let elsewhere = parts.with_schema(schema);
            self.add(
                "a schema of the project",
                &elsewhere,
                Some(&elsewhere.three(brackets)),
            );
            self.expect_namesake(&elsewhere);
        }
        if parts.name.contains('*') {
            return;
        }
        let mut shorter = parts.name.clone();
        shorter.pop();
        let longer = format!("{}_ARCHIVE", parts.name);
        for name in [
            longer,
            format!("OLD_{}", parts.name),
            format!("{}s", parts.name),
            shorter,
        ] {
            if !name.is_empty() {
                let like = parts.with_name(&name);
                self.add("a like name", &like, Some(&like.three(brackets)));
            }
        }
    }

    /// The table that was added last lies in another database than its one relation.
    pub(super) fn expect_nearest(&mut self, parts: &Parts) {
        let alike = self.facts.alike(&parts.schema, &parts.name);
        let last = self.tables.last_mut().unwrap();
        if let ([relation], Expected::Unlinked("unknown")) = (alike.as_slice(), &last.expected)
            && let [node] = relation.candidates()
        {
            last.nearest = Some(node.clone());
        }
    }

    /// The table that was added last lies in another schema than its one namesake.
    pub(super) fn expect_namesake(&mut self, parts: &Parts) {
        let database = parts.database.as_deref().map(str::to_lowercase);
        let namesakes = self.facts.relations.iter().filter(|relation| {
            let stored = relation.database.as_deref().map(str::to_lowercase);
            relation.in_database
                && stored == database
                && relation.name.to_lowercase() == parts.name.to_lowercase()
        });
        let nodes: Vec<_> = namesakes.flat_map(Relation::candidates).collect();
        let only_the_schema = self.facts.alike(&parts.schema, &parts.name).is_empty();
        let last = self.tables.last_mut().unwrap();
        if let ([node], true) = (nodes.as_slice(), only_the_schema) {
            last.nearest = Some((*node).clone());
        }
    }

    /// Tables of which no more than a name is known, however much it looks like more.
    pub(super) fn names_only(&mut self, parts: &Parts) {
        let (name, bracketed) = (&parts.name, brackets(&parts.name));
        let json = self.table(parts, Some(&bracketed));
        self.add_decoy("[t] beside a schema", "", name, json);
        if is_plain(name) {
            let json = self.table(parts, Some(name));
            self.add_decoy("t beside a schema", "", name, json);
            for schema in [json!(null), json!("")] {
                let mut json = self.table(parts, None);
                json["schema"] = schema;
                self.add_decoy("a name only", "", name, json);
            }
        }
        let sheet = format!("{name}$");
        let excel = parts.with_connection(Some("excel-direct"));
        let mut json = self.table(&excel, Some(&brackets(&sheet)));
        json["schema"] = json!("");
        self.add_decoy("[t$] of an Excel file", "", &sheet, json);
        self.tables.last_mut().unwrap().expected = Expected::Unlinked("not-warehouse");
        let four = format!("[server].{}", parts.three(brackets));
        let json = self.table(parts, Some(&four));
        self.add_decoy("four parts", "server", name, json);
        let dotted = format!("{}.{name}", parts.schema);
        let json = self.table(parts, Some(&brackets(&dotted)));
        self.add_decoy("[s.t]", "", &dotted, json);
        let dotted = parts.with_name(&dotted);
        let full = dotted.three(brackets);
        self.add("[d].[s].[s.t]", &dotted, Some(&full));
    }

    /// What dbt calls the node, where its relation is called something else.
    pub(super) fn other_names(&mut self, parts: &Parts, relation: &Relation) {
        let document = &self.facts.document;
        for id in relation.candidates() {
            let node = document.nodes.get(id).or_else(|| document.sources.get(id));
            let name = &node.unwrap().name;
            if name.to_lowercase() != parts.name.to_lowercase() && !name.contains('*') {
                let other = parts.with_name(name);
                self.add("the node's name", &other, Some(&other.three(brackets)));
            }
        }
    }

    /// Days of a sharded BigQuery table.
    pub(super) fn shards(&mut self, parts: &Parts) {
        let Some(prefix) = parts.name.strip_suffix('*') else {
            return;
        };
        for day in ["20240101", "intraday_20240102"] {
            let shard = parts.with_name(&format!("{prefix}{day}"));
            self.add("[d].[s].[shard]", &shard, Some(&shard.three(brackets)));
            self.add("no fullName, shard", &shard, None);
            let shown = shard.with_database(Some("My Project 42084"));
            self.add(
                "[s].[shard] + display name",
                &shown,
                Some(&shown.two(brackets)),
            );
            let other = shard.with_database(Some("other-books-99"));
            self.add(
                "a shard of another project",
                &other,
                Some(&other.three(brackets)),
            );
            let other = shard.with_schema(&format!("{}_old", parts.schema));
            self.add(
                "a shard of another dataset",
                &other,
                Some(&other.three(brackets)),
            );
        }
    }

    /// Nodes without a relation that carry database, schema and alias all the same.
    pub(crate) fn spell_unbuilt(&mut self) {
        let facts = self.facts;
        let disabled = facts.document.disabled.iter().flatten();
        let disabled = disabled
            .flat_map(|(_, nodes)| nodes)
            .map(|node| (node, true));
        let nodes = facts.document.nodes.values().map(|node| (node, false));
        let mut unbuilt: Vec<_> = disabled
            .chain(nodes)
            .filter(|(node, disabled)| {
                let kind = node.resource_type.as_str();
                let kind = matches!(kind, "test" | "analysis" | "operation");
                (*disabled || kind || node.is_ephemeral()) && node.schema.is_some()
            })
            .map(|(node, _)| node)
            .collect();
        self.random.shuffle(&mut unbuilt);
        // Those with a relation_name are the most tempting.
        unbuilt.sort_by_key(|node| node.relation_name.is_none());
        for node in unbuilt.into_iter().take(24) {
            let own = expect::own_connections(&facts.adapter);
            let database = node.database.clone().filter(|name| !name.is_empty());
            let parts = Parts {
                database: database.or_else(|| Some("default".to_owned())),
                schema: node.schema.clone().unwrap_or_default(),
                name: node.last().to_owned(),
                connection: Some(own[0].to_owned()),
            };
            self.add("not a relation", &parts, Some(&parts.three(brackets)));
            if own[0] != "athena" {
                self.add("not a relation, no fullName", &parts, None);
            }
        }
    }
}
