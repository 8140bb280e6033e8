//! Finds the workbooks that hand-written exposures cover.
//!
//! An exposure covers a workbook if the workbook's luid is anywhere in its meta, or if its URL opens
//! the workbook or one of its views ([`super::address`] lists the forms that it may have). By luids
//! it may cover several workbooks. Copies of a server share luids, so thousands of exposures may
//! name one luid, and thousands of sites may have it: then host and site of the URL decide. If the
//! exports list only one workbook of the luid, it is this one, whatever the URL says: a server may
//! have moved since, or have several names.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt, HashSet};

use super::address::Address;
use super::baseline::{Baseline, OwnedIx};
use super::by_workbook::ByWorkbook;
use super::hand_written::HandWritten;
use super::subjects::{Named, Subject, Subjects};
use crate::model::{Site, SiteId, StandingExposure, WorkbookIx};

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
    /// Exposures that cover a workbook by its luid, and whose URLs are of elsewhere.
    pub(super) elsewhere: BTreeSet<usize>,
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
        let sites = exposures.iter().map(HandWritten::site).collect::<Vec<_>>();
        let named = Named::new(&exposures, &sites);
        let subjects = Subjects::new(site, baseline, &named);
        let by_subject = BySubject::new(&exposures, &sites, named.by_luid, &subjects);
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
            let elsewhere = by_subject.by_only_luid.get(&at);
            covering.elsewhere.extend(elsewhere.into_iter().flatten());
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

/// The exposures of each workbook.
struct BySubject<'c> {
    by_luid: ByWorkbook<&'c str>,
    /// Those that name a workbook by a luid which no other one has, and whose URLs are of elsewhere.
    by_only_luid: HashMap<usize, Vec<usize>>,
    /// By address, for exposures none of whose luids is that of a workbook.
    by_address: HashMap<&'c Address, Vec<usize>>,
    /// The addresses of each subject at which there are such exposures.
    addresses: HashMap<usize, Vec<&'c Address>>,
}

impl<'c> BySubject<'c> {
    fn new(
        exposures: &'c [HandWritten],
        sites: &[SiteId],
        by_luid: ByWorkbook<&'c str>,
        subjects: &Subjects,
    ) -> Self {
        let mut by_address: HashMap<_, Vec<usize>> = HashMap::new();
        let mut by_only_luid: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, (exposure, site)) in exposures.iter().zip(sites).enumerate() {
            let mut has_luid = false;
            for luid in exposure.luids {
                // An exposure that only the manifest has goes once another one names its luid.
                has_luid |= subjects.lasting_by_luid.first(luid, site).is_some();
                if let Some(only) = subjects.only_against_url(luid, site) {
                    has_luid = true;
                    by_only_luid.entry(only).or_default().push(at);
                }
            }
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
            by_only_luid,
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
        let by_only_luid = self.by_only_luid.get(&at).map(Vec::as_slice);
        let by_luid = by_luid.chain(by_only_luid);
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
