//! Parsed chunks of all files, until all are parsed and become one [`Site`].

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::access::{self, NotRead};
use super::arena::{Arena, Interner};
use super::asks::Asks;
use super::envelope::Envelope;
use super::exports::{BySite, ExportKey, SiteExport, by_site, elsewhere, known_sites};
use super::messages;
use super::responses::{ParsedChunk, Response};
use super::site_defaults::SiteDefaults;
use super::source::{Progress, SourceFile, SourceStatus};
use super::store::{Ingest, KindsNamed, Mentions, Provenance};
use super::undated::FoundFile;
use super::workbooks::{self, SiteWorkbooks};
use crate::model::access::Access;
use crate::model::{Diagnostic, Failure, Site, SiteId};

/// Where a chunk comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChunkPlace {
    /// The position of its file.
    pub(super) source: usize,
    /// Its number among the chunks of all files, in order.
    pub(super) number: usize,
}

/// Everything collected so far.
pub(super) struct Collector<'s, 'a> {
    files: &'s [SourceFile<'s>],
    /// Whether several of them were found in folders.
    are_several_found: bool,
    /// What is known about each file.
    progress: Vec<Progress>,
    defaults: &'s SiteDefaults,
    /// What the run asks for.
    asks: Asks,
    exports: BTreeMap<ExportKey, SiteExport<'a>>,
    mentions: Mentions<'a>,
    interner: Interner<'a>,
    responses: usize,
    /// How many answers about permissions there are.
    rest: usize,
    /// How many responses have errors and no data.
    refused: usize,
    /// These errors, each with the number of its chunk.
    refusals: Vec<(usize, Failure)>,
    /// How often each unused section occurs.
    ignored: BTreeMap<String, usize>,
    /// The answers about permissions that are not used, with how often each occurs.
    not_read: Vec<NotRead>,
    diagnostics: Vec<Diagnostic>,
}

impl<'s, 'a> Collector<'s, 'a> {
    pub(super) fn new(
        files: &'s [SourceFile<'s>],
        defaults: &'s SiteDefaults,
        asks: Asks,
        arena: &'a Arena,
    ) -> Self {
        Self {
            files,
            are_several_found: files.iter().filter(|file| file.is_found).nth(1).is_some(),
            progress: files.iter().map(|_| Progress::default()).collect(),
            defaults,
            asks,
            exports: BTreeMap::new(),
            mentions: Mentions::default(),
            interner: Interner::new(arena),
            responses: 0,
            rest: 0,
            refused: 0,
            refusals: Vec::new(),
            ignored: BTreeMap::new(),
            not_read: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Adds a chunk, or that it cannot be read. Chunks may come in any order.
    pub(super) fn add_chunk(&mut self, place: ChunkPlace, parsed: Result<ParsedChunk, Failure>) {
        let progress = &mut self.progress[place.source];
        match parsed {
            Ok(parsed) => {
                progress.add(place.number, &parsed);
                let mut provenance = Provenance {
                    captured_at: None,
                    section: None,
                    chunk: place.number,
                    unnamed: 0,
                };
                for envelope in &parsed.envelopes {
                    self.add_envelope(place.source, envelope, &mut provenance);
                }
            }
            Err(failure) => progress.fail(place.number, failure),
        }
    }

    fn add_envelope(
        &mut self,
        source: usize,
        envelope: &Envelope<Response>,
        provenance: &mut Provenance,
    ) {
        let file = self.files[source].path;
        let server = envelope.server.as_deref();
        let (site, invalid) = self.defaults.site(server, envelope.content_url());
        self.diagnostics
            .extend(invalid.map(|invalid| messages::server_left_out(file, &invalid)));
        provenance.captured_at = self.captured_at(file, envelope);
        for response in &envelope.answers {
            self.note_errors(file, response, provenance.chunk);
            for (section, count) in &response.sections.ignored {
                *self.ignored.entry(section.clone()).or_default() += count;
            }
        }
        let found = (self.are_several_found && self.files[source].is_found).then_some(FoundFile {
            source,
            is_dated: provenance.captured_at.is_some(),
        });
        let file = (!site.is_full()).then_some(source);
        let SiteExport {
            store,
            captures,
            undated,
            access,
        } = self.exports.entry(ExportKey { site, file }).or_default();
        let coverage = captures.at(provenance.captured_at);
        coverage.declare(envelope.declared());
        coverage.add_scope(envelope);
        coverage.is_doubtful |= envelope.is_doubtful;
        coverage.users.extend(envelope.user());
        if self.defaults.is_complete {
            coverage.assume_complete();
        }
        self.rest += envelope.rest.len();
        let not_read = access::add_envelope(access, envelope, provenance.captured_at, self.asks);
        self.not_read.extend(not_read);
        let mut ingest = Ingest {
            store,
            mentions: &mut self.mentions,
            interner: &mut self.interner,
            provenance,
            asks_columns: self.asks.columns,
        };
        for project in &envelope.projects {
            ingest.add_project(project);
        }
        for response in &envelope.answers {
            coverage.add_response(response);
            if let Some(found) = found {
                undated.add(response.sections.workbook_luids(), found);
            }
            ingest.add_sections(&response.sections);
            ingest.note_listed(&response.sections);
        }
    }

    fn captured_at(&mut self, file: &str, envelope: &Envelope<Response>) -> Option<Timestamp> {
        let time = envelope.captured_at.as_deref()?;
        let parsed = time.parse().ok();
        if parsed.is_none() {
            let diagnostic = messages::capture_time_unknown(file, time);
            self.diagnostics.push(diagnostic);
        }
        parsed
    }

    fn note_errors(&mut self, file: &str, response: &Response, chunk: usize) {
        let errors = response.errors.iter();
        self.responses += 1;
        if response.is_only_errors() {
            self.refused += 1;
            let refusals = errors.clone().map(|error| messages::refused(file, error));
            self.refusals
                .extend(refusals.map(|failure| (chunk, failure)));
        }
        self.diagnostics
            .extend(errors.map(|error| messages::tableau_error(file, error)));
    }

    /// The site that all exports together describe.
    ///
    /// # Errors
    /// See [`super::read()`].
    pub(super) fn finish(mut self) -> Result<(Site<'a>, Vec<Diagnostic>), Vec<Failure>> {
        let without_responses = self.check_files()?;
        if self.responses == 0 && self.rest == 0 {
            return Err(messages::no_responses(without_responses));
        }
        if self.responses == self.refused && self.responses > 0 {
            self.refusals.sort_by_key(|(chunk, _)| *chunk);
            let failures = self.refusals.into_iter().map(|(_, failure)| failure);
            return Err(failures.collect());
        }
        let not_read = messages::rest_not_read(self.not_read.drain(..));
        self.diagnostics.extend(not_read);
        Ok(self.into_site())
    }

    /// Checks what each file is. Returns why some have no responses.
    ///
    /// # Errors
    /// All files that cannot be read.
    fn check_files(&mut self) -> Result<Vec<Failure>, Vec<Failure>> {
        let mut failures = Vec::new();
        let mut without_responses = Vec::new();
        let progress = std::mem::take(&mut self.progress);
        for (progress, file) in progress.into_iter().zip(self.files) {
            match progress.finish(*file) {
                SourceStatus::Read => {}
                SourceStatus::WithoutResponses(failure) => without_responses.push(failure),
                SourceStatus::LeftOut(failure, diagnostic) => {
                    without_responses.push(failure);
                    self.diagnostics.push(diagnostic);
                }
                SourceStatus::Failed(failure) => failures.push(failure),
            }
        }
        if failures.is_empty() {
            Ok(without_responses)
        } else {
            Err(failures)
        }
    }

    /// Finds out what objects are that may be workbooks or data sources.
    fn settle_kinds(&mut self) {
        let stores = self.exports.values().map(|export| &export.store);
        let Some(named) = KindsNamed::new(stores, &self.mentions) else {
            return;
        };
        for (key, export) in &mut self.exports {
            let store = &mut export.store;
            let unknown = store.settle_kinds(&named, &mut self.mentions, &mut self.interner);
            self.diagnostics
                .extend(messages::kind_assumed(&key.site, &unknown));
        }
    }

    fn into_site(mut self) -> (Site<'a>, Vec<Diagnostic>) {
        if !self.ignored.is_empty() {
            self.diagnostics
                .push(messages::ignored_sections(&self.ignored));
        }
        self.settle_kinds();
        let arena = self.interner.arena;
        let sites = known_sites(&self.exports, &self.mentions);
        let BySite { exports, in_doubt } = by_site(self.exports, &sites, &self.mentions);
        self.diagnostics
            .extend(told_in_doubt(self.files, &in_doubt));
        let elsewhere = elsewhere(&exports, &in_doubt, &self.mentions);
        let (mentions, numbers) = self.mentions.sorted();
        let mut all = Vec::new();
        let mut evidence = Vec::new();
        let mut access_of_all = Access::default();
        for (id, export) in exports {
            let SiteExport {
                store,
                captures,
                undated,
                access,
            } = export;
            access_of_all.sites.push(access.finish(&id));
            let files = undated.repeating().iter();
            let files = files.map(|file| self.files[*file].path).collect::<Vec<_>>();
            self.diagnostics
                .extend(messages::undated_captures(&id, &files));
            let covered = captures.covered();
            let merged = store.merge(&mentions, &numbers, covered.as_ref(), arena);
            let times = captures.times().collect::<Vec<_>>();
            self.diagnostics
                .extend(messages::of_merged(&id, &merged, &times));
            let captured_at = times.last().copied();
            let coverage = captures.counting(covered.as_ref());
            let mut workbooks = SiteWorkbooks::new(
                merged,
                &id,
                elsewhere.of(&id),
                &coverage,
                self.asks.extracts,
            );
            self.diagnostics
                .extend(messages::sql_of_nobody(&id, workbooks.unclaimed_sql()));
            workbooks.add_gaps(&coverage.lineage_gaps());
            self.diagnostics
                .extend(workbooks.not_exposed(&id, sites.is_vague(&id)));
            let (listed, unidentified) = (workbooks.listed(), workbooks.unidentified());
            let of_site = coverage.evidence(&id, listed, unidentified, captured_at);
            self.diagnostics
                .extend(coverage.diagnostics(&of_site, workbooks.listed()));
            evidence.push(of_site);
            all.push(workbooks);
        }
        let (mut site, of_several_sites) = workbooks::join_sites(all, evidence);
        site.access = access_of_all;
        self.diagnostics.extend(of_several_sites);
        self.diagnostics.sort();
        self.diagnostics.dedup();
        (site, self.diagnostics)
    }
}

/// Files that may be from several sites.
fn told_in_doubt(files: &[SourceFile], in_doubt: &BTreeMap<SiteId, Vec<usize>>) -> Vec<Diagnostic> {
    let told = in_doubt.iter().map(|(site, of_site)| {
        let paths = of_site.iter().map(|file| files[*file].path).collect();
        messages::files_of_several_sites(site, &paths)
    });
    told.collect()
}
