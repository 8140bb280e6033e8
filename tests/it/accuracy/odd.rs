//! Manifests that no real project has all at once: names with dots and every kind of quote, one
//! name in two databases, names that differ only in case, two sources on one relation, views of
//! latest versions and relations of a state.

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

/// Latest versions of models: schema, name of the model, its relation's name, and the view's alias.
/// The last view is the relation of a model as well.
const LATEST: [(&str, &str, &str, Option<&str>); 4] = [
    ("core", "menu", "menu_v2", None),
    ("core", "wines", "wines_v1", Some("Wine List.now")),
    ("lonely", "beers", "beers", Some("BEERS_NOW")),
    ("core", "copies", "copies_v1", Some("revenue")),
];

/// Models that dbt reads from another schema when it defers: both schemas, and the name. The last
/// is a source there.
const DEFERRED: [(&str, &str, &str); 4] = [
    ("ann", "core", "taxes"),
    ("ann", "Core Two", "tips"),
    ("ann", "core", "Gu.ests"),
    ("ann", "raw", "twice"),
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
    add_others(&mut nodes, place);
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

/// Adds the nodes that have another relation beside their own one.
fn add_others(nodes: &mut Map<String, Value>, place: impl Fn((usize, &str, &str)) -> Value) {
    let mut add = |id: String, name: &str, alias: &str, mut node: Value| {
        node["resource_type"] = json!("model");
        node["unique_id"] = json!(id);
        node["name"] = json!(name);
        node["alias"] = json!(alias);
        nodes.insert(id, node);
    };
    for (schema, name, alias, view) in LATEST {
        let mut node = place((0, schema, alias));
        node["version"] = json!(2);
        node["latest_version"] = json!(2);
        let pointer = json!({"enabled": true, "alias": view});
        node["config"] = json!({"materialized": "table", "latest_version_pointer": pointer});
        add(format!("model.odd.{name}.v2"), name, alias, node);
    }
    for (own, state, name) in DEFERRED {
        let mut node = place((0, own, name));
        let deferred = place((0, state, name));
        node["defer_relation"] = json!({
            "database": deferred["database"], "schema": state, "alias": name,
            "relation_name": deferred["relation_name"],
        });
        node["config"] = json!({"materialized": "table"});
        add(format!("model.odd.{name}"), name, name, node);
    }
}
