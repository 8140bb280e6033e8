//! Parses an export's text into responses, whatever wraps them.
//!
//! A text is one JSON value or several one after another (NDJSON). Each is a response of the
//! Metadata API, an array of responses, or an [envelope](super::envelope), or a [`bare`] workbook.
//! [`mod@parse`] goes through the values, [`top_level`] finds out what each is, and [`sections`]
//! reads the lists of objects in a response.

mod bare;
mod parse;
mod sections;
mod top_level;

pub(super) use self::parse::{ParsedChunk, parse};
pub(super) use self::sections::{Response, Sections};
