//! What becomes of an exposure of ours that this run does not want. Without evidence it stays.

use foldhash::{HashMap, HashMapExt};

use super::baseline::Owned;
use super::wanted::Wanted;
use crate::model::{Evidence, Marker, Site};
use crate::settings::{Selected, Selection};

/// The verdict, with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It goes.
    Remove(String),
    /// It stays.
    Keep(String),
}

/// What the run knows of workbooks, for verdicts about many exposures.
pub struct Judge<'j> {
    site: &'j Site<'j>,
    wanted: &'j Wanted,
    selection: &'j Selection,
    by_luid: HashMap<&'j str, Vec<usize>>,
}

impl<'j> Judge<'j> {
    /// Prepares verdicts.
    pub fn new(site: &'j Site<'j>, wanted: &'j Wanted, selection: &'j Selection) -> Self {
        let mut by_luid: HashMap<&str, Vec<usize>> = HashMap::new();
        for (position, workbook) in site.workbooks.iter().enumerate() {
            by_luid.entry(&workbook.luid).or_default().push(position);
        }
        Self {
            site,
            wanted,
            selection,
            by_luid,
        }
    }

    /// What becomes of the exposure at this position of the baseline. It goes if somebody has
    /// switched it off or written one by hand; else only if its own site's export was given, lists
    /// every workbook, and shows that there is nothing to expose.
    pub fn fate(&self, at: usize, owned: &Owned) -> Fate {
        if self.wanted.switched_off.contains(&at) {
            return Fate::Remove("it is disabled in the project".to_owned());
        }
        if let Some(twin) = self.wanted.by_hand.get(&at) {
            return Fate::Remove(format!("{twin}, written by hand, stands for its workbook"));
        }
        let marker = &owned.marker;
        let listed = owned.workbook.or_else(|| self.listed(marker));
        let verdict = listed.map(|position| {
            let workbook = &self.site.workbooks[position];
            (position, workbook, self.selection.select(workbook))
        });
        if let Some((_, _, Selected::OutOfThisRun(reason))) = verdict {
            return Fate::Keep(reason.to_string());
        }
        if let Some(reason) = self.doubt(marker) {
            return Fate::Keep(reason);
        }
        let Some((position, workbook, verdict)) = verdict else {
            return Fate::Remove("its workbook is gone".to_owned());
        };
        match verdict {
            Selected::NotWanted(_) if workbook.is_kept_back() => Fate::Keep(
                "the export keeps back what its workbook is, so that no selection can tell"
                    .to_owned(),
            ),
            Selected::NotWanted(reason) => Fate::Remove(reason.to_string()),
            _ if self.wanted.exposures.contains_key(&position) => {
                Fate::Remove("another exposure stands for its workbook".to_owned())
            }
            _ if self.wanted.incomplete.contains(&position) => {
                Fate::Keep("not all that its workbook reads is known".to_owned())
            }
            _ => Fate::Remove("its workbook reads nothing of this project any more".to_owned()),
        }
    }

    /// Why this run proves nothing of the exposures of a site.
    fn doubt(&self, marker: &Marker) -> Option<String> {
        let evidence = self
            .site
            .evidence
            .iter()
            .find(|evidence| is_same_site(evidence, marker));
        let Some(evidence) = evidence else {
            return Some(format!(
                "no export of this run is of its site ({})",
                marker.site
            ));
        };
        let doubts = || {
            format!(
                "the export may not list every workbook: {}",
                evidence.reasons()
            )
        };
        (!evidence.is_complete()).then(doubts)
    }

    /// The workbook of an exposure beside which the workbook has another one.
    fn listed(&self, marker: &Marker) -> Option<usize> {
        let mut same = self.by_luid.get(marker.luid.as_str())?.iter().copied();
        same.find(|at| !self.site.workbooks[*at].site.contradicts(&marker.site))
    }
}

/// Known and equal, or unknown on both sides.
fn is_same_site(evidence: &Evidence, marker: &Marker) -> bool {
    let folded = |server: &Option<String>| {
        server
            .as_deref()
            .map(|server| server.trim_end_matches('/').to_ascii_lowercase())
    };
    folded(&evidence.site.server) == folded(&marker.site.server)
        && evidence.site.content_url == marker.site.content_url
}
