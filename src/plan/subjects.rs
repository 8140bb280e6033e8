//! What hand-written exposures may cover: workbooks of the exports, and owned exposures.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt, HashSet};
use rayon::prelude::*;

use super::address::{Address, Place};
use super::baseline::{Baseline, Owned, OwnedIx};
use super::by_workbook::ByWorkbook;
use super::hand_written::{HandWritten, address};
use crate::model::{Site, SiteId, Workbook, WorkbookIx};

/// What a hand-written exposure may cover: a workbook of an export, the workbook of an owned
/// exposure, or one that is both.
pub(super) struct Subject {
    pub(super) luid: String,
    site: SiteId,
    /// Its site in the form of [`Address::comparable`].
    pub(super) comparable: SiteId,
    pub(super) workbook: Option<WorkbookIx>,
    pub(super) owned: Option<OwnedIx>,
    /// Whether the next run knows it as well, even if its exposure is removed.
    is_lasting: bool,
}

impl Subject {
    fn new(luid: &str, site: SiteId) -> Self {
        Self {
            luid: luid.to_lowercase(),
            comparable: Address::comparable(&site),
            site,
            workbook: None,
            owned: None,
            is_lasting: false,
        }
    }
}

/// All luids and places that hand-written exposures name. They are few, while workbooks may be
/// many, so workbooks are filtered by them.
pub(super) struct Named<'c> {
    luids: HashSet<String>,
    /// The positions of the exposures that name a luid.
    pub(super) by_luid: ByWorkbook<&'c str>,
    places: HashSet<Place>,
}

impl<'c> Named<'c> {
    pub(super) fn new(exposures: &'c [HandWritten], sites: &'c [SiteId]) -> Self {
        let numbered = exposures.iter().zip(sites).enumerate();
        let by_luid = numbered.flat_map(|(at, (exposure, site))| {
            let luids = exposure.luids.iter();
            luids.map(move |luid| (luid.as_str(), site, at))
        });
        let luids = exposures.iter().flat_map(|exposure| exposure.luids);
        let addresses = exposures
            .iter()
            .filter_map(|exposure| exposure.address.as_ref());
        Self {
            luids: luids.cloned().collect(),
            by_luid: ByWorkbook::new(by_luid),
            places: addresses.flat_map(Address::all_places).cloned().collect(),
        }
    }

    /// Whether an exposure names a subject by its luid.
    fn has_luid_of(&self, subject: &Subject) -> bool {
        let first = self
            .by_luid
            .first(subject.luid.as_str(), &subject.comparable);
        first.is_some()
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
pub(super) struct Subjects {
    pub(super) all: Vec<Subject>,
    /// Those that the next run knows as well, even if this one removes their exposures.
    pub(super) lasting_by_luid: ByWorkbook<String>,
    /// The workbooks of the exports.
    listed_by_luid: ByWorkbook<String>,
    by_place: ByWorkbook<Place>,
}

impl Subjects {
    pub(super) fn new(site: &Site, baseline: &Baseline, named: &Named) -> Self {
        let complete = site.evidence.iter().filter(|export| export.is_complete());
        let complete = complete.map(|export| export.site.identity());
        let complete = complete.collect::<HashSet<_>>();
        let mut exposed = HashMap::new();
        let mut subjects = Self::default();
        for (at, owned) in baseline.enumerate().filter(|(_, owned)| !owned.is_disabled) {
            match owned.workbook {
                Some(workbook) => drop(exposed.insert(workbook, (at, owned))),
                None => match exposure_alone(at, owned, named) {
                    // No address opens a workbook whose exposure goes: it would hide the workbook
                    // that the next run finds there.
                    Some((gone, _))
                        if complete.contains(&owned.site_before().identity())
                            || !gone.is_lasting && named.has_luid_of(&gone) =>
                    {
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
        if subject.is_lasting {
            self.lasting_by_luid.add(subject.luid.clone(), site, at);
        }
        if subject.workbook.is_some() {
            self.listed_by_luid.add(subject.luid.clone(), site, at);
        }
        for place in places {
            self.by_place.add(place, site, at);
        }
        self.all.push(subject);
    }

    /// The only workbook of the exports with a luid, if a URL of this site contradicts it. What only
    /// earlier exposures know does not count: it may be gone in the next run, which must decide as
    /// this one does.
    pub(super) fn only_against_url(&self, luid: &str, site: &SiteId) -> Option<usize> {
        let only = self.listed_by_luid.only(luid, &SiteId::default());
        only.filter(|_| self.listed_by_luid.first(luid, site).is_none())
    }

    /// The workbook that a URL opens, if it can only be one. One of the exports and one that only an
    /// earlier exposure knows are never told apart by how near they are: that exposure would be
    /// removed, and the next run would find the other one.
    pub(super) fn at_address(&self, address: &Address) -> Vec<usize> {
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
        let hides = |at: usize| {
            !first.is_lasting || first.workbook.is_none() && self.all[at].workbook.is_some()
        };
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
        is_lasting: owned.in_state.is_some() || owned.yaml_file().is_some(),
        ..Subject::new(&owned.marker.luid, owned.marker.site.clone())
    };
    let address = address(owned.lasting());
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
        is_lasting: true,
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
