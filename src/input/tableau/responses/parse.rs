//! Parses all values of a chunk of text.

use super::super::envelope::Envelope;
use super::super::messages::{self, NotAnExport};
use super::super::wire::{List, Workbook};
use super::bare::RawValues;
use super::sections::Response;
use super::top_level::{OneOrMany, TopLevel, Unusable};
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
    let mut workbooks = List::default();
    let mut start = 0;
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<OneOrMany<'a>>();
    while let Some(values) = stream.next() {
        let OneOrMany(values) = values.map_err(|error| messages::not_parsed(file, line, &error))?;
        let part = &text[start..stream.byte_offset()];
        start = stream.byte_offset();
        if values.iter().any(TopLevel::is_workbook) {
            let not_parsed = |error| messages::not_parsed(file, line, &error);
            let RawValues(texts) = RawValues::of(part).map_err(not_parsed)?;
            for (value, text) in values.into_iter().zip(texts) {
                if value.is_workbook() {
                    let workbook = serde_json::from_str::<Workbook>(text).map_err(not_parsed)?;
                    workbooks.push(workbook);
                } else {
                    parsed.add(file, line, value)?;
                }
            }
        } else {
            values
                .into_iter()
                .try_for_each(|value| parsed.add(file, line, value))?;
        }
    }
    if workbooks.has_nodes {
        let mut response = Response::default();
        response.sections.workbooks.push(workbooks);
        parsed.envelopes.push(Envelope::bare(vec![response]));
    }
    Ok(parsed)
}

impl<'a> ParsedChunk<'a> {
    fn add(&mut self, file: &str, line: usize, value: TopLevel<'a>) -> Result<(), Failure> {
        // A part of an export that cannot be read must not be ignored.
        let is_of_tableau = value.is_of_tableau();
        match value.into_envelope() {
            Ok(envelope) => self.envelopes.push(envelope),
            Err(Unusable::NotParsed(error)) => {
                return Err(json::failure(file, line, &error, messages::EXPORT_AGAIN));
            }
            Err(Unusable::Other(reason)) if is_of_tableau => {
                return Err(messages::not_an_export(file, &reason));
            }
            Err(Unusable::Other(reason)) => self.other = self.other.take().or(Some(reason)),
        }
        Ok(())
    }
}
