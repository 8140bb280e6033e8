//! dbt's `manifest.json`: the project that it describes, and the byte spans of what an edit may
//! touch.
//!
//! The document is parsed once, a large one on all cores, with borrowed views that skip what is not
//! needed, and is neither owned nor rebuilt: everything outside `exposures`, `parent_map` and
//! `child_map` stays as it is.
//!
//! [`read`](read()) shows the whole way: `wire` has the keys that matter, `parts` reads a large
//! text on all cores, `mask` repairs what is not quite JSON, `version` and `root` find out which
//! dbt wrote the file and for which project, `nodes` makes nodes with relations, `exposures` parses
//! those that stand in the file, `members` finds where the editable maps stand.

mod document;
mod exposures;
mod fingerprint;
mod mask;
mod members;
mod nodes;
mod parts;
mod read;
mod root;
mod source;
mod version;
mod wire;

pub use self::document::{Document, Manifest, Spans, Version};
pub use self::fingerprint::fingerprints;
pub use self::members::{Member, Members};
pub use self::read::read;
pub use self::source::Source;

/// What to do about a manifest that cannot be read.
const REGENERATE: &str = "regenerate it with `dbt parse`";
/// What to do about a file that is something else.
const GIVE_A_MANIFEST: &str = "give dbt's target/manifest.json with `--manifest`";
