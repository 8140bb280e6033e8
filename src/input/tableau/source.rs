//! The files of an export, and what is known about each while its chunks are parsed.

use super::chunks::{Chunk, chunks};
use super::messages::{self, NotAnExport};
use super::responses::ParsedChunk;
use crate::model::{Diagnostic, Failure};

/// One file of an export.
pub struct Source<'s> {
    /// Its path, for messages.
    pub file: &'s str,
    /// Its text, chunk by chunk.
    pub chunks: ChunkIter<'s>,
    /// Whether it was found in a folder and not named by the user; then it need not be an export.
    pub is_found: bool,
}

/// A text, chunk by chunk.
pub(super) type ChunkIter<'s> = Box<dyn Iterator<Item = Result<Chunk, Failure>> + Send + 's>;

/// A file of an export without its text.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourceFile<'s> {
    pub(super) path: &'s str,
    /// Whether it was found in a folder and not named by the user.
    pub(super) is_found: bool,
}

impl<'s> Source<'s> {
    /// A file whose text is known already.
    pub fn from_text(file: &'s str, text: &'s str) -> Self {
        let mut whole = Some(text);
        let read_more = move |ahead: &mut Vec<u8>| {
            let text = whole.take();
            ahead.extend_from_slice(text.unwrap_or_default().as_bytes());
            Ok(text.is_some())
        };
        Self {
            file,
            chunks: Box::new(chunks(read_more)),
            is_found: false,
        }
    }

    pub(super) fn split(self) -> (SourceFile<'s>, ChunkIter<'s>) {
        let file = SourceFile {
            path: self.file,
            is_found: self.is_found,
        };
        (file, self.chunks)
    }
}

/// What the chunks of a file contain, as far as they are parsed. Their order does not matter.
#[derive(Default)]
pub(super) struct Progress {
    has_exports: bool,
    has_responses: bool,
    /// The first value that is not part of an export, with the number of its chunk.
    other: Option<(usize, NotAnExport)>,
    /// The first chunk that cannot be read.
    failure: Option<(usize, Failure)>,
}

/// What a file is, after all of its chunks are parsed.
pub(super) enum SourceStatus {
    /// It contains responses.
    Read,
    /// It is an export without responses.
    WithoutResponses(Failure),
    /// It is not an export, and was found in a folder.
    LeftOut(Failure, Diagnostic),
    /// It cannot be read.
    Failed(Failure),
}

impl Progress {
    /// Records the content of a chunk.
    pub(super) fn add(&mut self, number: usize, parsed: &ParsedChunk) {
        self.has_exports |= !parsed.envelopes.is_empty();
        let mut envelopes = parsed.envelopes.iter();
        self.has_responses |= envelopes.any(|one| !one.answers.is_empty() || !one.rest.is_empty());
        if let Some(other) = &parsed.other {
            keep_first(&mut self.other, number, other.clone());
        }
    }

    /// Records that a chunk cannot be read.
    pub(super) fn fail(&mut self, number: usize, failure: Failure) {
        keep_first(&mut self.failure, number, failure);
    }

    /// What the file is.
    pub(super) fn finish(self, file: SourceFile) -> SourceStatus {
        let SourceFile { path, is_found } = file;
        match (self.failure, self.other) {
            (Some((_, failure)), _) => SourceStatus::Failed(failure),
            (None, Some((_, other))) if is_found && !self.has_exports => SourceStatus::LeftOut(
                Failure::new(path, other.to_string()),
                messages::left_out(path, &other),
            ),
            // Between responses, it stands in place of one that is missing.
            (None, Some((_, other))) => SourceStatus::Failed(messages::not_an_export(path, &other)),
            (None, None) if self.has_responses => SourceStatus::Read,
            (None, None) => SourceStatus::WithoutResponses(messages::without_responses(path)),
        }
    }
}

/// Keeps the value from the earlier chunk.
fn keep_first<T>(first: &mut Option<(usize, T)>, number: usize, other: T) {
    if first.as_ref().is_none_or(|(known, _)| number < *known) {
        *first = Some((number, other));
    }
}
