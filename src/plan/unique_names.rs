//! Makes the names of exposures unique across all packages.

use foldhash::{HashMap, HashMapExt, HashSet};

use super::delta::Planned;
use super::naming;
use crate::model::{Exposure, Project};

/// Gives a long name to each exposure whose name is taken, by an exposure that is not ours (in any
/// package) or by another owned one.
///
/// Existing names are kept if possible; the state, which the next run reads as it is, takes
/// precedence over the manifest. New exposures that would share a name all get long names, so that
/// their order does not matter.
pub(super) fn make_unique(planned: &mut [Planned], project: &Project) {
    let others = naming::names_of_others(project).into_iter();
    let mut taken = others.map(str::to_owned).collect::<HashSet<_>>();
    let mut new: HashMap<String, usize> = HashMap::new();
    for planned in planned.iter().filter(|planned| planned.is_new()) {
        *new.entry(planned.exposure.name.clone()).or_default() += 1;
    }
    let mut by_rank = planned.iter_mut().collect::<Vec<_>>();
    by_rank.sort_by_key(|planned| (planned.is_new(), !planned.is_in_state()));
    for planned in by_rank {
        let is_shared = planned.is_new() && new[&planned.exposure.name] > 1;
        if is_shared || taken.contains(&planned.exposure.name) {
            rename(&mut planned.exposure, &taken);
        }
        taken.insert(planned.exposure.name.clone());
    }
}

fn rename(exposure: &mut Exposure, taken: &HashSet<String>) {
    let label = exposure.label.as_deref().filter(|_| !exposure.is_withheld);
    let title = label.unwrap_or_default();
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
