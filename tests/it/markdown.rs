//! Laws of the Markdown report: nothing that Tableau sends is active in it, and it fits into a
//! comment however much it has to report.

use autoexpose::output::{self, markdown};
use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde_json::{Map, Value, json};

use super::hostile::{complaints, report, report_on, report_with_a_lost_link, texts, workbook};

/// The only HTML that a report may contain.
const OUR_HTML: [&str; 6] = [
    "<!-- autoexpose -->",
    "<!-- autoexpose impact -->",
    "<details>",
    "<summary>",
    "</details>",
    "<br>",
];
/// The languages of blocks that a report may have, one of each.
const OUR_BLOCKS: [&str; 2] = ["yaml", "mermaid"];

/// Fails if anything is active but what the report itself brings.
pub(crate) fn assert_inert(page: &str) {
    let mut is_code = false;
    let mut blocks = Vec::new();
    let extensions = Options::ENABLE_GFM | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    for event in Parser::new_ext(page, extensions) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language)))
                if OUR_BLOCKS.contains(&&*language) && !blocks.contains(&language) =>
            {
                is_code = true;
                blocks.push(language);
            }
            Event::End(TagEnd::CodeBlock) => is_code = false,
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
                let bad = ["\u{1b}", "\u{202e}", "@", "#1", "://", "www.", "::error"];
                let bad = if is_code { &bad[..2] } else { &bad };
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
        let lost = report_with_a_lost_link(&complaint);
        assert_inert(&markdown::render(&lost, output::Options::default()));
        let report = report(&workbooks, &complaint);
        for verbose in [false, true] {
            let options = output::Options { verbose, ..output::Options::default() };
            assert_inert(&markdown::render(&report, options));
        }
    }
}

#[test]
fn a_report_fits_into_a_comment() {
    let workbooks: Vec<Value> = (0..2_000)
        .map(|number| workbook(number, &format!("</x> {number}")))
        .collect();
    let report = report(&workbooks, "too much");
    for verbose in [false, true] {
        let options = output::Options {
            verbose,
            ..output::Options::default()
        };
        let page = markdown::render(&report, options);
        assert!(page.chars().count() <= markdown::MOST_CHARACTERS);
        let cut_lists = page.matches("more that do not fit here").count();
        assert_eq!(cut_lists, 2, "changes and tables that are not linked");
        let (opened, closed) = (page.matches("<details>"), page.matches("</details>"));
        assert_eq!(opened.count(), closed.count());
        let summary = page.lines().nth(1).unwrap();
        assert!(summary.ends_with("2000 added, 1 kept"), "{summary}");
        assert_inert(&page);
    }
}

#[test]
fn all_names_are_shown_if_they_fit() {
    let of = |count: usize, verbose| {
        let files = json!([{"name": "Sheet1$", "connectionType": "excel-direct"}]);
        let workbooks = (0..count).map(|number| {
            let name = format!("Workbook {number}");
            json!({"luid": name, "name": name, "upstreamTables": files})
        });
        let export = json!({"data": {"workbooks": workbooks.collect::<Vec<_>>()}});
        let report = report_on(&manifest_of_long_names().to_string(), &export.to_string());
        let options = output::Options {
            verbose,
            ..output::Options::default()
        };
        let page = markdown::render(&report, options);
        page.matches("`Workbook ").count()
    };
    assert_eq!(of(40, false), 3);
    assert!(of(40, true) >= 40);
    assert!(of(5_000, true) >= 3);
}

/// The long name of a model.
fn long_name(number: usize) -> String {
    format!("m{number:03}_{}", "x".repeat(200))
}

/// A manifest with many models that have long names.
fn manifest_of_long_names() -> Value {
    let models: Map<String, Value> = (0..400)
        .map(long_name)
        .map(|name| {
            let model = json!({
                "resource_type": "model", "package_name": "bistro", "name": name,
                "database": "db", "schema": "s", "alias": name, "relation_name": "db.s.m",
            });
            (format!("model.bistro.{name}"), model)
        })
        .collect();
    json!({
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "dbt_version": "1.11.6", "project_name": "bistro", "adapter_type": "snowflake",
        },
        "nodes": models, "sources": {}, "exposures": {}, "parent_map": {}, "child_map": {},
    })
}

/// A workbook that reads the first few of these models.
fn workbook_that_reads(title: &str, models: usize) -> Value {
    let tables: Vec<Value> = (0..models)
        .map(|number| json!({"fullName": format!("[DB].[S].[{}]", long_name(number))}))
        .collect();
    json!({"luid": title, "name": title, "upstreamTables": tables})
}

#[test]
fn a_long_list_leaves_room_for_others() {
    let workbooks = [workbook_that_reads("A", 400), workbook_that_reads("B", 1)];
    let export = json!({"data": {"workbooks": workbooks}});
    let manifest = manifest_of_long_names();
    let page = markdown::render(
        &report_on(&manifest.to_string(), &export.to_string()),
        output::Options::default(),
    );
    assert_eq!(page.matches("\n- **added**").count(), 2, "{page}");
    let listed = page.matches("  - reads").count();
    assert!((10..400).contains(&listed), "{listed}");
    let rest = format!("  - … and {} more\n", 401 - listed);
    assert!(page.contains(&rest), "{page}");
}
