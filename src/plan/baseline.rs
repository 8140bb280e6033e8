//! The baseline: the owned exposures of earlier runs, each with the workbook that it covers.
//!
//! It consists of the exposures of `--state`, and of those in the manifest that the state does not
//! have: if several runs share a state, the manifest holds what the earlier ones have written.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use foldhash::HashSet;

use super::naming::names_of_others;
use super::pairing::{Key, continued, pairs};
use crate::model::{Marker, Origin, Project, SiteId, StandingExposure, Workbook, WorkbookIx, luid};

/// The position of an exposure in the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnedIx(pub usize);

/// An exposure with our marker, from the manifest, the state or both.
#[derive(Debug, Clone)]
pub struct Owned<'e> {
    /// The marker. Its site is completed from the state if the manifest does not name it.
    pub marker: Cow<'e, Marker>,
    /// What the report compares with: the exposure in the state, else the one in the manifest.
    pub before: &'e StandingExposure,
    /// The exposure in the state that it continues. Several exposures of the manifest may continue
    /// one; only the first of them is compared with it in the report.
    pub in_state: Option<&'e StandingExposure>,
    /// The exposure in the manifest; `None` if only the state has it.
    pub standing: Option<&'e StandingExposure>,
    /// The workbook that it covers; `None` if no export of this run lists it.
    pub workbook: Option<WorkbookIx>,
    /// The workbook of another exposure that had the same luid and site before.
    pub duplicate_of: Option<WorkbookIx>,
    /// Whether the manifest has it, and has disabled it as well. It goes, and the next run will not
    /// know it, so nothing else may depend on it.
    pub is_disabled: bool,
}

impl<'e> Owned<'e> {
    fn new(exposure: &'e StandingExposure) -> Option<Self> {
        Some(Self {
            marker: Cow::Borrowed(exposure.marker()?),
            before: exposure,
            in_state: None,
            standing: None,
            workbook: None,
            duplicate_of: None,
            is_disabled: false,
        })
    }

    /// The version that the next run will know even if this run removes the exposure.
    pub fn lasting(&self) -> &'e StandingExposure {
        self.in_state.unwrap_or(self.before)
    }

    /// The site that the workbook was on as far as that version says. What the manifest adds to the
    /// state is lost once the exposure is removed from it, and the next run with the same state
    /// would take the removal back.
    pub fn site_before(&self) -> &'e SiteId {
        let marker = self.lasting().marker();
        marker.map_or(&SiteId::UNKNOWN, |marker| &marker.site)
    }

    /// The most recent version. The manifest was written after the state.
    pub fn latest(&self) -> &'e StandingExposure {
        self.standing.unwrap_or(self.before)
    }

    /// The YAML file of the project that defines it, if one does.
    pub fn yaml_file(&self) -> Option<&'e str> {
        match &self.standing?.origin {
            Origin::Yaml { file, .. } => Some(file),
            Origin::Ours(_) | Origin::HandWritten { .. } => None,
        }
    }

    /// Its name; `None` if it is empty. The next run finds it by the name in the state, whatever it
    /// is called in the manifest.
    pub fn name(&self) -> Option<&'e str> {
        let named = match self.yaml_file() {
            Some(_) => self.latest(),
            None => self.before,
        };
        Some(named.name.as_str()).filter(|name| !name.is_empty())
    }
}

/// The owned exposures of earlier runs, in the order of the state and then of the manifest.
#[derive(Debug, Default)]
pub struct Baseline<'e> {
    owned: Vec<Owned<'e>>,
    by_workbook: BTreeMap<WorkbookIx, OwnedIx>,
    duplicates: BTreeMap<WorkbookIx, Vec<OwnedIx>>,
}

impl<'e> Baseline<'e> {
    /// Collects the exposures with our marker from the manifest and the state, and pairs them with
    /// workbooks: each exposure covers at most one workbook, each workbook has at most one
    /// exposure. Those of the manifest that are disabled there cover none.
    pub fn new(
        project: &'e Project,
        state: Option<&'e [StandingExposure]>,
        workbooks: &[Workbook],
        is_disabled: impl Fn(&Owned) -> bool,
    ) -> Self {
        let taken = names_of_others(project);
        let manifest = owned(&project.exposures).into_iter().map(|owned| Owned {
            standing: Some(owned.before),
            ..owned
        });
        let (disabled, manifest) = manifest.partition::<Vec<_>, _>(is_disabled);
        let mut owned = merge(owned(state.unwrap_or_default()), manifest, &taken);
        if owned.is_empty() && disabled.is_empty() {
            return Self::default();
        }
        let exposure_keys = owned
            .iter()
            .map(workbook_key_of_exposure)
            .collect::<Vec<_>>();
        let workbook_keys = workbooks.iter().map(workbook_key).collect::<Vec<_>>();
        let mut by_workbook = BTreeMap::new();
        for (at, workbook) in pairs(&exposure_keys, &workbook_keys) {
            owned[at].workbook = Some(WorkbookIx(workbook));
            by_workbook.insert(WorkbookIx(workbook), OwnedIx(at));
        }
        let duplicates = find_duplicates(&mut owned, workbooks);
        add_disabled(&mut owned, disabled);
        Self {
            owned,
            by_workbook,
            duplicates,
        }
    }

    /// All owned exposures.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Owned<'e>> {
        self.owned.iter()
    }

    /// All owned exposures, each with its position.
    pub fn enumerate(&self) -> impl Iterator<Item = (OwnedIx, &Owned<'e>)> {
        let owned = self.owned.iter().enumerate();
        owned.map(|(at, owned)| (OwnedIx(at), owned))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.owned.is_empty()
    }

    /// The exposure that covers a workbook.
    pub fn find(&self, workbook: WorkbookIx) -> Option<&Owned<'e>> {
        self.by_workbook.get(&workbook).map(|at| &self.owned[at.0])
    }

    /// The position of an exposure, and those of the other exposures of its workbook.
    pub fn with_duplicates(&self, at: OwnedIx) -> impl Iterator<Item = OwnedIx> {
        let workbook = self.owned[at.0].workbook;
        let duplicates = workbook.and_then(|workbook| self.duplicates.get(&workbook));
        std::iter::once(at).chain(duplicates.into_iter().flatten().copied())
    }

    /// The other exposures of a workbook, which are one too many.
    pub fn duplicates(&self, workbook: WorkbookIx) -> impl Iterator<Item = &Owned<'e>> {
        let duplicates = self.duplicates.get(&workbook).into_iter().flatten();
        duplicates.map(|at| &self.owned[at.0])
    }
}

/// Finds the exposures without a workbook that had luid and site of one with a workbook, and notes
/// in each which workbook it is.
fn find_duplicates(
    owned: &mut [Owned],
    workbooks: &[Workbook],
) -> BTreeMap<WorkbookIx, Vec<OwnedIx>> {
    let identity = |owned: &Owned| {
        let luid = luid::identity(&owned.marker.luid).into_owned();
        (luid, owned.site_before().identity())
    };
    let covered = owned
        .iter()
        .filter_map(|owned| Some((identity(owned), owned.workbook?)))
        .collect::<HashMap<_, _>>();
    let mut duplicates: BTreeMap<WorkbookIx, Vec<OwnedIx>> = BTreeMap::new();
    for (at, owned) in owned.iter_mut().enumerate() {
        if owned.workbook.is_none()
            && let Some(workbook) = covered.get(&identity(owned))
            && !workbooks[workbook.0].site.contradicts(&owned.marker.site)
        {
            owned.duplicate_of = Some(*workbook);
            duplicates.entry(*workbook).or_default().push(OwnedIx(at));
        }
    }
    duplicates
}

/// Adds disabled exposures, but for those that the state has under the same id: these are there.
fn add_disabled<'e>(owned: &mut Vec<Owned<'e>>, disabled: Vec<Owned<'e>>) {
    let known = owned.iter().map(|owned| owned.before.unique_id.as_str());
    let known = known.collect::<HashSet<_>>();
    let others = disabled
        .into_iter()
        .filter(|owned| !known.contains(owned.before.unique_id.as_str()));
    owned.extend(others.map(|disabled| Owned {
        is_disabled: true,
        ..disabled
    }));
}

fn owned(exposures: &[StandingExposure]) -> Vec<Owned<'_>> {
    let mut owned = exposures.iter().filter_map(Owned::new).collect::<Vec<_>>();
    owned.sort_by_key(|owned| &owned.before.unique_id);
    owned
}

/// The exposures of the state, each with its first version in the manifest, followed by the other
/// exposures of the manifest.
fn merge<'e>(
    state: Vec<Owned<'e>>,
    manifest: Vec<Owned<'e>>,
    taken: &HashSet<&str>,
) -> Vec<Owned<'e>> {
    let key = |owned| key(owned, taken);
    let state_keys = state.iter().map(key).collect::<Vec<_>>();
    let manifest_keys = manifest.iter().map(key).collect::<Vec<_>>();
    let pairs = continued(&state_keys, &manifest_keys);
    let mut all = state;
    for owned in &mut all {
        owned.in_state = Some(owned.before);
    }
    let mut manifest = manifest.into_iter().map(Some).collect::<Vec<_>>();
    let mut more = Vec::new();
    for (earlier, later) in pairs {
        let Some(mut later) = manifest[later].take() else {
            continue;
        };
        let earlier = &mut all[earlier];
        later.in_state = earlier.in_state;
        let in_state = earlier.in_state.and_then(StandingExposure::marker);
        let site = in_state.map_or(&SiteId::UNKNOWN, |marker| &marker.site);
        // The marker of an exposure in YAML may not name the site.
        let completed = later.marker.site.clone().or(site);
        if completed != later.marker.site {
            later.marker.to_mut().site = completed;
        }
        if earlier.standing.is_some() {
            more.push(later);
        } else {
            later.before = earlier.before;
            *earlier = later;
        }
    }
    more.extend(manifest.into_iter().flatten());
    more.sort_by_key(|owned| &owned.before.unique_id);
    all.extend(more);
    all
}

/// What pairs an exposure with others. `taken` are the names that it cannot have.
fn key<'k>(owned: &'k Owned, taken: &HashSet<&str>) -> Key<'k> {
    Key {
        luid: luid::identity(&owned.marker.luid),
        site: &owned.marker.site,
        lasting_site: &owned.marker.site,
        name: owned.name().filter(|name| !taken.contains(name)),
        // A run may write another one, and must not undo the pair by that.
        title: None,
        is_in_yaml: owned.yaml_file().is_some(),
    }
}

/// What pairs an exposure with its workbook. What tells several exposures of one workbook apart is
/// only what a run does not change.
fn workbook_key_of_exposure<'k>(owned: &'k Owned) -> Key<'k> {
    Key {
        luid: luid::identity(&owned.marker.luid),
        site: &owned.marker.site,
        lasting_site: owned.site_before(),
        name: None,
        title: owned.lasting().title.as_deref(),
        is_in_yaml: owned.yaml_file().is_some(),
    }
}

/// What pairs a workbook with its exposure.
fn workbook_key<'k>(workbook: &'k Workbook) -> Key<'k> {
    Key {
        luid: luid::identity(&workbook.luid),
        site: &workbook.site,
        lasting_site: &workbook.site,
        name: None,
        title: Some(&workbook.name),
        is_in_yaml: false,
    }
}
