//! Parses all values of a chunk of text.

use super::super::envelope::Envelope;
use super::super::messages::{self, NotAnExport};
use super::super::wire::{Datasource, List, Workbook};
use super::bare::{Bare, RawValues};
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
    let mut bare = BareLists::default();
    let mut start = 0;
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<OneOrMany<'a>>();
    let not_parsed = |error| messages::not_parsed(file, line, &error);
    while let Some(values) = stream.next() {
        let OneOrMany(values) = values.map_err(not_parsed)?;
        let part = &text[start..stream.byte_offset()];
        start = stream.byte_offset();
        if values.iter().any(|value| value.bare().is_some()) {
            let either = of_list(&values);
            let RawValues(texts) = RawValues::of(part).map_err(not_parsed)?;
            for (value, text) in values.into_iter().zip(texts) {
                match value.bare() {
                    Some(Bare::Either) => bare.push(either, text).map_err(not_parsed)?,
                    Some(what) => bare.push(what, text).map_err(not_parsed)?,
                    None => parsed.add(file, line, value)?,
                }
            }
        } else {
            values
                .into_iter()
                .try_for_each(|value| parsed.add(file, line, value))?;
        }
    }
    parsed.envelopes.extend(bare.into_envelope());
    Ok(parsed)
}

/// What the objects of a list are that may be of either kind: as those that are of one kind.
fn of_list(values: &[TopLevel]) -> Bare {
    let has = |what| values.iter().any(|value| value.bare() == Some(what));
    match (has(Bare::Workbook), has(Bare::Datasource)) {
        (true, false) => Bare::Workbook,
        (false, true) => Bare::Datasource,
        (true, true) | (false, false) => Bare::Either,
    }
}

/// Objects without a response around them.
#[derive(Default)]
struct BareLists<'a> {
    workbooks: List<Workbook<'a>>,
    datasources: List<Datasource<'a>>,
    either: List<Workbook<'a>>,
}

impl<'a> BareLists<'a> {
    /// Adds the object of a text.
    ///
    /// # Errors
    /// A member of another form.
    fn push(&mut self, what: Bare, text: &'a str) -> serde_json::Result<()> {
        match what {
            Bare::Workbook => self.workbooks.push(serde_json::from_str(text)?),
            Bare::Datasource => self.datasources.push(serde_json::from_str(text)?),
            Bare::Either => self.either.push(serde_json::from_str(text)?),
        }
        Ok(())
    }

    /// The objects in a response, if there are any.
    fn into_envelope(self) -> Option<Envelope<'a, Response<'a>>> {
        let mut response = Response::default();
        let sections = &mut response.sections;
        if self.workbooks.has_nodes {
            sections.workbooks.push(self.workbooks);
        }
        if self.datasources.has_nodes {
            sections.datasources.push(self.datasources);
        }
        if self.either.has_nodes {
            sections.workbooks_or_published.push(self.either);
        }
        let has_lists = sections.has_lists();
        has_lists.then(|| Envelope::bare(vec![response]))
    }
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
