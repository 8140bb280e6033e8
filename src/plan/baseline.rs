//! The exposures of ours that count as "before", each with the workbook that it stands for.
//!
//! They are those of `--state`, and those of the manifest that the state does not have: where
//! several runs share one state, the manifest holds what the earlier ones have written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::build::VIRTUAL_FOLDER;
use crate::input::manifest::Existing;
use crate::model::{Marker, SiteId, Workbook};

/// An exposure of ours.
#[derive(Debug, Clone)]
pub struct Owned<'e> {
    /// What makes it ours.
    pub marker: Marker,
    /// What a report compares with: the exposure of the state, else that of the manifest.
    pub before: &'e Existing,
    /// The exposure in the manifest, if it stands there.
    pub standing: Option<&'e Existing>,
    /// The position of the workbook that it stands for, if an export of this run lists it.
    pub workbook: Option<usize>,
}

impl<'e> Owned<'e> {
    fn new(existing: &'e Existing) -> Option<Self> {
        let marker = Marker::of(&existing.value)?;
        Some(Self {
            marker,
            before: existing,
            standing: None,
            workbook: None,
        })
    }

    /// The latest that is known of it. What stands in the manifest was written after the state.
    pub fn latest(&self) -> &'e Existing {
        self.standing.unwrap_or(self.before)
    }

    /// The YAML file that it is written in, for one that dbt itself read.
    pub fn yaml_file(&self) -> Option<&'e str> {
        self.standing.and_then(yaml_file)
    }

    /// Its name.
    pub fn name(&self) -> Option<&'e str> {
        let name = self.latest().value.get("name").and_then(Value::as_str);
        name.filter(|name| !name.is_empty())
    }
}

/// The file of an exposure that does not stand in our virtual one.
pub fn yaml_file(existing: &Existing) -> Option<&str> {
    let path = existing.value.get("original_file_path")?.as_str()?;
    (!path.starts_with(VIRTUAL_FOLDER)).then_some(path)
}

/// Exposures of ours, to be found by workbook.
#[derive(Debug, Default)]
pub struct Baseline<'e> {
    owned: Vec<Owned<'e>>,
    of_workbooks: BTreeMap<usize, usize>,
}

impl<'e> Baseline<'e> {
    /// The exposures with our marker in the manifest and in the state. Each stands for one
    /// workbook at most, and each workbook has one at most.
    pub fn new(
        manifest: &'e [Existing],
        state: Option<&'e [Existing]>,
        workbooks: &[Workbook],
    ) -> Self {
        let mut owned = united(owned(state.unwrap_or_default()), owned(manifest));
        let of_exposures = owned.iter().map(Key::of_exposure).collect::<Vec<_>>();
        let of_workbooks = workbooks.iter().map(Key::of_workbook).collect::<Vec<_>>();
        let pairs = pairs(&of_exposures, &of_workbooks);
        for (at, workbook) in &pairs {
            owned[*at].workbook = Some(*workbook);
        }
        Self {
            owned,
            of_workbooks: pairs.into_iter().map(|(at, of)| (of, at)).collect(),
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Owned<'e>> {
        self.owned.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.owned.is_empty()
    }

    /// The exposure that stands for the workbook at this position.
    pub fn of(&self, workbook: usize) -> Option<&Owned<'e>> {
        self.of_workbooks.get(&workbook).map(|at| &self.owned[*at])
    }
}

fn owned(existing: &[Existing]) -> Vec<Owned<'_>> {
    let mut owned = existing.iter().filter_map(Owned::new).collect::<Vec<_>>();
    owned.sort_by_key(|owned| &owned.before.unique_id);
    owned
}

/// The exposures of the state, each with the one of the manifest that it has become, and the
/// others of the manifest.
fn united<'e>(state: Vec<Owned<'e>>, manifest: Vec<Owned<'e>>) -> Vec<Owned<'e>> {
    let keys = |all: &[Owned<'e>]| all.iter().map(Key::of_exposure).collect::<Vec<_>>();
    let pairs = pairs(&keys(&state), &keys(&manifest));
    let earlier = pairs.into_iter().map(|(earlier, later)| (later, earlier));
    let earlier = earlier.collect::<BTreeMap<_, _>>();
    let mut all = state;
    for (at, mut one) in manifest.into_iter().enumerate() {
        one.standing = Some(one.before);
        let Some(earlier) = earlier.get(&at) else {
            all.push(one);
            continue;
        };
        let earlier = &mut all[*earlier];
        one.before = earlier.before;
        // An exposure in YAML does not say on which site its workbook is.
        one.marker.site = one.marker.site.or(&earlier.marker.site);
        *earlier = one;
    }
    all
}

/// What tells whether two things are of one workbook.
struct Key {
    luid: String,
    site: SiteId,
    /// An exposure in YAML stands for its workbook, also where there is another one.
    is_first: bool,
}

impl Key {
    fn of_exposure(owned: &Owned) -> Self {
        let Marker { luid, site, .. } = owned.marker.clone();
        Self {
            luid,
            site,
            is_first: owned.yaml_file().is_some(),
        }
    }

    fn of_workbook(workbook: &Workbook) -> Self {
        let luid = workbook.luid.clone().into_owned();
        Self {
            luid,
            site: workbook.site.clone(),
            is_first: false,
        }
    }
}

/// Pairs what is of one workbook, each with one other at most. Server and site part two workbooks
/// only where both sides know them and they differ; those who know most of each other go first.
fn pairs(left: &[Key], right: &[Key]) -> Vec<(usize, usize)> {
    let mut by_luid: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, key) in right.iter().enumerate() {
        by_luid.entry(&key.luid).or_default().push(at);
    }
    let mut candidates = Vec::new();
    for (at, key) in left.iter().enumerate() {
        let of_luid = by_luid.get(key.luid.as_str()).into_iter().flatten();
        for other in of_luid.filter(|other| !right[**other].site.contradicts(&key.site)) {
            let distance = key.site.distance(&right[*other].site);
            candidates.push((!key.is_first, distance, at, *other));
        }
    }
    candidates.sort_unstable();
    let (mut met_left, mut met_right) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for (_, _, one, other) in candidates {
        if !met_left.contains(&one) && !met_right.contains(&other) {
            met_left.insert(one);
            met_right.insert(other);
            pairs.push((one, other));
        }
    }
    pairs
}
