//! Tableau's metadata export, in any shape that people have it, into a [`Site`].
//!
//! `document` reads one text, `store` joins the objects of all texts, `reads` finds what is
//! upstream of each workbook, `names` reads a table's name. Matching is not done here.

mod document;
mod errors;
mod evidence;
mod names;
mod reads;
mod store;
mod wire;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rayon::prelude::*;

use self::document::{Export, Problem};
use self::evidence::Pages;
use self::reads::Found;
use self::store::{Body, Kind, Links, Object, Settled, Store};
use self::wire::Text;
use crate::model::tableau::Read;
use crate::model::{Code, Diagnostic, Failure, Site, SiteId, Table, Upstream, Workbook};

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

/// What is said of exports that do not say it themselves.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Server and site.
    pub site: SiteId,
    /// Whether they list every workbook.
    pub is_complete: bool,
}

/// Reads export texts. `given` speaks for those that do not speak for themselves.
///
/// # Errors
/// Texts that cannot be read or are no exports, and answers that are nothing but errors.
pub fn read<'a>(
    sources: &[Source<'a>],
    given: &Given,
) -> Result<(Site<'a>, Vec<Diagnostic>), Vec<Failure>> {
    let texts = sources
        .par_iter()
        .map(|source| document::read(source.file, source.text))
        .collect::<Vec<_>>();
    let mut intake = Intake::default();
    let mut failures = Vec::new();
    for (source, exports) in sources.iter().zip(texts) {
        match exports {
            Ok(exports) => exports.into_iter().for_each(|export| intake.add(source, export, given)),
            Err(Problem::NotAnExport(failure)) if source.is_found => intake.skip(source, &failure),
            Err(Problem::NotAnExport(failure) | Problem::Unreadable(failure)) => {
                failures.push(failure)
            }
        }
    }
    if failures.is_empty() && intake.answers == 0 {
        failures.push(Failure::new(
            "",
            "the files given with `--tableau` hold no answer of Tableau's Metadata API",
        ));
    }
    if failures.is_empty() && intake.answers == intake.refused {
        failures.append(&mut intake.refusals);
    }
    if failures.is_empty() { Ok(intake.finish()) } else { Err(failures) }
}

/// What has come in so far, by site.
#[derive(Default)]
struct Intake<'a> {
    sites: BTreeMap<SiteId, (Store<'a>, Pages)>,
    answers: usize,
    /// How many answers are nothing but errors.
    refused: usize,
    /// These errors.
    refusals: Vec<Failure>,
    ignored: BTreeMap<String, usize>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Intake<'a> {
    fn add(&mut self, source: &Source, export: Export<'a>, given: &Given) {
        let server = export.server.as_deref().or(given.site.server.as_deref());
        // As host names go, case tells nothing.
        let server = server.map(|server| server.trim_end_matches('/').to_ascii_lowercase());
        let site = SiteId {
            server,
            content_url: export.content_url.or_else(|| given.site.content_url.clone()),
        };
        let (store, pages) = self.sites.entry(site).or_default();
        let captured_at =
            export.captured_at.as_deref().and_then(|time| time.parse::<Timestamp>().ok());
        pages.declare(export.workbooks_complete.or(given.is_complete.then_some(true)));
        for project in export.projects {
            store.projects.insert(project.luid.0.clone(), project);
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
        for (id, (store, pages)) in self.sites {
            let settled = store.settle();
            let mut at_site = of_site(&settled, &id);
            let doubts = pages.lineage_doubts();
            for facts in at_site.iter_mut().filter_map(|draft| draft.facts.as_mut()) {
                facts.doubts.extend(doubts.iter().cloned());
            }
            for (kind, count) in &settled.differing {
                let message = format!(
                    "{count} {} in copies that differ; the latest copy counts, else all together",
                    plural(kind.noun(), *count)
                );
                self.diagnostics.push(Diagnostic::warning(Code::CopiesDiffer, id.place(), message));
            }
            let listed = at_site.iter().filter(|draft| draft.is_listed());
            let unidentified = listed.clone().filter(|draft| draft.luid.is_none()).count();
            let listed = listed.count();
            site.unidentified += unidentified;
            self.diagnostics.extend(at_site.iter().filter_map(|draft| draft.diagnostic(&id)));
            site.evidence.push(pages.judge(&id, listed, unidentified, &mut self.diagnostics));
            drafts.extend(at_site.into_iter().filter(Draft::is_listed));
        }
        number_tables(&mut site, drafts);
        self.diagnostics.sort();
        self.diagnostics.dedup();
        (site, self.diagnostics)
    }
}

fn plural(noun: &str, count: usize) -> String {
    if count == 1 { format!("{noun} comes") } else { format!("{noun}s come") }
}

/// A workbook before its tables are numbered.
struct Draft<'a> {
    luid: Option<Cow<'a, str>>,
    /// Where it is described; `None` if it is only mentioned.
    facts: Option<Workbook<'a>>,
    found: BTreeMap<Found<'a>, BTreeSet<crate::model::Path<'a>>>,
    label: String,
    /// Whether it has an id or a luid.
    has_id: bool,
}

impl Draft<'_> {
    fn is_listed(&self) -> bool {
        self.facts.is_some()
    }

    fn diagnostic(&self, site: &SiteId) -> Option<Diagnostic> {
        let (code, message, help) = match (&self.facts, &self.luid) {
            (Some(_), Some(_)) => return None,
            (Some(_), None) => (
                Code::WorkbookUnidentified,
                "has no luid, so it gets no exposure",
                "ask for `luid` in the query",
            ),
            (None, _) if self.has_id => (
                Code::WorkbookReferenceOnly,
                "is only mentioned, so it gets no exposure",
                "add the page that lists it",
            ),
            (None, _) => (
                Code::WorkbookReferenceOnly,
                "is mentioned without an id, so it is not known which one is meant",
                "ask for `luid` wherever the query names workbooks",
            ),
        };
        Some(
            Diagnostic::warning(code, site.place(), format!("workbook {:?} {message}", self.label))
                .help(help),
        )
    }
}

/// The workbooks of one site, each with what it reads.
fn of_site<'a>(settled: &Settled<'a>, site: &SiteId) -> Vec<Draft<'a>> {
    let objects = settled.objects().par_iter().enumerate();
    let workbooks = objects.filter(|(_, object)| object.kind == Kind::Workbook && !object.is_other);
    workbooks
        .map(|(at, object)| {
            let Some(Body::Workbook(wire)) = object.bodies.first() else {
                let label = object.mention.clone().unwrap_or_default().into_owned();
                let has_id = settled.has_id(at);
                return Draft { luid: None, facts: None, found: BTreeMap::new(), label, has_id };
            };
            let reads = reads::of_workbook(settled, at);
            let facts = describe(wire, object, site, settled, reads.doubts);
            let luid = wire
                .luid
                .as_ref()
                .map(|Text(luid)| luid.clone())
                .filter(|luid| !luid.trim().is_empty());
            Draft {
                luid,
                label: facts.name.clone().into_owned(),
                facts: Some(facts),
                found: reads.found,
                has_id: true,
            }
        })
        .collect()
}

/// The facts of a workbook beside what it reads.
fn describe<'a>(
    wire: &wire::Workbook<'a>,
    object: &Object<'a>,
    site: &SiteId,
    settled: &Settled<'a>,
    mut doubts: BTreeSet<String>,
) -> Workbook<'a> {
    let text = |field: &Option<Text<'a>>| {
        field.as_ref().map(|Text(text)| text.clone()).filter(|text| !text.trim().is_empty())
    };
    let name = text(&wire.name).unwrap_or_default();
    if name.is_empty() {
        doubts.insert("the export does not tell its title".to_owned());
    }
    let owner = wire.owner.clone().unwrap_or_default();
    let path = project_path(wire, settled);
    let tags = wire.tags.items.iter().filter_map(|tag| text(&tag.name)).collect::<BTreeSet<_>>();
    let tail =
        |uri: Cow<'a, str>| uri.rsplit_once("/workbooks/").map(|(_, id)| Cow::Owned(id.to_owned()));
    Workbook {
        site: site.clone(),
        luid: text(&wire.luid).unwrap_or_default(),
        name,
        description: text(&wire.description),
        has_project_path: !path.is_empty(),
        project: if path.is_empty() {
            text(&wire.project_name).into_iter().collect()
        } else {
            path
        },
        is_personal: text(&wire.container_type)
            .is_some_and(|kind| kind.to_ascii_lowercase().contains("personal")),
        owner_name: text(&owner.name).or_else(|| text(&owner.username)),
        owner_email: text(&owner.email),
        tags: tags.into_iter().collect(),
        url_id: text(&wire.vizportal_url_id).or_else(|| text(&wire.uri).and_then(tail)),
        views: views(&object.links),
        created_at: text(&wire.created_at)
            .and_then(|time| time.parse::<Timestamp>().ok())
            .map(Timestamp::as_second),
        reads: Vec::new(),
        doubts: doubts.into_iter().collect(),
    }
}

/// The paths of a workbook's views. Some sources put `/sheets/` between workbook and view.
fn views(links: &Links) -> Vec<String> {
    let paths = links.views.iter().map(|path| path.replace("/sheets/", "/"));
    paths.filter(|path| !path.is_empty()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The folders down to the workbook's project, where an envelope lists projects.
fn project_path<'a>(wire: &wire::Workbook<'a>, settled: &Settled<'a>) -> Vec<Cow<'a, str>> {
    let mut path = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = wire.project_luid.as_ref().map(|Text(luid)| luid);
    while let Some(project) =
        next.filter(|luid| seen.insert(*luid)).and_then(|luid| settled.projects.get(luid))
    {
        path.extend(project.name.as_ref().map(|Text(name)| name.clone()));
        next = project.parent_luid.as_ref().map(|Text(luid)| luid);
    }
    path.reverse();
    path
}

/// Numbers the distinct tables of all workbooks and sorts the workbooks by luid.
fn number_tables<'a>(site: &mut Site<'a>, drafts: Vec<Draft<'a>>) {
    let tables = drafts.iter().flat_map(|draft| draft.found.keys());
    let tables =
        tables.filter_map(|found| if let Found::Table(table) = found { Some(table) } else { None });
    let tables = tables.collect::<BTreeSet<_>>();
    let numbers = tables
        .iter()
        .enumerate()
        .map(|(number, table)| (*table, number))
        .collect::<BTreeMap<&Table<'a>, usize>>();
    let mut workbooks = Vec::new();
    for draft in &drafts {
        let Some(mut workbook) = draft.facts.clone().filter(|_| draft.luid.is_some()) else {
            continue;
        };
        workbook.reads = draft
            .found
            .iter()
            .map(|(found, paths)| Read {
                upstream: upstream(found, &numbers),
                paths: shortest_first(paths),
            })
            .collect();
        workbooks.push(workbook);
    }
    site.tables = tables.into_iter().cloned().collect();
    site.workbooks = unite(workbooks);
}

fn upstream<'a>(found: &Found<'a>, numbers: &BTreeMap<&Table<'a>, usize>) -> Upstream<'a> {
    match found {
        Found::Table(table) => Upstream::Table(numbers[table]),
        Found::Hidden(label, _) => Upstream::Hidden(label.clone()),
        Found::Unresolved(kind, label) => Upstream::Unresolved(kind, label.clone()),
        Found::Unreadable(name, _, reason) => Upstream::Unreadable(name.clone(), reason),
    }
}

fn shortest_first<'a>(paths: &BTreeSet<crate::model::Path<'a>>) -> Vec<crate::model::Path<'a>> {
    let mut paths = paths.iter().cloned().collect::<Vec<_>>();
    paths.sort_by_key(|path| path.0.len());
    paths
}

/// Workbooks that come from several exports of which not both name their site are one.
fn unite(mut workbooks: Vec<Workbook>) -> Vec<Workbook> {
    // A known site sorts behind an unknown one, so that the better known facts take over.
    workbooks.sort_by(|a, b| (&a.luid, &a.site).cmp(&(&b.luid, &b.site)));
    let mut united: Vec<Workbook> = Vec::with_capacity(workbooks.len());
    for workbook in workbooks {
        match united.last_mut() {
            Some(last) if last.luid == workbook.luid && !last.site.contradicts(&workbook.site) => {
                let mut other = std::mem::replace(last, workbook);
                other.reads.append(&mut last.reads);
                last.reads = other.reads;
                last.doubts.append(&mut other.doubts);
                last.doubts.sort();
                last.doubts.dedup();
                last.reads.sort_by(|a, b| a.upstream.cmp(&b.upstream));
                last.reads.dedup_by(|a, b| a.upstream == b.upstream);
            }
            _ => united.push(workbook),
        }
    }
    united
}
