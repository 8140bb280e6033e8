//! Which workbooks are meant, as it is written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::located::Located;
use super::restrictions::{any_of, glob, longest_glob};

/// Workbooks by their facts, as globs; all given ones must fit. Case is ignored.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(
    extend("anyOf" = any_of(&["project", "name", "tag", "owner", "luid"])),
    rename = "WorkbookFilter"
)]
pub(super) struct RawFilter {
    /// The project: its path from the top where the pattern has a `/`, else its own name.
    #[schemars(extend("pattern" = glob(), "maxLength" = longest_glob()))]
    pub(super) project: Option<Located<String>>,
    /// The workbook's title.
    #[schemars(extend("pattern" = glob(), "maxLength" = longest_glob()))]
    pub(super) name: Option<Located<String>>,
    /// One of its tags.
    #[schemars(extend("pattern" = glob(), "maxLength" = longest_glob()))]
    pub(super) tag: Option<Located<String>>,
    /// The owner's name or e-mail.
    #[schemars(extend("pattern" = glob(), "maxLength" = longest_glob()))]
    pub(super) owner: Option<Located<String>>,
    /// The workbook's luid.
    #[schemars(extend("pattern" = glob(), "maxLength" = longest_glob()))]
    pub(super) luid: Option<Located<String>>,
}

impl RawFilter {
    /// The pattern of a field, by the field's name.
    pub(super) fn field_mut(&mut self, name: &str) -> Option<&mut Option<Located<String>>> {
        Some(match name {
            "project" => &mut self.project,
            "name" => &mut self.name,
            "tag" => &mut self.tag,
            "owner" => &mut self.owner,
            "luid" => &mut self.luid,
            _ => return None,
        })
    }
}
