//! Laws of pages of dbt docs that have their manifest in them.

use autoexpose::input::manifest;
use autoexpose::input::static_docs::Page;
use autoexpose::input::tableau::{Arena, SiteDefaults, Source};
use autoexpose::pipeline::static_docs::ReadPage;
use autoexpose::pipeline::{self, LeftBehind, ProjectInput, SiteInput};
use autoexpose::settings::Settings;
use proptest::prelude::*;

use super::project::project;
use super::{export, patch, workbooks};

const BEFORE: &str = "<script>//{manifest:{}\nvar n={manifest:";
const AFTER: &str = ",catalog:{\"a\":\"{manifest:{\\\"b\\\"\"}};</script> <p>end</p>\n";

/// The page after a patch of the manifest.
fn patched(manifest: &str, page: &str, export: &str) -> String {
    let arena = Arena::default();
    let projects = [ProjectInput {
        manifest: manifest::Source::new("manifest.json", manifest.as_bytes()),
        state: None,
        left: LeftBehind::default(),
    }];
    let site = SiteInput {
        exports: vec![Source::from_text("export.json", export)],
        passed_over: Vec::new(),
        defaults: SiteDefaults::default(),
        asks_columns: false,
        asks_extracts: false,
        asks_access: false,
        arena: &arena,
    };
    let settings = Settings::default();
    let read =
        pipeline::read(&projects, &[], site).unwrap_or_else(|failures| panic!("{failures:?}"));
    let (read, selection) = pipeline::select(read, &settings).expect("no audience");
    let links = pipeline::link(&read, &settings);
    let lost = pipeline::lost_of_all(&read, &settings, &links);
    let linked = pipeline::linked(&read, &selection, &links, &lost, &settings);
    let (plan, _) = pipeline::plan(&linked[0]);
    let page = Page::find("page.html", page.as_bytes()).unwrap();
    let mut page = ReadPage::read(&page).unwrap_or_else(|failure| panic!("{failure}"));
    let (edits, told) = page.edit(linked[0].project, &plan);
    assert_eq!(told, []);
    page.new_text(&edits).concat()
}

proptest! {
    #[test]
    fn a_page_gets_what_its_manifest_gets_and_nothing_else(
        project in project(),
        workbooks in workbooks(),
    ) {
        let (manifest, export) = (project.text(), export(&workbooks));
        let page = format!("{BEFORE}{manifest}{AFTER}");
        let once = patched(&manifest, &page, &export);
        let inner = once.strip_prefix(BEFORE).and_then(|rest| rest.strip_suffix(AFTER));
        let inner = inner.expect("the rest stays");
        prop_assert!(!inner.contains('<'));
        let manifest = patch(&manifest, &[&export]);
        prop_assert_eq!(inner.replace("\\u003c", "<"), manifest.as_str());
        prop_assert_eq!(patched(&manifest, &once, &export), once);
    }
}
