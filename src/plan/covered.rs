//! Finds the workbooks that hand-written exposures cover.
//!
//! An exposure covers a workbook if the workbook's luid is anywhere in its meta, or if its URL opens
//! the workbook or one of its views ([`super::address`] lists the forms that it may have). By luids
//! it may cover several workbooks. Copies of a server share luids, so thousands of exposures may
//! name one luid, and thousands of sites may have it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use foldhash::{HashMap, HashMapExt, HashSet};
use rayon::prelude::*;

use super::address::{Address, Place};
use super::baseline::{Baseline, Owned, OwnedIx};
use super::by_workbook::ByWorkbook;
use crate::model::{NodeKind, Origin, Site, SiteId, StandingExposure, Workbook, WorkbookIx};

/// How many hand-written exposures are compared with one workbook.
pub(super) const MOST_COMPARED: usize = 10;

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

/// The hand-written exposures of a manifest, and what they cover.
#[derive(Default)]
pub(super) struct Covering<'e> {
    /// All of them.
    pub(super) exposures: Vec<HandWritten<'e>>,
    /// The exposures of each workbook.
    pub(super) by_workbook: BTreeMap<WorkbookIx, Covered>,
    /// The id of the exposure that replaces an owned one, even if no export lists the workbook.
    pub(super) by_owned: BTreeMap<OwnedIx, &'e str>,
    /// Luids and addresses of workbooks that more exposures cover than are compared.
    crowded: (HashSet<String>, HashSet<Address>),
}

/// The exposures that cover a workbook.
#[derive(Debug, Default)]
pub(super) struct Covered {
    /// The first of them by position, each with what identifies the workbook.
    pub(super) first: Vec<(usize, SameBy)>,
    /// How many more there are.
    pub(super) more: usize,
}

impl<'e> Covering<'e> {
    /// Finds what the hand-written ones of these exposures cover.
    pub(super) fn new(standing: &'e [StandingExposure], site: &Site, baseline: &Baseline) -> Self {
        let exposures = standing.iter().filter_map(HandWritten::new);
        let exposures = exposures.collect::<Vec<_>>();
        if exposures.is_empty() {
            return Self::default();
        }
        let subjects = Subjects::new(site, baseline, &Named::new(&exposures));
        let by_subject = BySubject::new(&exposures, &subjects);
        let mut covering = Self::default();
        for (at, subject) in subjects.all.iter().enumerate() {
            let (covered, addresses) = by_subject.covered(at, subject);
            let Some((first, _)) = covered.first.first() else {
                continue;
            };
            if let Some(owned) = subject.owned {
                let id = exposures[*first].standing.unique_id.as_str();
                covering.by_owned.insert(owned, id);
            }
            if covered.more > 0 {
                covering.crowded.0.insert(subject.luid.clone());
                covering.crowded.1.extend(addresses.cloned());
            }
            if let Some(workbook) = subject.workbook {
                covering.by_workbook.insert(workbook, covered);
            }
        }
        covering.exposures = exposures;
        covering
    }

    /// Whether this exposure is compared with all workbooks that it covers.
    pub(super) fn is_compared_with_all(&self, exposure: usize) -> bool {
        let HandWritten { luids, address, .. } = &self.exposures[exposure];
        let (crowded_luids, crowded_addresses) = &self.crowded;
        let is_crowded = luids.iter().any(|luid| crowded_luids.contains(luid));
        !is_crowded
            && !address
                .iter()
                .any(|address| crowded_addresses.contains(address))
    }
}

/// A hand-written exposure with what may identify its workbook.
pub(super) struct HandWritten<'e> {
    pub(super) standing: &'e StandingExposure,
    luids: &'e BTreeSet<String>,
    address: Option<Address>,
    named: OnceLock<BTreeSet<&'e str>>,
}

impl<'e> HandWritten<'e> {
    fn new(standing: &'e StandingExposure) -> Option<Self> {
        match &standing.origin {
            Origin::HandWritten { luids } => Some(Self {
                standing,
                luids,
                address: address(standing),
                named: OnceLock::new(),
            }),
            Origin::Ours(_) | Origin::Yaml { .. } => None,
        }
    }

    /// The ids of the nodes that it names, except for metrics and the like, which have no table.
    pub(super) fn named(&self) -> &BTreeSet<&'e str> {
        self.named.get_or_init(|| {
            let named = self.standing.depends_on.iter();
            named
                .map(|dependency| dependency.unique_id.as_str())
                .filter(|id| NodeKind::from_unique_id(id).is_some())
                .collect()
        })
    }

    /// The host and the site that its URL names.
    fn site(&self) -> SiteId {
        self.address
            .as_ref()
            .map(Address::site_id)
            .unwrap_or_default()
    }
}

/// The parsed URL of an exposure.
fn address(standing: &StandingExposure) -> Option<Address> {
    Address::parse(standing.url.as_deref()?)
}

/// The exposures of each workbook.
struct BySubject<'c> {
    by_luid: ByWorkbook<&'c str>,
    /// By address, for exposures none of whose luids is that of a workbook.
    by_address: HashMap<&'c Address, Vec<usize>>,
    /// The addresses of each subject at which there are such exposures.
    addresses: HashMap<usize, Vec<&'c Address>>,
}

impl<'c> BySubject<'c> {
    fn new(exposures: &'c [HandWritten], subjects: &Subjects) -> Self {
        let sites = exposures.iter().map(HandWritten::site).collect::<Vec<_>>();
        let numbered = || exposures.iter().zip(&sites).enumerate();
        let luids = numbered().flat_map(|(at, (exposure, site))| {
            let luids = exposure.luids.iter();
            luids.map(move |luid| (luid.as_str(), site, at))
        });
        let by_luid = ByWorkbook::new(luids);
        let mut by_address: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, (exposure, site)) in numbered() {
            let mut luids = exposure.luids.iter();
            let has_luid = luids.any(|luid| subjects.by_luid.first(luid, site).is_some());
            if let Some(address) = exposure.address.as_ref().filter(|_| !has_luid) {
                by_address.entry(address).or_default().push(at);
            }
        }
        let mut addresses: HashMap<_, Vec<&Address>> = HashMap::new();
        let mut all = by_address.keys().copied().collect::<Vec<_>>();
        all.sort_unstable();
        for address in all {
            for subject in subjects.at_address(address) {
                addresses.entry(subject).or_default().push(address);
            }
        }
        Self {
            by_luid,
            by_address,
            addresses,
        }
    }

    /// The exposures that cover a subject, and the addresses of those that name it by address.
    fn covered(
        &self,
        at: usize,
        subject: &Subject,
    ) -> (Covered, impl Iterator<Item = &'c Address>) {
        let addresses = self.addresses.get(&at).into_iter().flatten().copied();
        let by_luid = self
            .by_luid
            .lists(subject.luid.as_str(), &subject.comparable);
        let by_luid = by_luid.map(|list| (list, SameBy::Luid));
        let by_url = addresses
            .clone()
            .map(|address| (self.by_address[address].as_slice(), SameBy::Url));
        let (mut first, mut count) = (Vec::new(), 0);
        for (list, by) in by_luid.chain(by_url) {
            count += list.len();
            first.extend(list.iter().take(MOST_COMPARED).map(|at| (*at, by)));
        }
        first.sort_unstable_by_key(|(at, _)| *at);
        first.truncate(MOST_COMPARED);
        let more = count - first.len();
        (Covered { first, more }, addresses)
    }
}

/// What a hand-written exposure may cover: a workbook of an export, the workbook of an owned
/// exposure, or one that is both.
struct Subject {
    luid: String,
    site: SiteId,
    /// Its site in the form of [`Address::comparable`].
    comparable: SiteId,
    workbook: Option<WorkbookIx>,
    owned: Option<OwnedIx>,
}

impl Subject {
    fn new(luid: &str, site: SiteId) -> Self {
        Self {
            luid: luid.to_lowercase(),
            comparable: Address::comparable(&site),
            site,
            workbook: None,
            owned: None,
        }
    }
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
    by_luid: ByWorkbook<String>,
    by_place: ByWorkbook<Place>,
}

impl Subjects {
    fn new(site: &Site, baseline: &Baseline, named: &Named) -> Self {
        let complete = site.evidence.iter().filter(|export| export.is_complete());
        let complete = complete.map(|export| export.site.identity());
        let complete = complete.collect::<HashSet<_>>();
        let mut exposed = HashMap::new();
        let mut subjects = Self::default();
        for (at, owned) in baseline.enumerate() {
            match owned.workbook {
                Some(workbook) => drop(exposed.insert(workbook, (at, owned))),
                None => match exposure_alone(at, owned, named) {
                    // No address opens a workbook that is gone: its exposure, which is removed,
                    // would hide the workbook that the next run finds there.
                    Some((gone, _)) if complete.contains(&owned.site_before().identity()) => {
                        subjects.all.push(gone);
                    }
                    living => subjects.extend(living),
                },
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
        let site = &subject.comparable;
        self.by_luid.add(subject.luid.clone(), site, at);
        for place in places {
            self.by_place.add(place, site, at);
        }
        self.all.push(subject);
    }

    /// The workbook that a URL opens, if it can only be one. One of the exports and one that only an
    /// earlier exposure knows are never told apart by how near they are: that exposure would be
    /// removed, and the next run would find the other one.
    fn at_address(&self, address: &Address) -> Vec<usize> {
        let there = self.at_places(&address.places, address);
        let otherwise = self.at_places(&address.otherwise, address);
        let of = if there.is_empty() { &otherwise } else { &there };
        let Some((nearest, first)) = of.first().copied() else {
            return Vec::new();
        };
        let found = of.iter().take_while(|(distance, _)| *distance == nearest);
        let found = found.map(|(_, at)| *at).collect::<Vec<_>>();
        let first = &self.all[first];
        let is_other = |at: usize| self.all[at].luid != first.luid;
        let hides = |at: usize| first.workbook.is_none() && self.all[at].workbook.is_some();
        let mut all = there.iter().chain(&otherwise).map(|(_, at)| *at);
        let is_one = !found.iter().any(|at| is_other(*at));
        let is_sure = is_one && !all.any(|at| is_other(at) && hides(at));
        if is_sure { found } else { Vec::new() }
    }

    /// What is at one of these places of the site that a URL names, by its distance from there.
    fn at_places<'p>(
        &self,
        places: impl IntoIterator<Item = &'p Place>,
        address: &Address,
    ) -> BTreeSet<(usize, usize)> {
        let site = address.site_id();
        let places = places.into_iter();
        let there = places.flat_map(|place| self.by_place.lists(place, &site).flatten());
        there
            .map(|at| (address.distance(&self.all[*at].site), *at))
            .collect()
    }
}

/// An owned exposure whose workbook is in none of the exports.
fn exposure_alone(at: OwnedIx, owned: &Owned, named: &Named) -> Option<(Subject, BTreeSet<Place>)> {
    let subject = Subject {
        owned: Some(at),
        ..Subject::new(&owned.marker.luid, owned.marker.site.clone())
    };
    let address = address(owned.before);
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
    let site = match exposed {
        Some((_, before)) => site.or(&before.marker.site),
        None => site,
    };
    let subject = Subject {
        workbook: Some(at),
        owned: exposed.map(|(owned, _)| owned),
        ..Subject::new(&workbook.luid, site)
    };
    let number = workbook.url_id.as_deref();
    let number = number.map(|id| Place::Number(id.to_owned()));
    let views = workbook.views.iter();
    let views = views.flat_map(|path| {
        let workbook = Place::workbook_of_view(path);
        std::iter::once(Place::view(path)).chain(workbook)
    });
    named.filter(subject, number.into_iter().chain(views))
}
