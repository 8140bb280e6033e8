//! `autoexpose.yml` as it may be written. Every key is optional, and one without a value is as if
//! it were not there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::located::Located;
use super::text_map::TextMap;
use crate::settings::Maturity;

/// Settings of autoexpose, in `autoexpose.yml` beside `dbt_project.yml`.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "autoexpose.yml")]
pub struct RawConfig {
    /// Server and site of exports that do not name theirs.
    pub tableau: Option<RawTableau>,
    /// Which workbooks are exposed. What is not selected is removed.
    pub select: Option<RawSelect>,
    /// How tables are matched, beyond the rules that are always on.
    pub r#match: Option<RawMatch>,
    /// How exposures look.
    pub exposure: Option<RawExposure>,
    /// When a run stops instead of removing.
    pub thresholds: Option<RawThresholds>,
}

/// Server and site of exports that do not name theirs.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawTableau {
    /// The server's address, as `https://10ax.online.tableau.com`.
    pub server: Option<Located<String>>,
    /// The site's content URL; empty for the default site.
    pub site: Option<String>,
}

/// Which workbooks are exposed.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawSelect {
    /// Workbooks that are wanted; all if none is given.
    pub include: Option<Vec<Located<RawFilter>>>,
    /// Workbooks that are not wanted although they are included.
    pub exclude: Option<Vec<Located<RawFilter>>>,
    /// Whether workbooks in personal spaces are exposed.
    pub personal_spaces: Option<bool>,
}

/// Workbooks that have certain facts, as globs; all given ones must fit. Case does not count.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("minProperties" = 1), rename = "RawPick")]
pub struct RawFilter {
    /// The project: its path from the top where the pattern has a `/`, else its own name.
    pub project: Option<Located<String>>,
    /// The workbook's title.
    pub name: Option<Located<String>>,
    /// One of its tags.
    pub tag: Option<Located<String>>,
    /// The owner's name or e-mail.
    pub owner: Option<Located<String>>,
    /// The workbook's luid.
    pub luid: Option<Located<String>>,
}

/// How tables are matched.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawMatch {
    /// Connection types (globs) that read as others. The first that fits counts.
    pub connection_types: Option<TextMap>,
    /// Connection types for which a name alone may draw a link.
    pub name_only: Option<Vec<Located<String>>>,
    /// The schema of tables that come without one. The first that fits counts.
    pub default_schema: Option<Vec<RawDefaultSchema>>,
    /// Of sources on one relation, those of these packages count, the first first.
    pub prefer_packages: Option<Vec<String>>,
}

/// The schema of tables that come without one, as custom SQL names them.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawDefaultSchema {
    /// The connection types (a glob) that it is about; all without.
    #[serde(default)]
    pub connection_type: Option<Located<String>>,
    /// The databases (a glob) that it is about; all without.
    #[serde(default)]
    pub database: Option<Located<String>>,
    /// The schema.
    pub schema: Located<String>,
}

/// How exposures look.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawExposure {
    /// Names of new exposures, of `{slug}`, `{hash}` and `{project}`.
    pub name: Option<Located<String>>,
    /// Descriptions, of `{description}`, `{name}`, `{owner}`, `{project}` and `{url}`.
    pub description: Option<Located<String>>,
    /// Tags beside Tableau's own, of `{name}`, `{owner}` and `{project}`.
    pub tags: Option<Vec<Located<String>>>,
    /// The owner where Tableau gives none, of `{name}`, `{owner}` and `{project}`.
    pub owner: Option<RawOwner>,
    /// The maturity.
    pub maturity: Option<RawMaturity>,
    /// Exceptions for certain workbooks, of which later ones go before earlier ones.
    pub rules: Option<Vec<RawExposureRule>>,
}

/// An owner.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawOwner {
    /// A name to show.
    pub name: Option<Located<String>>,
    /// An e-mail address.
    pub email: Option<Located<String>>,
}

/// The maturities that dbt knows.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RawMaturity {
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

/// How exposures of certain workbooks look.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RawLookRule")]
pub struct RawExposureRule {
    /// The workbooks.
    pub when: Located<RawFilter>,
    /// Tags beside all others, of `{name}`, `{owner}` and `{project}`.
    #[serde(default)]
    pub tags: Option<Vec<Located<String>>>,
    /// The owner, whatever Tableau says, of `{name}`, `{owner}` (Tableau's) and `{project}`.
    #[serde(default)]
    pub owner: Option<RawOwner>,
    /// The maturity.
    #[serde(default)]
    pub maturity: Option<RawMaturity>,
}

/// When a run stops instead of removing.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawThresholds {
    /// The share of a site's exposures, from 0 to 1, beyond which a removal stops the run …
    #[schemars(range(min = 0, max = 1))]
    pub mass_removal_share: Option<Located<f64>>,
    /// … if it is also more than this many.
    pub mass_removal_count: Option<usize>,
}

/// The JSON schema of the file, for editors.
///
/// # Errors
/// A schema that cannot be written as JSON, which does not happen.
pub fn json_schema() -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(RawConfig))?;
    text.push('\n');
    Ok(text)
}
