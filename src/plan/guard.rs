//! Detects removals that look like a mistake, such as an export of only part of a site.

use std::collections::{BTreeMap, BTreeSet};

use super::baseline::Baseline;
use crate::model::{Code, Diagnostic, SiteId};
use crate::settings::Thresholds;

/// A site that would lose more of its exposures than the thresholds allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MassRemoval {
    /// The site.
    pub site: SiteId,
    /// How many of its exposures would be removed.
    pub removed: usize,
    /// How many exposures the baseline has of it.
    pub of: usize,
}

impl MassRemoval {
    pub(super) fn diagnostic(&self) -> Diagnostic {
        let Self { site, removed, of } = self;
        let message = format!(
            "{removed} of {of} exposures of this site would be removed. Is this the right export, and is it complete?"
        );
        let help = "if that is intended, run `patch` with `--allow-mass-removal`";
        Diagnostic::new(Code::MassRemoval, site.place(), message).help(help)
    }
}

/// The sites that would lose both a larger share and a larger number of exposures than the
/// thresholds allow. `removed` are the ids of exposures that would be removed.
pub(super) fn mass_removals(
    baseline: &Baseline,
    removed: &BTreeSet<&str>,
    thresholds: Thresholds,
) -> Vec<MassRemoval> {
    let mut counts: BTreeMap<&SiteId, (usize, usize)> = BTreeMap::new();
    for owned in baseline.iter() {
        let (gone, all) = counts.entry(&owned.marker.site).or_default();
        *gone += usize::from(removed.contains(owned.before.unique_id.as_str()));
        *all += 1;
    }
    // One site may have several spellings.
    let mut sites: BTreeMap<SiteId, MassRemoval> = BTreeMap::new();
    for (site, (gone, all)) in counts {
        let counted = sites.entry(site.identity()).or_insert_with(|| MassRemoval {
            site: site.clone(),
            removed: 0,
            of: 0,
        });
        counted.removed += gone;
        counted.of += all;
    }
    sites
        .into_values()
        .filter(|site| is_too_much(site.removed, site.of, thresholds))
        .collect()
}

fn is_too_much(gone: usize, all: usize, thresholds: Thresholds) -> bool {
    gone > thresholds.mass_removal_count && gone as f64 > all as f64 * thresholds.mass_removal_share
}
