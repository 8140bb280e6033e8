//! Workbooks that nobody has published and no refresh has filled for long, as far as the export tells.
//!
//! An export does not tell whether anybody looks at a workbook. It may tell when somebody last
//! published or changed it (`updatedAt`), and when its extracts last got new data. The age is counted
//! up to the capture of the export and never up to today, so that a report says the same every day.

use std::collections::BTreeMap;

use crate::model::{Site, Workbook, WorkbookIx};

const DAY: i64 = 24 * 60 * 60;

/// A workbook in which nothing has changed for long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stale {
    /// The workbook.
    pub workbook: WorkbookIx,
    /// When somebody last published or changed it, in seconds since 1970.
    pub updated_at: Option<i64>,
    /// When its extracts last got new data, in seconds since 1970; `None` if the export tells of none.
    /// Then it may read its tables live, and somebody may look at it every day.
    pub refreshed_at: Option<i64>,
    /// How many whole days before the capture of the export that was, whichever came last.
    pub days: i64,
}

/// What an export tells of stale workbooks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StaleWorkbooks {
    /// In which nothing has changed for so many days or more, in the order of the workbooks.
    pub stale: Vec<Stale>,
    /// Of how many workbooks the export does not tell it: neither time is there, or the time of the
    /// capture is not.
    pub unknown: usize,
}

/// The workbooks in which nothing has changed for this many days or more.
pub fn stale(site: &Site, days: u32) -> StaleWorkbooks {
    let captured = site.evidence.iter();
    let captured = captured.filter_map(|one| Some((one.site.identity(), one.captured_at?)));
    let captured = captured.collect::<BTreeMap<_, _>>();
    let mut found = StaleWorkbooks::default();
    for at in site.workbook_positions() {
        let workbook = site.workbook(at);
        match age(workbook, captured.get(&workbook.site.identity())) {
            None => found.unknown += 1,
            Some(age) if age >= i64::from(days) => found.stale.push(Stale {
                workbook: at,
                updated_at: workbook.updated_at,
                refreshed_at: workbook.refreshed_at,
                days: age,
            }),
            Some(_) => {}
        }
    }
    found
}

/// How many whole days before the capture of its site something last changed in a workbook.
fn age(workbook: &Workbook, captured_at: Option<&i64>) -> Option<i64> {
    let last = workbook.updated_at.max(workbook.refreshed_at)?;
    Some((captured_at? - last).div_euclid(DAY).max(0))
}
