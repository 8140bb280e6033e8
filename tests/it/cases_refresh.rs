//! Cases of `fixtures/cases/refresh`: which extracts are due after dbt has run, and why others are not.

use autoexpose::model::refresh::Posted;
use autoexpose::schedule::Reason;

crate::case::cases! { "refresh":
    due,
    held,
    several_runs,
    switched_off,
    unusable,
    waiting,
    what_is_read,
}

/// The page on refreshes has each reason why something is not due, and each outcome of what is.
#[test]
fn the_page_has_every_reason_and_outcome() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/refresh.md")).unwrap();
    let (reasons, outcomes) = page.split_once("## What Tableau answers").unwrap();
    for key in Reason::KEYS {
        assert!(reasons.contains(&format!("| `{key}` |")), "{key}");
    }
    for key in Posted::KEYS {
        assert!(outcomes.contains(&format!("| `{key}` |")), "{key}");
    }
}
