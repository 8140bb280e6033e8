//! What `--show-config` prints: each setting, its value as YAML has it, and where it comes from.

use std::fmt::Write;

use serde_json::Value;

use crate::output::{printable, yaml};

/// What is shown where nobody says anything.
pub(super) const NOT_SET: &str = "not set";
/// Where such a value comes from.
pub(super) const DEFAULT: &str = "default";

/// Settings as lines.
pub(super) struct Shown {
    /// The configuration's path.
    file: Option<String>,
    /// The configuration as it is written.
    written: Value,
    lines: Vec<[String; 3]>,
}

impl Shown {
    pub(super) fn new(file: Option<String>, written: Value) -> Self {
        Self {
            file,
            written,
            lines: Vec::new(),
        }
    }

    /// Notes a setting with its value and origin.
    pub(super) fn note(&mut self, key: &str, value: impl ToString, origin: impl ToString) {
        self.lines
            .push([key.to_owned(), value.to_string(), origin.to_string()]);
    }

    /// Notes a setting of the configuration that nothing else gives, with the usual value.
    pub(super) fn note_of_file(&mut self, key: &str, usual: impl ToString) {
        match self.of_file(key) {
            Some((value, file)) => self.note(key, yaml::value(&value), file),
            None => self.note(key, usual, DEFAULT),
        }
    }

    /// What the configuration says under a key such as `select.include`, and the file's name.
    pub(super) fn of_file(&self, key: &str) -> Option<(Value, String)> {
        let value = self
            .written
            .pointer(&format!("/{}", key.replace('.', "/")))?;
        let file = self.file.clone()?;
        says_something(value).then(|| (value.clone(), file))
    }

    /// One line for each setting: key, value, and where it came from.
    pub(super) fn text(&self) -> String {
        let width = |column: usize| {
            self.lines
                .iter()
                .map(|line| line[column].chars().count())
                .max()
                .unwrap_or_default()
        };
        let (keys, values) = (width(0), width(1));
        let mut text = String::new();
        for [key, value, origin] in &self.lines {
            // Writing to a String does not fail.
            let _ = writeln!(
                text,
                "{key:keys$}  {:values$}  {}",
                printable(value),
                printable(origin)
            );
        }
        text
    }
}

/// Whether a value is there: neither null nor a map of which all values are.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Object(members) => members.values().any(says_something),
        _ => true,
    }
}
