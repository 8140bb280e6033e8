//! Values that a configuration may have in the wrong place.

use proptest::prelude::*;
use serde_json::{Value, json};

/// Texts that are right in some places and wrong in others.
const ODD_TEXTS: [&str; 34] = [
    "",
    " ",
    "a",
    "yes",
    "true",
    "null",
    "~",
    "5",
    "0.5",
    "{name}",
    "{slug}",
    "{foo}",
    "{",
    "}",
    "{{",
    "{{x}}",
    "[a]",
    "[!]",
    "{a,b}",
    "https://x.y",
    "ftp://x",
    "https://x.y/z",
    "snowflake",
    "Snowflake_jdbc",
    "excel",
    "genericjdbc",
    "low",
    "Low",
    "\n",
    "\u{0}",
    "é",
    "- a",
    "# a",
    "*a",
];

/// Other such values, as JSON.
const ODD_VALUES: [&str; 20] = [
    "null",
    "true",
    "0",
    "1",
    "-1",
    "0.5",
    "3.0",
    "1e30",
    "[]",
    "{}",
    "[null]",
    r#"["a"]"#,
    r#"[["a"]]"#,
    "[{}]",
    r#"{"name": "a"}"#,
    r#"{"name": null}"#,
    r#"{"schema": "a"}"#,
    r#"{"a": "b"}"#,
    r#"{"when": {"tag": "a"}}"#,
    r#"{"low": null}"#,
];

/// Values that are right in some places and wrong in others.
pub(super) fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(ODD_VALUES.to_vec())
            .prop_map(|text| serde_json::from_str(text).unwrap()),
        prop::sample::select(ODD_TEXTS.to_vec()).prop_map(|text| json!(text)),
        "[{}a\\[\\]!]{0,6}".prop_map(|text| json!(text)),
    ]
}
