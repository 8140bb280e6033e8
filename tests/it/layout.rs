//! What changes in a manifest is written as its dbt writes it, and what stays keeps layout and place.

use std::fs;

use super::fixtures;
use super::run::Run;

const LUID: &str = "11111111-1111-4111-8111-111111111111";
const OURS: &str = "exposure.bistro.tableau_sales_11111111";

fn base() -> String {
    let path = "bases/manifests/snowflake-orders-guests.json";
    fs::read_to_string(fixtures::root().join(path)).unwrap()
}

/// The manifest after a run on one workbook, which reads one table.
fn patched(manifest: &str, title: &str) -> String {
    let export = serde_json::json!({"data": {"workbooks": [{
        "luid": LUID, "name": title,
        "upstreamTables": [{
            "name": "ORDERS", "schema": "CORE", "fullName": "[CORE].[ORDERS]",
            "connectionType": "snowflake", "database": {"name": "ANALYTICS"},
        }],
    }]}});
    let exports = [export.to_string()];
    Run::new(manifest, &exports).outcome().unwrap().manifest
}

#[test]
fn lists_that_stay_keep_their_layout() {
    let first = patched(&base(), "Sales");
    let own_layout = [
        (format!("\"{OURS}\": []"), format!("\"{OURS}\": [ ]")),
        (format!(": [\"{OURS}\"]"), format!(": [ \"{OURS}\" ]")),
        (
            format!("\"{OURS}\": [\"model.bistro.orders\"]"),
            format!("\"{OURS}\": [ \"model.bistro.orders\" ]"),
        ),
    ];
    let edited = own_layout.iter().fold(first, |text, (before, after)| {
        assert_eq!(text.matches(before).count(), 1, "{before}");
        text.replace(before, after)
    });
    let second = patched(&edited, "Sales of today");
    assert!(second.contains("\"label\": \"Sales of today\""));
    let maps = |text: &str| text.split_once("\"parent_map\"").unwrap().1.to_owned();
    assert_eq!(maps(&second), maps(&edited));
}

#[test]
fn letters_are_escaped_as_that_dbt_does() {
    let base = base();
    assert!(base.is_ascii());
    assert!(patched(&base, "Größe").contains(r#""label": "Gr\u00f6\u00dfe""#));
    let of_v2 = base.replace("\"dbt_version\": \"1.11.6\"", "\"dbt_version\": \"2.0.0\"");
    assert_ne!(of_v2, base);
    assert!(patched(&of_v2, "Größe").contains("\"label\": \"Größe\""));
}

#[test]
fn lists_that_are_not_sorted_stay_so() {
    let list = r#""model.bistro.orders": ["test.bistro.z", "model.bistro.y"]"#;
    let manifest = with_child_map(&base(), "\"model.bistro.orders\": []", list);
    let after = format!(r#""model.bistro.orders": ["{OURS}", "test.bistro.z", "model.bistro.y"]"#);
    assert!(patched(&manifest, "Sales").contains(&after));
}

#[test]
fn edges_that_only_the_maps_have_go_with_the_exposure() {
    let first = patched(&base(), "Sales");
    let parents = format!("\"{OURS}\": [\"model.bistro.orders\"");
    let manifest = first.replace(&parents, &format!("{parents}, \"model.bistro.guests\""));
    assert_ne!(manifest, first);
    let children = format!("\"model.bistro.guests\": [\"{OURS}\"]");
    let manifest = with_child_map(&manifest, "\"model.bistro.guests\": []", &children);
    assert_eq!(
        patched(&manifest, "Sales of today"),
        patched(&first, "Sales of today")
    );
}

#[test]
fn a_node_that_is_gone_gets_no_list() {
    let first = patched(&base(), "Sales");
    let nodes = "\"nodes\": [\"model.bistro.orders\"]";
    let manifest = first.replace(nodes, "\"nodes\": [\"model.bistro.gone\"]");
    assert_ne!(manifest, first);
    assert!(!patched(&manifest, "Sales of today").contains("model.bistro.gone"));
}

/// The manifest with another entry in `child_map`, its last map.
fn with_child_map(manifest: &str, before: &str, after: &str) -> String {
    let (head, map) = manifest.split_once("\"child_map\"").unwrap();
    assert_eq!(map.matches(before).count(), 1, "{before}");
    format!("{head}\"child_map\"{}", map.replace(before, after))
}
