//! Manifests that no real project has all at once: names with dots and every kind of quote, one
//! name in two databases, names that differ only in case, two sources on one relation.

use serde_json::{Map, Value, json};

/// Adapter, quotes of its `relation_name`, and whether that holds the database.
const ADAPTERS: [(&str, &str, bool); 12] = [
    ("snowflake", "\"\"", true),
    ("postgres", "\"\"", true),
    ("redshift", "\"\"", true),
    ("bigquery", "``", true),
    ("databricks", "``", true),
    ("sqlserver", "\"\"", true),
    ("fabric", "[]", true),
    ("trino", "\"\"", true),
    ("duckdb", "\"\"", true),
    ("oracle", "\"\"", false),
    ("clickhouse", "``", false),
    ("mysql", "``", false),
];

/// Database, schema and name of models; databases are numbered, since their names depend on the
/// adapter.
const MODELS: [(usize, &str, &str); 16] = [
    (0, "core", "we]ird"),
    (0, "core", "w[ei]]rd"),
    (0, "core", "\"quoted\""),
    (0, "core", "back`tick"),
    (0, "core", "core.orders"),
    (0, "core", "orders"),
    (0, "dots.in it", "a.b"),
    (0, "dots", "in it.a.b"),
    (0, "core", "Mixed Case"),
    (0, "core", "mixed case"),
    (0, "core", "ÜBERSICHT"),
    (0, "lonely", "customers"),
    (1, "elsewhere", "customers"),
    (0, "core", "$temp#1"),
    (0, "core", "revenue"),
    (0, "lonely", "revenues"),
];

/// The same of sources. The first is a model as well, the second is one relation twice, and the
/// third stands in two databases.
const SOURCES: [(usize, &str, &str); 8] = [
    (0, "core", "orders"),
    (0, "raw", "twice"),
    (0, "raw", "twice"),
    (0, "raw", "payments"),
    (1, "raw", "payments"),
    (0, "raw", "clicks_*"),
    (2, "raw", "scoped"),
    (1, "raw", "taps_*"),
];

/// The manifests, each with its name.
pub(crate) fn manifests() -> Vec<(String, Vec<u8>)> {
    let named = ADAPTERS.iter().map(|(adapter, quotes, rendered)| {
        let manifest = manifest(adapter, quotes, *rendered);
        (format!("odd-{adapter}"), manifest.to_string().into_bytes())
    });
    named.collect()
}

fn databases(adapter: &str) -> [&'static str; 3] {
    match adapter {
        "bigquery" => ["main-books-1", "dev-books-1", "example.com:main-books-1"],
        "snowflake" => ["MAIN", "DEV", "Third.One"],
        _ => ["main", "dev", "third"],
    }
}

fn manifest(adapter: &str, quotes: &str, rendered: bool) -> Value {
    let mut nodes = Map::new();
    let mut sources = Map::new();
    let place = |(database, schema, name): (usize, &str, &str)| {
        let parts = [databases(adapter)[database], schema, name];
        let (open, close) = quotes.split_at(1);
        let quoted = parts.iter().skip(usize::from(!rendered)).map(|part| {
            let inner = match adapter {
                "sqlserver" => part.replace(close, &close.repeat(2)),
                _ => (*part).to_owned(),
            };
            format!("{open}{inner}{close}")
        });
        json!({
            "package_name": "odd", "database": parts[0], "schema": schema,
            "relation_name": quoted.collect::<Vec<_>>().join("."),
        })
    };
    for (number, model) in MODELS.into_iter().enumerate() {
        let id = format!("model.odd.m{number}");
        let mut node = place(model);
        node["resource_type"] = json!("model");
        node["unique_id"] = json!(id);
        node["name"] = json!(format!("m{number}"));
        node["alias"] = json!(model.2);
        node["config"] = json!({"materialized": "table"});
        nodes.insert(id, node);
    }
    for (number, source) in SOURCES.into_iter().enumerate() {
        let id = format!("source.odd.raw.s{number}");
        let mut node = place(source);
        node["resource_type"] = json!("source");
        node["unique_id"] = json!(id);
        node["source_name"] = json!("raw");
        node["name"] = json!(format!("s{number}"));
        node["identifier"] = json!(source.2);
        sources.insert(id, node);
    }
    let ids = nodes.keys().chain(sources.keys());
    let empty: Map<_, _> = ids.map(|id| (id.clone(), json!([]))).collect();
    json!({
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "dbt_version": "1.11.2", "project_name": "odd", "adapter_type": adapter,
        },
        "nodes": nodes, "sources": sources, "exposures": {}, "disabled": {},
        "parent_map": empty, "child_map": empty,
    })
}
