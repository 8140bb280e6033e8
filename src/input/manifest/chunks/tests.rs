//! Reading in chunks is reading in one pass.

use proptest::prelude::*;

use super::super::members::span;
use super::super::read::parse_in_one_pass;
use super::*;

/// All that was read, with the places of raw values; `None` if it was refused.
fn shown(text: &str, top: Option<Top>) -> Option<String> {
    let top = top?;
    let place = |raw: Option<&RawValue>| raw.map(|raw| span(text, raw.get()));
    let raws = [top.macros, top.exposures, top.parent_map, top.child_map].map(place);
    let nodes = |nodes: Option<Nodes>| {
        nodes.map(|nodes| {
            let Nodes { nodes, ids } = nodes;
            let nodes = nodes.into_iter().flatten();
            let mut ids = ids.concat();
            ids.sort();
            let nodes = nodes.map(|node| {
                (
                    node.unique_id,
                    node.name.map(|text| text.0),
                    node.version.map(RawValue::get),
                )
            });
            format!("{:?} {ids:?}", nodes.collect::<Vec<_>>())
        })
    };
    let metadata = top
        .metadata
        .map(|metadata| metadata.dbt_version.map(|text| text.0));
    let (nodes, sources) = (nodes(top.nodes), nodes(top.sources));
    let disabled = top.disabled;
    assert_eq!(top.is_ascii, text.is_ascii());
    Some(format!(
        "{metadata:?} {nodes:?} {sources:?} {raws:?} {disabled:?}"
    ))
}

/// Whether the text can be read in chunks; if so, it is read as in one pass.
#[track_caller]
fn check(text: &str, length: usize) -> bool {
    let in_chunks = shown(text, read(text, length));
    let in_one = shown(text, parse_in_one_pass(text).ok());
    if in_chunks.is_some() {
        assert_eq!(in_chunks, in_one, "{length}: {text}");
    }
    in_chunks.is_some()
}

const MANIFEST: &str = r#"{"metadata": {"dbt_version": "1.11"}, "nodes": {"model.a.x": {"name": "x", "version": 2}, "test.a.t": {"deep": {"a": {}, "model.a": {}}}, "model.a.y" : {"name": "y }, \"model.\"", "config": {}} ,
  "model.a.\u0065": {"name": "é"}}, "sources": {"source.a.b.c": {"name": null}, "source.a.b.d": {}}, "macros": {"model.x": {}, "macro.a": []}, "exposures": {}, "parent_map": {}, "child_map": null, "disabled": {"exposure.a": [{"b": 1}], "model.a": []}}
"#;

#[test]
fn a_manifest_is_read_in_chunks() {
    for length in [40, 60, 100, 150] {
        let cuts = cuts(MANIFEST, length);
        assert!(
            check(MANIFEST, length) || !cuts.is_empty(),
            "{length}: {cuts:?}"
        );
    }
    assert!(check(MANIFEST, 60), "{:?}", cuts(MANIFEST, 60));
}

#[test]
fn an_indented_manifest_is_read_in_chunks() {
    let value = serde_json::from_str::<serde_json::Value>(MANIFEST).expect("JSON");
    let text = serde_json::to_string_pretty(&value).expect("JSON");
    assert!(
        [50, 70, 90, 120, 200]
            .iter()
            .any(|length| check(&text, *length))
    );
}

#[test]
fn cuts_within_an_exposure_are_passed_over() {
    let member = |at: usize| format!(r#""model.a.m{at}": {{"rule": "exact"}}"#);
    let members = (0..40).map(member).collect::<Vec<_>>().join(", ");
    let text = format!(
        r#"{{"nodes": {{{members}}}, "exposures": {{"exposure.a.x": {{"meta": {{{members}}}}}}}}}"#
    );
    for length in [100, 150, 200] {
        let exposures = text.find("exposures").expect("the key");
        let within = cuts(&text, length)
            .into_iter()
            .filter(|cut| *cut > exposures);
        assert!(within.count() > 2, "{length}");
        assert!(check(&text, length), "{length}");
    }
}

#[test]
fn what_one_pass_refuses_is_refused() {
    let members = r#""model.a": {}, "model.b": {}, "test.c": {}, "model.d": {}"#;
    let good = format!(r#"{{"nodes": {{{members}}}, "sources": {{}}}}"#);
    assert!((8..40).any(|length| check(&good, length)));
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    let deep = format!(r#"{{"nodes": {{{members}}}, "disabled": {{"exposure.a": {deep}}}}}"#);
    assert!((8..40).any(|length| check(&deep, length)));
    let bad = [
        good.replace("model.d", "model.a"),
        good.replace("sources", "nodes"),
        good.replace("model.d\": {}", "model.d\": {},"),
        good.replace("test.c\": {}", "test.c\": NaN"),
        good.replace("model.b\": {}", r#"model.b": {"name": 1}"#),
        good.replace("model.b\": {}", r#"model.b": {"name": "\ud83d"}"#),
        good.replace("test.c\": {}", "test.c\": 01"),
        format!("{good},"),
        format!("{good}}}"),
        good[..good.len() - 1].to_owned(),
        good.replace("\"sources\": {}", ""),
    ];
    for text in bad {
        assert!(parse_in_one_pass(&text).is_err(), "{text}");
        for length in 8..60 {
            assert!(!check(&text, length), "{length}: {text}");
        }
    }
}

/// Tokens that documents of all kinds are made of, right and wrong ones.
fn token() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "{",
        "}",
        "}",
        "}}",
        ",",
        ",",
        ":",
        "[",
        "]",
        " ",
        "\n",
        "\"",
        "1",
        "null",
        "é",
        "\\",
        "\"nodes\":{",
        "\"sources\":{",
        "\"macros\":{",
        "},\"sources\":{",
        "\"disabled\":{",
        "\"model.a\":{}",
        "},\"model.b\":{",
        ",\"test.c\":{}",
        "}, \"model.d\": {}",
        "\"x\":1",
        "\"model.e\":{\"name\":\"}, \\\"model.\"}",
        "\"name\":\"y\"",
        "\"version\":{\"a\":[]}",
    ])
}

proptest! {
    #[test]
    fn any_text_is_read_as_in_one_pass(tokens in prop::collection::vec(token(), 0..24), length in 4..40_usize) {
        check(&tokens.concat(), length);
        check(&format!("{{\"nodes\":{{\"model.z\":{{}},{}", tokens.concat()), length);
    }

    #[test]
    fn a_changed_manifest_is_read_as_in_one_pass(
        at in 0..MANIFEST.len(), len in 0..30_usize, token in token(), length in 20..200_usize,
    ) {
        let at = (0..=at).rev().find(|at| MANIFEST.is_char_boundary(*at)).unwrap_or_default();
        let end = (at + len).min(MANIFEST.len());
        let end = (end..=MANIFEST.len()).find(|at| MANIFEST.is_char_boundary(*at)).unwrap_or(at);
        check(&format!("{}{token}{}", &MANIFEST[..at], &MANIFEST[end..]), length);
    }
}
