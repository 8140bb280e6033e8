//! What becomes of an exposure of ours that this run does not want. Without evidence it stays.

use std::collections::BTreeMap;

use super::twins::Twin;
use super::wanted::Wanted;
use crate::model::settings::Selection;
use crate::model::{Evidence, Marker, Site, Verdict};

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
    by_luid: BTreeMap<&'j str, Vec<usize>>,
}

impl<'j> Judge<'j> {
    /// Prepares verdicts.
    pub fn new(site: &'j Site<'j>, wanted: &'j Wanted, selection: &'j Selection) -> Self {
        let mut by_luid: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (position, workbook) in site.workbooks.iter().enumerate() {
            by_luid.entry(&workbook.luid).or_default().push(position);
        }
        Self { site, wanted, selection, by_luid }
    }

    /// What becomes of the exposure with this marker. It goes only if its own site's export was
    /// given, lists every workbook, and shows that there is nothing to expose.
    pub fn fate(&self, marker: &Marker) -> Fate {
        if let Some(twin) = self.twin(marker) {
            return Fate::Remove(format!("{twin}, written by hand, stands for its workbook"));
        }
        let Some(evidence) =
            self.site.evidence.iter().find(|evidence| is_same_site(evidence, marker))
        else {
            return Fate::Keep(format!("no export of this run is of its site ({})", marker.site));
        };
        if !evidence.is_complete() {
            return Fate::Keep(format!(
                "the export may not list every workbook: {}",
                evidence.doubts.join("; ")
            ));
        }
        let positions = self.by_luid.get(marker.luid.as_str()).into_iter().flatten();
        let mut listed =
            positions.filter(|at| !self.site.workbooks[**at].site.contradicts(&marker.site));
        let Some(position) = listed.next() else {
            return Fate::Remove("its workbook is gone".to_owned());
        };
        match self.selection.judge(&self.site.workbooks[*position]) {
            Verdict::Selected => {}
            Verdict::NotWanted(reason) => return Fate::Remove(reason),
            Verdict::NotLookedAt(reason) => return Fate::Keep(reason),
        }
        if self.wanted.incomplete.contains(position) {
            return Fate::Keep("not all that its workbook reads is known".to_owned());
        }
        Fate::Remove("its workbook reads nothing of this project any more".to_owned())
    }

    /// The hand-written exposure of the same workbook.
    fn twin(&self, marker: &Marker) -> Option<&str> {
        let same = |twin: &&Twin| {
            let workbook = &self.site.workbooks[twin.workbook];
            workbook.luid == marker.luid && !workbook.site.contradicts(&marker.site)
        };
        let of_export = self.wanted.twins.iter().find(same).map(|twin| &twin.unique_id);
        of_export.or_else(|| self.wanted.by_hand.get(&marker.luid)).map(String::as_str)
    }
}

/// Known and equal, or unknown on both sides.
fn is_same_site(evidence: &Evidence, marker: &Marker) -> bool {
    let folded = |server: &Option<String>| {
        server.as_deref().map(|server| server.trim_end_matches('/').to_ascii_lowercase())
    };
    folded(&evidence.site.server) == folded(&marker.site.server)
        && evidence.site.content_url == marker.site.content_url
}
