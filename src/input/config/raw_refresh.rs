//! The section `refresh` of the file, as it may be written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scalars::{self, HIGHEST_COUNT};
use crate::settings::{OnlyIf, RefreshSettings};

/// When `autoexpose refresh` refreshes extracts.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Refresh")]
pub(super) struct RawRefresh {
    /// How many minutes lie between two refreshes of one extract at least.
    #[serde(deserialize_with = "scalars::count")]
    #[schemars(range(max = HIGHEST_COUNT))]
    pub(super) build_after: Option<usize>,
    /// How much of what an extract reads must be built: one node, or all but sources.
    #[serde(deserialize_with = "scalars::word")]
    pub(super) only_if: Option<RawOnlyIf>,
    /// Whether extracts are refreshed although a test of what they read failed.
    #[serde(deserialize_with = "scalars::flag")]
    pub(super) ignore_tests: Option<bool>,
    /// How many extracts are refreshed in one run at most.
    #[serde(deserialize_with = "scalars::count")]
    #[schemars(range(max = HIGHEST_COUNT))]
    pub(super) max: Option<usize>,
}

impl RawRefresh {
    /// Every setting with its usual value.
    pub(super) fn usual() -> Self {
        let usual = RefreshSettings::default();
        Self {
            build_after: Some(usual.build_after as usize),
            only_if: Some(match usual.only_if {
                OnlyIf::Any => RawOnlyIf::Any,
                OnlyIf::All => RawOnlyIf::All,
            }),
            ignore_tests: Some(usual.ignore_tests),
            max: usual.max,
        }
    }
}

/// How much of what an extract reads must be built.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "OnlyIf")]
pub(super) enum RawOnlyIf {
    /// One node.
    Any,
    /// Every node but sources, which dbt does not build.
    All,
}

impl From<RawOnlyIf> for OnlyIf {
    fn from(raw: RawOnlyIf) -> Self {
        match raw {
            RawOnlyIf::Any => Self::Any,
            RawOnlyIf::All => Self::All,
        }
    }
}

pub(super) fn refresh(raw: &RawRefresh) -> RefreshSettings {
    let usual = RefreshSettings::default();
    // The highest count is one that fits.
    let minutes = raw.build_after.and_then(|count| u32::try_from(count).ok());
    RefreshSettings {
        build_after: minutes.unwrap_or(usual.build_after),
        only_if: raw.only_if.map_or(usual.only_if, OnlyIf::from),
        ignore_tests: raw.ignore_tests.unwrap_or(usual.ignore_tests),
        max: raw.max,
    }
}
