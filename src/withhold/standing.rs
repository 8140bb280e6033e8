//! Exposures of ours from earlier runs, without what the audience may not see.

use std::collections::BTreeMap;

use super::{Decisions, Terms};
use crate::model::exposure::{VIRTUAL_FOLDER, Withholding};
use crate::model::{Fact, Marker, Origin, Owner, SiteId, StandingExposure};
use crate::plan::naming;

/// Exposures after withholding, in their order.
pub(super) struct Shown {
    pub(super) exposures: Vec<StandingExposure>,
    /// The ids that are shown in place of others.
    pub(super) ids: BTreeMap<String, String>,
    /// How many are withheld of which no export lists the workbook.
    pub(super) not_listed: usize,
}

/// The exposures of a project without what the audience may not see; hand-written ones stay.
pub(super) fn standing(
    exposures: Vec<StandingExposure>,
    root_package: &str,
    decisions: &Decisions,
    terms: &Terms,
) -> Shown {
    let names = names(&exposures, decisions);
    let mut shown = Shown {
        exposures: Vec::new(),
        ids: BTreeMap::new(),
        not_listed: 0,
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for exposure in exposures {
        let withheld = exposure.marker().filter(|one| decisions.of(one).is_some());
        let Some(marker) = withheld.cloned() else {
            shown.exposures.push(exposure);
            continue;
        };
        let is_listed = decisions.is_listed(&marker);
        shown.not_listed += usize::from(!is_listed);
        let name = names[&key(&marker)].clone();
        let count = counts.entry(name.clone()).or_default();
        *count += 1;
        // Two of one workbook are still two.
        let name = match *count {
            1 => name,
            count => format!("{name}_{count}"),
        };
        let unique_id = format!("exposure.{root_package}.{name}");
        shown
            .ids
            .insert(exposure.unique_id.clone(), unique_id.clone());
        shown
            .exposures
            .push(withhold(exposure, marker, name, unique_id, terms));
    }
    shown
}

/// What tells workbooks apart.
type Key = (String, SiteId);

fn key(marker: &Marker) -> Key {
    (marker.luid.to_lowercase(), marker.site.identity())
}

/// The names of those that are withheld: of the luid alone, and with more digits where two workbooks
/// would share one.
fn names(exposures: &[StandingExposure], decisions: &Decisions) -> BTreeMap<Key, String> {
    let markers = exposures.iter().filter_map(StandingExposure::marker);
    let withheld = markers.filter(|marker| decisions.of(marker).is_some());
    let by_key = withheld.map(|marker| (key(marker), marker));
    let by_key = by_key.collect::<BTreeMap<_, _>>();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for marker in by_key.values() {
        *counts.entry(naming::name("", &marker.luid)).or_default() += 1;
    }
    let named = by_key.into_iter().map(|(key, marker)| {
        let short = naming::name("", &marker.luid);
        let name = match counts[&short] {
            1 => short,
            _ => {
                let digits = naming::FEWEST_LONG_DIGITS;
                naming::long_name("", &marker.site, &marker.luid, digits)
            }
        };
        (key, name)
    });
    named.collect()
}

/// An exposure that says no more than the one that the run would write for the workbook.
fn withhold(
    exposure: StandingExposure,
    marker: Marker,
    name: String,
    unique_id: String,
    terms: &Terms,
) -> StandingExposure {
    let shows = |fact| terms.shows(fact);
    let has_project = shows(Fact::Project);
    let is_title_shown = shows(Fact::Title);
    let marker = Marker {
        project: if has_project {
            marker.project
        } else {
            Vec::new()
        },
        ..marker
    };
    let withheld = StandingExposure {
        unique_id,
        name,
        title: match is_title_shown {
            true => exposure.title.clone(),
            false => Some(terms.label.to_string()),
        },
        folders: match has_project {
            true => exposure.folders.clone(),
            false => vec![VIRTUAL_FOLDER.to_owned()],
        },
        owner: match shows(Fact::Owner) {
            true => exposure.owner.clone(),
            false => Owner::default(),
        },
        description: match shows(Fact::Description) {
            true => exposure.description.clone(),
            false => String::new(),
        },
        tags: match shows(Fact::Tags) {
            true => exposure.tags.clone(),
            false => Vec::new(),
        },
        // Rules may have set it by any fact.
        maturity: terms.maturity.clone(),
        url: exposure.url.clone().filter(|_| shows(Fact::Url)),
        created_at: exposure.created_at.filter(|_| shows(Fact::Times)),
        depends_on: exposure.depends_on.clone(),
        referenced_columns: exposure.referenced_columns.clone(),
        origin: Origin::Ours(marker),
        fingerprints: exposure.fingerprints,
        withholding: Withholding::Already,
    };
    let withholding = match says_more(&exposure, &withheld) {
        true => Withholding::Now,
        false => Withholding::Already,
    };
    StandingExposure {
        withholding,
        ..withheld
    }
}

/// Whether an exposure says more in its file than what is shown of it.
fn says_more(in_file: &StandingExposure, shown: &StandingExposure) -> bool {
    let project = |one: &StandingExposure| one.marker().map(|marker| marker.project.clone());
    in_file.unique_id != shown.unique_id
        || in_file.name != shown.name
        || in_file.title != shown.title
        || in_file.folders != shown.folders
        || in_file.owner != shown.owner
        || in_file.description != shown.description
        || in_file.tags != shown.tags
        || in_file.url != shown.url
        || in_file.created_at != shown.created_at
        || project(in_file) != project(shown)
}
