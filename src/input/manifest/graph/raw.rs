//! JSON objects of which some members are needed, whatever values these have.

use std::borrow::Cow;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::input::manifest::tolerant;
use crate::input::manifest::wire::Text;

/// Makes types that take the named members of an object as slices of the text, of members that come
/// twice the last one, and pass over all others.
macro_rules! raw_objects {
    ($( $(#[$meta:meta])* $name:ident { $($field:ident),+ $(,)? } )+) => { $(
        $(#[$meta])*
        #[derive(Default)]
        pub(super) struct $name<'a> { $(pub(super) $field: Option<&'a serde_json::value::RawValue>,)+ }

        impl<'de: 'a, 'a> serde::Deserialize<'de> for $name<'a> {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl<'de> serde::de::Visitor<'de> for Visitor {
                    type Value = $name<'de>;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }
                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<Self::Value, A::Error> {
                        let mut object = $name::default();
                        while let Some(key) = map.next_key::<$crate::input::manifest::wire::Text>()? {
                            match key.0.as_ref() {
                                $(stringify!($field) => object.$field = Some(map.next_value()?),)+
                                _ => { map.next_value::<serde::de::IgnoredAny>()?; }
                            }
                        }
                        Ok(object)
                    }
                }
                from.deserialize_map(Visitor)
            }
        }
    )+ };
}

pub(crate) use raw_objects;

raw_objects! {
    /// Anything that depends on others, or that others depend on.
    Node {
        resource_type, package_name, name, source_name, original_file_path, path, patch_path, fqn,
        tags, access, group, description, contract, version, latest_version, config, depends_on,
        attached_node, file_key_name, test_metadata, tested_node_unique_id, model,
        time_spine,
    }
    /// The configuration of a node.
    Config { enabled, materialized, tags, access, group, severity, contract }
    /// What a node depends on.
    DependsOn { nodes }
    /// Which generic test a data test is.
    TestMetadata { name }
    /// What dbt does about the columns of a model.
    Contract { enforced }
    /// A group of models.
    Group { package_name, name, owner }
    /// The owner of a group.
    Owner { name, email }
}

/// The object of a value, empty if it is something else or missing.
pub(crate) fn object<'a, T: Default + serde::Deserialize<'a>>(value: Option<&'a RawValue>) -> T {
    let object = value.and_then(|value| serde_json::from_str(value.get()).ok());
    object.unwrap_or_default()
}

/// The text of a value, unless it is empty or something else.
pub(crate) fn text<'a>(value: Option<&'a RawValue>) -> Option<Cow<'a, str>> {
    let json = value?.get();
    if !json.starts_with('"') {
        return None;
    }
    let text = match serde_json::from_str::<Text>(json) {
        Ok(Text(text)) => text,
        Err(_) => match tolerant::value(json) {
            Value::String(text) => text.into(),
            _ => return None,
        },
    };
    (!text.is_empty()).then_some(text)
}

/// The texts of a list, or the only one.
pub(crate) fn texts<'a>(value: Option<&'a RawValue>) -> Vec<Cow<'a, str>> {
    let list = value.and_then(|value| serde_json::from_str::<Vec<&RawValue>>(value.get()).ok());
    match list {
        Some(list) => list
            .into_iter()
            .filter_map(|item| text(Some(item)))
            .collect(),
        None => text(value).into_iter().collect(),
    }
}

/// The JSON text of a value that is not null.
pub(crate) fn json(value: Option<&RawValue>) -> Option<&str> {
    value.map(RawValue::get).filter(|json| *json != "null")
}

/// Whether a value is true.
pub(crate) fn is_true(value: Option<&RawValue>) -> bool {
    json(value) == Some("true")
}
