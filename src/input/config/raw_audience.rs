//! The section `audience` of the file, as it may be written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::invalid_value::{InvalidReason, InvalidValue};
use super::located::Located;
use super::restrictions::{facts, subject};
use super::scalars::{self, HIGHEST_COUNT};
use crate::model::Fact;
use crate::model::access::Subject;
use crate::settings::{AudienceSettings, WithheldAs};

/// For whom a run shows lineage, and what of it.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Audience")]
pub(super) struct RawAudience {
    /// The audience: `user:NAME`, `group:NAME`, `everyone` or `nobody`; without it everything is shown.
    /// `--audience` replaces it.
    #[schemars(extend("pattern" = subject()))]
    pub(super) who: Option<Located<String>>,
    /// What becomes of workbooks that the audience may not see: without what tells them apart, or left
    /// out.
    #[serde(deserialize_with = "scalars::word")]
    pub(super) withheld: Option<RawWithheldAs>,
    /// The facts that are shown of every workbook: `title`, `project`, `owner`, `description`, `url`,
    /// `tags`, `times`, `sources`.
    #[schemars(extend("items" = facts()))]
    pub(super) show: Option<Vec<Located<String>>>,
    /// What is shown in the place of a title.
    pub(super) label: Option<Located<String>>,
    /// After how many days what an export says of permissions counts as unknown; never if it is not
    /// given.
    #[serde(deserialize_with = "scalars::count")]
    #[schemars(range(max = HIGHEST_COUNT))]
    pub(super) max_age_days: Option<usize>,
}

impl RawAudience {
    /// Every setting with its usual value.
    pub(super) fn usual() -> Self {
        let usual = AudienceSettings::default();
        Self {
            withheld: Some(match usual.withheld {
                WithheldAs::Obfuscate => RawWithheldAs::Obfuscate,
                WithheldAs::Filter => RawWithheldAs::Filter,
            }),
            label: Some(usual.label.into()),
            ..Self::default()
        }
    }
}

/// What becomes of workbooks that the audience may not see.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "WithheldAs")]
pub(super) enum RawWithheldAs {
    /// They stay, without what tells them apart.
    Obfuscate,
    /// They are left out.
    Filter,
}

impl From<RawWithheldAs> for WithheldAs {
    fn from(raw: RawWithheldAs) -> Self {
        match raw {
            RawWithheldAs::Obfuscate => Self::Obfuscate,
            RawWithheldAs::Filter => Self::Filter,
        }
    }
}

pub(super) fn audience(raw: RawAudience) -> Result<AudienceSettings, InvalidValue> {
    let usual = AudienceSettings::default();
    let who = raw.who.filter(|who| !who.value.trim().is_empty());
    let show = raw.show.iter().flatten().map(fact);
    let label = raw.label.filter(|label| !label.value.trim().is_empty());
    Ok(AudienceSettings {
        who: who.as_ref().map(subject_of).transpose()?,
        withheld: raw.withheld.map_or(usual.withheld, WithheldAs::from),
        show: show.collect::<Result<_, _>>()?,
        label: label.map_or(usual.label, |label| label.value),
        // The highest count is one that fits.
        max_age_days: raw.max_age_days.and_then(|days| u32::try_from(days).ok()),
        now: None,
    })
}

/// The audience that a flag names.
///
/// # Errors
/// A text that names none.
pub fn audience_from_flag(text: &str) -> Result<Subject, InvalidValue> {
    subject_of(&text.to_owned().into())
}

fn subject_of(text: &Located<String>) -> Result<Subject, InvalidValue> {
    let subject = text.value.parse();
    subject.map_err(|reason| InvalidValue::new(text, InvalidReason::NotASubject(reason)))
}

fn fact(text: &Located<String>) -> Result<Fact, InvalidValue> {
    let mut known = Fact::ALL.iter().copied();
    let known = known.find(|fact| fact.text() == text.value);
    let unknown = || InvalidReason::UnknownFact(text.value.clone());
    known.ok_or_else(|| InvalidValue::new(text, unknown()))
}
