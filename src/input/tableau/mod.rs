//! Tableau's metadata export, in any shape that people have it, into a [`Site`].
//!
//! `document` reads a chunk of a text, `intake` takes it in, of which `sites` tells the site and
//! `arena` holds what stays. `store` joins the objects of all texts, `reads` finds what is upstream of each
//! workbook, `names` reads a table's name, `drafts` makes the workbooks. Matching is not done here.

mod arena;
mod chunks;
mod document;
mod drafts;
mod errors;
mod evidence;
mod intake;
mod names;
mod reads;
mod site_defaults;
mod sites;
mod store;
mod wire;

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

pub use self::arena::Arena;
pub use self::chunks::{Chunk, chunks};
use self::intake::Intake;
pub use self::site_defaults::SiteDefaults;
use crate::input::json;
use crate::model::{Diagnostic, Failure, Site};

/// One export file.
pub struct Source<'s> {
    /// Its path, for messages.
    pub file: &'s str,
    /// Its text, chunk by chunk.
    pub chunks: Box<dyn Iterator<Item = Result<Chunk, Failure>> + Send + 's>,
    /// Whether it was found in a folder and not named itself; then it may be something else.
    pub is_found: bool,
}

impl<'s> Source<'s> {
    /// A file whose text is known already.
    pub fn of_text(file: &'s str, text: &'s str) -> Self {
        let mut whole = Some(text);
        let more = move |ahead: &mut Vec<u8>| {
            let text = whole.take();
            ahead.extend_from_slice(text.unwrap_or_default().as_bytes());
            Ok(text.is_some())
        };
        Self {
            file,
            chunks: Box::new(chunks(more)),
            is_found: false,
        }
    }
}

/// Reads export texts. `defaults` counts for those that do not name their site; `arena` holds what
/// is still needed of the texts.
///
/// # Errors
/// Texts that cannot be read or are no exports, and answers that are nothing but errors.
pub fn read<'a>(
    sources: Vec<Source>,
    defaults: &SiteDefaults,
    arena: &'a Arena,
) -> Result<(Site<'a>, Vec<Diagnostic>), Vec<Failure>> {
    let named = sources.iter().map(|source| (source.file, source.is_found));
    let named = named.collect::<Vec<_>>();
    let intake = Mutex::new(Intake::new(&named, defaults, arena));
    let chunks = sources
        .into_iter()
        .enumerate()
        .flat_map(|(source, Source { chunks, .. })| chunks.map(move |chunk| (source, chunk)));
    // Everybody reads a chunk and takes in what is in it: what comes of it does not depend on who
    // is first.
    chunks
        .enumerate()
        .par_bridge()
        .for_each(|(number, (source, chunk))| {
            let take_in = |found: Result<document::Found, Failure>| {
                let mut intake = intake.lock().unwrap_or_else(PoisonError::into_inner);
                intake.chunk(number, source, found);
            };
            match chunk.and_then(|chunk| readable(named[source].0, chunk)) {
                Ok((text, line)) => take_in(document::read(named[source].0, &text, line)),
                Err(failure) => take_in(Err(failure)),
            }
        });
    intake
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .finish()
}

/// The text of a chunk, and how many lines stand before it. Halves of characters, which few hold,
/// are replaced.
fn readable(file: &str, chunk: Chunk) -> Result<(String, usize), Failure> {
    let Chunk { mut bytes, line } = chunk;
    if json::lone_surrogate(&bytes, 0).is_some() {
        json::replace_lone_surrogates(&mut bytes);
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| json::not_utf8(file, line, error.as_bytes(), error.utf8_error()))?;
    Ok((text, line))
}
