//! Tables whose relation the project no longer has. Reports tell them first, one by one; here they
//! are counted, so that the causes add up.

use std::collections::{BTreeMap, BTreeSet};

use super::cause::{Cause, Counted, Why};
use super::known::Known;
use crate::model::{ObjectKind, TableIx, Upstream, WorkbookIx};

/// Their cause, if there are any.
pub(super) fn gone(known: &Known) -> Option<Cause> {
    let mut tables = BTreeSet::new();
    let mut workbooks = 0;
    for workbook in known.selected() {
        let mut gone = gone_of(known, workbook).peekable();
        workbooks += usize::from(gone.peek().is_some());
        tables.extend(gone);
    }
    (workbooks > 0).then(|| Cause {
        why: Why::Lost,
        counted: Counted {
            kinds: BTreeMap::from([(ObjectKind::Table, tables.len())]),
            workbooks,
        },
        cures: Vec::new(),
        withheld: Vec::new(),
    })
}

/// Those that a workbook reads.
fn gone_of(known: &Known, workbook: WorkbookIx) -> impl Iterator<Item = TableIx> {
    let reads = known.site.workbook(workbook).reads.iter();
    reads.filter_map(|read| match read.upstream {
        Upstream::Table(table) => Some(table).filter(|table| known.lost.is_gone(*table)),
        _ => None,
    })
}
