//! Tableau's metadata export, in any shape that people have it, into a [`Site`].
//!
//! `document` reads one text, `sites` tells of which site it is, `store` joins the objects of all
//! texts, `reads` finds what is upstream of each workbook, `names` reads a table's name, `drafts`
//! makes the workbooks. Matching is not done here.

mod document;
mod drafts;
mod errors;
mod evidence;
mod given;
mod names;
mod reads;
mod sites;
mod store;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rayon::prelude::*;

use self::document::{Export, Piece};
use self::drafts::Draft;
use self::evidence::Pages;
pub use self::given::Given;
use self::sites::Sites;
use self::store::Store;
use crate::model::{Code, Diagnostic, Failure, Site, SiteId};

/// The text of one export file.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Its path, for messages.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Whether it was found in a folder and not named itself; then it may be something else.
    pub is_found: bool,
}

/// How many pieces of texts are read at a time, for each thread. What they hold is taken in while
/// the next ones are read, so that no more of them is in memory.
const PIECES_AT_ONCE: usize = 4;

/// Reads export texts. `given` speaks for those that do not speak for themselves.
///
/// # Errors
/// Texts that cannot be read or are no exports, and answers that are nothing but errors.
pub fn read<'a>(
    sources: &[Source<'a>],
    given: &Given,
) -> Result<(Site<'a>, Vec<Diagnostic>), Vec<Failure>> {
    let pieces = sources.par_iter().enumerate().flat_map_iter(|(number, source)| {
        document::pieces(source.text).into_iter().map(move |piece| (number, piece))
    });
    let pieces = pieces.collect::<Vec<_>>();
    let mut intake = Intake { sites: sites(&pieces, sources, given), ..Intake::default() };
    let mut readings = sources.iter().map(|_| Reading::default()).collect::<Vec<_>>();
    let read = |(number, piece): &(usize, Piece<'a>)| {
        (*number, document::read(sources[*number].file, *piece))
    };
    let mut found = Vec::new();
    for batch in pieces.chunks(PIECES_AT_ONCE * rayon::current_num_threads()) {
        let before = std::mem::take(&mut found);
        let take_in = || intake.pieces(before, &mut readings, sources, given);
        (found, ()) = rayon::join(|| batch.par_iter().map(read).collect(), take_in);
    }
    intake.pieces(found, &mut readings, sources, given);
    let mut failures = Vec::new();
    for (source, reading) in sources.iter().zip(readings) {
        failures.extend(reading.end(source, &mut intake));
    }
    if failures.is_empty() && intake.answers == 0 {
        failures = no_answer(std::mem::take(&mut intake.without_answer));
    }
    if failures.is_empty() && intake.answers == intake.refused {
        failures.append(&mut intake.refusals);
    }
    if failures.is_empty() { Ok(intake.finish()) } else { Err(failures) }
}

/// The sites that the exports of the run name.
fn sites(pieces: &[(usize, Piece)], sources: &[Source], given: &Given) -> Sites {
    let named = pieces.par_iter().flat_map_iter(|(number, piece)| {
        let heads = document::heads(piece.text).into_iter();
        heads.map(|head| {
            // What is wrong with a name is told when its export is taken in.
            let untold = &mut Vec::new();
            given.site(sources[*number].file, head.server(), head.content_url(), untold)
        })
    });
    Sites::new(named.collect::<Vec<_>>().into_iter())
}

/// What is known of a source while its pieces come in.
#[derive(Default)]
struct Reading {
    has_exports: bool,
    has_answers: bool,
    /// What its first value is that is no export.
    other: Option<Failure>,
    /// What cannot be read.
    failure: Option<Failure>,
}

impl Reading {
    /// The failure that a source is whose pieces were all read.
    fn end(self, source: &Source, intake: &mut Intake) -> Option<Failure> {
        let Self { has_exports, has_answers, other, failure } = self;
        match (failure, other) {
            (Some(failure), _) => Some(failure),
            (None, Some(other)) if source.is_found && !has_exports => {
                intake.skip(source, &other);
                None
            }
            // Beside answers, it stands where an answer is missing.
            (None, Some(other)) => Some(other),
            (None, None) => {
                let nothing = || Failure::new(source.file, "it holds no answers");
                intake.without_answer.extend((!has_answers).then(nothing));
                None
            }
        }
    }
}

/// The failure of a run whose files hold no answer, behind the reasons of the first of them.
fn no_answer(mut reasons: Vec<Failure>) -> Vec<Failure> {
    let more = match reasons.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" (not named here: {more} more)"),
    };
    reasons.truncate(MOST_NAMED);
    let message =
        format!("the files given with `--tableau` hold no answer of Tableau's Metadata API{more}");
    reasons.push(Failure::new("", message).help(document::TAKES));
    reasons
}

/// What has come in so far, by site.
#[derive(Default)]
struct Intake<'a> {
    sites: Sites,
    stores: BTreeMap<SiteId, (Store<'a>, Pages)>,
    answers: usize,
    /// How many answers are nothing but errors.
    refused: usize,
    /// These errors.
    refusals: Vec<Failure>,
    /// Files without any answer, and why.
    without_answer: Vec<Failure>,
    ignored: BTreeMap<String, usize>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Intake<'a> {
    /// Takes in what was found in pieces, each with the number of its source.
    fn pieces(
        &mut self,
        found: Vec<(usize, Result<document::Found<'a>, Failure>)>,
        readings: &mut [Reading],
        sources: &[Source],
        given: &Given,
    ) {
        for (number, found) in found {
            let reading = &mut readings[number];
            match found {
                Ok(found) => {
                    reading.has_exports |= !found.exports.is_empty();
                    reading.has_answers |=
                        found.exports.iter().any(|export| !export.answers.is_empty());
                    reading.other = reading.other.take().or(found.other);
                    let exports = found.exports.into_iter();
                    exports.for_each(|export| self.add(&sources[number], export, given));
                }
                Err(failure) => reading.failure = reading.failure.take().or(Some(failure)),
            }
        }
    }

    fn add(&mut self, source: &Source, export: Export<'a>, given: &Given) {
        let Export { server, content_url, .. } = &export;
        let site =
            given.site(source.file, server.as_deref(), content_url.clone(), &mut self.diagnostics);
        let site = self.sites.of(site);
        let (store, pages) = self.stores.entry(site).or_default();
        let captured_at = export.captured_at.as_deref().map(|time| {
            time.parse::<Timestamp>().map_err(|_| {
                let message = format!(
                    "its captured_at is no time ({time:?}), so it counts as late as any other export"
                );
                self.diagnostics.push(
                    Diagnostic::warning(Code::CaptureTimeUnknown, source.file, message)
                        .help("write it as in 2026-05-04T06:00:00Z"),
                );
            })
        });
        let captured_at = captured_at.and_then(Result::ok);
        pages.declare(export.workbooks_complete.or(given.is_complete.then_some(true)));
        for project in export.projects {
            store.project(project, captured_at);
        }
        for answer in export.answers {
            self.answers += 1;
            if answer.is_only_errors() {
                self.refused += 1;
                self.refusals.extend(answer.errors.iter().map(|error| {
                    let message =
                        format!("Tableau refused the query: {}: {}", error.code(), error.message());
                    Failure::new(source.file, message).help(error.advice())
                }));
            }
            for error in &answer.errors {
                pages.error(error);
                let message = format!("Tableau says {}: {}", error.code(), error.message());
                self.diagnostics.push(
                    Diagnostic::warning(Code::TableauError, source.file, message)
                        .help(error.advice()),
                );
            }
            for (section, count) in &answer.sections.ignored {
                *self.ignored.entry(section.clone()).or_default() += count;
            }
            pages.sections(&answer.sections);
            store.add(answer.sections, captured_at);
        }
    }

    fn skip(&mut self, source: &Source, failure: &Failure) {
        self.without_answer.push(Failure::new(source.file, failure.message.clone()));
        self.diagnostics.push(Diagnostic::warning(
            Code::NotAnExport,
            source.file,
            format!("left out: {}", failure.message),
        ));
    }

    fn finish(mut self) -> (Site<'a>, Vec<Diagnostic>) {
        if !self.ignored.is_empty() {
            let list = self
                .ignored
                .iter()
                .map(|(section, count)| format!("{section} ({count})"))
                .collect::<Vec<_>>()
                .join(", ");
            self.diagnostics.push(Diagnostic::note(
                Code::IgnoredSections,
                "",
                format!("of no use for exposures, left out: {list}"),
            ));
        }
        let mut site = Site::default();
        let mut drafts = Vec::new();
        for (id, (store, pages)) in self.stores {
            let settled = store.settle();
            let mut at_site = drafts::of_site(&settled, &id);
            let doubts = pages.lineage_doubts();
            for facts in at_site.iter_mut().filter_map(|draft| draft.facts.as_mut()) {
                facts.doubts.extend(doubts.iter().cloned());
            }
            let differing = settled.differing.iter();
            self.diagnostics.extend(differing.map(|(noun, labels)| {
                Diagnostic::warning(Code::CopiesDiffer, id.place(), copies_differ(noun, labels))
            }));
            let listed = at_site.iter().filter(|draft| draft.is_listed());
            let unidentified = listed.clone().filter(|draft| draft.luid.is_none()).count();
            let listed = listed.count();
            site.unidentified += unidentified;
            self.diagnostics.extend(drafts::diagnostics(&at_site, &id, self.sites.is_vague(&id)));
            site.evidence.push(pages.judge(&id, listed, unidentified, &mut self.diagnostics));
            drafts.extend(at_site.into_iter().filter(Draft::is_listed));
        }
        drafts::number_tables(&mut site, drafts);
        self.diagnostics.sort();
        self.diagnostics.dedup();
        (site, self.diagnostics)
    }
}

/// How many objects or files are named where there may be many.
const MOST_NAMED: usize = 5;

fn copies_differ(noun: &str, labels: &[String]) -> String {
    let count = labels.len();
    let come = if count == 1 { format!("{noun} comes") } else { format!("{noun}s come") };
    let distinct = labels.iter().collect::<BTreeSet<_>>();
    let mut named = distinct
        .iter()
        .take(MOST_NAMED)
        .map(|label| format!("{label:?}"))
        .collect::<Vec<_>>()
        .join(", ");
    if distinct.len() > MOST_NAMED {
        named.push_str(" and more");
    }
    format!(
        "{count} {come} in copies that differ ({named}); the latest copy counts, else all together"
    )
}
