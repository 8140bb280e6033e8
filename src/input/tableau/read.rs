//! Reads all files of an export, on all cores.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::arena::Arena;
use super::asks::Asks;
use super::chunks::Chunk;
use super::collect::{ChunkPlace, Collector};
use super::responses::{self, ParsedChunk};
use super::site_defaults::SiteDefaults;
use super::source::Source;
use crate::input::json;
use crate::model::{Diagnostic, Failure, Site};

/// Reads the files of an export. `defaults` applies to files that do not name their site; `arena`
/// holds the strings of the result.
///
/// # Errors
/// Files that cannot be read or are not exports, and responses with errors and no data.
pub fn read<'a>(
    sources: Vec<Source>,
    defaults: &SiteDefaults,
    asks: Asks,
    arena: &'a Arena,
) -> Result<(Site<'a>, Vec<Diagnostic>), Vec<Failure>> {
    let (files, texts): (Vec<_>, Vec<_>) = sources.into_iter().map(Source::split).unzip();
    let collector = Mutex::new(Collector::new(&files, defaults, asks, arena));
    let chunks = texts
        .into_iter()
        .enumerate()
        .flat_map(|(source, chunks)| chunks.map(move |chunk| (source, chunk)))
        .enumerate();
    // Threads parse chunks in any order; the result does not depend on it.
    chunks.par_bridge().for_each(|(number, (source, chunk))| {
        let file = files[source].path;
        let place = ChunkPlace { source, number };
        let add = |parsed: Result<ParsedChunk, Failure>| lock_and_add(&collector, place, parsed);
        match chunk.and_then(|chunk| decode(file, chunk)) {
            Ok((text, line)) => add(responses::parse(file, &text, line)),
            Err(failure) => add(Err(failure)),
        }
    });
    collector
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .finish()
}

fn lock_and_add(
    collector: &Mutex<Collector>,
    place: ChunkPlace,
    parsed: Result<ParsedChunk, Failure>,
) {
    let mut collector = collector.lock().unwrap_or_else(PoisonError::into_inner);
    collector.add_chunk(place, parsed);
}

/// The text of a chunk, and how many lines of its file come before it. Unpaired surrogates, which
/// are rare, are replaced.
fn decode(file: &str, chunk: Chunk) -> Result<(String, usize), Failure> {
    let Chunk { mut bytes, line } = chunk;
    if json::lone_surrogate(&bytes, 0).is_some() {
        json::replace_lone_surrogates(&mut bytes);
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| json::not_utf8(file, line, error.as_bytes(), error.utf8_error()))?;
    Ok((text, line))
}
