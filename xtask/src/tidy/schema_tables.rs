//! Tables of the keys that a JSON schema describes.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::generated::Block;
use crate::failure::{Result, Trying};

/// The keys of `autoexpose.yml`, with those inside of others.
pub(super) fn settings(schema: &str) -> Result<Block> {
    let schema = serde_json::from_str(schema).trying("the schema of autoexpose.yml")?;
    let mut table = Table {
        schema: &schema,
        rows: "| key | what it says |\n|---|---|\n".to_owned(),
        shown: BTreeMap::new(),
    };
    table.add("", &schema);
    Ok(("settings".to_owned(), table.rows))
}

/// The keys of a document, without those inside of others. The document is described by a definition
/// of the schema, or by the schema itself.
pub(super) fn keys(name: &str, schema: &str, definition: Option<&str>) -> Result<Block> {
    let schema: Value = serde_json::from_str(schema).trying("a schema of the program")?;
    let document = match definition {
        Some(definition) => &schema["$defs"][definition],
        None => &schema,
    };
    let mut rows = "| key | content |\n|---|---|\n".to_owned();
    for (key, described) in properties(document).into_iter().flatten() {
        rows += &row(key, &description(described));
    }
    Ok((name.to_owned(), rows))
}

/// A table of keys that goes into what they hold.
struct Table<'s> {
    schema: &'s Value,
    rows: String,
    /// The keys in which a definition has been shown, by its name.
    shown: BTreeMap<&'s str, String>,
}

impl<'s> Table<'s> {
    /// Adds the keys of an object, behind the path to it.
    fn add(&mut self, path: &str, object: &'s Value) {
        for (key, described) in properties(object).into_iter().flatten() {
            let path = format!("{path}{key}");
            let (held, below) = self.held(described, format!("{path}."));
            let earlier = name(held).and_then(|name| self.shown.get(name));
            let mut text = description(described);
            if let Some(earlier) = earlier {
                text += &format!(" The same keys as in `{earlier}`.");
            }
            let is_new = earlier.is_none();
            self.rows += &row(&path, &text);
            let object = self.target(held);
            if is_new && properties(object).is_some() {
                if let Some(name) = name(held) {
                    self.shown.insert(name, path.clone());
                }
                self.add(&below, object);
            }
        }
    }

    /// What a key holds, and how paths to keys inside of it begin: of a list, that of its elements.
    fn held(&self, described: &'s Value, below: String) -> (&'s Value, String) {
        let held = alternative(described);
        match self.target(held).get("items") {
            Some(items) => {
                let path = below.trim_end_matches('.');
                self.held(items, format!("{path}[]."))
            }
            None => (held, below),
        }
    }

    /// What a reference leads to; anything else is itself.
    fn target(&self, held: &'s Value) -> &'s Value {
        name(held).map_or(held, |name| &self.schema["$defs"][name])
    }
}

/// The keys of an object.
fn properties(object: &Value) -> Option<&Map<String, Value>> {
    object.get("properties")?.as_object()
}

/// Of a value that may be null, what it is otherwise.
fn alternative(described: &Value) -> &Value {
    let alternatives = described.get("anyOf").and_then(Value::as_array);
    let mut others = alternatives
        .into_iter()
        .flatten()
        .filter(|one| one.get("type").and_then(Value::as_str) != Some("null"));
    others.next().unwrap_or(described)
}

/// The name of the definition that a reference leads to.
fn name(held: &Value) -> Option<&str> {
    held.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

/// The description of a key, on one line.
fn description(described: &Value) -> String {
    let text = described.get("description").and_then(Value::as_str);
    text.unwrap_or_default().replace('\n', " ")
}

fn row(key: &str, text: &str) -> String {
    format!("| `{key}` | {} |\n", text.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = r##"{"properties": {
        "one": {"description": "First\nkey.", "anyOf": [{"$ref": "#/$defs/One"}, {"type": "null"}]},
        "many": {"description": "Others.", "type": "array", "items": {"$ref": "#/$defs/One"}},
        "list": {"description": "a|b", "items": {"properties": {"x": {"description": "In it."}}}}
    }, "$defs": {"One": {"properties": {"a": {"description": "Inner."}}}}}"##;

    #[test]
    fn keys_inside_of_others_have_paths_and_are_shown_once() -> Result<()> {
        let (name, table) = settings(SCHEMA)?;
        assert_eq!(name, "settings");
        assert_eq!(
            table,
            "| key | what it says |\n|---|---|\n\
             | `one` | First key. |\n| `one.a` | Inner. |\n\
             | `many` | Others. The same keys as in `one`. |\n\
             | `list` | a\\|b |\n| `list[].x` | In it. |\n"
        );
        Ok(())
    }

    #[test]
    fn a_document_shows_its_own_keys() -> Result<()> {
        let (_, table) = keys("x", SCHEMA, Some("One"))?;
        assert_eq!(table, "| key | content |\n|---|---|\n| `a` | Inner. |\n");
        Ok(())
    }
}
