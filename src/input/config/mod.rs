//! `autoexpose.yml` into validated settings.
//!
//! [`raw`] is the file as it may be written, and the source of the JSON schema for editors. What
//! is not known there is refused, with its position and a suggestion.

pub mod raw;

use globset::GlobBuilder;

use self::raw::{RawConfig, RawLookRule, RawPick};
use crate::model::settings::{
    DefaultSchema, Look, LookRule, Matching, Pattern, Pick, Picks, Piece, ReadAs, Selection,
    Settings, Template, Thresholds,
};
use crate::model::{Failure, SiteId};

/// What the name template may hold.
const NAME_PLACEHOLDERS: [&str; 3] = ["hash", "project", "slug"];
/// What the description template may hold.
const DESCRIPTION_PLACEHOLDERS: [&str; 5] = ["description", "name", "owner", "project", "url"];

/// Reads a configuration.
///
/// # Errors
/// YAML that cannot be read, unknown keys and wrong values, with line and column or key.
pub fn read(file: &str, text: &str) -> Result<Settings, Failure> {
    let raw = if text.trim().is_empty() { RawConfig::default() } else { parse(file, text)? };
    settings(raw).map_err(|(key, message)| Failure::new(format!("{file}: {key}"), message))
}

fn parse(file: &str, text: &str) -> Result<RawConfig, Failure> {
    serde_saphyr::from_str::<RawConfig>(text).map_err(|error| {
        let place = error.location().map_or_else(
            || file.to_owned(),
            |location| format!("{file}:{}:{}", location.line(), location.column()),
        );
        let error = error.without_snippet().to_string();
        let message =
            error.split(" at line ").next().unwrap_or(&error).trim_end_matches(',').to_owned();
        let failure = Failure::new(place, message.clone());
        match suggestion(&message) {
            Some(known) => failure.help(format!("did you mean `{known}`?")),
            None => failure,
        }
    })
}

/// Of the words that serde names after an unknown one, the one that is most like it.
fn suggestion(message: &str) -> Option<String> {
    let (unknown, known) = message.split_once("expected one of ")?;
    let unknown = unknown.split('`').nth(1)?;
    let known = known.split(", ").map(|known| known.trim_matches('`').to_owned());
    let known = known.map(|known| (strsim::levenshtein(unknown, &known), known));
    known.filter(|(edits, _)| *edits <= 3).min().map(|(_, known)| known)
}

/// A key and what is wrong with its value.
type Wrong = (String, String);

fn settings(raw: RawConfig) -> Result<Settings, Wrong> {
    let matching = raw.r#match;
    Ok(Settings {
        site: SiteId {
            server: raw.tableau.server.map(|server| server.trim_end_matches('/').to_owned()),
            content_url: raw.tableau.site,
        },
        selection: Selection {
            wanted: Picks {
                include: picks("select.include", raw.select.include)?,
                exclude: picks("select.exclude", raw.select.exclude)?,
            },
            personal_spaces: raw.select.personal_spaces,
            ..Selection::default()
        },
        matching: Matching {
            name_only: matching
                .name_only
                .into_iter()
                .map(|name| name.to_ascii_lowercase())
                .collect(),
            connection_types: matching
                .connection_types
                .into_iter()
                .map(|(from, to)| {
                    let pattern = pattern(&format!("match.connection_types.{from}"), &from)?;
                    Ok(ReadAs { pattern, connection_type: to })
                })
                .collect::<Result<_, Wrong>>()?,
            default_schemas: default_schemas(matching.default_schema)?,
            prefer_packages: matching.prefer_packages,
        },
        look: look(raw.exposure)?,
        thresholds: thresholds(&raw.thresholds)?,
    })
}

fn default_schemas(raw: Vec<raw::RawDefaultSchema>) -> Result<Vec<DefaultSchema>, Wrong> {
    let schemas = raw.into_iter().enumerate().map(|(number, raw)| {
        let place = format!("match.default_schema[{number}]");
        Ok(DefaultSchema {
            connection_type: maybe_pattern(&place, "connection_type", raw.connection_type)?,
            database: maybe_pattern(&place, "database", raw.database)?,
            schema: raw.schema,
            place,
        })
    });
    schemas.collect()
}

fn look(raw: raw::RawExposure) -> Result<Look, Wrong> {
    let owner = raw.owner.unwrap_or_default();
    Ok(Look {
        name: raw
            .name
            .map(|text| template("exposure.name", &text, &NAME_PLACEHOLDERS))
            .transpose()?,
        description: raw
            .description
            .map(|text| template("exposure.description", &text, &DESCRIPTION_PLACEHOLDERS))
            .transpose()?,
        tags: raw.tags,
        owner_name: owner.name,
        owner_email: owner.email,
        maturity: raw.maturity.map(|maturity| maturity.as_str().to_owned()),
        rules: raw.rules.into_iter().enumerate().map(look_rule).collect::<Result<_, _>>()?,
    })
}

fn look_rule((number, raw): (usize, RawLookRule)) -> Result<LookRule, Wrong> {
    let owner = raw.owner.unwrap_or_default();
    Ok(LookRule {
        when: pick(format!("exposure.rules[{number}].when"), raw.when)?,
        tags: raw.tags,
        owner_name: owner.name,
        owner_email: owner.email,
        maturity: raw.maturity.map(|maturity| maturity.as_str().to_owned()),
    })
}

fn thresholds(raw: &raw::RawThresholds) -> Result<Thresholds, Wrong> {
    let usual = Thresholds::default();
    let share = raw.mass_removal_share.unwrap_or(usual.mass_removal_share);
    if !(0.0..=1.0).contains(&share) {
        return Err((
            "thresholds.mass_removal_share".to_owned(),
            format!("{share} is no share between 0 and 1"),
        ));
    }
    Ok(Thresholds {
        mass_removal_share: share,
        mass_removal_count: raw.mass_removal_count.unwrap_or(usual.mass_removal_count),
    })
}

fn picks(place: &str, raw: Vec<RawPick>) -> Result<Vec<Pick>, Wrong> {
    raw.into_iter()
        .enumerate()
        .map(|(number, raw)| pick(format!("{place}[{number}]"), raw))
        .collect()
}

/// A pick of the file or of a flag, which stands at `place`.
pub fn pick(place: String, raw: RawPick) -> Result<Pick, Wrong> {
    let pick = Pick {
        project: maybe_pattern(&place, "project", raw.project)?,
        name: maybe_pattern(&place, "name", raw.name)?,
        tag: maybe_pattern(&place, "tag", raw.tag)?,
        owner: maybe_pattern(&place, "owner", raw.owner)?,
        luid: maybe_pattern(&place, "luid", raw.luid)?,
        place,
    };
    let is_empty = [&pick.project, &pick.name, &pick.tag, &pick.owner, &pick.luid]
        .into_iter()
        .all(Option::is_none);
    if is_empty {
        return Err((
            pick.place,
            "it says nothing: give project, name, tag, owner or luid".to_owned(),
        ));
    }
    Ok(pick)
}

fn maybe_pattern(place: &str, key: &str, text: Option<String>) -> Result<Option<Pattern>, Wrong> {
    text.map(|text| pattern(&format!("{place}.{key}"), &text)).transpose()
}

fn pattern(place: &str, text: &str) -> Result<Pattern, Wrong> {
    let glob = GlobBuilder::new(text).literal_separator(true).case_insensitive(true).build();
    let glob = glob
        .map_err(|error| (place.to_owned(), format!("{text:?} is no pattern: {}", error.kind())))?;
    Ok(Pattern { text: text.to_owned(), glob: glob.compile_matcher() })
}

/// Reads `{placeholders}`; a doubled brace stands for itself.
fn template(place: &str, text: &str, known: &[&str]) -> Result<Template, Wrong> {
    let wrong = |message: String| (place.to_owned(), message);
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        if (letter == '{' && after.starts_with('{')) || (letter == '}' && after.starts_with('}')) {
            plain.push(letter);
            rest = &after[1..];
        } else if letter == '{' {
            let (name, after) =
                after.split_once('}').ok_or_else(|| wrong("a `{` is not closed".to_owned()))?;
            if !known.contains(&name) {
                return Err(wrong(format!(
                    "{{{name}}} is not known; there are {{{}}}",
                    known.join("}, {")
                )));
            }
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
            pieces.push(Piece::Placeholder(name.to_owned()));
            rest = after;
        } else {
            plain.push(letter);
            rest = after;
        }
    }
    pieces.push(Piece::Text(plain));
    Ok(Template(pieces))
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
