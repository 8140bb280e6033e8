//! The smallest manifests and exports that read as real ones, of which kinds of input are made.

use serde_json::{Map, Value, json};

/// The connection type and adapter, unless a kind is about another.
pub(super) const SNOWFLAKE: &str = "snowflake";

/// A luid of which the last digits are this number.
pub(super) fn luid(number: usize) -> String {
    format!("{number:08x}-1111-4111-8111-{number:012x}")
}

/// A dbt model with its relation.
pub(super) fn model(number: usize, [database, schema, name]: [&str; 3]) -> (String, Value) {
    let id = format!("model.bistro.m{number}");
    let node = json!({
        "unique_id": id,
        "resource_type": "model",
        "package_name": "bistro",
        "name": format!("m{number}"),
        "database": database,
        "schema": schema,
        "alias": name,
        "relation_name": format!("{database}.{schema}.{name}"),
        "config": {"enabled": true, "materialized": "table"},
    });
    (id, node)
}

/// A dbt source with its relation.
pub(super) fn source(number: usize, [database, schema, name]: [&str; 3]) -> (String, Value) {
    let id = format!("source.bistro.till.s{number}");
    let node = json!({
        "unique_id": id,
        "resource_type": "source",
        "package_name": "bistro",
        "source_name": "till",
        "name": format!("s{number}"),
        "database": database,
        "schema": schema,
        "identifier": name,
        "relation_name": format!("`{database}`.`{schema}`.`{name}`"),
    });
    (id, node)
}

/// A manifest, as far as kinds differ in it.
pub(super) struct Project {
    pub(super) adapter: &'static str,
    pub(super) nodes: Map<String, Value>,
    pub(super) sources: Map<String, Value>,
    pub(super) exposures: Map<String, Value>,
    pub(super) disabled: Map<String, Value>,
}

impl Project {
    /// One with these models.
    pub(super) fn with(models: impl IntoIterator<Item = (String, Value)>) -> Self {
        Self {
            adapter: SNOWFLAKE,
            nodes: models.into_iter().collect(),
            sources: Map::new(),
            exposures: Map::new(),
            disabled: Map::new(),
        }
    }

    /// One with so many models, each with the relation that [`table`] reads.
    pub(super) fn of(models: usize) -> Self {
        let name = |number| format!("T{number}");
        Self::with((0..models).map(|number| model(number, ["BISTRO", "MARTS", &name(number)])))
    }

    /// The text of the manifest.
    pub(super) fn text(self) -> String {
        let ids = [&self.nodes, &self.sources, &self.exposures];
        let ids = ids.into_iter().flat_map(Map::keys);
        let edges = ids.map(|id| (id.clone(), json!([]))).collect::<Map<_, _>>();
        json!({
            "metadata": {
                "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
                "dbt_version": "1.11.6",
                "project_name": "bistro",
                "adapter_type": self.adapter,
            },
            "nodes": self.nodes,
            "sources": self.sources,
            "macros": {},
            "exposures": self.exposures,
            "disabled": self.disabled,
            "parent_map": edges,
            "child_map": edges,
        })
        .to_string()
    }
}

/// A table of the warehouse by its full name.
pub(super) fn table_named(database: &str, schema: &str, name: &str) -> Value {
    json!({
        "name": name,
        "schema": schema,
        "fullName": format!("[{database}].[{schema}].[{name}]"),
        "connectionType": SNOWFLAKE,
    })
}

/// The table that the model with this number makes, see [`Project::of`].
pub(super) fn table(number: usize) -> Value {
    table_named("BISTRO", "MARTS", &format!("T{number}"))
}

/// A workbook that reads these tables.
pub(super) fn workbook(number: usize, tables: Value) -> Value {
    workbook_with(number, json!({"upstreamTables": tables}))
}

/// A workbook with these members beside the usual ones, or in place of them.
pub(super) fn workbook_with(number: usize, members: Value) -> Value {
    let mut workbook = json!({
        "id": format!("w{number}"),
        "luid": luid(number),
        "name": format!("Takings {number}"),
        "projectName": "Bistro",
        "vizportalUrlId": number.to_string(),
    });
    for (key, value) in members.as_object().into_iter().flatten() {
        workbook[key] = value.clone();
    }
    workbook
}

/// So many workbooks that all read the first table.
pub(super) fn alike(workbooks: usize) -> Vec<Value> {
    each(workbooks, |number| workbook(number, json!([table(0)])))
}

/// What is made of each number below this one.
pub(super) fn each(count: usize, make: impl Fn(usize) -> Value) -> Vec<Value> {
    (0..count).map(make).collect()
}

/// An answer with these workbooks.
pub(super) fn answer(workbooks: &[Value]) -> Value {
    json!({"data": {"workbooks": workbooks}})
}

/// An envelope around answers of one site.
pub(super) fn envelope(site: &str, answers: &[Value]) -> Value {
    json!({
        "autoexpose_export": 1,
        "server": "https://tableau.bistro.example",
        "site": {"content_url": site},
        "captured_at": "2026-05-01T00:00:00Z",
        "sections": {"workbooks": {"complete": true}},
        "answers": answers,
    })
}
