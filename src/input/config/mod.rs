//! `autoexpose.yml` into validated settings.
//!
//! [`raw`] is the file as it may be written, and the source of the JSON schema for editors. What
//! is not known there, and values that cannot be used, are refused with their position and a
//! suggestion.

mod invalid_value;
pub mod located;
pub mod raw;
mod template;
mod text_map;
mod values;

pub use self::invalid_value::InvalidValue;
use self::invalid_value::did_you_mean;
use self::raw::{
    RawConfig, RawDefaultSchema, RawExposure, RawExposureRule, RawMatch, RawOwner, RawSelect,
    RawThresholds,
};
use self::template::{template, templates};
pub use self::values::{filter, name_only, server};
use self::values::{filters, known_type, maybe_pattern, pattern, schema};
use crate::model::{Failure, SiteId};
use crate::settings::{
    DefaultSchema, ExposureRule, ExposureSettings, Filters, Matching, Maturity, OwnerTemplate,
    ReadAs, Selection, Settings, Thresholds,
};

/// What a configuration says.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Its settings, and the usual ones where it is silent.
    pub settings: Settings,
    /// It as it is written; null where it is silent.
    pub written: serde_json::Value,
}

/// Reads a configuration.
///
/// # Errors
/// YAML that cannot be read, unknown keys and invalid values, with line and column.
pub fn read(file: &str, text: &str) -> Result<Config, Failure> {
    let raw = parse(file, text)?;
    let written = serde_json::to_value(&raw)
        .map_err(|error| Failure::new(file, format!("it cannot be shown: {error}")))?;
    let settings = settings(raw).map_err(|invalid| invalid.in_file(file))?;
    Ok(Config { settings, written })
}

fn parse(file: &str, text: &str) -> Result<RawConfig, Failure> {
    let raw = serde_saphyr::from_str::<Option<RawConfig>>(text).map_err(|error| {
        let place = error.location().map_or_else(
            || file.to_owned(),
            |location| format!("{file}:{}:{}", location.line(), location.column()),
        );
        let error = error.without_snippet().to_string();
        let message = error
            .split(" at line ")
            .next()
            .unwrap_or(&error)
            .trim_end_matches(',')
            .to_owned();
        let help = suggestion(&message);
        Failure {
            place,
            message,
            help,
        }
    })?;
    Ok(raw.unwrap_or_default())
}

/// Of the words that serde names after an unknown one, the one that is most like it.
fn suggestion(message: &str) -> Option<String> {
    let (unknown, known) = message.split_once("expected one of ")?;
    let unknown = unknown.split('`').nth(1)?;
    did_you_mean(
        unknown,
        known.split(", ").map(|known| known.trim_matches('`')),
    )
}

fn settings(raw: RawConfig) -> Result<Settings, InvalidValue> {
    let tableau = raw.tableau.unwrap_or_default();
    let named = tableau
        .server
        .filter(|server| !server.value.trim().is_empty());
    Ok(Settings {
        site: SiteId {
            server: named.as_ref().map(server).transpose()?,
            content_url: tableau.site,
        },
        selection: selection(&raw.select.unwrap_or_default())?,
        matching: matching(raw.r#match.unwrap_or_default())?,
        exposure: exposure(raw.exposure.unwrap_or_default())?,
        thresholds: thresholds(&raw.thresholds.unwrap_or_default())?,
    })
}

fn selection(raw: &RawSelect) -> Result<Selection, InvalidValue> {
    Ok(Selection {
        wanted: Filters {
            include: filters("select.include", raw.include.as_ref())?,
            exclude: filters("select.exclude", raw.exclude.as_ref())?,
        },
        personal_spaces: raw.personal_spaces.unwrap_or_default(),
        ..Selection::default()
    })
}

fn matching(raw: RawMatch) -> Result<Matching, InvalidValue> {
    let pairs = raw.connection_types.unwrap_or_default().0;
    let read_as = pairs.iter().map(|(from, to)| {
        Ok(ReadAs {
            pattern: pattern(from)?,
            connection_type: known_type(to)?,
        })
    });
    let schemas = raw.default_schema.into_iter().flatten().enumerate();
    Ok(Matching {
        name_only: name_only(raw.name_only.iter().flatten())?,
        connection_types: read_as.collect::<Result<_, InvalidValue>>()?,
        default_schemas: schemas
            .map(default_schema)
            .collect::<Result<_, InvalidValue>>()?,
        prefer_packages: raw.prefer_packages.unwrap_or_default(),
    })
}

fn default_schema((number, raw): (usize, RawDefaultSchema)) -> Result<DefaultSchema, InvalidValue> {
    Ok(DefaultSchema {
        place: format!("match.default_schema[{number}]"),
        connection_type: maybe_pattern(raw.connection_type.as_ref())?,
        database: maybe_pattern(raw.database.as_ref())?,
        schema: schema(raw.schema)?,
    })
}

fn exposure(raw: RawExposure) -> Result<ExposureSettings, InvalidValue> {
    let rules = raw.rules.into_iter().flatten().enumerate();
    Ok(ExposureSettings {
        name: raw.name.as_ref().map(template).transpose()?,
        description: raw.description.as_ref().map(template).transpose()?,
        tags: templates(raw.tags.as_ref())?,
        owner: owner(raw.owner.unwrap_or_default())?,
        maturity: raw.maturity.map(Maturity::from),
        rules: rules
            .map(exposure_rule)
            .collect::<Result<_, InvalidValue>>()?,
    })
}

fn exposure_rule((number, raw): (usize, RawExposureRule)) -> Result<ExposureRule, InvalidValue> {
    Ok(ExposureRule {
        when: filter(format!("exposure.rules[{number}].when"), &raw.when)?,
        tags: templates(raw.tags.as_ref())?,
        owner: owner(raw.owner.unwrap_or_default())?,
        maturity: raw.maturity.map(Maturity::from),
    })
}

/// An owner, if at least one part is given.
fn owner(raw: RawOwner) -> Result<Option<OwnerTemplate>, InvalidValue> {
    let owner = OwnerTemplate {
        name: raw.name.as_ref().map(template).transpose()?,
        email: raw.email.as_ref().map(template).transpose()?,
    };
    Ok((owner.name.is_some() || owner.email.is_some()).then_some(owner))
}

fn thresholds(raw: &RawThresholds) -> Result<Thresholds, InvalidValue> {
    let usual = Thresholds::default();
    let share = raw
        .mass_removal_share
        .unwrap_or(usual.mass_removal_share.into());
    if !(0.0..=1.0).contains(&share.value) {
        let message = format!("{} is no share between 0 and 1", share.value);
        return Err(InvalidValue::new(&share, message));
    }
    Ok(Thresholds {
        mass_removal_share: share.value,
        mass_removal_count: raw.mass_removal_count.unwrap_or(usual.mass_removal_count),
    })
}

/// The JSON schema of the file, for editors.
///
/// # Errors
/// None that can happen.
pub fn json_schema() -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(RawConfig))?;
    text.push('\n');
    Ok(text)
}
