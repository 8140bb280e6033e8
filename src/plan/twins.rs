//! Exposures that people wrote by hand for a workbook that is in the export, or of which we have
//! an exposure already.
//!
//! Such a twin wins: no second exposure is made. It stands for the same workbook if the workbook's
//! luid is anywhere in its meta, or if its URL opens the workbook or one of its views. By luids it
//! may stand for several workbooks.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt, HashSet};
use rayon::prelude::*;
use serde_json::Value;

use super::address::{Address, Place};
use super::baseline::Baseline;
use super::naming;
use crate::input::manifest::Existing;
use crate::model::{Marker, Site, SiteId};

/// A hand-written exposure of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// The exposure's id.
    pub unique_id: String,
    /// The workbook's position.
    pub workbook: usize,
    /// What tells that it is this workbook: `luid` or `url`.
    pub by: &'static str,
    /// Nodes that the workbook reads and the exposure does not name.
    pub missing: Vec<String>,
    /// Nodes that the exposure names and the workbook is not known to read.
    pub extra: Vec<String>,
}

impl Twin {
    /// Compares what the exposure names with what the workbook reads. Metrics and the like, which
    /// no table can tell, are left out of the comparison.
    pub fn new(
        existing: &Existing,
        workbook: usize,
        by: &'static str,
        reads: &BTreeSet<&str>,
    ) -> Self {
        let named = existing
            .value
            .pointer("/depends_on/nodes")
            .and_then(Value::as_array);
        let named = named.into_iter().flatten().filter_map(Value::as_str);
        let can_be_read = |id: &&str| {
            ["model.", "seed.", "snapshot.", "source."]
                .iter()
                .any(|kind| id.starts_with(kind))
        };
        let named = named.filter(can_be_read).collect::<BTreeSet<_>>();
        let owned = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect();
        Self {
            unique_id: existing.unique_id.clone(),
            workbook,
            by,
            missing: owned(reads.difference(&named).copied().collect()),
            extra: owned(named.difference(reads).copied().collect()),
        }
    }
}

/// Of an exposure that stands for several workbooks, a node is extra only if none of them reads it.
pub fn only_extra_for_all(twins: &mut [Twin]) {
    let mut extra: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for twin in &*twins {
        let of_twin = twin.extra.iter().cloned().collect::<BTreeSet<_>>();
        extra
            .entry(twin.unique_id.clone())
            .and_modify(|extra| extra.retain(|id| of_twin.contains(id)))
            .or_insert(of_twin);
    }
    for twin in twins {
        twin.extra.retain(|id| extra[&twin.unique_id].contains(id));
    }
}

/// The hand-written exposures of workbooks, and those that take the place of one of ours.
#[derive(Debug, Default)]
pub struct Twins<'e> {
    /// By the position of the workbook, each with what tells that it is this workbook.
    pub of_workbooks: BTreeMap<usize, Vec<(&'e Existing, &'static str)>>,
    /// By the position in the baseline, also where no export of this run has the workbook.
    pub of_baseline: BTreeMap<usize, &'e str>,
}

/// Finds the twins among all exposures.
pub fn find<'e>(existing: &'e [Existing], site: &Site, baseline: &Baseline) -> Twins<'e> {
    let by_hand = existing
        .iter()
        .filter(|existing| Marker::of(&existing.value).is_none());
    let by_hand = by_hand.collect::<Vec<_>>();
    let mut twins = Twins::default();
    if by_hand.is_empty() {
        return twins;
    }
    let subjects = Subjects::new(site, baseline, &Asked::new(&by_hand));
    for existing in by_hand {
        let (found, by) = subjects.of(&existing.value);
        for subject in found {
            if let Some(workbook) = subject.workbook {
                twins
                    .of_workbooks
                    .entry(workbook)
                    .or_default()
                    .push((existing, by));
            }
            if let Some(owned) = subject.owned {
                twins
                    .of_baseline
                    .entry(owned)
                    .or_insert(&existing.unique_id);
            }
        }
    }
    twins
}

/// All luids that an exposure may name anywhere in its meta, in lower case: whole texts and keys,
/// and what has the form of a luid inside of longer ones.
pub fn luids(exposure: &Value) -> BTreeSet<String> {
    let mut luids = BTreeSet::new();
    for meta in [exposure.get("meta"), exposure.pointer("/config/meta")]
        .into_iter()
        .flatten()
    {
        collect_luids(meta, &mut luids);
    }
    luids
}

fn collect_luids(value: &Value, luids: &mut BTreeSet<String>) {
    let mut of_text = |text: &str| {
        luids.insert(text.trim().to_lowercase());
        luids.extend(naming::uuids(text).map(str::to_lowercase));
    };
    match value {
        Value::String(text) => of_text(text),
        Value::Array(items) => items.iter().for_each(|item| collect_luids(item, luids)),
        Value::Object(members) => {
            members.keys().for_each(|key| of_text(key));
            members
                .values()
                .for_each(|member| collect_luids(member, luids));
        }
        _ => {}
    }
}

/// What a hand-written exposure may stand for: a workbook, an exposure of ours, or both.
struct Subject {
    luid: String,
    site: SiteId,
    workbook: Option<usize>,
    owned: Option<usize>,
}

/// What hand-written exposures name. They are few, and workbooks may be many.
struct Asked {
    luids: HashSet<String>,
    places: HashSet<Place>,
}

impl Asked {
    fn new(by_hand: &[&Existing]) -> Self {
        Self {
            luids: by_hand
                .iter()
                .flat_map(|existing| luids(&existing.value))
                .collect(),
            places: by_hand
                .iter()
                .filter_map(|existing| place(&existing.value))
                .collect(),
        }
    }

    /// The places among these that are asked for; nothing if the subject is not asked for at all.
    fn places(
        &self,
        subject: &Subject,
        places: impl IntoIterator<Item = Place>,
    ) -> Option<Vec<Place>> {
        let places = places
            .into_iter()
            .filter(|place| self.places.contains(place));
        let places = places.collect::<Vec<_>>();
        (!places.is_empty() || self.luids.contains(&subject.luid)).then_some(places)
    }
}

/// Where the URL of an exposure leads to.
fn address(exposure: &Value) -> Option<Address> {
    Address::of(exposure.get("url")?.as_str()?)
}

/// What that opens.
fn place(exposure: &Value) -> Option<Place> {
    Some(address(exposure)?.place)
}

/// The workbooks and exposures of ours that any hand-written exposure names.
#[derive(Default)]
struct Subjects {
    all: Vec<Subject>,
    by_luid: HashMap<String, Vec<usize>>,
    by_place: HashMap<Place, Vec<usize>>,
}

impl Subjects {
    fn new(site: &Site, baseline: &Baseline, asked: &Asked) -> Self {
        let mut of_workbooks = HashMap::new();
        let mut subjects = Self::default();
        for (at, owned) in baseline.iter().enumerate() {
            let place = place(&owned.latest().value);
            if let Some(workbook) = owned.workbook {
                of_workbooks.insert(workbook, (at, owned, place));
                continue;
            }
            let (luid, site) = (owned.marker.luid.to_lowercase(), owned.marker.site.clone());
            let subject = Subject {
                luid,
                site,
                workbook: None,
                owned: Some(at),
            };
            subjects.add(
                asked
                    .places(&subject, place)
                    .map(|places| (subject, places)),
            );
        }
        let workbooks = site.workbooks.par_iter().enumerate().map(|(at, workbook)| {
            let (owned, site, earlier) = match of_workbooks.get(&at) {
                Some((owned, before, place)) => {
                    let site = workbook.site.clone().or(&before.marker.site);
                    (Some(*owned), site, place.clone())
                }
                None => (None, workbook.site.clone(), None),
            };
            let number = workbook
                .url_id
                .as_deref()
                .map(|id| Place::Workbook(id.to_owned()));
            let views = workbook.views.iter().map(|path| Place::view(path));
            let luid = workbook.luid.to_lowercase();
            let subject = Subject {
                luid,
                site,
                workbook: Some(at),
                owned,
            };
            let places = asked.places(&subject, number.or(earlier).into_iter().chain(views))?;
            Some((subject, places))
        });
        workbooks
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|asked| subjects.add(asked));
        subjects
    }

    fn add(&mut self, asked: Option<(Subject, Vec<Place>)>) {
        let Some((subject, places)) = asked else {
            return;
        };
        let at = self.all.len();
        self.by_luid
            .entry(subject.luid.clone())
            .or_default()
            .push(at);
        for place in places {
            self.by_place.entry(place).or_default().push(at);
        }
        self.all.push(subject);
    }

    /// What an exposure stands for, and what tells so.
    fn of(&self, exposure: &Value) -> (Vec<&Subject>, &'static str) {
        let address = address(exposure);
        let luids = luids(exposure);
        let named = luids
            .iter()
            .flat_map(|luid| self.of_luid(luid, address.as_ref()));
        let named = named.collect::<Vec<_>>();
        if !named.is_empty() {
            return (named, "luid");
        }
        (
            address
                .map(|address| self.of_address(&address))
                .unwrap_or_default(),
            "url",
        )
    }

    /// The workbooks with a luid. Copies of a server share their luids; there a URL tells which
    /// one is meant.
    fn of_luid(&self, luid: &str, address: Option<&Address>) -> impl Iterator<Item = &Subject> {
        let all = self
            .by_luid
            .get(luid)
            .into_iter()
            .flatten()
            .map(|at| &self.all[*at]);
        all.filter(move |subject| address.is_none_or(|address| !address.contradicts(&subject.site)))
    }

    /// The one workbook that a URL opens.
    fn of_address(&self, address: &Address) -> Vec<&Subject> {
        let there = self.by_place.get(&address.place).into_iter().flatten();
        let there = there
            .map(|at| &self.all[*at])
            .filter(|subject| !address.contradicts(&subject.site))
            .map(|subject| (address.distance(&subject.site), subject))
            .collect::<Vec<_>>();
        let nearest = there.iter().map(|(distance, _)| *distance).min();
        let there = there
            .iter()
            .filter(|(distance, _)| Some(*distance) == nearest);
        let found = there.map(|(_, subject)| *subject).collect::<Vec<_>>();
        let is_one = found.iter().all(|subject| subject.luid == found[0].luid);
        if is_one { found } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::luids;

    #[test]
    fn luids_are_found_in_every_form_of_meta() {
        const LUID: &str = "65a404a8-48a2-4c2a-9eb0-14ee5e78b22b";
        const OTHER: &str = "00000001-1111-4111-8111-111111111111";
        for meta in [
            json!({"tableau": LUID.to_uppercase()}),
            json!({"a": [{"b": [LUID]}]}),
            json!({"workbooks": {LUID: {}}}),
            json!({"open": format!("https://t.example.com/api/workbooks/{LUID}/content")}),
            json!({"luids": format!("{OTHER}, {LUID}")}),
            json!({"luid": format!("größe:{LUID}")}),
        ] {
            assert!(luids(&json!({"meta": meta})).contains(LUID), "{meta}");
            assert!(
                luids(&json!({"config": {"meta": meta}})).contains(LUID),
                "{meta}"
            );
        }
        let longer = json!({"meta": {"x": format!("a{LUID}"), "y": format!("{LUID}0")}});
        assert!(!luids(&longer).contains(LUID));
    }
}
