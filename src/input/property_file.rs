//! dbt's property files (`.yml` and `.yaml` below the model paths), as far as they define exposures
//! (<https://docs.getdbt.com/reference/exposure-properties>).

use serde::Deserialize;
use serde_json::{Map, Value};
use serde_saphyr::Spanned;

use super::json::without_mark;
use super::yaml;
use crate::model::Failure;

/// The key of exposures.
const KEY: &str = "exposures";

/// A property file.
#[derive(Debug, Clone)]
pub struct PropertyFile<'t> {
    /// Its path from the dbt project on, with `/`.
    pub path: String,
    /// Its text, with a byte-order mark if it has one.
    pub text: &'t str,
    /// The exposures that it defines, in its order.
    pub exposures: Vec<DefinedExposure>,
}

/// An exposure as a property file defines it.
#[derive(Debug, Clone)]
pub struct DefinedExposure {
    /// Its name; empty if it has none.
    pub name: String,
    /// All that it says.
    pub value: Value,
    /// The line of its first key, from 1 on.
    pub line: usize,
    /// The column of its first key, in letters from 1 on.
    pub column: usize,
}

#[derive(Default, Deserialize)]
struct RawFile {
    #[serde(default)]
    exposures: Option<Vec<Spanned<Value>>>,
}

impl<'t> PropertyFile<'t> {
    /// The byte-order mark that it begins with, or nothing, and the rest of its text.
    pub fn mark_and_rest(&self) -> (&'t str, &'t str) {
        self.text
            .split_at(self.text.len() - without_mark(self.text).len())
    }
}

/// Reads a property file. `shown` is its path for messages.
///
/// # Errors
/// It is not YAML, or its exposures are not a list.
pub fn read<'t>(path: String, shown: &str, text: &'t str) -> Result<PropertyFile<'t>, Failure> {
    let exposures = exposures(text).map_err(|error| yaml::failure(shown, text, &error))?;
    Ok(PropertyFile {
        path,
        text,
        exposures,
    })
}

/// The exposures that a text defines.
///
/// # Errors
/// It is not YAML, or its exposures are not a list.
pub fn exposures(text: &str) -> Result<Vec<DefinedExposure>, serde_saphyr::Error> {
    let file = serde_saphyr::from_str::<Option<RawFile>>(text)?;
    let exposures = file.unwrap_or_default().exposures.unwrap_or_default();
    Ok(exposures.into_iter().map(DefinedExposure::new).collect())
}

/// Whether a text has the key of exposures, whatever stands behind it.
pub fn has_exposures_key(text: &str) -> bool {
    members(text).is_some_and(|members| members.contains_key(KEY))
}

/// What a text says beside its exposures; `None` if that is nothing, or not known.
pub fn beside_exposures(text: &str) -> Option<Map<String, Value>> {
    let mut members = members(text)?;
    members.shift_remove(KEY);
    Some(members)
}

fn members(text: &str) -> Option<Map<String, Value>> {
    serde_saphyr::from_str(text).ok()
}

impl DefinedExposure {
    fn new(spanned: Spanned<Value>) -> Self {
        let name = match spanned.value.get("name") {
            Some(Value::String(name)) => name.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        };
        Self {
            name,
            line: spanned.referenced.line() as usize,
            column: spanned.referenced.column() as usize,
            value: spanned.value,
        }
    }

    /// Whether its `config` leaves it switched on.
    pub fn is_enabled(&self) -> bool {
        match self.value.pointer("/config/enabled") {
            Some(Value::Bool(is_enabled)) => *is_enabled,
            // As YAML 1.1 reads them, which dbt Core does.
            Some(Value::String(word)) => !matches!(
                word.to_ascii_lowercase().as_str(),
                "false" | "no" | "off" | "n"
            ),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::exposures;

    #[test]
    fn exposures_are_found_with_their_places() {
        let text = "version: 2\nmodels:\n  - name: a\nexposures:\n    - name: one\n      config: {enabled: false}\n\n    # two\n    -   name: 123\n";
        let found = exposures(text).expect("YAML");
        let facts = found.iter().map(|found| {
            let place = (found.line, found.column);
            (found.name.as_str(), place, found.is_enabled())
        });
        assert_eq!(
            facts.collect::<Vec<_>>(),
            [("one", (5, 7), false), ("123", (9, 9), true)]
        );
        for nothing in [
            "",
            "# c\n",
            "version: 2\n",
            "exposures:\n",
            "exposures: []\n",
        ] {
            assert!(exposures(nothing).expect("YAML").is_empty(), "{nothing}");
        }
        for wrong in [
            "exposures: a\n",
            "exposures: {}\n",
            "a: [\n",
            "a: 1\n---\nb: 2\n",
        ] {
            assert!(exposures(wrong).is_err(), "{wrong}");
        }
    }
}
