//! A plan into text: edits of the manifest, each a byte range and what is to stand there.
//!
//! The document is never written anew. [`node`] writes an exposure as the manifest's dbt would,
//! [`style`] writes JSON as the file does, [`object`] edits the members of one object, and
//! [`manifest`] says which members.

pub mod manifest;
pub mod node;
pub mod object;
pub mod style;

use std::ops::Range;

pub use self::manifest::edits;
pub use self::node::Shape;

/// A piece of the document and the text that is to stand in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Where, in bytes.
    pub range: Range<usize>,
    /// What is to stand there, in pieces. These may be hundreds of MB, and are not copied into one.
    pub texts: Vec<String>,
}

/// The pieces of the new document in order. Edits must be sorted and must not overlap.
pub fn splice<'t>(text: &'t str, edits: &'t [Edit]) -> Vec<&'t str> {
    let mut pieces = Vec::with_capacity(edits.len() * 2 + 1);
    let mut at = 0;
    for edit in edits {
        pieces.push(&text[at..edit.range.start]);
        pieces.extend(edit.texts.iter().map(String::as_str));
        at = edit.range.end;
    }
    pieces.push(&text[at..]);
    pieces
}
