//! The keys of `exposure`, as they are written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::located::Located;
use super::raw_filter::RawFilter;
use super::restrictions::{template, templates};
use super::scalars;
use crate::settings::{DescriptionPlaceholder, FactPlaceholder, Maturity, NamePlaceholder};

/// What exposures say.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Exposure")]
pub(super) struct RawExposure {
    /// Names of new exposures, of `{slug}`, `{hash}` and `{project}`.
    #[schemars(extend("pattern" = template::<NamePlaceholder>()))]
    pub(super) name: Option<Located<String>>,
    /// Descriptions, of `{description}`, `{name}`, `{owner}`, `{project}` and `{url}`.
    #[schemars(extend("pattern" = template::<DescriptionPlaceholder>()))]
    pub(super) description: Option<Located<String>>,
    /// Tags in addition to Tableau's own, of `{name}`, `{owner}` and `{project}`.
    #[schemars(extend("items" = templates::<FactPlaceholder>()))]
    pub(super) tags: Option<Vec<Located<String>>>,
    /// The owner where Tableau gives none, of `{name}`, `{owner}` and `{project}`.
    pub(super) owner: Option<RawOwner>,
    /// The maturity.
    #[serde(deserialize_with = "scalars::word")]
    pub(super) maturity: Option<RawMaturity>,
    /// Whether `meta.referenced_columns` lists the columns that a workbook uses, as Elementary reads
    /// them. The export must have the fields of data sources and sheets.
    #[serde(deserialize_with = "scalars::flag")]
    pub(super) referenced_columns: Option<bool>,
    /// Exceptions for certain workbooks; later ones override earlier ones.
    pub(super) rules: Option<Vec<RawExposureRule>>,
}

/// An owner.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Owner")]
pub(super) struct RawOwner {
    /// A name to show.
    #[schemars(extend("pattern" = template::<FactPlaceholder>()))]
    pub(super) name: Option<Located<String>>,
    /// An e-mail address.
    #[schemars(extend("pattern" = template::<FactPlaceholder>()))]
    pub(super) email: Option<Located<String>>,
}

/// The maturities that dbt knows.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Maturity")]
pub(super) enum RawMaturity {
    /// Not to be relied on yet.
    Low,
    /// In use.
    Medium,
    /// To be relied on.
    High,
}

impl From<RawMaturity> for Maturity {
    fn from(raw: RawMaturity) -> Self {
        match raw {
            RawMaturity::Low => Self::Low,
            RawMaturity::Medium => Self::Medium,
            RawMaturity::High => Self::High,
        }
    }
}

/// What the exposures of certain workbooks say.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ExposureRule")]
pub(super) struct RawExposureRule {
    /// The workbooks.
    pub(super) when: Located<RawFilter>,
    /// Tags in addition to all others, of `{name}`, `{owner}` and `{project}`.
    #[serde(default)]
    #[schemars(extend("items" = templates::<FactPlaceholder>()))]
    pub(super) tags: Option<Vec<Located<String>>>,
    /// The owner, whatever Tableau says, of `{name}`, `{owner}` (Tableau's) and `{project}`.
    #[serde(default)]
    pub(super) owner: Option<RawOwner>,
    /// The maturity.
    #[serde(default, deserialize_with = "scalars::word")]
    pub(super) maturity: Option<RawMaturity>,
}
