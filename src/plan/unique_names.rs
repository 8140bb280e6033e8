//! A name of its own for each exposure, over all packages.

use foldhash::{HashMap, HashMapExt, HashSet};

use super::delta::Planned;
use super::naming;
use crate::model::{Exposure, StandingExposure};

/// Gives long names to exposures whose name is taken: by one that is not ours to change, in
/// whatever package, or by another one of ours.
///
/// Names that stand are kept where they can be, those in the manifest before those of the state.
/// New exposures that would share a name all get long ones, so that their order does not matter.
pub(super) fn make_unique(planned: &mut [Planned], standing: &[StandingExposure]) {
    let mut taken = names_of_others(standing);
    let mut new: HashMap<String, usize> = HashMap::new();
    for planned in planned.iter().filter(|planned| planned.is_new()) {
        *new.entry(planned.exposure.name.clone()).or_default() += 1;
    }
    let mut by_rank = planned.iter_mut().collect::<Vec<_>>();
    by_rank.sort_by_key(|planned| (planned.is_new(), !planned.stands_in_manifest()));
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
    // One round is enough unless somebody wrote exposures by hand under just these names.
    for digits in (naming::FEWEST_LONG_DIGITS..).step_by(4) {
        let name = naming::long_name(title, &marker.site, &marker.luid, digits);
        if !taken.contains(&name) {
            exposure.name = name;
            return;
        }
    }
}
