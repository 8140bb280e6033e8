//! Manifests of any size, scaled from a real one.
//!
//! What dbt wrote stays as it is; copies follow it: one model of the fixture with its tests and a
//! source of it, again and again under other names, so that every byte has the form that dbt gave
//! it. Every [`BULKY`]th copy has long SQL and many columns.

use std::io::{self, Write};

use autoexpose::edit::json::style::Style;
use serde_json::{Map, Value};

/// The model of the fixture that is copied, and the source that its copies read.
const MODEL: &str = "model.bistro.dish_sales";
const SOURCE: &str = "source.bistro.till.bills";
/// The part of all names that differs from copy to copy.
const NAME: &str = "dish_sales";
/// One in so many copies is bulky.
const BULKY: usize = 20;
const BULKY_COLUMNS: usize = 60;
const BULKY_LINES: usize = 200;

/// The real manifest and what is copied of it.
pub(super) struct Base {
    document: Map<String, Value>,
    style: Style,
    plain: Unit,
    bulky: Unit,
}

/// The members that one copy adds to each map, as text in which [`NAME`] is to be replaced.
struct Unit {
    nodes: String,
    sources: String,
    parents: String,
    children: String,
}

impl Base {
    /// Reads the text of the real manifest.
    pub(super) fn new(text: &str) -> serde_json::Result<Self> {
        let document = serde_json::from_str::<Map<String, Value>>(text)?;
        let style = Style::detect(text, text.is_ascii());
        let plain = Unit::new(&document, &style, 0, 0);
        let bulky = Unit::new(&document, &style, BULKY_COLUMNS, BULKY_LINES);
        Ok(Self {
            document,
            style,
            plain,
            bulky,
        })
    }

    /// How many copies make a manifest of about so many bytes.
    pub(super) fn copies_for(&self, bytes: usize) -> usize {
        let real = self
            .style
            .value(&Value::Object(self.document.clone()), 0)
            .len();
        let round = self.plain.len() * (BULKY - 1) + self.bulky.len();
        bytes.saturating_sub(real) * BULKY / round
    }

    /// Writes a manifest with so many copies.
    pub(super) fn write(&self, out: &mut impl Write, copies: usize) -> io::Result<()> {
        out.write_all(b"{")?;
        for (number, (key, value)) in self.document.iter().enumerate() {
            let lead = if number == 0 { "" } else { ", " };
            let text = self.style.value(value, 1);
            write!(out, "{lead}\"{key}\": ")?;
            let Some((plain, bulky)) = self.plain.member(key).zip(self.bulky.member(key)) else {
                out.write_all(text.as_bytes())?;
                continue;
            };
            out.write_all(text.strip_suffix('}').unwrap_or(&text).as_bytes())?;
            for copy in 0..copies {
                let unit = if copy % BULKY == 0 { bulky } else { plain };
                write!(out, ", {}", unit.replace(NAME, &model_name(copy)))?;
            }
            out.write_all(b"}")?;
        }
        out.write_all(b"}")
    }
}

/// The name of the model of a copy, which is that of its relation as well.
pub(super) fn model_name(copy: usize) -> String {
    format!("{NAME}_{copy:06}")
}

impl Unit {
    /// The members of a copy whose model has so many more columns, and lines of SQL.
    fn new(document: &Map<String, Value>, style: &Style, columns: usize, lines: usize) -> Self {
        let source_id = format!("{SOURCE}_{NAME}");
        let model = copied_model(&document["nodes"][MODEL], &source_id, columns, lines);
        let source = copied_source(&document["sources"][SOURCE]);
        let tests = tests_of_model(document);
        let test_ids = tests
            .iter()
            .map(|(id, _)| Value::from(*id))
            .collect::<Vec<_>>();
        let nodes = tests
            .iter()
            .map(|(id, node)| (*id, Value::clone(node)))
            .collect();
        let parents_of_tests = tests.iter().map(|(id, _)| (*id, list([MODEL]))).collect();
        let children_of_tests = tests.iter().map(|(id, _)| (*id, list([]))).collect();
        Self {
            nodes: members(style, [vec![(MODEL, model)], nodes].concat()),
            sources: members(style, vec![(&source_id, source)]),
            parents: members(
                style,
                [
                    vec![(MODEL, list([&source_id])), (&source_id, list([]))],
                    parents_of_tests,
                ]
                .concat(),
            ),
            children: members(
                style,
                [
                    vec![(MODEL, test_ids.into()), (&source_id, list([MODEL]))],
                    children_of_tests,
                ]
                .concat(),
            ),
        }
    }

    fn len(&self) -> usize {
        self.nodes.len() + self.sources.len() + self.parents.len() + self.children.len()
    }

    /// What the copy adds to a map of the manifest, if it adds to that one.
    fn member(&self, map: &str) -> Option<&str> {
        match map {
            "nodes" => Some(&self.nodes),
            "sources" => Some(&self.sources),
            "parent_map" => Some(&self.parents),
            "child_map" => Some(&self.children),
            _ => None,
        }
    }
}

/// The model of a copy, which reads the source of the copy.
fn copied_model(original: &Value, source_id: &str, columns: usize, lines: usize) -> Value {
    let mut model = original.clone();
    // Tools of others compare this field as it is spelled, so it must be spelled as in exports.
    model["database"] = "bistro".into();
    model["depends_on"]["nodes"] = [source_id].as_slice().into();
    let column = model["columns"]
        .as_object()
        .and_then(|columns| columns.values().next())
        .cloned()
        .unwrap_or_default();
    for number in 0..columns {
        let name = format!("amount_{number}");
        model["columns"][&name] = column.clone();
        model["columns"][&name]["name"] = name.as_str().into();
    }
    let sql = model["raw_code"].as_str().unwrap_or_default();
    let line = "\n    , sum(case when \"kind\" = 'tip' then amount else 0 end) as tips";
    model["raw_code"] = format!("{sql}{}", line.repeat(lines)).into();
    model
}

/// The source of a copy.
fn copied_source(original: &Value) -> Value {
    let mut source = original.clone();
    for key in ["name", "identifier", "unique_id"] {
        let text = source[key].as_str().unwrap_or_default();
        source[key] = format!("{text}_{NAME}").into();
    }
    source
}

/// The tests that depend on the model alone.
fn tests_of_model(document: &Map<String, Value>) -> Vec<(&str, &Value)> {
    document["nodes"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(id, _)| id.starts_with("test."))
        .filter(|(_, node)| node["depends_on"]["nodes"] == list([MODEL]))
        .map(|(id, node)| (id.as_str(), node))
        .collect()
}

/// A JSON list of ids.
fn list<const N: usize>(ids: [&str; N]) -> Value {
    ids.as_slice().into()
}

/// Members of a map that is a member of the manifest, as text.
fn members(style: &Style, members: Vec<(&str, Value)>) -> String {
    members
        .iter()
        .map(|(key, value)| style.key(key) + &style.value(value, 2))
        .collect::<Vec<_>>()
        .join(", ")
}
