//! An export's text into the responses in it, whatever wraps them.
//!
//! A text is one JSON value or several one after another (NDJSON). Each is a response of the
//! Metadata API, an array of responses, or the [envelope](super::envelope) that `fetch` writes.
//! [`mod@parse`] goes through the values, [`top_level`] finds out what each is, [`sections`] reads the
//! lists of objects in a response.

mod parse;
mod sections;
mod top_level;

pub(super) use self::parse::{ParsedChunk, parse};
pub(super) use self::sections::{Response, Sections};
