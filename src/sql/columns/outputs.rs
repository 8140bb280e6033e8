//! What a SELECT returns: names, and stars.

use std::collections::{BTreeMap, BTreeSet};

/// What a SELECT returns.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    /// The names of its columns, as databases compare them.
    pub(super) names: BTreeSet<String>,
    /// Where aliases stand, by name.
    pub(super) aliases: BTreeMap<String, usize>,
    /// The pieces that are aliases.
    pub(super) alias_pieces: BTreeSet<usize>,
    /// Its stars: `None` for `*`, the qualifier of `t.*`.
    pub(super) stars: Vec<Option<String>>,
    /// The pieces that are these stars.
    pub(super) star_pieces: BTreeSet<usize>,
}
