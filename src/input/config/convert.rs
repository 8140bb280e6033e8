//! The file as it is written into settings, one function for each section.

use super::check::check;
use super::filter::{filter, filters};
use super::invalid_value::{InvalidReason, InvalidValue};
use super::located::Located;
use super::raw::{RawConfig, RawDefaultSchema, RawMatch, RawSelect, RawTableau, RawThresholds};
use super::raw_audience::audience;
use super::raw_exposure::{RawExposure, RawExposureRule, RawOwner};
use super::raw_refresh::refresh;
use super::raw_yaml::RawYaml;
use super::rewrite::rewrite;
use super::template::{template, templates};
use super::values::{export, known_type, name_only, pattern, projects, schema, server};
use crate::model::SiteId;
use crate::settings::{
    DefaultSchema, ExposureRule, ExposureSettings, Filters, Matching, Maturity, OwnerTemplate,
    ReadAs, Selection, Settings, Thresholds, YamlSettings, place,
};

pub(super) fn settings(raw: RawConfig) -> Result<Settings, InvalidValue> {
    let tableau = raw.tableau.unwrap_or_default();
    Ok(Settings {
        projects: projects(tableau.projects.iter().flatten())?,
        site: site(tableau)?,
        audience: audience(raw.audience.unwrap_or_default())?,
        selection: selection(&raw.select.unwrap_or_default())?,
        matching: matching(raw.r#match.unwrap_or_default())?,
        exposure: exposure(raw.exposure.unwrap_or_default())?,
        thresholds: thresholds(&raw.thresholds.unwrap_or_default())?,
        check: check(&raw.check.unwrap_or_default())?,
        refresh: refresh(&raw.refresh.unwrap_or_default()),
        yaml: yaml(raw.yaml.unwrap_or_default()),
    })
}

fn site(raw: RawTableau) -> Result<SiteId, InvalidValue> {
    // An empty address is as if it were not there.
    let given = raw.server.filter(|text| !text.value.trim().is_empty());
    Ok(SiteId {
        server: given.as_ref().map(server).transpose()?,
        content_url: raw.site,
    })
}

/// The paths, folders and patterns of the exports.
pub(super) fn exports(raw: Option<&RawTableau>) -> Result<Vec<String>, InvalidValue> {
    let exports = raw.and_then(|raw| raw.exports.as_ref());
    exports.into_iter().flatten().map(export).collect()
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
    let connection_types = raw.connection_types.unwrap_or_default().0;
    let default_schemas = raw.default_schema.into_iter().flatten().enumerate();
    Ok(Matching {
        name_only: name_only(raw.name_only.iter().flatten())?,
        connection_types: connection_types
            .iter()
            .map(read_as)
            .collect::<Result<_, InvalidValue>>()?,
        default_schemas: default_schemas
            .map(default_schema)
            .collect::<Result<_, InvalidValue>>()?,
        rewrites: raw
            .rewrite
            .iter()
            .flatten()
            .enumerate()
            .map(rewrite)
            .collect::<Result<_, InvalidValue>>()?,
        prefer_packages: raw.prefer_packages.unwrap_or_default(),
        ignore_case: raw.ignore_case.unwrap_or_default(),
        strict: raw.strict.unwrap_or_default(),
        databases: raw
            .databases
            .iter()
            .flatten()
            .map(pattern)
            .collect::<Result<_, InvalidValue>>()?,
    })
}

fn read_as((from, to): &(Located<String>, Located<String>)) -> Result<ReadAs, InvalidValue> {
    Ok(ReadAs {
        pattern: pattern(from)?,
        target: known_type(to)?,
    })
}

fn default_schema((number, raw): (usize, RawDefaultSchema)) -> Result<DefaultSchema, InvalidValue> {
    let connection_type = raw.connection_type.as_ref().map(pattern).transpose()?;
    let database = raw.database.as_ref().map(pattern).transpose()?;
    let patterns = [connection_type.as_ref(), database.as_ref()];
    let entry = format!("match.default_schema[{number}]");
    Ok(DefaultSchema {
        place: place(&entry, &["connection_type", "database"], patterns),
        connection_type,
        database,
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
        referenced_columns: raw.referenced_columns.unwrap_or_default(),
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
        let reason = InvalidReason::NotAShare(share.value.to_string());
        return Err(InvalidValue::new(&share, reason));
    }
    Ok(Thresholds {
        mass_removal_share: share.value,
        mass_removal_count: raw.mass_removal_count.unwrap_or(usual.mass_removal_count),
    })
}

fn yaml(raw: RawYaml) -> YamlSettings {
    let folder = raw.folder.map(|folder| folder.value);
    YamlSettings {
        folder: folder.filter(|folder| !folder.trim().is_empty()),
        group_by: raw.group_by.map(Into::into).unwrap_or_default(),
    }
}
