//! The table of `--show-config`: each setting, its value as YAML, and where the value comes from.

use std::fmt::Write;

use crate::input::config::Setting;
use crate::output::columns::{padded, widest};
use crate::output::{printable, yaml};

/// What is shown as the value of a setting that is not set.
pub(super) const NOT_SET: &str = "not set";
/// What is shown as the origin of a value that nobody set.
pub(super) const DEFAULT: &str = "default";

/// Settings as rows of key, value and origin.
pub(super) struct SettingsTable {
    /// The configuration's path, if there is one.
    file: Option<String>,
    /// All settings with their values in the configuration, else their default values.
    listing: Vec<Setting>,
    rows: Vec<[String; 3]>,
}

impl SettingsTable {
    pub(super) fn new(file: Option<String>, listing: Vec<Setting>) -> Self {
        Self {
            file,
            listing,
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub(super) fn add(&mut self, key: &str, value: impl ToString, origin: impl ToString) {
        self.rows
            .push([key.to_owned(), value.to_string(), origin.to_string()]);
    }

    /// Adds the row of a setting that is true if a flag is given.
    pub(super) fn add_flag(&mut self, key: &str, is_given: bool, flag: &str) {
        self.add(key, is_given, if is_given { flag } else { DEFAULT });
    }

    /// Adds the row of a setting that no flag or variable sets: with its value in the
    /// configuration, else its default value.
    pub(super) fn add_from_file(&mut self, key: &str) {
        let setting = self.listing.iter().find(|setting| setting.key == key);
        let value = setting.map(|setting| &setting.value);
        let value = value
            .filter(|value| !value.is_null())
            .map_or_else(|| NOT_SET.to_owned(), yaml::value);
        let origin = self.file_with(key).unwrap_or(DEFAULT).to_owned();
        self.add(key, value, origin);
    }

    /// Adds a row for each setting that does not have one yet.
    pub(super) fn add_rest_from_file(&mut self) {
        let keys = self.listing.iter().map(|setting| setting.key.clone());
        for key in keys.collect::<Vec<_>>() {
            if !self.rows.iter().any(|row| row[0] == key) {
                self.add_from_file(&key);
            }
        }
    }

    /// The configuration's path, if it contains this setting.
    pub(super) fn file_with(&self, key: &str) -> Option<&str> {
        self.listing
            .iter()
            .find(|setting| setting.key == key && setting.is_written)
            .and(self.file.as_deref())
    }

    /// The table as text: one line per setting, in columns.
    pub(super) fn text(&self) -> String {
        let rows = self
            .rows
            .iter()
            .map(|row| row.each_ref().map(|cell| printable(cell)));
        let rows = rows.collect::<Vec<_>>();
        let [keys, values] = [0, 1].map(|column| widest(rows.iter().map(|row| &row[column])));
        let mut text = String::new();
        for [key, value, origin] in &rows {
            let (key, value) = (padded(key, keys), padded(value, values));
            // Writing to a String does not fail.
            let _ = writeln!(text, "{key}  {value}  {origin}");
        }
        text
    }
}
