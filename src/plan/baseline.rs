//! The baseline: the owned exposures of earlier runs, each with the workbook that it covers.
//!
//! It consists of the exposures of `--state`, and of those in the manifest that the state does not
//! have: if several runs share a state, the manifest holds what the earlier ones have written.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::by_workbook::ByWorkbook;
use crate::model::{Marker, Origin, SiteId, StandingExposure, Workbook, WorkbookIx, luid};

/// The position of an exposure in the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnedIx(pub usize);

/// An exposure with our marker, from the manifest, the state or both.
#[derive(Debug, Clone)]
pub struct Owned<'e> {
    /// The marker. Its site is completed from the state if the manifest does not name it.
    pub marker: Marker,
    /// What the report compares with: the exposure in the state, else the one in the manifest.
    pub before: &'e StandingExposure,
    /// The exposure in the manifest; `None` if only the state has it.
    pub standing: Option<&'e StandingExposure>,
    /// The workbook that it covers; `None` if no export of this run lists it.
    pub workbook: Option<WorkbookIx>,
    /// The workbook of another exposure that had the same luid and site before.
    pub duplicate_of: Option<WorkbookIx>,
}

impl<'e> Owned<'e> {
    fn new(exposure: &'e StandingExposure) -> Option<Self> {
        Some(Self {
            marker: exposure.marker()?.clone(),
            before: exposure,
            standing: None,
            workbook: None,
            duplicate_of: None,
        })
    }

    /// The site that the workbook was on as far as `before` says. Only that counts as proof: what
    /// the manifest adds to the state is lost once the exposure is removed from it, and the next run
    /// with the same state would take the removal back.
    pub fn site_before(&self) -> &'e SiteId {
        let marker = self.before.marker();
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

    /// Its name; `None` if it is empty.
    pub fn name(&self) -> Option<&'e str> {
        Some(self.latest().name.as_str()).filter(|name| !name.is_empty())
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
    /// exposure.
    pub fn new(
        manifest: &'e [StandingExposure],
        state: Option<&'e [StandingExposure]>,
        workbooks: &[Workbook],
    ) -> Self {
        let mut owned = merge(owned(state.unwrap_or_default()), owned(manifest));
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
        let duplicates = find_duplicates(&mut owned);
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
fn find_duplicates(owned: &mut [Owned]) -> BTreeMap<WorkbookIx, Vec<OwnedIx>> {
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
        {
            owned.duplicate_of = Some(*workbook);
            duplicates.entry(*workbook).or_default().push(OwnedIx(at));
        }
    }
    duplicates
}

fn owned(exposures: &[StandingExposure]) -> Vec<Owned<'_>> {
    let mut owned = exposures.iter().filter_map(Owned::new).collect::<Vec<_>>();
    owned.sort_by_key(|owned| &owned.before.unique_id);
    owned
}

/// The exposures of the state, each merged with its later version in the manifest, followed by the
/// other exposures of the manifest.
fn merge<'e>(state: Vec<Owned<'e>>, manifest: Vec<Owned<'e>>) -> Vec<Owned<'e>> {
    let state_keys = state.iter().map(Key::from_exposure).collect::<Vec<_>>();
    let manifest_keys = manifest.iter().map(Key::from_exposure).collect::<Vec<_>>();
    let earlier = pairs(&state_keys, &manifest_keys)
        .into_iter()
        .map(|(earlier, later)| (later, earlier))
        .collect::<BTreeMap<_, _>>();
    let mut all = state;
    for (at, mut later) in manifest.into_iter().enumerate() {
        later.standing = Some(later.before);
        let Some(earlier) = earlier.get(&at) else {
            all.push(later);
            continue;
        };
        let earlier = &mut all[*earlier];
        later.before = earlier.before;
        // The marker of an exposure in YAML may not name the site.
        later.marker.site = later.marker.site.or(&earlier.marker.site);
        *earlier = later;
    }
    all
}

/// What identifies the workbook of an exposure, or a workbook.
struct Key<'k> {
    luid: Cow<'k, str>,
    site: &'k SiteId,
    /// The name of an exposure.
    name: Option<&'k str>,
    /// The workbook's title, if it is known.
    title: Option<&'k str>,
    /// Whether it takes precedence: exposures in YAML do, over generated ones of the workbook.
    is_first: bool,
}

impl<'k> Key<'k> {
    fn from_exposure(owned: &'k Owned) -> Self {
        Self {
            luid: luid::identity(&owned.marker.luid),
            site: &owned.marker.site,
            name: owned.name(),
            title: owned.latest().title.as_deref(),
            is_first: owned.yaml_file().is_some(),
        }
    }

    fn from_workbook(workbook: &'k Workbook) -> Self {
        Self {
            luid: luid::identity(&workbook.luid),
            site: &workbook.site,
            name: None,
            title: Some(&workbook.name),
            is_first: false,
        }
    }
}

/// Two keys that may be of the same workbook, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    rank: (bool, bool, usize, bool),
    left: usize,
    right: usize,
}

/// Pairs keys of the same workbook, each with at most one other. Equal luids mean the same workbook
/// unless server or site are known on both sides and differ; exposures of one name are paired first,
/// then keys that agree on more of server and site, then those that agree on the title. A key that fits several sites equally
/// well is not paired with any of them, even if others are paired with all but one: these may be
/// what an earlier run made beside it.
fn pairs(left: &[Key], right: &[Key]) -> Vec<(usize, usize)> {
    let mut fitting_left = vec![Fitting::Nothing; left.len()];
    let mut fitting_right = vec![Fitting::Nothing; right.len()];
    let (mut paired_left, mut paired_right) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for equally_good in candidates(left, right).chunk_by(|a, b| a.rank == b.rank) {
        for one in equally_good {
            fitting_left[one.left].add(right[one.right].site);
            fitting_right[one.right].add(left[one.left].site);
        }
        for Candidate { left, right, .. } in equally_good {
            let is_of_one_site =
                fitting_left[*left].is_of_one_site() && fitting_right[*right].is_of_one_site();
            let is_open = !paired_left.contains(left) && !paired_right.contains(right);
            if is_of_one_site && is_open {
                paired_left.insert(*left);
                paired_right.insert(*right);
                pairs.push((*left, *right));
            }
        }
    }
    pairs
}

/// All pairs of keys that may be of the same workbook, in order.
fn candidates(left: &[Key], right: &[Key]) -> Vec<Candidate> {
    let by_workbook = Candidates::new(right);
    let mut candidates = Vec::new();
    for (at, key) in left.iter().enumerate() {
        for other in by_workbook.fitting(key) {
            let distance = key.site.distance(right[other].site);
            let is_other_name = key.name.is_none() || key.name != right[other].name;
            let is_other_title = key.title != right[other].title;
            candidates.push(Candidate {
                rank: (!key.is_first, is_other_name, distance, is_other_title),
                left: at,
                right: other,
            });
        }
    }
    candidates.sort_unstable();
    candidates.dedup();
    candidates
}

/// How many keys that may be of one workbook are compared one by one. Copies of a server share luids,
/// so one luid may be on thousands of sites.
const MOST_COMPARED: usize = 32;

/// Keys, by what may be of the same workbook.
struct Candidates<'k> {
    keys: &'k [Key<'k>],
    by_luid: HashMap<&'k str, Vec<usize>>,
    /// Those of luids that very many have, by what they share with a key beside the luid.
    crowds: ByWorkbook<(&'k str, Shared<'k>)>,
}

/// What keys of one luid share beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Shared<'k> {
    Nothing,
    Name(&'k str),
    Title(Option<&'k str>),
}

impl<'k> Shared<'k> {
    fn all(key: &Key<'k>) -> impl Iterator<Item = Self> + use<'k> {
        let name = key.name.map(Self::Name);
        [Self::Nothing, Self::Title(key.title)]
            .into_iter()
            .chain(name)
    }
}

impl<'k> Candidates<'k> {
    fn new(keys: &'k [Key<'k>]) -> Self {
        let mut by_luid: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, key) in keys.iter().enumerate() {
            by_luid.entry(&key.luid).or_default().push(at);
        }
        let mut crowds = ByWorkbook::default();
        for (luid, same_luid) in by_luid.iter().filter(|(_, same_luid)| is_crowd(same_luid)) {
            for at in alternating(keys, same_luid) {
                for shared in Shared::all(&keys[at]) {
                    crowds.add((*luid, shared), keys[at].site, at);
                }
            }
        }
        Self {
            keys,
            by_luid,
            crowds,
        }
    }

    /// The keys that may be of the same workbook. Of very many, a few for each thing that they share
    /// with it, which are of several sites if all of these are.
    fn fitting(&self, key: &Key) -> Vec<usize> {
        let luid = key.luid.as_ref();
        let same_luid = self.by_luid.get(luid).map_or(&[][..], Vec::as_slice);
        if !is_crowd(same_luid) {
            let contradicts = |other: &usize| self.keys[*other].site.contradicts(key.site);
            let fitting = same_luid.iter().copied();
            return fitting.filter(|other| !contradicts(other)).collect();
        }
        let lists =
            Shared::all(key).flat_map(|shared| self.crowds.lists(&(luid, shared), key.site));
        let few = lists.flat_map(|list| list.iter().take(MOST_COMPARED));
        few.copied().collect()
    }
}

fn is_crowd(keys: &[usize]) -> bool {
    keys.len() > MOST_COMPARED
}

/// The first key of each site, then the second of each, and so on.
fn alternating(keys: &[Key], positions: &[usize]) -> Vec<usize> {
    let mut counts: HashMap<SiteId, usize> = HashMap::new();
    let numbered = positions.iter().map(|at| {
        let count = counts.entry(keys[*at].site.identity()).or_default();
        *count += 1;
        (*count, *at)
    });
    let mut numbered = numbered.collect::<Vec<_>>();
    numbered.sort_unstable();
    numbered.into_iter().map(|(_, at)| at).collect()
}

/// What the keys that a key fits say of its site.
#[derive(Debug, Clone)]
enum Fitting<'k> {
    Nothing,
    OneSite(Cow<'k, SiteId>),
    SeveralSites,
}

impl<'k> Fitting<'k> {
    fn add(&mut self, site: &'k SiteId) {
        *self = match std::mem::replace(self, Self::SeveralSites) {
            Self::Nothing => Self::OneSite(Cow::Borrowed(site)),
            Self::OneSite(known) if *known == *site => Self::OneSite(known),
            Self::OneSite(known) if !known.contradicts(site) => {
                Self::OneSite(Cow::Owned(known.into_owned().or(site)))
            }
            Self::OneSite(_) | Self::SeveralSites => Self::SeveralSites,
        };
    }

    fn is_of_one_site(&self) -> bool {
        matches!(self, Self::OneSite(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(text: &str) -> SiteId {
        let known = |text: &str| Some(text.to_owned()).filter(|text| text != "?");
        let (server, content_url) = text.split_once('/').expect(text);
        SiteId {
            server: known(server),
            content_url: known(content_url),
        }
    }

    #[track_caller]
    fn check(left: &[&str], right: &[&str], expected: &[(usize, usize)]) {
        let [left, right] = [left, right].map(|texts| texts.iter().map(|text| site(text)));
        let (left, right) = (left.collect::<Vec<_>>(), right.collect::<Vec<_>>());
        let key = |luid| {
            move |site| Key {
                luid: luid::identity(luid),
                site,
                name: None,
                title: None,
                is_first: false,
            }
        };
        let left_keys = left.iter().map(key("A")).collect::<Vec<_>>();
        let right_keys = right.iter().map(key("a")).collect::<Vec<_>>();
        assert_eq!(
            pairs(&left_keys, &right_keys),
            expected,
            "{left:?} {right:?}"
        );
    }

    #[test]
    fn a_luid_on_two_sites_is_never_the_first() {
        check(&["?/?"], &["s/x", "s/y"], &[]);
        check(&["s/?"], &["s/x", "s/y", "t/x"], &[]);
        check(&["s/x", "s/y"], &["?/?"], &[]);
        check(&["?/?"], &["s/?", "s/x", "s/y"], &[(0, 0)]);
        check(&["s/x", "?/?"], &["s/x", "s/y"], &[(0, 0)]);
        check(&["?/?", "?/?"], &["?/?", "s/x", "s/y"], &[(0, 0)]);
        check(&["s/y", "s/x"], &["s/X", "S/y"], &[(0, 1), (1, 0)]);
        check(&["?/?"], &["s/x"], &[(0, 0)]);
    }

    #[test]
    fn a_luid_on_very_many_sites_is_that_of_its_own_site() {
        let mut sites = vec!["s/0".to_owned(); 2 * MOST_COMPARED];
        sites.extend((1..100).map(|number| format!("s/{number}")));
        let sites = sites.iter().map(String::as_str).collect::<Vec<_>>();
        let last = sites.len() - 1;
        check(&["?/?"], &sites, &[]);
        check(&["s/?"], &sites, &[]);
        check(&["s/99"], &sites, &[(0, last)]);
        check(&["?/99"], &sites, &[(0, last)]);
        check(
            &["s/99", "s/1"],
            &sites,
            &[(0, last), (1, 2 * MOST_COMPARED)],
        );
        let vague = [sites.as_slice(), &["?/?"]].concat();
        check(&["?/?"], &vague, &[(0, last + 1)]);
    }
}
