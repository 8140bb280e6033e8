//! Parses all values of a chunk of text.

use super::super::envelope::Envelope;
use super::super::messages::{self, NotAnExport};
use super::sections::Response;
use super::top_level::{OneOrMany, TopLevel};
use crate::input::json;
use crate::model::Failure;

/// The content of a chunk of text.
#[derive(Default)]
pub(crate) struct ParsedChunk<'a> {
    /// Its responses, with what wraps them.
    pub envelopes: Vec<Envelope<'a, Response<'a>>>,
    /// What the first value is that is not part of an export.
    pub other: Option<NotAnExport>,
}

/// Reads every value of a chunk of text, which comes after `line` lines of its file.
///
/// # Errors
/// Text that is not JSON, and exports of a form that cannot be read.
pub(crate) fn parse<'a>(
    file: &str,
    text: &'a str,
    line: usize,
) -> Result<ParsedChunk<'a>, Failure> {
    if let Some(reason) = json::not_json(text).filter(|_| line == 0) {
        return Err(messages::not_json(file, reason));
    }
    let mut parsed = ParsedChunk::default();
    for values in serde_json::Deserializer::from_str(text).into_iter::<OneOrMany<'a>>() {
        let OneOrMany(values) = values.map_err(|error| messages::not_parsed(file, line, &error))?;
        for value in values {
            match value.pages() {
                Some(pages) => parsed.add_pages(file, pages, line)?,
                None => parsed.add(file, value)?,
            }
        }
    }
    Ok(parsed)
}

impl<'a> ParsedChunk<'a> {
    fn add_pages(&mut self, file: &str, pages: &'a str, line: usize) -> Result<(), Failure> {
        let OneOrMany(values) = serde_json::from_str(pages)
            .map_err(|error| json::failure(file, line, &error, messages::EXPORT_AGAIN))?;
        values
            .into_iter()
            .try_for_each(|value| self.add(file, value))
    }

    fn add(&mut self, file: &str, value: TopLevel<'a>) -> Result<(), Failure> {
        // A part of an export that cannot be read must not be ignored.
        let is_of_tableau = value.is_of_tableau();
        match value.into_envelope() {
            Ok(envelope) => self.envelopes.push(envelope),
            Err(reason) if is_of_tableau => return Err(messages::not_an_export(file, &reason)),
            Err(reason) => self.other = self.other.take().or(Some(reason)),
        }
        Ok(())
    }
}
