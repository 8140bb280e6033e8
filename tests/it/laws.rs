//! Laws of patching, on random manifests in every known layout and random sites.

use autoexpose::input::tableau::Source;
use autoexpose::model::relation;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Value, json};

use super::run::Run;

/// How the writer of a manifest lays it out.
#[derive(Debug, Clone, Copy)]
enum Layout {
    /// dbt Core: one line, spaces, ASCII.
    Core,
    /// dbt 2: one line, no spaces, UTF-8.
    V2,
    /// Other tools: indented by this.
    Indented(&'static str),
}

impl Layout {
    fn write(self, value: &Value) -> String {
        match self {
            Self::V2 => value.to_string(),
            Self::Core => ascii(&spaced(value)),
            Self::Indented(step) => {
                let mut bytes = Vec::new();
                let formatter = PrettyFormatter::with_indent(step.as_bytes());
                value
                    .serialize(&mut Serializer::with_formatter(&mut bytes, formatter))
                    .unwrap();
                String::from_utf8(bytes).unwrap()
            }
        }
    }
}

/// As Python's `json.dump` does by default.
fn spaced(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            format!(
                "[{}]",
                items.iter().map(spaced).collect::<Vec<_>>().join(", ")
            )
        }
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), spaced(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_string(),
    }
}

fn ascii(text: &str) -> String {
    let mut ascii = String::new();
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => ascii.push(byte.into()),
            _ => ascii.push_str(&format!("\\u{unit:04x}")),
        }
    }
    ascii
}

/// A manifest of so many models, with hand-written exposures and both maps complete.
#[derive(Debug, Clone)]
struct Project {
    layout: Layout,
    maps_first: bool,
    models: usize,
    manual: Vec<String>,
}

impl Project {
    fn text(&self) -> String {
        let is_v2 = matches!(self.layout, Layout::V2);
        let version = if is_v2 { "2.0.0-alpha.4" } else { "1.11.6" };
        let metadata = json!({
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "dbt_version": version, "project_name": "bistro", "adapter_type": "snowflake",
        });
        let ids = (0..self.models).map(model_id).collect::<Vec<_>>();
        let nodes = ids
            .iter()
            .enumerate()
            .map(|(number, id)| (id.clone(), model(number)))
            .collect::<serde_json::Map<_, _>>();
        let manual = self
            .manual
            .iter()
            .map(|name| format!("exposure.bistro.{name}"))
            .collect::<Vec<_>>();
        let first = ids.first().into_iter().cloned().collect::<Vec<_>>();
        let exposures = manual.iter().map(|id| {
            (
                id.clone(),
                json!({"name": id, "meta": {"é": 1.5e-7}, "depends_on": {"nodes": first}}),
            )
        });
        let exposures = exposures.collect::<serde_json::Map<_, _>>();
        let empty = ids.iter().map(|id| (id.clone(), json!([])));
        let mut parents = empty.clone().collect::<serde_json::Map<_, _>>();
        let mut children = empty.collect::<serde_json::Map<_, _>>();
        for id in &manual {
            parents.insert(id.clone(), json!(first));
            children.insert(id.clone(), json!([]));
        }
        if let Some(first) = ids.first() {
            let mut readers = manual.clone();
            readers.sort();
            children.insert(first.clone(), json!(readers));
        }
        let mut top = vec![
            ("metadata", metadata),
            ("nodes", nodes.into()),
            ("sources", json!({})),
            ("exposures", exposures.into()),
        ];
        let at = if self.maps_first { 2 } else { top.len() };
        top.splice(
            at..at,
            [
                ("child_map", children.into()),
                ("parent_map", parents.into()),
            ],
        );
        top.push((
            "tail",
            json!({"text": "\"exposures\": {}", "numbers": [1e-7, 18_446_744_073_709_551_615_u64]}),
        ));
        let top = top
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect::<serde_json::Map<_, _>>();
        self.layout.write(&top.into())
    }
}

fn model_id(number: usize) -> String {
    format!("model.bistro.m{number}")
}

fn model(number: usize) -> Value {
    json!({
        "resource_type": "model", "package_name": "bistro", "name": format!("m{number}"), "alias": format!("m{number}"),
        "database": "db", "schema": "s", "relation_name": format!("db.s.m{number}"), "description": "dé 🚀",
    })
}

prop_compose! {
    fn project()(
        layout in prop_oneof![
            Just(Layout::Core), Just(Layout::V2), Just(Layout::Indented("  ")), Just(Layout::Indented("    ")), Just(Layout::Indented("\t")),
        ],
        maps_first in any::<bool>(),
        models in 1..8_usize,
        manual in prop::collection::hash_set("[a-z]{1,3}|zz_[a-z]", 0..4),
    ) -> Project {
        Project { layout, maps_first, models, manual: manual.into_iter().collect() }
    }
}

/// Workbooks, each by its number with a title and the numbers of the models that it reads.
type Workbooks = Vec<(usize, String, Vec<usize>)>;

fn workbooks() -> impl Strategy<Value = Workbooks> {
    let workbook = (
        "[a-cé🚀\"\\\\ ]{0,4}",
        prop::collection::vec(0..9_usize, 0..4),
    );
    prop::collection::vec(workbook, 0..5).prop_map(|list| {
        list.into_iter()
            .enumerate()
            .map(|(number, (title, reads))| (number, title, reads))
            .collect()
    })
}

/// An export that proves that it lists every workbook.
fn export(workbooks: &Workbooks) -> String {
    let nodes = workbooks.iter().map(|(number, title, reads)| {
        let tables = reads.iter().map(|model| json!({"fullName": format!("[DB].[S].[M{model}]"), "name": format!("M{model}")}));
        json!({"luid": format!("{number:08}-aaaa-4aaa-8aaa-aaaaaaaaaaaa"), "name": title, "upstreamTables": tables.collect::<Vec<_>>()})
    });
    json!({"data": {"workbooksConnection": {"nodes": nodes.collect::<Vec<_>>(), "totalCount": workbooks.len()}}}).to_string()
}

fn patch(manifest: &str, exports: &[&str]) -> String {
    let sources = exports
        .iter()
        .map(|text| Source::from_text("export.json", text));
    let run = Run {
        manifest,
        exports: sources.collect(),
        ..Run::default()
    };
    run.unwrap().manifest
}

/// The document without the three maps that may change.
fn rest(text: &str) -> String {
    let mut value = serde_json::from_str::<serde_json::Map<String, Value>>(text).unwrap();
    for key in ["exposures", "parent_map", "child_map"] {
        value[key] = Value::Null;
    }
    Value::from(value).to_string()
}

proptest! {
    #[test]
    fn a_manifest_as_wanted_keeps_its_bytes(project in project(), workbooks in workbooks()) {
        let once = patch(&project.text(), &[&export(&workbooks)]);
        prop_assert_eq!(&patch(&once, &[&export(&workbooks)]), &once);
    }

    #[test]
    fn everything_else_keeps_its_bytes(project in project(), workbooks in workbooks()) {
        let before = project.text();
        let after = patch(&before, &[&export(&workbooks)]);
        prop_assert_eq!(rest(&after), rest(&before));
        // The layout is that of the writer, also in what is new.
        let value = serde_json::from_str::<Value>(&after).unwrap();
        prop_assert_eq!(project.layout.write(&value), after);
    }

    #[test]
    fn what_was_added_can_be_taken_out_without_a_trace(project in project(), workbooks in workbooks(), later in workbooks()) {
        let before = project.text();
        let patched = patch(&before, &[&export(&workbooks)]);
        let patched = patch(&patched, &[&export(&later)]);
        prop_assert_eq!(patch(&patched, &[&export(&Vec::new())]), before);
    }

    #[test]
    fn order_does_not_matter(project in project(), workbooks in workbooks(), turn in 0..5_usize) {
        let before = project.text();
        let pages = workbooks.iter().map(|workbook| {
            let page = export(&vec![workbook.clone()]);
            page.replace("\"totalCount\":1", &format!("\"totalCount\":{}", workbooks.len()))
        });
        let mut pages = pages.collect::<Vec<_>>();
        pages.push(export(&Vec::new()).replace("\"totalCount\":0", &format!("\"totalCount\":{}", workbooks.len())));
        let straight = pages.iter().map(String::as_str).collect::<Vec<_>>();
        let mut turned = straight.clone();
        turned.rotate_left(turn % straight.len());
        let mut reversed = workbooks.clone();
        reversed.reverse();
        let expected = patch(&before, &straight);
        prop_assert_eq!(&patch(&before, &turned), &expected);
        prop_assert_eq!(&patch(&before, &[&export(&reversed)]), &expected);
    }

    #[test]
    fn maps_stay_as_dbt_builds_them(project in project(), workbooks in workbooks(), later in workbooks()) {
        let patched = patch(&patch(&project.text(), &[&export(&workbooks)]), &[&export(&later)]);
        let value = serde_json::from_str::<Value>(&patched).unwrap();
        let list = |map: &str, id: &str| value[map][id].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect::<Vec<_>>();
        for (id, exposure) in value["exposures"].as_object().unwrap() {
            let mut parents = exposure["depends_on"]["nodes"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect::<Vec<_>>();
            parents.sort();
            prop_assert_eq!(&list("parent_map", id), &parents);
            prop_assert!(list("child_map", id).is_empty());
            for parent in parents {
                prop_assert!(list("child_map", &parent).contains(id));
            }
        }
        for children in value["child_map"].as_object().unwrap().values() {
            let ids = children.as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect::<Vec<_>>();
            prop_assert!(ids.is_sorted(), "{:?}", ids);
            prop_assert!(ids.iter().all(|id| value["exposures"].get(id).is_some()));
        }
    }

    #[test]
    fn splitting_a_shown_relation_gives_its_parts_back(parts in prop::collection::vec("[a-zA-Z .$\\[\\]é]{1,6}", 1..4)) {
        prop_assume!(parts.iter().all(|part| part.trim() == part && !part.is_empty()));
        let quoted = parts.iter().map(|part| format!("[{}]", part.replace(']', "]]"))).collect::<Vec<_>>().join(".");
        prop_assert_eq!(relation::split(&quoted).unwrap(), parts);
    }

    #[test]
    fn no_name_panics(text in ".{0,40}", marks in "[\\[\\]\"`. :a]{0,20}") {
        let _ = relation::split(&text);
        let _ = relation::split(&marks);
        let _ = relation::rendering(&marks, Some(&text), None, "a");
    }

    #[test]
    fn no_input_panics(project in project(), workbooks in workbooks(), at in any::<prop::sample::Index>(), junk in "[\\[\\]{}\",:0a-]{0,6}|.{0,3}") {
        let (manifest, export) = (project.text(), export(&workbooks));
        let damage = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            let at = at.index(bytes.len());
            bytes.splice(at..(at + junk.len()).min(bytes.len()), junk.bytes());
            String::from_utf8_lossy(&bytes).into_owned()
        };
        for (manifest, export) in [(damage(&manifest), export.clone()), (manifest.clone(), damage(&export)), (export, manifest)] {
            let exports = vec![Source::from_text("export.json", &export)];
            let run = Run { manifest: &manifest, exports, ..Run::default() };
            let _ = run.outcome();
        }
    }
}
