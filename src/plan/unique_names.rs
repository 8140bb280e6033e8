//! Makes the names of exposures unique across all packages.

use foldhash::{HashMap, HashMapExt, HashSet};

use super::delta::Planned;
use super::naming;
use crate::model::{Exposure, StandingExposure};

/// Gives a long name to each exposure whose name is taken, by an exposure that is not ours (in any
/// package) or by another owned one.
///
/// Existing names are kept if possible; the manifest takes precedence over the state. New exposures
/// that would share a name all get long names, so that their order does not matter.
pub(super) fn make_unique(planned: &mut [Planned], standing: &[StandingExposure]) {
    let mut taken = names_of_others(standing);
    let mut new: HashMap<String, usize> = HashMap::new();
    for planned in planned.iter().filter(|planned| planned.is_new()) {
        *new.entry(planned.exposure.name.clone()).or_default() += 1;
    }
    let mut by_rank = planned.iter_mut().collect::<Vec<_>>();
    by_rank.sort_by_key(|planned| (planned.is_new(), !planned.is_in_manifest()));
    for planned in by_rank {
        let is_shared = planned.is_new() && new[&planned.exposure.name] > 1;
        if is_shared || taken.contains(&planned.exposure.name) {
            rename(&mut planned.exposure, &taken);
        }
        taken.insert(planned.exposure.name.clone());
    }
}

/// The names of exposures that are not ours to change.
fn names_of_others(standing: &[StandingExposure]) -> HashSet<String> {
    standing
        .iter()
        .filter(|exposure| !exposure.is_ours())
        .flat_map(|exposure| [exposure.name.as_str(), exposure.name_in_id()])
        .map(str::to_owned)
        .collect()
}

fn rename(exposure: &mut Exposure, taken: &HashSet<String>) {
    let title = exposure.label.as_deref().unwrap_or_default();
    let marker = &exposure.marker;
    // One round is enough unless a hand-written exposure has just this name.
    for digits in (naming::FEWEST_LONG_DIGITS..).step_by(4) {
        let name = naming::long_name(title, &marker.site, &marker.luid, digits);
        if !taken.contains(&name) {
            exposure.name = name;
            return;
        }
    }
}
