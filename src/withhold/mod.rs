//! Takes out of everything that was read what the audience of a run may not see.
//!
//! It is done once, behind the selection, which needs the true names, and before anything is linked,
//! planned or told. Behind it a workbook that is withheld has neither a title nor any other fact that
//! tells it apart but its luid, so that no result can name it. The same holds for the exposures of
//! earlier runs (`standing`), for hand-written exposures (`hand_written`) and for what was told
//! while reading (`told`). What stays as it is on disk is found by what [`InFile`] keeps.

mod graph;
mod hand_written;
mod project;
mod site;
mod standing;
mod told;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub use self::graph::graph;
pub use self::hand_written::Clues;
pub use self::project::{InFile, project, remembered, state};
pub use self::site::site;
pub use self::told::told;
use crate::model::{Fact, Marker, Site, SiteId, WhyWithheld, Withheld, luid};

/// How what is withheld is shown.
#[derive(Debug, Clone)]
pub struct Terms {
    /// What is shown in the place of a title.
    pub label: Arc<str>,
    /// The facts that are shown all the same.
    pub shown: Arc<BTreeSet<Fact>>,
    /// The maturity that the settings give to every exposure.
    pub maturity: Option<String>,
}

impl Terms {
    fn shows(&self, fact: Fact) -> bool {
        self.shown.contains(&fact)
    }

    fn withheld(&self, why: WhyWithheld) -> Withheld {
        Withheld {
            why,
            label: Arc::clone(&self.label),
            shown: Arc::clone(&self.shown),
        }
    }
}

/// What is decided of each workbook, and of what no export lists.
pub struct Decisions {
    /// By the position of the workbook; `None` for what the audience may see.
    pub workbooks: Vec<Option<WhyWithheld>>,
    /// Why workbooks are withheld that no export lists.
    pub not_listed: WhyWithheld,
    /// The positions of the workbooks with a luid, and their sites.
    by_luid: HashMap<String, Vec<(SiteId, usize)>>,
}

impl Decisions {
    /// `workbooks` has a decision for each workbook of the site.
    pub fn new(site: &Site, workbooks: Vec<Option<WhyWithheld>>, not_listed: WhyWithheld) -> Self {
        let mut by_luid: HashMap<_, Vec<_>> = HashMap::new();
        for (at, workbook) in site.workbooks.iter().enumerate() {
            let luid = luid::identity(&workbook.luid).into_owned();
            let known = by_luid.entry(luid).or_default();
            known.push((workbook.site.clone(), at));
        }
        Self {
            workbooks,
            not_listed,
            by_luid,
        }
    }

    /// Why an exposure of ours is withheld; `None` if the audience may see its workbook. One whose
    /// workbook no export lists is withheld, and so is one that may be of a workbook that is.
    pub fn of(&self, marker: &Marker) -> Option<WhyWithheld> {
        let luid = luid::identity(&marker.luid);
        let mut found = self.listed(&luid, &marker.site);
        let Some(first) = found.next() else {
            return Some(self.not_listed);
        };
        std::iter::once(first)
            .chain(found)
            .find_map(|at| self.workbooks[at])
    }

    /// Whether an export lists the workbook of an exposure of ours.
    fn is_listed(&self, marker: &Marker) -> bool {
        self.position(marker).is_some()
    }

    /// The position of the workbook of an exposure of ours, if an export lists it.
    fn position(&self, marker: &Marker) -> Option<usize> {
        let luid = luid::identity(&marker.luid);
        self.listed(&luid, &marker.site).next()
    }

    /// The positions of the workbooks that may be meant by a luid.
    fn listed<'d>(&'d self, luid: &str, site: &'d SiteId) -> impl Iterator<Item = usize> {
        let all = self.by_luid.get(luid).into_iter().flatten();
        let on_site = all.filter(|(of, _)| !of.contradicts(site));
        on_site.map(|(_, at)| *at)
    }
}
