//! Editing JSON without writing it anew: [`object`] edits the members of one object, [`style`]
//! writes new ones as the file does, [`splice`](mod@splice) puts old and new text together.

pub mod object;
pub mod splice;
pub mod style;
