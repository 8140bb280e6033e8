//! Laws of the Markdown report: nothing that Tableau sends is active in it, and it fits into a
//! comment however much there is to tell.

use autoexpose::input::tableau::{Given, Source};
use autoexpose::model::Settings;
use autoexpose::output::markdown;
use autoexpose::pipeline::{self, Inputs};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::{Value, json};

/// All HTML that a report may hold.
const OUR_HTML: [&str; 4] = ["<!-- autoexpose -->", "<details>", "<summary>", "</details>"];

/// What somebody would call a workbook to play tricks on the readers of a comment.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("`"),
        Just("``"),
        Just("\n"),
        Just("\n\n"),
        Just("<img src=x>"),
        Just("-->"),
        Just("</details>"),
        Just("[a](javascript:b)"),
        Just("![a](https://c.example/d)"),
        Just("@team"),
        Just("#1"),
        Just("https://c.example"),
        Just("www.c.example"),
        Just("*"),
        Just("|"),
        Just("\\"),
        Just("~~~"),
        Just("    "),
        Just("\u{1b}[2K"),
        Just("\u{202e}"),
        Just("::error::"),
        Just("a"),
        Just("é"),
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

fn manifest() -> String {
    let model = json!({
        "resource_type": "model", "package_name": "bistro", "name": "orders",
        "database": "analytics", "schema": "core", "alias": "orders",
        "relation_name": "analytics.core.orders", "config": {"materialized": "table"},
    });
    let metadata = json!({
        "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
        "dbt_version": "1.11.6", "project_name": "bistro", "adapter_type": "snowflake",
    });
    json!({
        "metadata": metadata, "nodes": {"model.bistro.orders": model}, "sources": {},
        "exposures": {}, "parent_map": {}, "child_map": {},
    })
    .to_string()
}

/// A workbook whose texts are all the given one, with a table that links and one that does not.
fn workbook(number: usize, text: &str) -> Value {
    let table = |name: &str| {
        json!({
            "name": name, "schema": "CORE", "fullName": format!("[CORE].[{name}]"),
            "connectionType": "snowflake", "database": {"name": "ANALYTICS"},
        })
    };
    json!({
        "luid": format!("{number:08}-1111-4111-8111-111111111111"), "name": text,
        "projectName": text, "description": text, "tags": [{"name": text}],
        "vizportalUrlId": "7", "owner": {"name": text, "username": text, "email": text},
        "upstreamTables": [table("ORDERS"), table(text)],
    })
}

fn report(workbooks: &[Value], complaint: &str) -> String {
    let export = json!({
        "data": {"workbooks": workbooks},
        "errors": [{"message": complaint, "extensions": {"code": complaint}}],
    });
    let (manifest, export) = (manifest(), export.to_string());
    let sources = [Source { file: "export.json", is_found: false, text: &export }];
    let inputs = Inputs {
        manifest_file: "manifest.json",
        manifest: &manifest,
        state: None,
        exports: &sources,
        given: Given::default(),
        settings: Settings::default(),
    };
    markdown::render(&pipeline::run(&inputs).unwrap().report)
}

/// Fails if anything but the report's own parts is active.
fn assert_inert(page: &str) {
    for event in Parser::new_ext(page, Options::ENABLE_GFM | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let is_ours = OUR_HTML.iter().any(|ours| html.starts_with(ours));
                assert!(is_ours, "{html:?} in\n{page}");
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(dest_url.starts_with("https://tableau.example.com/"), "{dest_url}");
            }
            Event::Start(Tag::Image { .. } | Tag::CodeBlock(_) | Tag::Strikethrough) => {
                panic!("{event:?} in\n{page}");
            }
            Event::Text(text) => {
                let bad = ["@", "#1", "://", "www.", "::error", "\u{1b}", "\u{202e}"];
                assert!(!bad.iter().any(|bad| text.contains(bad)), "{text:?} in\n{page}");
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_tableau_sends_is_active(
        texts in prop::collection::vec(hostile(), 1..4),
        complaint in hostile(),
    ) {
        let workbooks = texts.iter().enumerate().map(|(number, text)| workbook(number, text));
        assert_inert(&report(&workbooks.collect::<Vec<_>>(), &complaint));
    }
}

#[test]
fn a_report_fits_into_a_comment() {
    let workbooks = (0..2_000).map(|number| workbook(number, &format!("</x> {number}")));
    let page = report(&workbooks.collect::<Vec<_>>(), "too much");
    assert!(page.chars().count() <= markdown::MOST_CHARACTERS);
    assert_eq!(page.matches("more, which have no room here").count(), 2, "changes and not linked");
    assert_eq!(page.matches("<details>").count(), page.matches("</details>").count());
    assert!(page.lines().nth(1).unwrap().ends_with("2000 added"), "the summary counts all");
    assert_inert(&page);
}
