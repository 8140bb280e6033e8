//! Our exposures look like the ones that the same dbt wrote from YAML: the same keys, in the same
//! order, of the same types. `cargo xtask judge` asks dbt itself; this is quicker.

use autoexpose::input::manifest;
use autoexpose::input::tableau::{SiteDefaults, Source};
use autoexpose::model::{NodeKind, Project, SiteId};
use autoexpose::pipeline::Patched;
use serde_json::{Map, Value, json};

use super::fixtures;
use super::run::Run;

/// Hand-written, a dashboard, in every manifest, with everything but a label.
const THEIRS: &str = "exposure.bistro.weekly_takings";
/// Keys below which whoever writes the exposure decides.
const FREE: [&str; 2] = ["meta", "unrendered_config"];

#[test]
fn exposures_look_like_those_of_the_same_dbt() {
    for name in fixtures::manifest_names() {
        let text = String::from_utf8(fixtures::manifest(&name)).unwrap();
        let patched = patched(&text, None);
        let exposures = exposures(&patched.manifest);
        let ours: Vec<(&String, &Value)> = exposures
            .iter()
            .filter(|(_, exposure)| fixtures::marker(exposure).is_some())
            .collect();
        assert_eq!(ours.len(), 2, "{name}");
        for (id, exposure) in ours {
            let theirs = with_config_meta(&exposures[THEIRS]);
            assert_alike(&format!("{name}: {id}"), &theirs, exposure);
        }
    }
}

/// Every version of dbt after the one before it, and back: what a state in the form of the other says
/// is what the exposures say, so that nothing counts as changed.
#[test]
fn another_version_of_dbt_changes_no_exposure() {
    let minor = |name: &String| {
        let version = name.strip_prefix("postgres-1.")?;
        version.parse::<u32>().ok()
    };
    let mut names: Vec<String> = fixtures::manifest_names();
    names.retain(|name| minor(name).is_some());
    names.sort_by_key(minor);
    assert_eq!(names.len(), 13);
    names.push("duckdb-2.0".to_owned());
    let texts = names.iter().map(|name| fixtures::manifest(name));
    let texts: Vec<String> = texts.map(|text| String::from_utf8(text).unwrap()).collect();
    for (earlier, later) in texts.iter().zip(&texts[1..]) {
        for (state, manifest) in [(earlier, later), (later, earlier)] {
            let state = patched(state, None);
            let again = patched(manifest, Some(&state.manifest));
            assert!(!again.report.has_changes(), "{:#?}", again.report.changed);
            assert_eq!(again.report.unchanged, 2);
            assert_eq!(again.manifest, patched(manifest, None).manifest);
        }
    }
}

/// The manifest with one exposure of ours that has every field, and one that has hardly any.
fn patched(text: &str, state: Option<&str>) -> Patched {
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
    let run = Run {
        manifest: text,
        state,
        left: None,
        exports: vec![Source::from_text("export.json", &export)],
        defaults: SiteDefaults {
            site,
            ..SiteDefaults::default()
        },
    };
    run.unwrap()
}

/// The exposure as if its YAML had a `meta` in `config`. dbt 1.3 to 1.9 writes that only if YAML has
/// it, and these versions of the fixture do not.
fn with_config_meta(theirs: &Value) -> Value {
    let mut theirs = theirs.clone();
    if let Some(config) = theirs.get_mut("config").and_then(Value::as_object_mut) {
        config.entry("meta").or_insert(json!({}));
    }
    theirs
}

/// A model and a source, as Tableau names them.
fn some_tables(text: &str) -> Vec<Value> {
    let source = manifest::Source::new("manifest.json", text.as_bytes());
    let (manifest, _) = manifest::read(&source).unwrap();
    vec![
        table(&manifest.project, NodeKind::Model, "dish_sales"),
        table(&manifest.project, NodeKind::Source, "bill_lines"),
    ]
}

fn table(project: &Project, kind: NodeKind, name: &str) -> Value {
    let node = project
        .nodes
        .iter()
        .find(|node| node.kind == kind && node.name == name)
        .unwrap();
    let relation = node.relation.clone().unwrap();
    let parts: Vec<String> = [relation.database, relation.schema, Some(relation.name)]
        .into_iter()
        .flatten()
        .map(|part| format!("[{part}]"))
        .collect();
    json!({"fullName": parts.join("."), "database": {"name": "x"}})
}

/// The exposures of a manifest by id, as JSON. One of the manifests holds `NaN` elsewhere, so that
/// it is not JSON as a whole.
fn exposures(text: &str) -> Map<String, Value> {
    let source = manifest::Source::new("manifest.json", text.as_bytes());
    let (manifest, _) = manifest::read(&source).unwrap();
    manifest
        .document
        .spans
        .exposures
        .iter()
        .map(|member| {
            let exposure = serde_json::from_str(&text[member.value]).unwrap();
            (member.key.to_owned(), exposure)
        })
        .collect()
}

/// Fails if ours has other keys, another order of keys, or another type. Null may stand for any
/// type, and only the first elements of lists are compared.
#[track_caller]
fn assert_alike(place: &str, theirs: &Value, ours: &Value) {
    match (theirs, ours) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(theirs), Value::Object(ours)) => {
            assert_eq!(keys(ours), keys(theirs), "{place}: keys");
            for (key, value) in theirs {
                if !FREE.contains(&key.as_str()) {
                    assert_alike(&format!("{place}.{key}"), value, &ours[key]);
                }
            }
        }
        (Value::Array(theirs), Value::Array(ours)) => {
            if let (Some(theirs), Some(ours)) = (theirs.first(), ours.first()) {
                assert_alike(&format!("{place}[0]"), theirs, ours);
            }
        }
        (theirs, ours) => {
            let message = format!("{place}: {ours} stands where {theirs} does");
            assert_eq!(kind(ours), kind(theirs), "{message}");
        }
    }
}

/// Tells texts, truth values, fractions and everything else apart.
fn kind(value: &Value) -> (bool, bool, bool) {
    (value.is_string(), value.is_boolean(), value.is_f64())
}

fn keys(object: &Map<String, Value>) -> Vec<&str> {
    object.keys().map(String::as_str).collect()
}
