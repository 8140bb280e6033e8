//! Definitions in the forms of several versions, and shapes that dbt never writes.

use super::super::{Source, read};
use super::*;
use crate::model::definition::{DeclaredColumn, member};

/// Reads the definitions of a manifest with these members.
fn with_definitions(members: &str, check: impl FnOnce(&Definitions)) {
    let text = format!(
        r#"{{"metadata": {{"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
        "project_name": "b"}}, "exposures": {{}}, {members}}}"#
    );
    let source = Source::new("manifest.json", text.as_bytes());
    let (manifest, _) = read(&source).unwrap_or_else(|failure| panic!("{failure}"));
    check(&definitions(&manifest.document));
}

#[test]
fn nodes_are_cut_into_what_is_compared() {
    with_definitions(
        r#""sources": {}, "nodes": {
            "test.b.t": {"name": "t"},
            "model.b.m": {"name": "m", "raw_code": "select\n1", "created_at": 1, "config": {"materialized": "table", "meta": { "a" : 1 }, "contract": {"enforced": true}},
                "columns": {"id": {"name": "id", "data_type": "int", "constraints": []}}, "depends_on": {"nodes": ["seed.b.s", "model.b.a"], "macros": []}},
            "model.b.old": {"name": "old", "raw_sql": "select 2", "config": {"enabled": false}}},
        "disabled": {"model.b.off": [{"name": "off", "raw_code": "x"}], "model.b.m": [{"name": "m"}], "model.b.odd": 1},
        "macros": {"macro.b.f": {"macro_sql": "{% macro f() %}", "depends_on": {"macros": ["macro.b.g"]}}}"#,
        |definitions| {
            let ids = definitions
                .nodes
                .iter()
                .map(|node| (node.unique_id.as_ref(), node.is_enabled));
            assert_eq!(
                ids.collect::<Vec<_>>(),
                [
                    ("model.b.m", true),
                    ("model.b.off", false),
                    ("model.b.old", false)
                ]
            );
            let node = definitions.node("model.b.m").expect("a model");
            assert_eq!(
                (node.code.text().as_ref(), &node.depends_on[..]),
                ("select\n1", &["model.b.a".into(), "seed.b.s".into()][..])
            );
            let details = node.details();
            assert!(details.has_contract);
            assert_eq!(details.config_text("materialized"), Some("table"));
            assert_eq!(member(&details.config, "meta"), Some(r#"{"a":1}"#));
            let column = DeclaredColumn {
                name: "id".into(),
                data_type: Some("int".into()),
                constraints: "",
            };
            assert_eq!(details.columns, [column]);
            assert_eq!(
                definitions.node("model.b.old").map(|node| node.code.text()),
                Some("select 2".into())
            );
            let one = &definitions.macros[definitions.macro_at("macro.b.f").expect("a macro")];
            assert_eq!(
                (one.package(), one.name(), one.macros[0].as_ref()),
                ("b", "f", "macro.b.g")
            );
        },
    );
}

#[test]
fn what_is_written_anew_at_each_run_is_not_compared() {
    let model = |extra: &str| {
        format!(r#""sources": {{}}, "nodes": {{"model.b.m": {{"name": "m", {extra}}}}}"#)
    };
    with_definitions(
        &model(r#""schema": "a", "created_at": 1, "compiled_code": "x""#),
        |before| {
            with_definitions(&model(r#""schema": "b", "created_at": 2"#), |after| {
                assert!(before.nodes[0].is_same(&after.nodes[0]));
            });
            with_definitions(&model(r#""meta": {}"#), |after| {
                assert!(!before.nodes[0].is_same(&after.nodes[0]));
            });
        },
    );
}

#[test]
fn no_shape_makes_it_fail() {
    with_definitions(
        r#""sources": null, "macros": [], "disabled": {"model.b.x": []}, "nodes": {"model.b.m": {"raw_code": 7, "config": {},
            "columns": {"a": null}, "depends_on": "x", "checksum": {"name": 1}, "contract": true}}"#,
        |definitions| {
            let details = definitions.nodes.iter().map(Definition::details);
            assert_eq!(
                details.filter(|details| details.columns.len() == 1).count(),
                1
            );
        },
    );
}
