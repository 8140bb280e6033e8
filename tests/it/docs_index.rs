//! The index of dbt 2's docs: whatever is damaged in it is an error, and what dbt wrote stays.

use std::collections::{BTreeMap, BTreeSet};

use autoexpose::edit::docs_index::{Change, File, Files, Index, Wanted};
use autoexpose::input::manifest::{self, Source};
use autoexpose::model::Failure;

use super::fixtures;

/// Our exposure in the tables.
const OURS: &str = "exposure.shop.tableau_sales_100_growth_5a1e5000";

/// How many times files are damaged.
const ROUNDS: usize = 600;

/// The bytes of the files: exposures, edges, nodes, project.
type Bytes = [Vec<u8>; 4];

/// An index in which our row stands among those of dbt.
fn bytes() -> Bytes {
    [
        "altered/exposures-in-one-group.parquet",
        "shop/index/dbt.edges.parquet",
        "shop/index/dbt.nodes.parquet",
        "shop/index/dbt.project.parquet",
    ]
    .map(|path| fixtures::read(&format!("docs-index/{path}")))
}

/// Takes our exposure out of an index.
fn remove(bytes: &Bytes) -> Result<Change, Failure> {
    let text = fixtures::read("docs-index/shop/manifest.json");
    let source = Source::new("manifest.json", &text);
    let (manifest, _) = manifest::read(&source).unwrap();
    let [exposures, edges, nodes, project] = bytes.each_ref().map(|bytes| File {
        name: "file",
        bytes,
    });
    let index = Index::read(Files {
        exposures,
        edges,
        nodes,
        project,
    })?;
    index.change(&Wanted {
        manifest: &manifest,
        desired: &BTreeMap::new(),
        removed: &BTreeSet::from([OURS]),
        may_show: &|_| true,
    })
}

/// Numbers that are the same in every run.
fn numbers() -> impl FnMut(usize) -> usize {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % below
    }
}

#[test]
fn damaged_files_never_panic() {
    let whole = bytes();
    let mut number = numbers();
    let mut failed = 0;
    for round in 0..ROUNDS {
        let mut damaged = whole.clone();
        let file = &mut damaged[round % 4];
        // The last bytes say where everything else is, so that they are hit more often.
        for _ in 0..=number(4) {
            let from = if number(2) == 0 {
                0
            } else {
                file.len() * 3 / 4
            };
            let at = from + number(file.len() - from);
            file[at] = u8::try_from(number(256)).unwrap();
        }
        if number(8) == 0 {
            file.truncate(number(file.len()));
        }
        failed += usize::from(remove(&damaged).is_err());
    }
    assert!(
        failed > ROUNDS / 4,
        "only {failed} of the files are damaged"
    );
}

#[test]
fn rows_of_dbt_stay_without_ours() {
    let mut bytes = bytes();
    let change = remove(&bytes).unwrap();
    assert!(change.edges.is_none(), "there were no edges of ours");
    bytes[0] = change.exposures.unwrap();
    let again = remove(&bytes).unwrap();
    assert!(again.exposures.is_none(), "there is nothing left to remove");
    assert!(again.diagnostics.is_empty(), "{:?}", again.diagnostics);
}
