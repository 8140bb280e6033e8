//! Edits of a text, and the text that results from them.

use std::ops::Range;

/// A part of the document and the text that replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The part, in bytes of the document; empty for an insertion.
    pub range: Range<usize>,
    /// The new text, in parts. It may be hundreds of MB, so the parts are not joined.
    pub texts: Vec<String>,
}

/// The new document, as slices of the old one and of the edits in order. The first slice is from
/// the old document. Edits must be sorted and must not overlap.
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
