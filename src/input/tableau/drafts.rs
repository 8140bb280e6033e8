//! The workbooks of one site with their facts, and the tables of all workbooks numbered.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rayon::prelude::*;

use super::reads::{self, Found};
use super::store::{Body, Kind, Links, Object, Settled};
use super::wire::{self, Text};
use crate::model::tableau::Read;
use crate::model::{Code, Diagnostic, Path, Site, SiteId, Table, Upstream, Workbook};

/// A workbook before its tables are numbered.
pub(super) struct Draft<'a> {
    pub(super) luid: Option<Cow<'a, str>>,
    /// Where it is described; `None` if it is only mentioned.
    pub(super) facts: Option<Workbook<'a>>,
    found: BTreeMap<Found<'a>, BTreeSet<Path<'a>>>,
    label: String,
    /// Whether it has an id or a luid.
    has_id: bool,
}

impl Draft<'_> {
    /// Whether the export describes it.
    pub(super) fn is_listed(&self) -> bool {
        self.facts.is_some()
    }

    /// What there is to say of one that gets no exposure. `may_be_elsewhere`: at another site of
    /// the run.
    fn diagnostic(&self, site: &SiteId, may_be_elsewhere: bool) -> Option<Diagnostic> {
        let (code, message, help) = match (&self.facts, &self.luid) {
            (Some(_), Some(_)) => return None,
            (Some(_), None) => (
                Code::WorkbookUnidentified,
                "has no luid, so it gets no exposure",
                "ask for `luid` in the query",
            ),
            (None, _) if self.has_id && may_be_elsewhere => (
                Code::WorkbookReferenceOnly,
                "is only mentioned, by a file that does not say on which of several sites it is",
                "give files of one site at a time, or name the site with `--server` and `--site`",
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

/// What there is to say of workbooks that get no exposure. Several may be called the same.
pub(super) fn diagnostics(
    drafts: &[Draft],
    site: &SiteId,
    may_be_elsewhere: bool,
) -> Vec<Diagnostic> {
    let mut counts = BTreeMap::<Diagnostic, usize>::new();
    for diagnostic in drafts.iter().filter_map(|draft| draft.diagnostic(site, may_be_elsewhere)) {
        *counts.entry(diagnostic).or_default() += 1;
    }
    let told = counts.into_iter().map(|(mut diagnostic, count)| {
        if count > 1 {
            diagnostic.message.push_str(&format!(" ({count} workbooks of this name)"));
        }
        diagnostic
    });
    told.collect()
}

/// The workbooks of one site, each with what it reads.
pub(super) fn of_site<'a>(settled: &Settled<'a>, site: &SiteId) -> Vec<Draft<'a>> {
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
pub(super) fn number_tables<'a>(site: &mut Site<'a>, drafts: Vec<Draft<'a>>) {
    let found = drafts.iter().flat_map(|draft| draft.found.keys());
    let tables =
        found.filter_map(|found| if let Found::Table(table) = found { Some(table) } else { None });
    let tables = tables.collect::<BTreeSet<_>>().into_iter().cloned().collect::<Vec<_>>();
    let workbooks = drafts.into_par_iter().filter_map(|draft| {
        let mut workbook = draft.facts.filter(|_| draft.luid.is_some())?;
        let reads = draft.found.into_iter().filter_map(|(found, paths)| {
            Some(Read { upstream: upstream(found, &tables)?, paths: shortest_first(paths) })
        });
        workbook.reads = reads.collect();
        Some(workbook)
    });
    site.workbooks = unite(workbooks.collect());
    site.tables = tables;
}

/// What was found, by its number if it is one of these tables, which are in order.
fn upstream<'a>(found: Found<'a>, tables: &[Table<'a>]) -> Option<Upstream<'a>> {
    Some(match found {
        Found::Table(table) => Upstream::Table(tables.binary_search(&table).ok()?),
        Found::Hidden(label, _) => Upstream::Hidden(label),
        Found::Unresolved(kind, label) => Upstream::Unresolved(kind, label),
        Found::Unreadable { name, connection, reason, .. } => {
            Upstream::Unreadable(name, connection, reason)
        }
    })
}

fn shortest_first(paths: BTreeSet<Path>) -> Vec<Path> {
    let mut paths = paths.into_iter().collect::<Vec<_>>();
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
