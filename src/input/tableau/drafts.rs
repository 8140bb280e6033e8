//! The workbooks of one site with their facts, and the tables of all workbooks numbered.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rayon::prelude::*;

use super::reads;
use super::store::{self, Content, Links, Merged, Object};
use crate::model::{
    Code, Diagnostic, Site, SiteId, Table, TableIx, Upstream, Workbook, WorkbookGap,
};

/// The workbooks of one site.
pub(super) struct AtSite<'a> {
    pub(super) drafts: Vec<Draft<'a>>,
    /// The tables of the site, by whose numbers these workbooks know what they read.
    tables: Vec<Table<'a>>,
}

/// A workbook before its tables are numbered.
pub(super) struct Draft<'a> {
    /// Where it is described; `None` if it is only mentioned.
    pub(super) facts: Option<Workbook<'a>>,
    label: Cow<'a, str>,
    /// Whether it has an id or a luid.
    has_id: bool,
}

impl Draft<'_> {
    /// Whether it can be owned.
    pub(super) fn has_luid(&self) -> bool {
        self.facts
            .as_ref()
            .is_some_and(|workbook| !workbook.luid.is_empty())
    }

    /// What there is to say of one that gets no exposure. `may_be_elsewhere`: at another site of
    /// the run.
    fn diagnostic(&self, site: &SiteId, may_be_elsewhere: bool) -> Option<Diagnostic> {
        let (code, message, help) = match &self.facts {
            Some(_) if self.has_luid() => return None,
            Some(_) => (
                Code::WorkbookUnidentified,
                "has no luid, so it gets no exposure",
                "ask for `luid` in the query",
            ),
            None if self.has_id && may_be_elsewhere => (
                Code::WorkbookReferenceOnly,
                "is only mentioned, by a file that does not say on which of several sites it is",
                "give files of one site at a time, or name the site with `--server` and `--site`",
            ),
            None if self.has_id => (
                Code::WorkbookReferenceOnly,
                "is only mentioned, so it gets no exposure",
                "add the page that lists it",
            ),
            None => (
                Code::WorkbookReferenceOnly,
                "is mentioned without an id, so it is not known which one is meant",
                "ask for `luid` wherever the query names workbooks",
            ),
        };
        Some(
            Diagnostic::warning(
                code,
                site.place(),
                format!("workbook {:?} {message}", self.label),
            )
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
    for diagnostic in drafts
        .iter()
        .filter_map(|draft| draft.diagnostic(site, may_be_elsewhere))
    {
        *counts.entry(diagnostic).or_default() += 1;
    }
    let told = counts.into_iter().map(|(mut diagnostic, count)| {
        if count > 1 {
            diagnostic
                .message
                .push_str(&format!(" ({count} workbooks of this name)"));
        }
        diagnostic
    });
    told.collect()
}

/// The workbooks of one site, each with what it reads.
pub(super) fn of_site<'a>(merged: Merged<'_, 'a>, site: &SiteId) -> AtSite<'a> {
    let workbooks = merged.workbooks().collect::<Vec<_>>();
    let drafts = workbooks.into_par_iter().map(|at| {
        let object = merged.object(at);
        let Content::Workbook(facts) = object.content else {
            let label = Cow::Borrowed(object.entity.label.unwrap_or_default());
            return Draft {
                facts: None,
                label,
                has_id: object.entity.has_id,
            };
        };
        let reads = reads::of_workbook(&merged, at);
        let workbook = Workbook {
            reads: reads.reads,
            ..describe(facts, object, site, &merged, reads.gaps)
        };
        Draft {
            label: workbook.name.clone(),
            facts: Some(workbook),
            has_id: true,
        }
    });
    let drafts = drafts.collect();
    // Taking apart what is not needed any more takes as long as making it.
    merged.objects.into_par_iter().for_each(drop);
    AtSite {
        drafts,
        tables: merged.tables,
    }
}

/// The facts of a workbook beside what it reads.
fn describe<'a>(
    facts: &store::Workbook<'a>,
    object: &Object<'a>,
    site: &SiteId,
    merged: &Merged<'_, 'a>,
    mut gaps: BTreeSet<WorkbookGap>,
) -> Workbook<'a> {
    let text = |field: Option<&'a str>| {
        field
            .filter(|text| !text.trim().is_empty())
            .map(Cow::Borrowed)
    };
    let name = text(facts.name).unwrap_or_default();
    if name.is_empty() {
        gaps.insert(WorkbookGap::NoTitle);
    }
    let owner = facts.owner.unwrap_or_default();
    let path = project_path(facts, merged);
    let tags = facts
        .tags
        .iter()
        .filter_map(|tag| text(Some(tag)))
        .collect::<BTreeSet<_>>();
    let of_uri = || {
        let (_, id) = facts.uri?.rsplit_once("/workbooks/")?;
        Some(Cow::Borrowed(id))
    };
    Workbook {
        site: site.clone(),
        luid: text(facts.luid).unwrap_or_default(),
        name,
        description: text(facts.description),
        has_project_path: !path.is_empty(),
        project: if path.is_empty() {
            text(facts.project_name).into_iter().collect()
        } else {
            path
        },
        is_personal: facts
            .container_type
            .is_some_and(|kind| kind.to_ascii_lowercase().contains("personal")),
        owner_name: text(owner.name).or_else(|| text(owner.username)),
        owner_email: text(owner.email),
        tags: tags.into_iter().collect(),
        url_id: text(facts.vizportal_url_id).or_else(of_uri),
        views: views(&object.links),
        created_at: text(facts.created_at)
            .and_then(|time| time.parse::<Timestamp>().ok())
            .map(Timestamp::as_second),
        reads: Vec::new(),
        gaps: gaps.into_iter().collect(),
    }
}

/// The paths of a workbook's views. Some sources put `/sheets/` between workbook and view.
fn views(links: &Links) -> Vec<String> {
    let paths = links.views.iter().map(|path| path.replace("/sheets/", "/"));
    paths
        .filter(|path| !path.is_empty())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// The folders down to the workbook's project, where an envelope lists projects.
fn project_path<'a>(facts: &store::Workbook<'a>, merged: &Merged<'_, 'a>) -> Vec<Cow<'a, str>> {
    let mut path = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = facts.project_luid;
    while let Some(project) = next
        .filter(|luid| seen.insert(*luid))
        .and_then(|luid| merged.projects.get(luid))
    {
        path.extend(project.name.map(Cow::Borrowed));
        next = project.parent_luid;
    }
    path.reverse();
    path
}

/// Numbers the distinct tables of all workbooks and sorts the workbooks by luid.
pub(super) fn number_tables<'a>(site: &mut Site<'a>, all: Vec<AtSite<'a>>) {
    let mut tables = all
        .iter()
        .flat_map(AtSite::read)
        .cloned()
        .collect::<Vec<_>>();
    tables.par_sort_unstable();
    tables.dedup();
    let mut workbooks = Vec::new();
    for AtSite {
        drafts,
        tables: of_site,
    } in all
    {
        let new = of_site
            .iter()
            .map(|table| tables.binary_search(table).ok().map(TableIx))
            .collect::<Vec<_>>();
        let with_luid = drafts.into_iter().filter(Draft::has_luid);
        workbooks.extend(
            with_luid
                .filter_map(|draft| draft.facts)
                .map(|mut workbook| {
                    workbook.reads.retain_mut(|read| match &mut read.upstream {
                        Upstream::Table(table) => new[table.0].map(|new| *table = new).is_some(),
                        _ => true,
                    });
                    workbook
                }),
        );
    }
    site.workbooks = unite(workbooks);
    site.tables = tables;
}

impl<'a> AtSite<'a> {
    /// The tables that any workbook reads.
    fn read(&self) -> impl Iterator<Item = &Table<'a>> {
        let mut is_read = vec![false; self.tables.len()];
        let workbooks = self.drafts.iter().filter_map(|draft| draft.facts.as_ref());
        for read in workbooks.flat_map(|workbook| &workbook.reads) {
            if let Upstream::Table(table) = read.upstream {
                is_read[table.0] = true;
            }
        }
        self.tables
            .iter()
            .zip(is_read)
            .filter_map(|(table, is_read)| is_read.then_some(table))
    }
}

/// Workbooks that come from several exports of which not both name their site are one.
fn unite(mut workbooks: Vec<Workbook>) -> Vec<Workbook> {
    // A known site sorts behind an unknown one, so that the better known facts take over.
    workbooks.par_sort_unstable_by(|a, b| (&a.luid, &a.site).cmp(&(&b.luid, &b.site)));
    let mut united: Vec<Workbook> = Vec::with_capacity(workbooks.len());
    for workbook in workbooks {
        match united.last_mut() {
            Some(last) if last.luid == workbook.luid && !last.site.contradicts(&workbook.site) => {
                let mut other = std::mem::replace(last, workbook);
                other.reads.append(&mut last.reads);
                last.reads = other.reads;
                last.gaps.append(&mut other.gaps);
                last.gaps.sort();
                last.gaps.dedup();
                last.reads.sort_by(|a, b| a.upstream.cmp(&b.upstream));
                last.reads.dedup_by(|a, b| a.upstream == b.upstream);
            }
            _ => united.push(workbook),
        }
    }
    united
}
