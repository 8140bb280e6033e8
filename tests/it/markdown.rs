//! Laws of the Markdown report: nothing that Tableau sends is active in it, and it fits into a
//! comment however much there is to tell.

use autoexpose::output::markdown;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::hostile::{complaints, report, texts, workbook};

/// All HTML that a report may hold.
const OUR_HTML: [&str; 4] = ["<!-- autoexpose -->", "<details>", "<summary>", "</details>"];

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
    assert_eq!(page.matches("more, which have no room here").count(), 2, "changes and not linked");
    assert_eq!(page.matches("<details>").count(), page.matches("</details>").count());
    assert!(page.lines().nth(1).unwrap().ends_with("2000 added, 1 kept"), "the summary counts all");
    assert_inert(&page);
}
