//! A parsed manifest: the project that it describes, and the text to edit.

use std::borrow::Cow;
use std::sync::OnceLock;

use foldhash::HashSet;
use serde_json::Value;

use super::members::Members;
use super::tolerant;
use crate::model::Project;

/// A parsed manifest.
pub struct Manifest<'a> {
    /// The project, for linking and planning.
    pub project: Project<'a>,
    /// The text, for editing.
    pub document: Document<'a>,
}

/// The text of a manifest, how its dbt writes, and the spans that may be edited.
pub struct Document<'a> {
    /// The text of the file, with a byte-order mark if it has one.
    pub file_text: &'a str,
    /// The text without the mark, and with `NaN` where the file has it. All spans refer to it.
    pub text: &'a str,
    /// Whether the text is pure ASCII.
    pub is_ascii: bool,
    /// The dbt that wrote it.
    pub version: Version<'a>,
    /// The project's folder, which manifests before v8 have in each node.
    pub root_path: Option<Cow<'a, str>>,
    /// The spans of `exposures`, `parent_map` and `child_map`.
    pub spans: Spans<'a>,
    /// The text that was parsed: that of the file, with valid numbers in place of `NaN`.
    pub(super) parsed: &'a str,
    pub(super) ids: Ids<'a>,
}

impl Document<'_> {
    /// The JSON of an exposure in the file; null in place of what cannot be read.
    pub fn exposure(&self, id: &str) -> Option<Value> {
        let member = self.spans.exposures.get(id)?;
        Some(tolerant::value(&self.text[member.value]))
    }

    /// Whether the manifest has a node or a source with this id.
    pub fn has_id(&self, id: &str) -> bool {
        self.ids.contains(id)
    }
}

/// What a manifest says about the dbt that wrote it.
#[derive(Debug, Clone)]
pub struct Version<'a> {
    /// The schema version, from 4 to 12; newer ones are read as 12.
    pub schema: u32,
    /// Whether the file's schema version is 20, which only Fusion wrote.
    pub is_v20: bool,
    /// The version of dbt, if the manifest names one.
    pub dbt: Option<Cow<'a, str>>,
    /// Whether its metadata has keys that dbt writes only since 1.10.
    pub is_since_1_10: bool,
}

/// The spans of the three maps that may be edited.
pub struct Spans<'a> {
    /// The exposures by id.
    pub exposures: Members<'a>,
    /// The parents of each node; `None` if the manifest lacks this map.
    pub parent_map: Option<Members<'a>>,
    /// The children of each node; `None` if the manifest lacks this map.
    pub child_map: Option<Members<'a>>,
}

/// The ids of all nodes and sources, in the chunks in which they were parsed.
pub(super) struct Ids<'a> {
    chunks: Vec<Vec<Cow<'a, str>>>,
    /// The same ids as a set, built on the first look-up, since most runs need none.
    set: OnceLock<HashSet<String>>,
}

impl<'a> Ids<'a> {
    pub(super) fn new(chunks: Vec<Vec<Cow<'a, str>>>) -> Self {
        Self {
            chunks,
            set: OnceLock::new(),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.chunks.iter().flatten().map(Cow::as_ref)
    }

    fn contains(&self, id: &str) -> bool {
        let set = self
            .set
            .get_or_init(|| self.iter().map(str::to_owned).collect());
        set.contains(id)
    }
}
