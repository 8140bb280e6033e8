//! Pairs what belongs to the same workbook: exposures of the state with those of the manifest, and
//! exposures with workbooks.
//!
//! The next run must find the same pairs in what this run leaves, so that none depends on an
//! exposure, a title or a site that this run may take away or write.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::by_workbook::ByWorkbook;
use crate::model::SiteId;

/// What identifies the workbook of an exposure, or a workbook.
pub(super) struct Key<'k> {
    pub(super) luid: Cow<'k, str>,
    pub(super) site: &'k SiteId,
    /// The site as far as the next run knows it, too.
    pub(super) lasting_site: &'k SiteId,
    /// The name of an exposure, unless others have it.
    pub(super) name: Option<&'k str>,
    /// The workbook's title, if it is known.
    pub(super) title: Option<&'k str>,
    /// Whether a YAML file defines the exposure. It takes precedence over generated ones of its
    /// workbook, and its marker may not name the site.
    pub(super) is_in_yaml: bool,
}

impl Key<'_> {
    /// Whether this exposure may be what became of an earlier one. Under another name, it is of the
    /// same site: what knows more or less of it may have got its exposure beside the earlier one.
    fn continues(&self, earlier: &Self) -> bool {
        earlier.names(self) != Names::Other || self.is_in_yaml || earlier.site.is_same(self.site)
    }

    fn names(&self, later: &Self) -> Names {
        match self.name {
            None => Names::Replaced,
            name if name == later.name => Names::Same,
            Some(_) => Names::Other,
        }
    }
}

/// How the names of two exposures compare, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Names {
    Same,
    /// The earlier one cannot keep its name.
    Replaced,
    Other,
}

/// Two keys that may be of the same workbook, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    rank: (bool, Names, usize, bool),
    left: usize,
    right: usize,
}

/// Pairs keys of the same workbook, each with at most one other. Equal luids mean the same workbook
/// unless server or site are known on both sides and differ; keys that agree on more of server and
/// site are paired first, then those that agree on the title. A key that fits several sites equally
/// well is not paired with any of them, even if others are paired with all but one: these may be
/// what an earlier run made beside it.
pub(super) fn pairs(left: &[Key], right: &[Key]) -> Vec<(usize, usize)> {
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

/// For each key on the right the one on the left that it continues: exposures of one name belong
/// together, else those that agree on more of server and site. As long as there are others, no two
/// continue the same one. A key that fits several sites equally well continues none.
pub(super) fn continued(left: &[Key], right: &[Key]) -> Vec<(usize, usize)> {
    let mut candidates = candidates(left, right);
    candidates.retain(|one| right[one.right].continues(&left[one.left]));
    let mut pairs = Vec::new();
    let (mut paired_left, mut paired_right) = (BTreeSet::new(), BTreeSet::new());
    for is_alone in [true, false] {
        let mut fitting = vec![Fitting::Nothing; right.len()];
        for equally_good in candidates.chunk_by(|a, b| a.rank == b.rank) {
            for one in equally_good {
                fitting[one.right].add(left[one.left].site);
            }
            for Candidate { left, right, .. } in equally_good {
                let is_taken = is_alone && paired_left.contains(left);
                let is_open =
                    !paired_right.contains(right) && !is_taken && fitting[*right].is_of_one_site();
                if is_open {
                    paired_left.insert(*left);
                    paired_right.insert(*right);
                    pairs.push((*left, *right));
                }
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
            let distance = key.lasting_site.distance(right[other].lasting_site);
            let is_other_title = key.title != right[other].title;
            candidates.push(Candidate {
                rank: (
                    !key.is_in_yaml,
                    key.names(&right[other]),
                    distance,
                    is_other_title,
                ),
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
    use crate::model::luid;

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
                lasting_site: site,
                name: None,
                title: None,
                is_in_yaml: false,
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
