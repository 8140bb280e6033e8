//! Entries of `match.rewrite`.

use autoexpose::input::config;
use serde_json::{Value, json};

use super::{SCHEMA, check};

#[test]
fn names_are_rewritten_to_new_parts() {
    let entry = |from: Value, to: Value| {
        let mut entry = from;
        entry["to"] = to;
        entry
    };
    let to = |text: &str| json!({"schema": text});
    let plain = || json!({"connection_type": "a*", "server": "b", "database": "c", "name": "[d]"});
    let regex = || json!({"schema": "/dbt_(?<who>.*)_(\\d+)/"});
    check(
        "match.rewrite.[]",
        &[
            entry(json!({}), to("a")),
            entry(json!({}), to("a…")),
            entry(plain(), to("{database}_{schema}{{x}}")),
            entry(
                plain(),
                json!({"database": "{name}", "schema": null, "name": "n"}),
            ),
            entry(regex(), to("{1}{2}{who}")),
            entry(json!({"name": "/"}), to("a")),
            entry(json!({"name": "//", "schema": null}), to("a")),
        ],
        &[
            regex(),
            entry(regex(), json!({})),
            entry(regex(), json!({"schema": null})),
            entry(regex(), json!(null)),
            entry(regex(), json!("a")),
            entry(regex(), to("")),
            entry(regex(), to(" ")),
            entry(regex(), to("…")),
            entry(json!({"database": "a"}), to(" …")),
            entry(regex(), to("{")),
            entry(regex(), to("{}")),
            entry(plain(), to("{1}")),
            entry(plain(), to("{who}")),
            entry(plain(), to("{Schema}")),
            entry(json!({"name": "[/"}), to("a")),
            entry(json!({"name": format!("/{}/", "a".repeat(1_000))}), to("a")),
            entry(json!({"table": "a"}), to("a")),
        ],
    );
}

/// Which groups an expression has, and whether it is one at all, only the program knows.
#[test]
fn regular_expressions_are_checked_by_the_program_alone() {
    for (pattern, schema) in [("/(/", "a"), ("/a/", "{1}"), ("/(?<a>.)/", "{b}")] {
        let entry = json!({"match": {"rewrite": [{"name": pattern, "to": {"schema": schema}}]}});
        assert!(SCHEMA.is_valid(&entry), "{entry}");
        assert!(config::read("autoexpose.yml", &entry.to_string()).is_err());
    }
}
