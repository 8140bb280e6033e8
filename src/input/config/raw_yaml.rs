//! The section `yaml` of the file, as it may be written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::located::Located;
use super::scalars;
use crate::settings::GroupBy;

/// Where and how `autoexpose yaml` writes exposures.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Yaml")]
pub(super) struct RawYaml {
    /// The folder of the files, from the dbt project, below one of its `model-paths`.
    #[schemars(extend("pattern" = r"\S"))]
    pub(super) folder: Option<Located<String>>,
    /// Which exposures share a file.
    #[serde(deserialize_with = "scalars::word")]
    pub(super) group_by: Option<RawGroupBy>,
}

/// Which exposures share a file.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "GroupBy")]
pub(super) enum RawGroupBy {
    /// All of them.
    All,
    /// Those of one Tableau project.
    Project,
    /// None: each workbook has its own.
    Workbook,
}

impl From<RawGroupBy> for GroupBy {
    fn from(raw: RawGroupBy) -> Self {
        match raw {
            RawGroupBy::All => Self::All,
            RawGroupBy::Project => Self::Project,
            RawGroupBy::Workbook => Self::Workbook,
        }
    }
}
