//! Our exposures have the form of those that the same dbt wrote from YAML: the same keys, in the
//! same order, of the same types. `cargo xtask judge` asks dbt itself; this is quicker.

use std::sync::OnceLock;

use autoexpose::edit::splice;
use autoexpose::input::manifest::{self, Existing};
use autoexpose::input::tableau::{Arena, SiteDefaults, Source};

use autoexpose::model::{NodeKind, SiteId};
use autoexpose::pipeline::{self, Inputs};
use autoexpose::settings::Settings;
use serde_json::{Map, Value, json};

use super::fixtures;

/// Hand-written, a dashboard, in every manifest, with everything but a label.
const THEIRS: &str = "exposure.bistro.weekly_takings";
/// What is in these is up to whoever writes the exposure.
const FREE: [&str; 2] = ["meta", "unrendered_config"];

#[test]
fn exposures_look_like_those_of_the_same_dbt() {
    for name in fixtures::manifest_names() {
        let text = String::from_utf8(fixtures::manifest(&name)).unwrap();
        let patched = patched(&text);
        let exposures = exposures(&patched);
        let theirs = exposures
            .iter()
            .find(|exposure| exposure.unique_id == THEIRS)
            .unwrap();
        let ours = exposures
            .iter()
            .filter(|exposure| exposure.value["meta"].get("autoexpose").is_some())
            .collect::<Vec<_>>();
        assert_eq!(ours.len(), 2, "{name}");
        for exposure in ours {
            let place = format!("{name}: {}", exposure.unique_id);
            alike(&place, &theirs.value, &exposure.value);
        }
    }
}

/// The manifest with one exposure of ours that has every field, and one that has hardly any.
fn patched(text: &str) -> String {
    let tables = some_tables(text);
    let export = json!({"data": {"workbooks": [
        {
            "luid": "00000001-0000-4000-8000-000000000001", "name": "Full", "projectName": "Küche",
            "description": "What *came* in.", "vizportalUrlId": "1",
            "createdAt": "2024-01-12T08:30:00Z", "tags": [{"name": "weekly"}],
            "owner": {"name": "Ada", "email": "ada@bistro.example"}, "upstreamTables": tables,
        },
        {
            "luid": "00000002-0000-4000-8000-000000000002", "createdAt": "2024-01-12T08:30:00Z",
            "upstreamTables": tables,
        },
    ]}})
    .to_string();
    let site = SiteId {
        server: Some("https://tableau.bistro.example".to_owned()),
        content_url: Some("kitchen".to_owned()),
    };
    let inputs = Inputs {
        manifest_file: "manifest.json",
        manifest: text.as_bytes(),
        exports: vec![Source::from_text("export.json", &export)],
        arena: &Arena::default(),
        state: None,
        given: SiteDefaults {
            site,
            ..SiteDefaults::default()
        },
        settings: Settings::default(),
    };
    let outcome = pipeline::run(inputs).unwrap_or_else(|failures| panic!("{}", failures[0]));
    splice(text, &outcome.edits).concat()
}

/// A model and a source, as Tableau names them.
fn some_tables(text: &str) -> Vec<Value> {
    let masked = OnceLock::new();
    let (manifest, _) = manifest::read("manifest.json", text, &masked).unwrap();
    let relation = |kind: NodeKind, name: &str| {
        let node = manifest
            .nodes
            .iter()
            .find(|node| node.kind == kind && node.name == name);
        let relation = node.unwrap().relation.clone().unwrap();
        let parts = [relation.database, relation.schema, Some(relation.name)];
        let parts = parts.into_iter().flatten().map(|part| format!("[{part}]"));
        json!({"fullName": parts.collect::<Vec<_>>().join("."), "database": {"name": "x"}})
    };
    vec![
        relation(NodeKind::Model, "dish_sales"),
        relation(NodeKind::Source, "bill_lines"),
    ]
}

fn exposures(text: &str) -> Vec<Existing> {
    let masked = OnceLock::new();
    let (manifest, _) = manifest::read("manifest.json", text, &masked).unwrap();
    manifest.exposures
}

/// Fails where ours has other keys, another order of keys, or another type. Null may stand for
/// any type, and of lists only the first elements are compared.
#[track_caller]
fn alike(place: &str, theirs: &Value, ours: &Value) {
    match (theirs, ours) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(theirs), Value::Object(ours)) => {
            assert_eq!(keys(ours), keys(theirs), "{place}: keys");
            for (key, value) in theirs
                .iter()
                .filter(|(key, _)| !FREE.contains(&key.as_str()))
            {
                alike(&format!("{place}.{key}"), value, &ours[key]);
            }
        }
        (Value::Array(theirs), Value::Array(ours)) => {
            if let (Some(theirs), Some(ours)) = (theirs.first(), ours.first()) {
                alike(&format!("{place}[0]"), theirs, ours);
            }
        }
        (theirs, ours) => {
            let kind = |value: &Value| (value.is_string(), value.is_boolean(), value.is_f64());
            assert_eq!(
                kind(ours),
                kind(theirs),
                "{place}: {ours} stands where {theirs} does"
            );
        }
    }
}

fn keys(object: &Map<String, Value>) -> Vec<&str> {
    object.keys().map(String::as_str).collect()
}
