//! What has come in of all exports, until it is known to be all.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::arena::{Arena, Interner};
use super::document::{self, Answer, Export, Found};
use super::drafts;
use super::evidence::Pages;
use super::site_defaults::SiteDefaults;
use super::sites::Sites;
use super::store::{Ingest, Mentions, Provenance, Store};
use crate::model::{Code, Diagnostic, Failure, Site, SiteId};

/// What is known of a source while its chunks come in, in any order.
#[derive(Default)]
struct Reading {
    has_exports: bool,
    has_answers: bool,
    /// What its first value is that is no export, with the number of its chunk.
    other: Option<(usize, Failure)>,
    /// What cannot be read.
    failure: Option<(usize, Failure)>,
}

/// Leaves what comes from the earlier chunk.
fn first(one: &mut Option<(usize, Failure)>, chunk: usize, other: Option<Failure>) {
    if let Some(other) = other
        && one.as_ref().is_none_or(|(known, _)| chunk < *known)
    {
        *one = Some((chunk, other));
    }
}

/// What has come in so far, by the site that it names.
pub(super) struct Intake<'s, 'a> {
    /// The path of each source, and whether it was found and not named.
    sources: &'s [(&'s str, bool)],
    defaults: &'s SiteDefaults,
    readings: Vec<Reading>,
    stores: BTreeMap<SiteId, (Store<'a>, Pages)>,
    mentions: Mentions<'a>,
    interner: Interner<'a>,
    answers: usize,
    /// How many answers are nothing but errors.
    refused: usize,
    /// These errors, each with the number of its chunk.
    refusals: Vec<(usize, Failure)>,
    /// Files without any answer, and why.
    without_answer: Vec<Failure>,
    ignored: BTreeMap<String, usize>,
    diagnostics: Vec<Diagnostic>,
}

impl<'s, 'a> Intake<'s, 'a> {
    pub(super) fn new(
        sources: &'s [(&'s str, bool)],
        defaults: &'s SiteDefaults,
        arena: &'a Arena,
    ) -> Self {
        Self {
            sources,
            defaults,
            readings: sources.iter().map(|_| Reading::default()).collect(),
            stores: BTreeMap::new(),
            mentions: Mentions::default(),
            interner: Interner::new(arena),
            answers: 0,
            refused: 0,
            refusals: Vec::new(),
            without_answer: Vec::new(),
            ignored: BTreeMap::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Takes in what was found in the chunk of this number, which is one of this source.
    pub(super) fn chunk(&mut self, chunk: usize, source: usize, found: Result<Found, Failure>) {
        let reading = &mut self.readings[source];
        match found {
            Ok(Found { exports, other }) => {
                reading.has_exports |= !exports.is_empty();
                reading.has_answers |= exports.iter().any(|export| !export.answers.is_empty());
                first(&mut reading.other, chunk, other);
                let mut provenance = Provenance {
                    captured_at: None,
                    chunk,
                    unnamed: 0,
                };
                exports
                    .iter()
                    .for_each(|export| self.export(source, export, &mut provenance));
            }
            Err(failure) => first(&mut reading.failure, chunk, Some(failure)),
        }
    }

    fn export(&mut self, source: usize, export: &Export, provenance: &mut Provenance) {
        let file = self.sources[source].0;
        let Export {
            server,
            content_url,
            ..
        } = export;
        let site = self.defaults.site(
            file,
            server.as_deref(),
            content_url.as_deref(),
            &mut self.diagnostics,
        );
        provenance.captured_at = self.captured_at(file, export);
        for answer in &export.answers {
            self.errors(file, answer, provenance.chunk);
            for (section, count) in &answer.sections.ignored {
                *self.ignored.entry(section.clone()).or_default() += count;
            }
        }
        let (store, pages) = self.stores.entry(site).or_default();
        pages.declare(
            export
                .workbooks_complete
                .or(self.defaults.is_complete.then_some(true)),
        );
        let (mentions, interner) = (&mut self.mentions, &mut self.interner);
        let mut ingest = Ingest {
            store,
            mentions,
            interner,
            provenance,
        };
        export
            .projects
            .iter()
            .for_each(|project| ingest.add_project(project));
        for answer in &export.answers {
            answer.errors.iter().for_each(|error| pages.error(error));
            pages.sections(&answer.sections);
            ingest.add_sections(&answer.sections);
        }
    }

    fn captured_at(&mut self, file: &str, export: &Export) -> Option<Timestamp> {
        let time = export.captured_at.as_deref()?;
        let parsed = time.parse::<Timestamp>().ok();
        if parsed.is_none() {
            let message = format!(
                "its captured_at is no time ({time:?}), so it counts as late as any other export"
            );
            self.diagnostics.push(
                Diagnostic::warning(Code::CaptureTimeUnknown, file, message)
                    .help("write it as in 2026-05-04T06:00:00Z"),
            );
        }
        parsed
    }

    /// Takes note of the errors beside an answer.
    fn errors(&mut self, file: &str, answer: &Answer, chunk: usize) {
        self.answers += 1;
        if answer.is_only_errors() {
            self.refused += 1;
            self.refusals.extend(answer.errors.iter().map(|error| {
                let message = format!(
                    "Tableau refused the query: {}: {}",
                    error.code(),
                    error.message()
                );
                (chunk, Failure::new(file, message).help(error.advice()))
            }));
        }
        self.diagnostics.extend(answer.errors.iter().map(|error| {
            let message = format!("Tableau says {}: {}", error.code(), error.message());
            Diagnostic::warning(Code::TableauError, file, message).help(error.advice())
        }));
    }

    /// What all exports come to.
    ///
    /// # Errors
    /// See [`super::read`].
    pub(super) fn finish(mut self) -> Result<(Site<'a>, Vec<Diagnostic>), Vec<Failure>> {
        let readings = std::mem::take(&mut self.readings).into_iter().enumerate();
        let failures = readings.filter_map(|(source, reading)| self.end(source, reading));
        let failures = failures.collect::<Vec<_>>();
        if !failures.is_empty() {
            return Err(failures);
        }
        if self.answers == 0 {
            return Err(no_answer(self.without_answer));
        }
        if self.answers == self.refused {
            self.refusals.sort_by_key(|(chunk, _)| *chunk);
            return Err(self
                .refusals
                .into_iter()
                .map(|(_, failure)| failure)
                .collect());
        }
        Ok(self.site())
    }

    /// The failure that a source is whose chunks were all read.
    fn end(&mut self, source: usize, reading: Reading) -> Option<Failure> {
        let (file, is_found) = self.sources[source];
        let Reading {
            has_exports,
            has_answers,
            other,
            failure,
        } = reading;
        match (failure, other) {
            (Some((_, failure)), _) => Some(failure),
            (None, Some((_, other))) if is_found && !has_exports => {
                self.without_answer
                    .push(Failure::new(file, other.message.clone()));
                let message = format!("left out: {}", other.message);
                self.diagnostics
                    .push(Diagnostic::warning(Code::NotAnExport, file, message));
                None
            }
            // SideResults answers, it stands where an answer is missing.
            (None, Some((_, other))) => Some(other),
            (None, None) => {
                let nothing = || Failure::new(file, "it holds no answers");
                self.without_answer.extend((!has_answers).then(nothing));
                None
            }
        }
    }

    fn note_ignored(&mut self) {
        if !self.ignored.is_empty() {
            let list = self
                .ignored
                .iter()
                .map(|(section, count)| format!("{section} ({count})"));
            let list = list.collect::<Vec<_>>().join(", ");
            let message = format!("of no use for exposures, left out: {list}");
            self.diagnostics
                .push(Diagnostic::note(Code::IgnoredSections, "", message));
        }
    }

    fn site(mut self) -> (Site<'a>, Vec<Diagnostic>) {
        self.note_ignored();
        let arena = self.interner.arena;
        // An export that does not name its site may be of the only one that others name, so that
        // all had to be read before this is known.
        let sites = Sites::new(self.stores.keys().cloned());
        let mut stores = BTreeMap::<SiteId, (Store, Pages)>::new();
        for (named, (store, pages)) in self.stores {
            match stores.entry(sites.of(named)) {
                Entry::Vacant(place) => drop(place.insert((store, pages))),
                Entry::Occupied(mut known) => {
                    known.get_mut().0.absorb(store, &self.mentions);
                    known.get_mut().1.absorb(pages);
                }
            }
        }
        let (mentions, numbers) = self.mentions.sorted();
        let mut site = Site::default();
        let mut all = Vec::new();
        for (id, (store, pages)) in stores {
            let merged = store.merge(&mentions, &numbers, arena);
            let differing = merged.differing.iter();
            self.diagnostics.extend(differing.map(|(noun, labels)| {
                Diagnostic::warning(Code::CopiesDiffer, id.place(), copies_differ(noun, labels))
            }));
            let mut at_site = drafts::of_site(merged, &id);
            let gaps = pages.lineage_gaps();
            for facts in at_site
                .drafts
                .iter_mut()
                .filter_map(|draft| draft.facts.as_mut())
            {
                facts.gaps.extend(gaps.iter().cloned());
            }
            let listed = at_site.drafts.iter().filter(|draft| draft.facts.is_some());
            let unidentified = listed.clone().filter(|draft| !draft.has_luid()).count();
            let listed = listed.count();
            site.unidentified += unidentified;
            let untold = drafts::diagnostics(&at_site.drafts, &id, sites.is_vague(&id));
            self.diagnostics.extend(untold);
            site.evidence
                .push(pages.judge(&id, listed, unidentified, &mut self.diagnostics));
            at_site.drafts.retain(|draft| draft.facts.is_some());
            all.push(at_site);
        }
        drafts::number_tables(&mut site, all);
        self.diagnostics.sort();
        self.diagnostics.dedup();
        (site, self.diagnostics)
    }
}

/// How many objects or files are named where there may be many.
const MOST_NAMED: usize = 5;

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

fn copies_differ(noun: &str, labels: &[String]) -> String {
    let count = labels.len();
    let come = if count == 1 {
        format!("{noun} comes")
    } else {
        format!("{noun}s come")
    };
    let distinct = labels.iter().collect::<BTreeSet<_>>();
    let named = distinct
        .iter()
        .take(MOST_NAMED)
        .map(|label| format!("{label:?}"));
    let mut named = named.collect::<Vec<_>>().join(", ");
    if distinct.len() > MOST_NAMED {
        named.push_str(" and more");
    }
    format!(
        "{count} {come} in copies that differ ({named}); the latest copy counts, else all together"
    )
}
