//! Laws of the Markdown report: nothing that Tableau sends is active in it, and it fits into a
//! comment however much there is to tell.

use autoexpose::output::markdown;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

use serde_json::{Value, json};

use super::hostile::{complaints, report, report_on, texts, workbook};

/// All HTML that a report may hold.
const OUR_HTML: [&str; 4] = [
    "<!-- autoexpose -->",
    "<details>",
    "<summary>",
    "</details>",
];

/// Fails if anything but the report's own parts is active.
fn assert_inert(page: &str) {
    for event in Parser::new_ext(page, Options::ENABLE_GFM | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let is_ours = OUR_HTML.iter().any(|ours| html.starts_with(ours));
                assert!(is_ours, "{html:?} in\n{page}");
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(
                    dest_url.starts_with("https://tableau.example.com/"),
                    "{dest_url}"
                );
            }
            Event::Start(Tag::Image { .. } | Tag::CodeBlock(_) | Tag::Strikethrough) => {
                panic!("{event:?} in\n{page}");
            }
            Event::Text(text) => {
                let bad = ["@", "#1", "://", "www.", "::error", "\u{1b}", "\u{202e}"];
                assert!(
                    !bad.iter().any(|bad| text.contains(bad)),
                    "{text:?} in\n{page}"
                );
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_tableau_sends_is_active(
        workbooks in texts(),
        complaint in complaints(),
    ) {
        assert_inert(&markdown::render(&report(&workbooks, &complaint)));
    }
}

#[test]
fn a_report_fits_into_a_comment() {
    let workbooks = (0..2_000).map(|number| workbook(number, &format!("</x> {number}")));
    let page = markdown::render(&report(&workbooks.collect::<Vec<_>>(), "too much"));
    assert!(page.chars().count() <= markdown::MOST_CHARACTERS);
    assert_eq!(
        page.matches("more, which have no room here").count(),
        2,
        "changes and not linked"
    );
    assert_eq!(
        page.matches("<details>").count(),
        page.matches("</details>").count()
    );
    assert!(
        page.lines().nth(1).unwrap().ends_with("2000 added, 1 kept"),
        "the summary counts all"
    );
    assert_inert(&page);
}

#[test]
fn a_long_list_leaves_room_for_others() {
    let name = |number: usize| format!("m{number:03}_{}", "x".repeat(200));
    let model = |number: usize| {
        let model = json!({
            "resource_type": "model", "package_name": "bistro", "name": name(number),
            "database": "db", "schema": "s", "alias": name(number), "relation_name": "db.s.m",
        });
        (format!("model.bistro.{}", name(number)), model)
    };
    let models = (0..400).map(model).collect::<serde_json::Map<_, _>>();
    let manifest = json!({
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "dbt_version": "1.11.6", "project_name": "bistro", "adapter_type": "snowflake",
        },
        "nodes": models, "sources": {}, "exposures": {}, "parent_map": {}, "child_map": {},
    });
    let workbook = |title: &str, reads: usize| {
        let tables =
            (0..reads).map(|number| json!({"fullName": format!("[DB].[S].[{}]", name(number))}));
        json!({"luid": title, "name": title, "upstreamTables": tables.collect::<Vec<Value>>()})
    };
    let export = json!({"data": {"workbooks": [workbook("A", 400), workbook("B", 1)]}});
    let page = markdown::render(&report_on(&manifest.to_string(), &export.to_string()));
    let entries = page.lines().filter(|line| line.starts_with("- **added**"));
    assert_eq!(entries.count(), 2, "{page}");
    let told = page.matches("  - reads").count();
    assert!((10..400).contains(&told), "{told}");
    assert!(
        page.contains(&format!("  - … and {} more\n", 401 - told)),
        "{page}"
    );
}
