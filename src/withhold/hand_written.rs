//! Hand-written exposures of workbooks that are withheld. They stay in their files as they are; a run
//! finds them by the luid of their workbook, and shows nothing else of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Decisions;
use crate::model::exposure::Withholding;
use crate::model::{NamedBy, Origin, Owner, Site, StandingExposure};
use crate::plan::address::{Address, Place};
use crate::plan::naming;

/// What may show that a hand-written exposure is of a workbook that is withheld.
pub struct Clues<'s> {
    decisions: &'s Decisions,
    site: &'s Site<'s>,
    by_place: HashMap<Place, Vec<usize>>,
    by_title: HashMap<String, Vec<usize>>,
}

impl<'s> Clues<'s> {
    /// `site` is the one that still says everything.
    pub fn new(site: &'s Site<'s>, decisions: &'s Decisions) -> Self {
        let mut clues = Self {
            decisions,
            site,
            by_place: HashMap::new(),
            by_title: HashMap::new(),
        };
        let workbooks = site.workbooks.iter().zip(&decisions.workbooks);
        let withheld = workbooks.enumerate().filter(|(_, (_, why))| why.is_some());
        for (at, (workbook, _)) in withheld {
            let number = workbook.url_id.as_deref();
            let number = number.map(|id| Place::Number(id.to_owned()));
            let views = workbook.views.iter().flat_map(|path| {
                let of_workbook = Place::workbook_of_view(path);
                std::iter::once(Place::view(path)).chain(of_workbook)
            });
            let places = number.into_iter().chain(views);
            for place in places.collect::<BTreeSet<_>>() {
                clues.by_place.entry(place).or_default().push(at);
            }
            if let Some(title) = title(&workbook.name) {
                clues.by_title.entry(title).or_default().push(at);
            }
        }
        clues
    }

    /// The workbooks that are withheld and that a hand-written exposure names, and by what.
    pub(super) fn of(&self, exposure: &StandingExposure) -> Option<(NamedBy, BTreeSet<usize>)> {
        let Origin::HandWritten { luids } = &exposure.origin else {
            return None;
        };
        let known = luids
            .iter()
            .filter_map(|luid| self.decisions.by_luid.get(luid));
        let by_luid = known.flatten().map(|(_, at)| *at);
        let by_luid = by_luid.filter(|at| self.decisions.workbooks[*at].is_some());
        let address = exposure.url.as_deref().and_then(Address::parse);
        let by_url = address.iter().flat_map(|address| {
            let places = address
                .all_places()
                .filter_map(|place| self.by_place.get(place));
            let there = places.flatten().copied();
            there.filter(|at| !address.contradicts(&self.site.workbooks[*at].site))
        });
        let label = exposure.title.as_deref().and_then(title);
        let by_title = label.and_then(|label| self.by_title.get(&label));
        let by_title = by_title.into_iter().flatten().copied();
        let found = [
            (NamedBy::Luid, by_luid.collect::<BTreeSet<_>>()),
            (NamedBy::Url, by_url.collect()),
            (NamedBy::Title, by_title.collect()),
        ];
        found
            .into_iter()
            .find(|(_, workbooks)| !workbooks.is_empty())
    }

    pub(super) fn luid(&self, at: usize) -> String {
        self.site.workbooks[at].luid.to_lowercase()
    }
}

/// A title as it is compared: without case, and without blanks around it.
fn title(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    (!text.is_empty()).then_some(text)
}

/// What is shown of the hand-written exposures of a project.
#[derive(Default)]
pub(super) struct HandWritten {
    /// The ids that are shown in place of others.
    pub(super) ids: BTreeMap<String, String>,
    /// The names that are taken, and not shown.
    pub(super) names: BTreeSet<String>,
    /// What each names.
    pub(super) named: Vec<(NamedBy, usize)>,
    /// How many have each id.
    counts: BTreeMap<String, usize>,
}

impl HandWritten {
    /// An exposure that says only that it is one, of which workbook and on what it depends.
    pub(super) fn withhold(
        &mut self,
        exposure: StandingExposure,
        clues: &Clues,
    ) -> StandingExposure {
        let Some((by, workbooks)) = clues.of(&exposure) else {
            return exposure;
        };
        let first = workbooks.first().copied().unwrap_or_default();
        self.named.push((by, first));
        let names = [exposure.name.clone(), exposure.name_in_id().to_owned()];
        self.names.extend(names);
        let package = exposure.unique_id.split('.').nth(1).unwrap_or_default();
        let stem = format!("withheld_{}", naming::short_hash(&clues.luid(first)));
        let count = self.counts.entry(stem.clone()).or_default();
        *count += 1;
        let name = match count {
            1 => stem,
            count => format!("{stem}_{count}"),
        };
        let unique_id = format!("exposure.{package}.{name}");
        self.ids
            .insert(exposure.unique_id.clone(), unique_id.clone());
        let luids = match by {
            // That another exposure has its title does not make it that workbook's.
            NamedBy::Title => BTreeSet::new(),
            NamedBy::Ours | NamedBy::Luid | NamedBy::Url => {
                workbooks.iter().map(|at| clues.luid(*at)).collect()
            }
        };
        StandingExposure {
            unique_id,
            name,
            title: None,
            folders: Vec::new(),
            owner: Owner::default(),
            description: String::new(),
            tags: Vec::new(),
            maturity: None,
            url: None,
            created_at: None,
            origin: Origin::HandWritten { luids },
            withholding: Withholding::Now,
            ..exposure
        }
    }
}
