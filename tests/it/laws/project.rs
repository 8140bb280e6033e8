//! Random dbt projects, whose manifests are laid out as their writers do it.

use proptest::prelude::*;
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value, json};

/// How the writer of a manifest lays it out.
#[derive(Debug, Clone, Copy)]
pub(super) enum Layout {
    /// dbt Core: one line, spaces, ASCII.
    Core,
    /// dbt 2: one line, no spaces, UTF-8.
    V2,
    /// Other tools: indented by this.
    Indented(&'static str),
}

impl Layout {
    pub(super) fn write(self, value: &Value) -> String {
        match self {
            Self::V2 => value.to_string(),
            Self::Core => ascii(&spaced(value)),
            Self::Indented(step) => indented(value, step),
        }
    }
}

/// As Python's `json.dump` does by default.
fn spaced(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(spaced).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), spaced(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

fn ascii(text: &str) -> String {
    text.encode_utf16()
        .map(|unit| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
            _ => format!("\\u{unit:04x}"),
        })
        .collect()
}

fn indented(value: &Value, step: &str) -> String {
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(step.as_bytes());
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, formatter))
        .unwrap();
    String::from_utf8(bytes).unwrap()
}

/// A project whose manifest has both maps, complete.
#[derive(Debug, Clone)]
pub(super) struct Project {
    pub(super) layout: Layout,
    /// Whether the two maps stand before the exposures.
    maps_first: bool,
    /// How many models there are.
    models: usize,
    /// The names of hand-written exposures, all of which depend on the first model.
    manual: Vec<String>,
}

prop_compose! {
    pub(super) fn project()(
        layout in prop_oneof![
            Just(Layout::Core),
            Just(Layout::V2),
            Just(Layout::Indented("  ")),
            Just(Layout::Indented("    ")),
            Just(Layout::Indented("\t")),
        ],
        maps_first in any::<bool>(),
        models in 1..8_usize,
        manual in prop::collection::hash_set("[a-z]{1,3}|zz_[a-z]", 0..4),
    ) -> Project {
        Project { layout, maps_first, models, manual: manual.into_iter().collect() }
    }
}

impl Project {
    /// The project without its last model, and the number of that.
    pub(super) fn without_last_model(&self) -> (Self, usize) {
        let models = self.models - 1;
        let fewer = Self {
            models,
            manual: Vec::new(),
            ..self.clone()
        };
        (fewer, models)
    }

    /// The manifest.
    pub(super) fn text(&self) -> String {
        let maps = [
            ("child_map", self.child_map()),
            ("parent_map", self.parent_map()),
        ];
        let others = [
            ("sources", json!({})),
            ("exposures", self.exposures().into()),
        ];
        let mut members = vec![
            ("metadata", self.metadata()),
            ("nodes", self.nodes().into()),
        ];
        if self.maps_first {
            members.extend(maps.into_iter().chain(others));
        } else {
            members.extend(others.into_iter().chain(maps));
        }
        // Nothing here is to be taken for the real exposures, or to be written in another way.
        let numbers = json!([1e-7, 18_446_744_073_709_551_615_u64]);
        members.push((
            "tail",
            json!({"text": "\"exposures\": {}", "numbers": numbers}),
        ));
        let manifest: Map<String, Value> = members
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        self.layout.write(&manifest.into())
    }

    fn metadata(&self) -> Value {
        let version = match self.layout {
            Layout::V2 => "2.0.0-alpha.4",
            Layout::Core | Layout::Indented(_) => "1.11.6",
        };
        json!({
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "dbt_version": version, "project_name": "bistro", "adapter_type": "snowflake",
        })
    }

    fn nodes(&self) -> Map<String, Value> {
        (0..self.models)
            .map(|number| (model_id(number), model(number)))
            .collect()
    }

    fn exposures(&self) -> Map<String, Value> {
        self.manual_ids()
            .map(|id| {
                let depends_on = json!({"nodes": [model_id(0)]});
                let exposure = json!({"name": id, "meta": {"é": 1.5e-7}, "depends_on": depends_on});
                (id, exposure)
            })
            .collect()
    }

    fn manual_ids(&self) -> impl Iterator<Item = String> {
        self.manual
            .iter()
            .map(|name| format!("exposure.bistro.{name}"))
    }

    fn parent_map(&self) -> Value {
        let models = (0..self.models).map(|number| (model_id(number), json!([])));
        let exposures = self.manual_ids().map(|id| (id, json!([model_id(0)])));
        Value::Object(models.chain(exposures).collect())
    }

    fn child_map(&self) -> Value {
        let ids = (0..self.models).map(model_id).chain(self.manual_ids());
        let mut children: Map<String, Value> = ids.map(|id| (id, json!([]))).collect();
        let mut readers: Vec<String> = self.manual_ids().collect();
        readers.sort();
        if !readers.is_empty() {
            children[&model_id(0)] = json!(readers);
        }
        Value::Object(children)
    }
}

fn model_id(number: usize) -> String {
    format!("model.bistro.m{number}")
}

fn model(number: usize) -> Value {
    let name = format!("m{number}");
    json!({
        "resource_type": "model", "package_name": "bistro", "name": name, "alias": name,
        "database": "db", "schema": "s", "relation_name": format!("db.s.{name}"),
        "description": "dé 🚀",
    })
}
