//! Edits of a text, and the text that they make.

use std::ops::Range;

/// A part of the document and the text that is to stand in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Where, in bytes.
    pub range: Range<usize>,
    /// What is to stand there, in parts. These may be hundreds of MB, and are not copied into one.
    pub texts: Vec<String>,
}

/// The parts of the new document in order. Edits must be sorted and must not overlap.
pub fn splice<'t>(text: &'t str, edits: &'t [Edit]) -> Vec<&'t str> {
    let mut parts = Vec::with_capacity(edits.len() * 2 + 1);
    let mut at = 0;
    for edit in edits {
        parts.push(&text[at..edit.range.start]);
        parts.extend(edit.texts.iter().map(String::as_str));
        at = edit.range.end;
    }
    parts.push(&text[at..]);
    parts
}
