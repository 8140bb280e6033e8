//! Twins: hand-written exposures of a workbook that the export lists or an owned exposure covers.
//!
//! A twin takes precedence: the workbook gets no generated exposure. It covers a workbook if the
//! workbook's luid is anywhere in its meta, or if its URL opens the workbook or one of its views
//! ([`super::address`] lists the forms that it may have). By luids it may cover several workbooks.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt, HashSet};
use rayon::prelude::*;

use super::address::{Address, Place};
use super::baseline::{Baseline, Owned, OwnedIx};
use crate::model::{NodeKind, Origin, Site, SiteId, StandingExposure, Workbook, WorkbookIx};

/// A hand-written exposure of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// dbt's id of the exposure.
    pub unique_id: String,
    /// The workbook that it covers.
    pub workbook: WorkbookIx,
    /// What identifies the workbook.
    pub by: SameBy,
    /// The ids of nodes that the workbook reads and the exposure does not name, sorted.
    pub missing: Vec<String>,
    /// The ids of nodes that the exposure names and the workbook is not known to read, sorted.
    pub extra: Vec<String>,
}

/// How a hand-written exposure identifies its workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameBy {
    /// Its meta names the workbook's luid.
    Luid,
    /// Its url opens the workbook or one of its views.
    Url,
}

impl SameBy {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Luid => "luid",
            Self::Url => "url",
        }
    }
}

impl Twin {
    /// Compares what the exposure names with what the workbook reads, except for metrics and the
    /// like, which have no table.
    pub(super) fn new(
        standing: &StandingExposure,
        workbook: WorkbookIx,
        by: SameBy,
        reads: &BTreeSet<&str>,
    ) -> Self {
        let named = standing
            .depends_on
            .iter()
            .map(|dependency| dependency.unique_id.as_str())
            .filter(|id| NodeKind::from_unique_id(id).is_some())
            .collect::<BTreeSet<_>>();
        Self {
            unique_id: standing.unique_id.clone(),
            workbook,
            by,
            missing: owned(reads.difference(&named)),
            extra: owned(named.difference(reads)),
        }
    }
}

fn owned<'i>(ids: impl Iterator<Item = &'i &'i str>) -> Vec<String> {
    ids.map(|id| (*id).to_owned()).collect()
}

/// Keeps a node as extra only if none of the workbooks that the exposure covers reads it.
pub(super) fn narrow_extra(twins: &mut [Twin]) {
    let mut extra: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for twin in &*twins {
        let own = twin.extra.iter().cloned().collect::<BTreeSet<_>>();
        extra
            .entry(twin.unique_id.clone())
            .and_modify(|extra| extra.retain(|id| own.contains(id)))
            .or_insert(own);
    }
    for twin in twins {
        twin.extra.retain(|id| extra[&twin.unique_id].contains(id));
    }
}

/// The hand-written exposures of workbooks, and of the workbooks of owned exposures.
#[derive(Debug, Default)]
pub(super) struct Twins<'e> {
    /// The exposures of each workbook, each with what identifies the workbook.
    pub by_workbook: BTreeMap<WorkbookIx, Vec<(&'e StandingExposure, SameBy)>>,
    /// The id of the exposure that replaces an owned one, even if no export lists the workbook.
    pub by_owned: BTreeMap<OwnedIx, &'e str>,
}

/// Finds the twins among the exposures of the manifest.
pub(super) fn find<'e>(
    standing: &'e [StandingExposure],
    site: &Site,
    baseline: &Baseline,
) -> Twins<'e> {
    let hand_written = standing
        .iter()
        .filter_map(HandWritten::new)
        .collect::<Vec<_>>();
    let mut twins = Twins::default();
    if hand_written.is_empty() {
        return twins;
    }
    let subjects = Subjects::new(site, baseline, &Named::new(&hand_written));
    for exposure in hand_written {
        let (found, by) = subjects.find(&exposure);
        let standing = exposure.standing;
        for subject in found {
            if let Some(workbook) = subject.workbook {
                let exposures = twins.by_workbook.entry(workbook).or_default();
                exposures.push((standing, by));
            }
            if let Some(owned) = subject.owned {
                twins.by_owned.entry(owned).or_insert(&standing.unique_id);
            }
        }
    }
    twins
}

/// A hand-written exposure with what may identify its workbook.
struct HandWritten<'e> {
    standing: &'e StandingExposure,
    luids: &'e BTreeSet<String>,
    address: Option<Address>,
}

impl<'e> HandWritten<'e> {
    fn new(standing: &'e StandingExposure) -> Option<Self> {
        match &standing.origin {
            Origin::HandWritten { luids } => Some(Self {
                standing,
                luids,
                address: address(standing),
            }),
            Origin::Ours(_) | Origin::Yaml { .. } => None,
        }
    }
}

/// The parsed URL of an exposure.
fn address(standing: &StandingExposure) -> Option<Address> {
    Address::parse(standing.url.as_deref()?)
}

/// What a hand-written exposure may cover: a workbook of an export, the workbook of an owned
/// exposure, or one that is both.
struct Subject {
    luid: String,
    site: SiteId,
    workbook: Option<WorkbookIx>,
    owned: Option<OwnedIx>,
}

/// All luids and places that hand-written exposures name. They are few, while workbooks may be
/// many, so workbooks are filtered by them.
struct Named {
    luids: HashSet<String>,
    places: HashSet<Place>,
}

impl Named {
    fn new(exposures: &[HandWritten]) -> Self {
        let luids = exposures.iter().flat_map(|exposure| exposure.luids);
        let addresses = exposures
            .iter()
            .filter_map(|exposure| exposure.address.as_ref());
        Self {
            luids: luids.cloned().collect(),
            places: addresses.flat_map(Address::all_places).cloned().collect(),
        }
    }

    /// The subject with those of its places that are named; `None` if nothing names it.
    fn filter(
        &self,
        subject: Subject,
        places: impl IntoIterator<Item = Place>,
    ) -> Option<(Subject, BTreeSet<Place>)> {
        let named = places.into_iter();
        let named = named.filter(|place| self.places.contains(place));
        // The views of a workbook share its content URL.
        let places = named.collect::<BTreeSet<_>>();
        let is_named = !places.is_empty() || self.luids.contains(&subject.luid);
        is_named.then_some((subject, places))
    }
}

/// The workbooks and owned exposures that any hand-written exposure names, by luid and place.
#[derive(Default)]
struct Subjects {
    all: Vec<Subject>,
    by_luid: HashMap<String, Vec<usize>>,
    by_place: HashMap<Place, Vec<usize>>,
}

impl Subjects {
    fn new(site: &Site, baseline: &Baseline, named: &Named) -> Self {
        let mut exposed = HashMap::new();
        let mut subjects = Self::default();
        for (at, owned) in baseline.enumerate() {
            match owned.workbook {
                Some(workbook) => drop(exposed.insert(workbook, (at, owned))),
                None => subjects.extend(exposure_alone(at, owned, named)),
            }
        }
        let workbooks = (0..site.workbooks.len()).into_par_iter().map(|at| {
            let at = WorkbookIx(at);
            workbook(at, site.workbook(at), exposed.get(&at).copied(), named)
        });
        for found in workbooks.collect::<Vec<_>>() {
            subjects.extend(found);
        }
        subjects
    }

    fn extend(&mut self, named: Option<(Subject, BTreeSet<Place>)>) {
        let Some((subject, places)) = named else {
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

    /// What an exposure covers, and what identifies it.
    fn find(&self, exposure: &HandWritten) -> (Vec<&Subject>, SameBy) {
        let address = exposure.address.as_ref();
        let by_luid = exposure
            .luids
            .iter()
            .flat_map(|luid| self.with_luid(luid, address))
            .collect::<Vec<_>>();
        if !by_luid.is_empty() {
            return (by_luid, SameBy::Luid);
        }
        let by_url = address.map(|address| self.at_address(address));
        (by_url.unwrap_or_default(), SameBy::Url)
    }

    /// The workbooks with a luid. Copies of a server share luids; then the URL decides.
    fn with_luid(&self, luid: &str, address: Option<&Address>) -> impl Iterator<Item = &Subject> {
        let all = self.by_luid.get(luid).into_iter().flatten();
        all.map(|at| &self.all[*at]).filter(move |subject| {
            address.is_none_or(|address| !address.contradicts(&subject.site))
        })
    }

    /// The workbook that a URL opens, if it can only be one.
    fn at_address(&self, address: &Address) -> Vec<&Subject> {
        let mut there = self.at_places(&address.places, address);
        if there.is_empty() {
            there = self.at_places(&address.otherwise, address);
        }
        let Some((nearest, _)) = there.first().copied() else {
            return Vec::new();
        };
        let nearest = there
            .iter()
            .take_while(|(distance, _)| *distance == nearest);
        let found = nearest.map(|(_, at)| &self.all[*at]).collect::<Vec<_>>();
        let is_one = found.iter().all(|subject| subject.luid == found[0].luid);
        if is_one { found } else { Vec::new() }
    }

    /// What is at one of these places of the site that a URL names, by its distance from there.
    fn at_places<'p>(
        &self,
        places: impl IntoIterator<Item = &'p Place>,
        address: &Address,
    ) -> BTreeSet<(usize, usize)> {
        let places = places.into_iter();
        let there = places
            .filter_map(|place| self.by_place.get(place))
            .flatten();
        there
            .filter(|at| !address.contradicts(&self.all[**at].site))
            .map(|at| (address.distance(&self.all[*at].site), *at))
            .collect()
    }
}

/// An owned exposure whose workbook is in none of the exports.
fn exposure_alone(at: OwnedIx, owned: &Owned, named: &Named) -> Option<(Subject, BTreeSet<Place>)> {
    let subject = Subject {
        luid: owned.marker.luid.to_lowercase(),
        site: owned.marker.site.clone(),
        workbook: None,
        owned: Some(at),
    };
    let address = address(owned.latest());
    let places = address.iter().flat_map(Address::all_places);
    named.filter(subject, places.cloned())
}

/// A workbook of an export, with its owned exposure if it has one.
fn workbook(
    at: WorkbookIx,
    workbook: &Workbook,
    exposed: Option<(OwnedIx, &Owned)>,
    named: &Named,
) -> Option<(Subject, BTreeSet<Place>)> {
    let site = workbook.site.clone();
    let subject = Subject {
        luid: workbook.luid.to_lowercase(),
        site: match exposed {
            Some((_, before)) => site.or(&before.marker.site),
            None => site,
        },
        workbook: Some(at),
        owned: exposed.map(|(owned, _)| owned),
    };
    let number = workbook.url_id.as_deref();
    let number = number.map(|id| Place::Number(id.to_owned()));
    let earlier = || address(exposed?.1.latest())?.places.into_iter().next();
    let views = workbook.views.iter();
    let views = views.flat_map(|path| {
        let workbook = Place::workbook_of_view(path);
        std::iter::once(Place::view(path)).chain(workbook)
    });
    named.filter(subject, number.or_else(earlier).into_iter().chain(views))
}
