//! The exposures of ours that count as "before", each with the workbook that it stands for.
//!
//! They are those of `--state`, and those of the manifest that the state does not have: where
//! several runs share one state, the manifest holds what the earlier ones have written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{Marker, Origin, SiteId, StandingExposure, Workbook, WorkbookIx};

/// The position of an exposure in the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnedIx(pub usize);

/// An exposure of ours.
#[derive(Debug, Clone)]
pub struct Owned<'e> {
    /// What makes it ours.
    pub marker: Marker,
    /// What a report compares with: the exposure of the state, else that of the manifest.
    pub before: &'e StandingExposure,
    /// The exposure in the manifest, if it stands there.
    pub standing: Option<&'e StandingExposure>,
    /// The workbook that it stands for, if an export of this run lists it.
    pub workbook: Option<WorkbookIx>,
}

impl<'e> Owned<'e> {
    fn new(exposure: &'e StandingExposure) -> Option<Self> {
        Some(Self {
            marker: exposure.marker()?.clone(),
            before: exposure,
            standing: None,
            workbook: None,
        })
    }

    /// The latest that is known of it. What stands in the manifest was written after the state.
    pub fn latest(&self) -> &'e StandingExposure {
        self.standing.unwrap_or(self.before)
    }

    /// The YAML file that defines it in the manifest, if one does.
    pub fn yaml_file(&self) -> Option<&'e str> {
        match &self.standing?.origin {
            Origin::Yaml { file, .. } => Some(file),
            Origin::Ours(_) | Origin::ByHand { .. } => None,
        }
    }

    /// Its name.
    pub fn name(&self) -> Option<&'e str> {
        Some(self.latest().name.as_str()).filter(|name| !name.is_empty())
    }
}

/// Exposures of ours, to be found by workbook.
#[derive(Debug, Default)]
pub struct Baseline<'e> {
    owned: Vec<Owned<'e>>,
    by_workbook: BTreeMap<WorkbookIx, OwnedIx>,
}

impl<'e> Baseline<'e> {
    /// The exposures with our marker in the manifest and in the state. Each stands for one
    /// workbook at most, and each workbook has one at most.
    pub fn new(
        manifest: &'e [StandingExposure],
        state: Option<&'e [StandingExposure]>,
        workbooks: &[Workbook],
    ) -> Self {
        let mut owned = united(owned(state.unwrap_or_default()), owned(manifest));
        if owned.is_empty() {
            return Self::default();
        }
        let exposure_keys = owned.iter().map(Key::from_exposure).collect::<Vec<_>>();
        let workbook_keys = workbooks.iter().map(Key::from_workbook).collect::<Vec<_>>();
        let mut by_workbook = BTreeMap::new();
        for (at, workbook) in pairs(&exposure_keys, &workbook_keys) {
            owned[at].workbook = Some(WorkbookIx(workbook));
            by_workbook.insert(WorkbookIx(workbook), OwnedIx(at));
        }
        Self { owned, by_workbook }
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Owned<'e>> {
        self.owned.iter()
    }

    /// All of them, each with its position.
    pub fn enumerate(&self) -> impl Iterator<Item = (OwnedIx, &Owned<'e>)> {
        let owned = self.owned.iter().enumerate();
        owned.map(|(at, owned)| (OwnedIx(at), owned))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.owned.is_empty()
    }

    /// The exposure that stands for a workbook.
    pub fn find(&self, workbook: WorkbookIx) -> Option<&Owned<'e>> {
        self.by_workbook.get(&workbook).map(|at| &self.owned[at.0])
    }
}

fn owned(exposures: &[StandingExposure]) -> Vec<Owned<'_>> {
    let mut owned = exposures.iter().filter_map(Owned::new).collect::<Vec<_>>();
    owned.sort_by_key(|owned| &owned.before.unique_id);
    owned
}

/// The exposures of the state, each with the one of the manifest that it has become, and the
/// others of the manifest.
fn united<'e>(state: Vec<Owned<'e>>, manifest: Vec<Owned<'e>>) -> Vec<Owned<'e>> {
    let state_keys = state.iter().map(Key::from_exposure).collect::<Vec<_>>();
    let manifest_keys = manifest.iter().map(Key::from_exposure).collect::<Vec<_>>();
    let earlier = pairs(&state_keys, &manifest_keys)
        .into_iter()
        .map(|(earlier, later)| (later, earlier))
        .collect::<BTreeMap<_, _>>();
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

/// What shows whether two things belong to one workbook.
struct Key<'k> {
    luid: &'k str,
    site: &'k SiteId,
    /// YAML exposures win over generated ones for the same workbook.
    is_first: bool,
}

impl<'k> Key<'k> {
    fn from_exposure(owned: &'k Owned) -> Self {
        Self {
            luid: &owned.marker.luid,
            site: &owned.marker.site,
            is_first: owned.yaml_file().is_some(),
        }
    }

    fn from_workbook(workbook: &'k Workbook) -> Self {
        Self {
            luid: &workbook.luid,
            site: &workbook.site,
            is_first: false,
        }
    }
}

/// Pairs what belongs to one workbook, each with one other at most. Server and site part two
/// workbooks only where both sides know them and they differ; those who know most of each other go
/// first.
fn pairs(left: &[Key], right: &[Key]) -> Vec<(usize, usize)> {
    let mut by_luid: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, key) in right.iter().enumerate() {
        by_luid.entry(key.luid).or_default().push(at);
    }
    let mut candidates = Vec::new();
    for (at, key) in left.iter().enumerate() {
        let same_luid = by_luid.get(key.luid).into_iter().flatten();
        for other in same_luid.filter(|other| !right[**other].site.contradicts(key.site)) {
            let distance = key.site.distance(right[*other].site);
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
