//! The exposures that are wanted against those that stand.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::wanted::{Wanted, is_selected};
use crate::input::manifest::Existing;
use crate::model::exposure::title_of;
use crate::model::{Evidence, Exposure, Marker, Site};

/// What changes, each list sorted by `unique_id`.
#[derive(Debug, Default)]
pub struct Plan {
    /// New exposures.
    pub added: Vec<New>,
    /// Exposures that stand and are to be different.
    pub changed: Vec<Changed>,
    /// Exposures whose workbook has another title, perhaps among other changes.
    pub renamed: Vec<Changed>,
    /// Exposures to be taken out, with the reason.
    pub removed: Vec<Stayed>,
    /// Exposures of ours that this run can say nothing of, with the reason.
    pub kept: Vec<Stayed>,
    /// Exposures that already are as wanted.
    pub unchanged: Vec<String>,
}

/// An exposure with its JSON.
#[derive(Debug, Clone)]
pub struct New {
    /// dbt's id.
    pub unique_id: String,
    /// Its node as it is to stand in the manifest.
    pub node: Value,
}

/// An exposure before and after.
#[derive(Debug, Clone)]
pub struct Changed {
    /// As it stands.
    pub before: Existing,
    /// As it is wanted.
    pub after: New,
}

/// An exposure that is removed or kept.
#[derive(Debug, Clone)]
pub struct Stayed {
    /// As it stands.
    pub existing: Existing,
    /// Why.
    pub reason: String,
}

impl Plan {
    /// Whether the file already is as wanted.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.changed.is_empty()
            && self.renamed.is_empty()
            && self.removed.is_empty()
    }
}

/// Compares. `render` writes an exposure as this manifest's dbt would.
pub fn plan(
    existing: &[Existing],
    site: &Site,
    wanted: &Wanted,
    render: impl Fn(&Exposure) -> Value,
) -> Plan {
    let owned = existing
        .iter()
        .filter_map(|existing| Some((Marker::of(&existing.value)?, existing)))
        .collect::<Vec<_>>();
    let mut plan = Plan::default();
    let mut met = BTreeSet::new();
    for exposure in wanted.exposures.values() {
        let new = New { unique_id: exposure.unique_id(), node: render(exposure) };
        let same_workbook = |marker: &Marker| {
            marker.luid == exposure.marker.luid && !marker.site.contradicts(&exposure.marker.site)
        };
        let before = owned
            .iter()
            .find(|(marker, before)| same_workbook(marker) && !met.contains(&before.unique_id));
        let Some((_, before)) = before else {
            plan.added.push(new);
            continue;
        };
        met.insert(before.unique_id.clone());
        let has_other_title = title_of(&before.value) != title_of(&new.node);
        if before.unique_id == new.unique_id && before.value == new.node {
            plan.unchanged.push(new.unique_id);
        } else if has_other_title {
            plan.renamed.push(Changed { before: (*before).clone(), after: new });
        } else {
            plan.changed.push(Changed { before: (*before).clone(), after: new });
        }
    }
    for (marker, existing) in
        owned.into_iter().filter(|(_, existing)| !met.contains(&existing.unique_id))
    {
        let existing = existing.clone();
        match fate(&marker, site) {
            Fate::Remove(reason) => plan.removed.push(Stayed { existing, reason }),
            Fate::Keep(reason) => plan.kept.push(Stayed { existing, reason }),
        }
    }
    plan.sort();
    plan
}

impl Plan {
    fn sort(&mut self) {
        self.added.sort_by(|a, b| a.unique_id.cmp(&b.unique_id));
        for changed in [&mut self.changed, &mut self.renamed] {
            changed.sort_by(|a, b| a.after.unique_id.cmp(&b.after.unique_id));
        }
        for stayed in [&mut self.removed, &mut self.kept] {
            stayed.sort_by(|a, b| a.existing.unique_id.cmp(&b.existing.unique_id));
        }
        self.unchanged.sort();
    }
}

enum Fate {
    Remove(String),
    Keep(String),
}

/// What becomes of an exposure of ours that is not wanted. Without evidence it stays.
fn fate(marker: &Marker, site: &Site) -> Fate {
    let Some(evidence) = site.evidence.iter().find(|evidence| is_same_site(evidence, marker))
    else {
        return Fate::Keep(format!("no export of this run is of its site ({})", marker.site));
    };
    if !evidence.is_complete() {
        return Fate::Keep(format!(
            "the export may not list every workbook: {}",
            evidence.doubts.join("; ")
        ));
    }
    let listed = site.workbooks.iter().filter(|workbook| {
        workbook.luid == marker.luid && !workbook.site.contradicts(&marker.site)
    });
    match listed.collect::<Vec<_>>().first() {
        None => Fate::Remove("its workbook is gone".to_owned()),
        Some(workbook) if !is_selected(workbook) => {
            Fate::Remove("its workbook is in a personal space".to_owned())
        }
        Some(workbook) if !workbook.doubts.is_empty() => Fate::Keep(format!(
            "what its workbook reads is not fully known: {}",
            workbook.doubts.join("; ")
        )),
        Some(_) => Fate::Remove("its workbook reads nothing of this project any more".to_owned()),
    }
}

/// Known and equal, or unknown on both sides.
fn is_same_site(evidence: &Evidence, marker: &Marker) -> bool {
    let fold = |server: &Option<String>| {
        server.as_deref().map(|server| server.trim_end_matches('/').to_ascii_lowercase())
    };
    fold(&evidence.site.server) == fold(&marker.site.server)
        && evidence.site.content_url == marker.site.content_url
}

/// What the plan leaves in the manifest under our name: id and node, for the edit.
pub fn put(plan: &Plan) -> BTreeMap<&str, &Value> {
    let changed = plan.changed.iter().chain(&plan.renamed).map(|changed| &changed.after);
    plan.added.iter().chain(changed).map(|new| (new.unique_id.as_str(), &new.node)).collect()
}

/// The ids that the plan takes out of the manifest.
pub fn take(plan: &Plan) -> BTreeSet<&str> {
    let moved = plan
        .changed
        .iter()
        .chain(&plan.renamed)
        .filter(|changed| changed.before.unique_id != changed.after.unique_id);
    let removed = plan.removed.iter().map(|removed| removed.existing.unique_id.as_str());
    moved.map(|changed| changed.before.unique_id.as_str()).chain(removed).collect()
}
