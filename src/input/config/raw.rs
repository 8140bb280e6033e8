//! `autoexpose.yml` as it may be written. Every key is optional, and one without a value is as if
//! it were not there.
//!
//! The JSON schema shows the names and doc comments of what stands here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::located::Located;
use super::raw_audience::RawAudience;
use super::raw_exposure::RawExposure;
use super::raw_filter::RawFilter;
use super::raw_refresh::RawRefresh;
use super::raw_yaml::{RawGroupBy, RawYaml};
use super::restrictions::{
    any_given, any_of, exports, gates, glob, glob_or_regex, globs, known_types, longest_glob,
    new_part, restrict_new_parts, schema_name, server, share, warehouses,
};
use super::scalars::{self, HIGHEST_COUNT, RawShare};
use super::text_map::TextMap;
use crate::settings::{CheckSettings, Matching, Selection, Thresholds};

/// Settings of autoexpose, in `autoexpose.yml` beside `dbt_project.yml`.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "autoexpose.yml", extend("type" = ["object", "null"]))]
pub(super) struct RawConfig {
    /// The exports to read, and server and site for those that do not name theirs.
    pub(super) tableau: Option<RawTableau>,
    /// Which workbooks are exposed. Exposures of all others are removed.
    pub(super) select: Option<RawSelect>,
    /// For whom a run shows lineage, and what of it.
    pub(super) audience: Option<RawAudience>,
    /// How tables are matched, beyond the rules that are always on.
    pub(super) r#match: Option<RawMatch>,
    /// What exposures say.
    pub(super) exposure: Option<RawExposure>,
    /// When a run stops instead of removing exposures.
    pub(super) thresholds: Option<RawThresholds>,
    /// What `autoexpose check` fails on.
    pub(super) check: Option<RawCheck>,
    /// When `autoexpose refresh` refreshes extracts.
    pub(super) refresh: Option<RawRefresh>,
    /// Where and how `autoexpose yaml` writes exposures.
    pub(super) yaml: Option<RawYaml>,
    /// Whether the dbt plugin of the Python package adds the exposures in every command of dbt.
    #[serde(deserialize_with = "scalars::flag")]
    pub(super) dbt_plugin: Option<bool>,
    /// The manifest for which the dbt plugin plans, from the folder of this file, such as that of
    /// production; that of the command itself if none is given.
    pub(super) dbt_plugin_manifest: Option<String>,
}

impl RawConfig {
    /// Every setting with its usual value, which holds where the file is silent.
    pub(super) fn usual() -> Self {
        let Thresholds {
            mass_removal_share,
            mass_removal_count,
        } = Thresholds::default();
        Self {
            tableau: Some(RawTableau::default()),
            select: Some(RawSelect {
                personal_spaces: Some(Selection::default().personal_spaces),
                ..RawSelect::default()
            }),
            audience: Some(RawAudience::usual()),
            r#match: Some(RawMatch {
                ignore_case: Some(Matching::default().ignore_case),
                strict: Some(Matching::default().strict),
                ..RawMatch::default()
            }),
            exposure: Some(RawExposure {
                referenced_columns: Some(false),
                ..RawExposure::default()
            }),
            thresholds: Some(RawThresholds {
                mass_removal_share: Some(mass_removal_share.into()),
                mass_removal_count: Some(mass_removal_count),
            }),
            check: Some(RawCheck {
                per_project: Some(CheckSettings::default().per_project),
                ..RawCheck::default()
            }),
            refresh: Some(RawRefresh::usual()),
            yaml: Some(RawYaml {
                group_by: Some(RawGroupBy::All),
                ..RawYaml::default()
            }),
            dbt_plugin: Some(false),
            dbt_plugin_manifest: None,
        }
    }
}

/// The exports to read, and server and site for those that do not name theirs.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Tableau")]
pub(super) struct RawTableau {
    /// The server's address, as `https://10ax.online.tableau.com`.
    #[schemars(extend("pattern" = server()))]
    pub(super) server: Option<Located<String>>,
    /// The site's content URL; empty for the default site.
    pub(super) site: Option<String>,
    /// Files, folders and patterns, from the folder of this file. `--tableau` replaces them.
    #[schemars(extend("items" = exports()))]
    pub(super) exports: Option<Vec<Located<String>>>,
    /// The projects (globs) whose workbooks `autoexpose fetch` asks Tableau for, by their path from the
    /// top where the pattern has a `/`, else by their own name; all if none is given. `--project`
    /// replaces them.
    #[schemars(extend("items" = globs()))]
    pub(super) projects: Option<Vec<Located<String>>>,
}

/// Which workbooks are exposed.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Select")]
pub(super) struct RawSelect {
    /// Workbooks to include; all if none is given.
    pub(super) include: Option<Vec<Located<RawFilter>>>,
    /// Workbooks to leave out although they are included.
    pub(super) exclude: Option<Vec<Located<RawFilter>>>,
    /// Whether workbooks in personal spaces are exposed.
    #[serde(deserialize_with = "scalars::flag")]
    pub(super) personal_spaces: Option<bool>,
}

/// How tables are matched.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Match")]
pub(super) struct RawMatch {
    /// Connection types (globs) to treat as other ones. The first that fits is used.
    #[schemars(extend("propertyNames" = globs(), "additionalProperties" = known_types()))]
    pub(super) connection_types: Option<TextMap>,
    /// Connection types for which a table's name alone is enough to link it.
    #[schemars(extend("items" = warehouses()))]
    pub(super) name_only: Option<Vec<Located<String>>>,
    /// The schema of tables that come without one. The first entry that fits is used.
    pub(super) default_schema: Option<Vec<RawDefaultSchema>>,
    /// Names of tables that are read as other ones. The entries apply in order, each to what those
    /// before it made of a name.
    pub(super) rewrite: Option<Vec<Located<RawRewrite>>>,
    /// The packages whose sources are used where several share a relation, the preferred first.
    pub(super) prefer_packages: Option<Vec<String>>,
    /// Whether names that differ only in case are one name to the database, as with the usual
    /// collations of SQL Server.
    #[serde(deserialize_with = "scalars::flag")]
    pub(super) ignore_case: Option<bool>,
    /// Whether a table counts as unreadable that only custom SQL names which could not be read without
    /// a doubt.
    #[serde(deserialize_with = "scalars::flag")]
    pub(super) strict: Option<bool>,
    /// The project's databases (globs), where the tables of several databases fit one relation by
    /// schema and name alone.
    #[schemars(extend("items" = globs()))]
    pub(super) databases: Option<Vec<Located<String>>>,
}

/// The schema of tables that come without one, as custom SQL names them.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DefaultSchema")]
pub(super) struct RawDefaultSchema {
    /// The connection types (a glob) that it applies to; all if it is not given.
    #[serde(default)]
    #[schemars(extend("pattern" = glob(), "maxLength" = longest_glob()))]
    pub(super) connection_type: Option<Located<String>>,
    /// The databases (a glob) that it applies to; all if it is not given.
    #[serde(default)]
    #[schemars(extend("pattern" = glob(), "maxLength" = longest_glob()))]
    pub(super) database: Option<Located<String>>,
    /// The schema.
    #[schemars(extend("pattern" = schema_name()))]
    pub(super) schema: Located<String>,
}

/// Names of tables that are read as other ones. All given patterns must fit: globs, or regular
/// expressions between slashes, for the whole of a part. Case is ignored.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Rewrite", transform = restrict_new_parts)]
pub(super) struct RawRewrite {
    /// The connection type.
    #[serde(default)]
    #[schemars(extend("pattern" = glob_or_regex(), "maxLength" = longest_glob()))]
    pub(super) connection_type: Option<Located<String>>,
    /// The host of the database server, where the export names it (`hostName`).
    #[serde(default)]
    #[schemars(extend("pattern" = glob_or_regex(), "maxLength" = longest_glob()))]
    pub(super) server: Option<Located<String>>,
    /// The database.
    #[serde(default)]
    #[schemars(extend("pattern" = glob_or_regex(), "maxLength" = longest_glob()))]
    pub(super) database: Option<Located<String>>,
    /// The schema.
    #[serde(default)]
    #[schemars(extend("pattern" = glob_or_regex(), "maxLength" = longest_glob()))]
    pub(super) schema: Option<Located<String>>,
    /// The table's own name.
    #[serde(default)]
    #[schemars(extend("pattern" = glob_or_regex(), "maxLength" = longest_glob()))]
    pub(super) name: Option<Located<String>>,
    /// The new parts; those that are not given stay.
    pub(super) to: Located<RawNewParts>,
}

/// The new parts of a name, of `{database}`, `{schema}`, `{name}` and the groups of the regular
/// expressions: `{1}` or `{group}`.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("anyOf" = any_of(&["database", "schema", "name"])), rename = "NewParts")]
pub(super) struct RawNewParts {
    /// The database.
    #[schemars(extend("pattern" = new_part()))]
    pub(super) database: Option<Located<String>>,
    /// The schema.
    #[schemars(extend("pattern" = new_part()))]
    pub(super) schema: Option<Located<String>>,
    /// The table's own name.
    #[schemars(extend("pattern" = new_part()))]
    pub(super) name: Option<Located<String>>,
}

/// When a run stops instead of removing exposures.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Thresholds")]
pub(super) struct RawThresholds {
    /// A run stops if it would remove more than this share of a site's exposures, from 0 to 1, …
    #[schemars(range(min = 0, max = 1))]
    #[serde(deserialize_with = "scalars::number")]
    pub(super) mass_removal_share: Option<Located<f64>>,
    /// … and also more than this many of them.
    #[serde(deserialize_with = "scalars::count")]
    #[schemars(range(max = HIGHEST_COUNT))]
    pub(super) mass_removal_count: Option<usize>,
}

/// What `autoexpose check` fails on.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Check")]
pub(super) struct RawCheck {
    /// The gates; `autoexpose check --help` says what each fails on. `--fail-on` replaces them.
    #[schemars(extend("items" = gates()))]
    pub(super) fail_on: Option<Vec<Located<String>>>,
    /// The least share of the tables that workbooks read from the project's warehouse that must be
    /// linked: a percentage such as 95%, or a ratio from 0 to 1.
    #[schemars(schema_with = "share")]
    pub(super) min_match_rate: Option<Located<RawShare>>,
    /// How many of these tables may be without a link.
    #[serde(deserialize_with = "scalars::count")]
    #[schemars(range(max = HIGHEST_COUNT))]
    pub(super) max_unlinked: Option<usize>,
    /// Whether both limits are for each Tableau project of its own.
    #[serde(deserialize_with = "scalars::flag")]
    pub(super) per_project: Option<bool>,
    /// Limits for the workbooks of certain Tableau projects, beside those for all.
    pub(super) projects: Option<Vec<Located<RawProjectLimits>>>,
}

/// Limits for the workbooks of the Tableau projects that a pattern fits, taken together.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = any_given(&["min_match_rate", "max_unlinked"])), rename = "ProjectLimits")]
pub(super) struct RawProjectLimits {
    /// The projects (a glob): their paths from the top where the pattern has a `/`, else their names.
    #[schemars(extend("pattern" = glob(), "maxLength" = longest_glob()))]
    pub(super) project: Located<String>,
    /// The least share of tables that must be linked.
    #[serde(default)]
    #[schemars(schema_with = "share")]
    pub(super) min_match_rate: Option<Located<RawShare>>,
    /// How many tables may be without a link.
    #[serde(default, deserialize_with = "scalars::count")]
    #[schemars(range(max = HIGHEST_COUNT))]
    pub(super) max_unlinked: Option<usize>,
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
