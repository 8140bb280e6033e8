//! Which exposure a workbook has, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::known::OfProject;
use crate::model::display::display_enum;
use crate::model::{Site, WorkbookIx};

/// The exposure of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposureOf {
    /// dbt's id.
    pub unique_id: String,
    /// What becomes of it.
    pub change: Change,
}

display_enum! {
    /// What a run does with an exposure.
    pub enum Change {
        /// It is new.
        Added => "added";
        /// It is changed.
        Changed => "changed";
        /// The workbook has another title.
        Renamed => "renamed";
        /// It stays as it is.
        Unchanged => "unchanged";
        /// It is not wanted by this run, and kept all the same.
        Kept(reason: String) => "kept: {reason}";
        /// It is removed.
        Removed(reason: String) => "removed: {reason}";
        /// Somebody wrote it by hand, so it is left alone, and the workbook gets no other one.
        HandWritten(by: &'static str) => "hand-written and left alone, found by its {by}";
    }
}

/// The exposures that workbooks have in one project.
pub fn exposures(site: &Site, of: &OfProject) -> BTreeMap<WorkbookIx, Vec<ExposureOf>> {
    let plan = of.plan;
    let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let mut add = |workbook: Option<WorkbookIx>, id: &str, change| {
        if let Some(workbook) = workbook {
            all.entry(workbook).or_default().push(ExposureOf {
                unique_id: id.to_owned(),
                change,
            });
        }
    };
    for twin in &plan.twins {
        let change = Change::HandWritten(twin.by.as_str());
        add(Some(twin.workbook), &twin.unique_id, change);
    }
    for kept in &plan.kept {
        let change = Change::Kept(kept.reason.to_string());
        add(kept.workbook, &kept.standing.unique_id, change);
    }
    for removed in &plan.removed {
        let change = Change::Removed(removed.reason.to_string());
        add(removed.workbook, &removed.standing.unique_id, change);
    }
    for changed in &plan.changed {
        add(changed.workbook, &changed.after.unique_id, Change::Changed);
    }
    for renamed in &plan.renamed {
        add(renamed.workbook, &renamed.after.unique_id, Change::Renamed);
    }
    let added = plan.added.iter().map(|new| new.unique_id.as_str());
    let added = added.collect::<BTreeSet<_>>();
    let by_luid = by_luid(site);
    for (id, desired) in &plan.desired {
        let marker = &desired.exposure.marker;
        let same_luid = by_luid.get(marker.luid.as_str()).into_iter().flatten();
        let mut at = same_luid.filter(|at| marker.site.distance(&site.workbook(**at).site) == 0);
        let change = match added.contains(id.as_str()) {
            true => Change::Added,
            false => Change::Unchanged,
        };
        if let Some(at) = at.next() {
            let its = all.entry(*at).or_default();
            if its.is_empty() {
                its.push(ExposureOf {
                    unique_id: id.clone(),
                    change,
                });
            }
        }
    }
    all
}

fn by_luid<'s>(site: &'s Site) -> HashMap<&'s str, Vec<WorkbookIx>> {
    let mut by_luid: HashMap<_, Vec<_>> = HashMap::new();
    for at in site.workbook_positions() {
        let luid = site.workbook(at).luid.as_ref();
        by_luid.entry(luid).or_default().push(at);
    }
    by_luid
}
