//! Every setting of the file with its value.

use serde_json::Value;

use super::raw::RawConfig;

/// A setting of the configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Section and name, as in `select.include`; the name alone where there is no section.
    pub key: String,
    /// The value as it is written, else the usual one; null where there is none.
    pub value: Value,
    /// Whether the file has it.
    pub is_written: bool,
}

/// Every setting, in the order of the JSON schema.
pub(super) fn settings(written: &RawConfig) -> serde_json::Result<Vec<Setting>> {
    let written = serde_json::to_value(written)?;
    let usual = serde_json::to_value(RawConfig::usual())?;
    let mut settings = Vec::new();
    for (key, usual) in usual.as_object().into_iter().flatten() {
        let written = written.get(key);
        let Some(section) = usual.as_object() else {
            settings.push(setting(key.clone(), written, usual));
            continue;
        };
        for (name, usual) in section {
            let written = written.and_then(|section| section.get(name));
            settings.push(setting(format!("{key}.{name}"), written, usual));
        }
    }
    Ok(settings)
}

fn setting(key: String, written: Option<&Value>, usual: &Value) -> Setting {
    let written = written.filter(|value| is_set(value));
    Setting {
        key,
        value: written.unwrap_or(usual).clone(),
        is_written: written.is_some(),
    }
}

/// Whether a value is there: neither null nor a map whose values are all null.
fn is_set(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Object(members) => members.values().any(is_set),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::raw::{RawConfig, RawSelect};
    use super::{Setting, settings};

    #[test]
    fn written_values_come_before_usual_ones() {
        let written = RawConfig {
            select: Some(RawSelect {
                personal_spaces: Some(true),
                ..RawSelect::default()
            }),
            ..RawConfig::default()
        };
        let settings = settings(&written).expect("no text that JSON cannot have");
        for (key, value, is_written) in [
            ("tableau.server", Value::Null, false),
            ("select.personal_spaces", json!(true), true),
            ("thresholds.mass_removal_count", json!(3), false),
        ] {
            let key = key.to_owned();
            assert!(settings.contains(&Setting {
                key,
                value,
                is_written
            }));
        }
    }
}
