//! What the example export tells of the age of workbooks.

use std::fs;

use autoexpose::input::tableau::{self, Arena, SiteDefaults, Source};
use autoexpose::model::Site;
use autoexpose::usage::stale;

use crate::fixtures;

/// The pages of the example export in an envelope, with this before them.
fn envelope(facts: &str) -> String {
    let folder = fixtures::root().join("../docs/example-export");
    let pages = fs::read_dir(folder).unwrap();
    let pages = pages.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let pages = pages.collect::<Vec<_>>().join(", ");
    format!(r#"{{"autoexpose_export": 1, {facts} "answers": [{pages}]}}"#)
}

/// The name of each stale workbook, whether the export tells of its extracts, and its age.
fn stale_of(site: &Site) -> (Vec<(String, bool, i64)>, usize) {
    let found = stale(site, 11);
    let workbooks = found.stale.iter().map(|one| {
        let name = site.workbook(one.workbook).name.to_string();
        (name, one.refreshed_at.is_some(), one.days)
    });
    (workbooks.collect(), found.unknown)
}

#[test]
fn the_age_of_a_workbook_is_that_of_its_last_refresh_or_change() {
    let (arena, defaults) = (Arena::default(), SiteDefaults::default());
    let read = |text: &str| {
        let source = Source::from_text("export.json", text);
        let (site, _) =
            tableau::read(vec![source], &defaults, tableau::Asks::default(), &arena).unwrap();
        stale_of(&site)
    };
    let dated = read(&envelope(r#""captured_at": "2026-05-04T06:00:00Z","#));
    // "Evening takings" and "Dishes" were changed before that one, but refreshed since: one by an extract
    // of its own, one by that of a published data source.
    assert_eq!(dated, (vec![("Waiters".to_owned(), false, 11)], 0));
    assert_eq!(read(&envelope("")), (Vec::new(), 4));
}
