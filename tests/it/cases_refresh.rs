//! Cases of `fixtures/cases/refresh`: which extracts are due after dbt has run, and why others are not.

crate::case::cases! { "refresh":
    due,
    held,
    several_runs,
    switched_off,
    unusable,
    waiting,
    what_is_read,
}

/// The page on refreshes has each reason why something is not due.
#[test]
fn the_page_has_every_reason() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/refresh.md")).unwrap();
    for key in autoexpose::schedule::Reason::KEYS {
        assert!(page.contains(&format!("| `{key}` |")), "{key}");
    }
}
