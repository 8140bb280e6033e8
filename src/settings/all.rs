//! All settings of a run.

use super::{
    AudienceSettings, CheckSettings, ExposureSettings, Matching, Pattern, RefreshSettings,
    Selection, Thresholds, YamlSettings,
};
use crate::model::SiteId;

/// All settings of a run. The default applies if nothing is set.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Server and site, for exports that do not name theirs.
    pub site: SiteId,
    /// The projects whose workbooks Tableau is asked for; all if there is none.
    pub projects: Vec<Pattern>,
    /// For whom the run shows lineage.
    pub audience: AudienceSettings,
    /// Which workbooks are exposed.
    pub selection: Selection,
    /// How tables are matched, beyond the rules that are always on.
    pub matching: Matching,
    /// What exposures contain in addition to Tableau's own facts.
    pub exposure: ExposureSettings,
    /// How many removals are too many.
    pub thresholds: Thresholds,
    /// What `autoexpose check` fails on.
    pub check: CheckSettings,
    /// When `autoexpose refresh` refreshes extracts.
    pub refresh: RefreshSettings,
    /// Where and how `autoexpose yaml` writes exposures.
    pub yaml: YamlSettings,
}
