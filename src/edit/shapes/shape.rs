//! Distinguishes how dbt versions write exposures.

use crate::input::manifest::Version;

/// How a manifest's dbt writes exposures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The version of the manifest's schema, 4 to 12.
    pub(super) schema: u32,
    /// Whether `config` repeats tags (dbt Core from 1.10 on, and dbt 2).
    pub has_config_tags: bool,
    /// Whether dbt 2 or Fusion wrote it.
    pub is_v2: bool,
}

impl Shape {
    /// The shape of a manifest. If the version of dbt is missing or unusual, other keys that dbt
    /// wrote show whether it is 1.10 or later.
    pub fn new(version: &Version) -> Self {
        let text = version.dbt.as_deref().unwrap_or_default();
        let mut numbers = text
            .strip_prefix('v')
            .unwrap_or(text)
            .split('.')
            .map(|part| part.parse::<u32>().ok());
        let (major, minor) = (numbers.next().flatten(), numbers.next().flatten());
        // A year as major version (`2026.5.1`) is a release track of the dbt platform, which is
        // Core.
        let is_v2 = version.is_v20 || major.is_some_and(|major| (2..2000).contains(&major));
        let is_since_1_10 = match (major, minor) {
            (Some(1), Some(minor)) => minor >= 10,
            _ => version.is_since_1_10,
        };
        Self {
            schema: version.schema,
            has_config_tags: is_v2 || is_since_1_10,
            is_v2,
        }
    }

    /// Whether exposures have a `label`, for the workbook's title (dbt Core from 1.3 on, and dbt 2).
    pub(super) fn has_label(self) -> bool {
        self.schema >= 7
    }

    /// Whether exposures have a `config`, whose `meta` holds our marker. It came with the label. dbt
    /// Core up to 1.9 does not know `meta` there, but reads and writes what it does not know in it.
    pub(super) fn has_config(self) -> bool {
        self.has_label()
    }
}
