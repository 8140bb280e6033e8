//! Edits JSON text in place: [`object`] edits the members of one object, [`style`] writes new
//! members in the style of the file, [`splice`](mod@splice) joins old and new text.

pub mod object;
pub mod splice;
pub mod style;
