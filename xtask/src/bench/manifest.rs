//! Manifests of any size, scaled from a real one.
//!
//! What dbt wrote stays as it is; behind it come more of the same: one model of the fixture with
//! its tests and a source of it, again and again under other names, so that every byte has the
//! form that dbt gave it. Every [`BULKY`]th copy has long SQL and many columns.

use std::io::{self, Write};

use autoexpose::edit::json::style::Style;
use serde_json::{Map, Value};

/// The model of the fixture that is copied, and the source that its copies read.
const MODEL: &str = "model.bistro.dish_sales";
const SOURCE: &str = "source.bistro.till.bills";
/// What of the names is another one in each copy.
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
            let part = |unit: &'_ Unit| match key.as_str() {
                "nodes" => Some(unit.nodes.clone()),
                "sources" => Some(unit.sources.clone()),
                "parent_map" => Some(unit.parents.clone()),
                "child_map" => Some(unit.children.clone()),
                _ => None,
            };
            write!(out, "{lead}\"{key}\": ")?;
            let (Some(plain), Some(bulky)) = (part(&self.plain), part(&self.bulky)) else {
                out.write_all(text.as_bytes())?;
                continue;
            };
            out.write_all(text.strip_suffix('}').unwrap_or(&text).as_bytes())?;
            for copy in 0..copies {
                let unit = if copy % BULKY == 0 { &bulky } else { &plain };
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
    fn new(document: &Map<String, Value>, style: &Style, columns: usize, lines: usize) -> Self {
        let source_id = format!("{SOURCE}_{NAME}");
        let mut model = document["nodes"][MODEL].clone();
        // What others of this field compare is the spelling, so it must be one that they can.
        model["database"] = "bistro".into();
        model["depends_on"]["nodes"] = [source_id.clone()].into();
        let column = model["columns"]
            .as_object()
            .and_then(|columns| columns.values().next());
        let column = column.cloned().unwrap_or_default();
        for number in 0..columns {
            let mut column = column.clone();
            column["name"] = format!("amount_{number}").into();
            model["columns"][format!("amount_{number}")] = column;
        }
        let sql = model["raw_code"].as_str().unwrap_or_default();
        let line = "\n    , sum(case when \"kind\" = 'tip' then amount else 0 end) as tips";
        model["raw_code"] = format!("{sql}{}", line.repeat(lines)).into();
        let mut source = document["sources"][SOURCE].clone();
        for key in ["name", "identifier", "unique_id"] {
            source[key] = format!("{}_{NAME}", source[key].as_str().unwrap_or_default()).into();
        }
        let is_test = |(id, node): &(&String, &Value)| {
            let parents = &node["depends_on"]["nodes"];
            id.starts_with("test.") && *parents == Value::from([MODEL].as_slice())
        };
        let nodes = document["nodes"].as_object();
        let tests = nodes
            .into_iter()
            .flatten()
            .filter(is_test)
            .collect::<Vec<_>>();
        let test_ids = tests
            .iter()
            .map(|(id, _)| Value::from(id.as_str()))
            .collect::<Vec<_>>();
        let ids = |id: &str| Value::from([id].as_slice());
        let members = |members: &[(&str, Value)]| {
            let members = members
                .iter()
                .map(|(key, value)| style.key(key) + &style.value(value, 2));
            members.collect::<Vec<_>>().join(", ")
        };
        let of_tests = |value: &dyn Fn(&Value) -> Value| {
            tests
                .iter()
                .map(|(id, node)| (id.as_str(), value(node)))
                .collect::<Vec<_>>()
        };
        Self {
            nodes: members(&[vec![(MODEL, model)], of_tests(&Value::clone)].concat()),
            parents: members(
                &[
                    vec![
                        (MODEL, ids(&source_id)),
                        (source_id.as_str(), Value::Array(Vec::new())),
                    ],
                    of_tests(&|_| ids(MODEL)),
                ]
                .concat(),
            ),
            children: members(
                &[
                    vec![(MODEL, test_ids.into()), (source_id.as_str(), ids(MODEL))],
                    of_tests(&|_| Value::Array(Vec::new())),
                ]
                .concat(),
            ),
            sources: members(&[(source_id.as_str(), source)]),
        }
    }

    fn len(&self) -> usize {
        self.nodes.len() + self.sources.len() + self.parents.len() + self.children.len()
    }
}
