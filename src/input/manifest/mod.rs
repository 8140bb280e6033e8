//! Reads dbt's `manifest.json`: the project that it describes, and the byte spans that may be
//! edited.
//!
//! The document is parsed once, a large one on all cores, into views that borrow from it and skip
//! what is not needed. It is never copied or serialised: everything outside `exposures`,
//! `parent_map` and `child_map` stays as it is.
//!
//! [`read`](read()) calls the steps: `wire` parses the keys that are needed, `chunks` does so on
//! all cores, `version` and `root` determine which dbt wrote the file and for which project, `mistaken`
//! tells what a file is that cannot be read as one, `nodes` makes nodes with relations, `exposures`
//! parses the exposures of the file, `members` finds the spans of the editable maps, `tolerant` reads
//! what others wrote.
//!
//! [`graph`](graph()) is a pass of its own, for the verbs that ask for more than relations: it reads
//! the facts of everything in a manifest that was read before. So are [`definitions`](definitions()) and
//! [`written`](written()).

mod chunks;
mod definition;
mod document;
mod exposures;
mod fingerprint;
mod graph;
mod members;
mod mistaken;
mod nodes;
mod pairs;
mod read;
mod root;
mod source;
mod tolerant;
mod version;
mod wire;
mod written;

pub use self::definition::definitions;
pub use self::document::{Document, Manifest, Spans, Version};
pub use self::exposures::{disabled, standing};
pub use self::fingerprint::fingerprints;
pub use self::graph::graph;
pub use self::members::{Member, Members};
pub use self::read::read;
pub use self::source::Source;
pub use self::version::known_schemas;
pub use self::written::{Written, written};

/// What to do about a manifest that cannot be read.
const REGENERATE: &str = "regenerate it with `dbt parse`";
/// What to do about a file that is not a manifest.
const GIVE_A_MANIFEST: &str = "give dbt's manifest.json, which `dbt parse` writes to target/";
