//! `autoexpose.yml` as it may be written. Every key is optional.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of autoexpose, in `autoexpose.yml` beside `dbt_project.yml`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "autoexpose.yml")]
pub struct RawConfig {
    /// Server and site of exports that do not name theirs.
    pub tableau: RawTableau,
    /// Which workbooks are exposed. What is not selected is removed.
    pub select: RawSelect,
    /// How tables are matched, beyond the rules that are always on.
    pub r#match: RawMatch,
    /// How exposures look.
    pub exposure: RawExposure,
    /// When a run stops instead of removing.
    pub thresholds: RawThresholds,
}

/// Server and site of exports that do not name theirs.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawTableau {
    /// The server's address, as `https://10ax.online.tableau.com`.
    pub server: Option<String>,
    /// The site's content URL; empty for the default site.
    pub site: Option<String>,
}

/// Which workbooks are exposed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawSelect {
    /// Workbooks that are wanted; all if none is given.
    pub include: Vec<RawPick>,
    /// Workbooks that are not wanted although they are included.
    pub exclude: Vec<RawPick>,
    /// Whether workbooks in personal spaces are exposed.
    pub personal_spaces: bool,
}

/// Workbooks that have certain facts, as globs; all given ones must fit. Case does not count.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawPick {
    /// The project: its path from the top where the pattern has a `/`, else its own name.
    pub project: Option<String>,
    /// The workbook's title.
    pub name: Option<String>,
    /// One of its tags.
    pub tag: Option<String>,
    /// The owner's name or e-mail.
    pub owner: Option<String>,
    /// The workbook's luid.
    pub luid: Option<String>,
}

/// How tables are matched.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawMatch {
    /// Connection types (globs) that read as others, as in `our_driver: snowflake`.
    pub connection_types: BTreeMap<String, String>,
    /// Connection types for which a name alone may draw a link.
    pub name_only: Vec<String>,
    /// The schema of tables that come without one.
    pub default_schema: Vec<RawDefaultSchema>,
    /// Of sources on one relation, those of these packages count, the first first.
    pub prefer_packages: Vec<String>,
}

/// The schema of tables that come without one, as custom SQL names them.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawDefaultSchema {
    /// The connection types (a glob) that it is about; all without.
    #[serde(default)]
    pub connection_type: Option<String>,
    /// The databases (a glob) that it is about; all without.
    #[serde(default)]
    pub database: Option<String>,
    /// The schema.
    pub schema: String,
}

/// How exposures look.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawExposure {
    /// Names of new exposures, of `{slug}`, `{hash}` and `{project}`.
    pub name: Option<String>,
    /// Descriptions, of `{description}`, `{name}`, `{owner}`, `{project}` and `{url}`.
    pub description: Option<String>,
    /// Tags beside Tableau's own.
    pub tags: Vec<String>,
    /// The owner where Tableau gives none.
    pub owner: Option<RawOwner>,
    /// The maturity.
    pub maturity: Option<RawMaturity>,
    /// Exceptions for certain workbooks, of which later ones go before earlier ones.
    pub rules: Vec<RawLookRule>,
}

/// An owner.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawOwner {
    /// A name to show.
    pub name: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
}

/// The maturities that dbt knows.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RawMaturity {
    /// Not to be relied on yet.
    Low,
    /// In use.
    Medium,
    /// To be relied on.
    High,
}

impl RawMaturity {
    /// Its name in dbt.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// How exposures of certain workbooks look.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawLookRule {
    /// The workbooks.
    pub when: RawPick,
    /// Tags beside all others.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The owner, whatever Tableau says.
    #[serde(default)]
    pub owner: Option<RawOwner>,
    /// The maturity.
    #[serde(default)]
    pub maturity: Option<RawMaturity>,
}

/// When a run stops instead of removing.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawThresholds {
    /// The share of a site's exposures, from 0 to 1, beyond which a removal stops the run …
    pub mass_removal_share: Option<f64>,
    /// … if it is also more than this many.
    pub mass_removal_count: Option<usize>,
}
