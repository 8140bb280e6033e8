//! A manifest that was read: the project that it describes, and the text that may be edited.

use std::borrow::Cow;
use std::sync::OnceLock;

use foldhash::HashSet;

use super::members::Members;
use crate::model::Project;

/// A manifest as far as it matters here.
pub struct Manifest<'a> {
    /// What linking and planning need.
    pub project: Project<'a>,
    /// What editing needs.
    pub document: Document<'a>,
}

/// The text of a manifest, how its dbt writes, and where it may be edited.
pub struct Document<'a> {
    /// The whole text of the file, with its byte-order mark if it has one.
    pub file_text: &'a str,
    /// The text without the mark, as it stands in the file. Spans are spans of this.
    pub text: &'a str,
    /// Whether all letters of it are ASCII.
    pub is_ascii: bool,
    /// How the dbt that wrote it writes exposures.
    pub version: Version<'a>,
    /// The project's folder, which manifests before v8 repeat in each node.
    pub root_path: Option<Cow<'a, str>>,
    /// Where `exposures`, `parent_map` and `child_map` stand.
    pub spans: Spans<'a>,
    pub(super) ids: Ids<'a>,
}

impl Document<'_> {
    /// Whether the manifest has a node or a source with this id.
    pub fn has_id(&self, id: &str) -> bool {
        self.ids.contains(id)
    }
}

/// What a manifest says of the dbt that wrote it.
#[derive(Debug, Clone)]
pub struct Version<'a> {
    /// The schema version, from 4 to 12; newer ones are read as 12.
    pub schema: u32,
    /// Whether the file names 20 as its schema version, as only Fusion wrote it.
    pub is_v20: bool,
    /// The version of dbt, if the manifest names one.
    pub dbt: Option<Cow<'a, str>>,
    /// Whether its metadata has what dbt writes from 1.10 on, whatever its version says.
    pub is_since_1_10: bool,
}

/// Where the three maps stand that an edit may touch.
pub struct Spans<'a> {
    /// The exposures by id.
    pub exposures: Members<'a>,
    /// The parents of each node, unless the manifest lacks this map.
    pub parent_map: Option<Members<'a>>,
    /// The children of each node, unless the manifest lacks this map.
    pub child_map: Option<Members<'a>>,
}

/// The ids of all nodes and sources, in the chunks in which they were read.
pub(super) struct Ids<'a> {
    chunks: Vec<Vec<Cow<'a, str>>>,
    /// The same to look them up, made on the first look-up: most runs need none.
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
