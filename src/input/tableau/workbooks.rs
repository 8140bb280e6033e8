//! The workbooks of each site, and those of all sites as one list.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rayon::iter::Either;
use rayon::prelude::*;

use super::columns::{Columns, WholeSections};
use super::datasources;
use super::elsewhere::OfSite;
use super::evidence::Coverage;
use super::lineage::{self, Lineage, Shared, Survey, Unclaimed};
use super::messages::{self, NotExposed};
use super::store::{self, Content, Links, Merged, ObjectIx};
use super::united::unite;
use crate::model::{
    ColumnsInUse, CustomSql, Datasource, Diagnostic, Evidence, Read, ReadSql, Site, SiteId, Table,
    TableIx, UnclaimedSql, Upstream, Workbook, WorkbookGap,
};

/// The workbooks of one site.
pub(super) struct SiteWorkbooks<'a> {
    /// The workbooks that the export describes. Their tables are positions in `tables`.
    listed: Vec<Workbook<'a>>,
    /// The data sources, if the run asks for extracts. Their tables are positions in `tables`.
    datasources: Vec<Datasource<'a>>,
    /// The workbooks that are only referenced.
    referenced: Vec<ReferencedWorkbook<'a>>,
    /// The tables of the site.
    tables: Vec<Table<'a>>,
    /// The custom SQL of which the export shows the query. Its tables are positions in `tables`.
    custom_sql: Vec<CustomSql<'a>>,
    /// Its custom SQL whose reader is unknown.
    unclaimed: Unclaimed<'a>,
}

struct ReferencedWorkbook<'a> {
    label: &'a str,
    /// Whether the references have an id or a luid.
    has_id: bool,
}

impl<'a> SiteWorkbooks<'a> {
    /// All workbooks of a site, each with what it reads.
    pub(super) fn new(
        merged: Merged<'_, 'a>,
        site: &SiteId,
        elsewhere: OfSite<'_>,
        coverage: &Coverage,
        asks_extracts: bool,
    ) -> Self {
        let survey = Survey::new(&merged, elsewhere);
        let shared = Shared::new(&merged);
        let columns = Columns::new(&merged, &survey, WholeSections::of(coverage));
        let positions = merged.workbooks().collect::<Vec<_>>();
        let (listed, referenced) = positions.into_par_iter().partition_map(|at| {
            let object = merged.object(at);
            match object.content {
                Content::Workbook(fields) => {
                    let lineage = lineage::trace(&merged, &survey, &shared, at);
                    let columns = columns.as_ref();
                    let columns = columns.map(|columns| columns.of_workbook(at, &lineage));
                    let workbook = Workbook {
                        columns: columns.unwrap_or_default(),
                        ..describe(&merged, lineage, at, fields, site)
                    };
                    Either::Left(workbook)
                }
                Content::Unknown
                | Content::Tables(_)
                | Content::TooManyTables
                | Content::Intermediate(_) => Either::Right(ReferencedWorkbook {
                    label: object.entity.label().unwrap_or_default(),
                    has_id: object.entity.has_id,
                }),
            }
        });
        let datasources = if asks_extracts {
            datasources::of_site(&merged, &survey, &shared, site)
        } else {
            Vec::new()
        };
        let custom_sql = survey.shown_sql.describe(&merged);
        // Dropping these is slow, so it is done on all cores.
        merged.objects.into_par_iter().for_each(drop);
        Self {
            listed,
            datasources,
            referenced,
            tables: merged.tables,
            custom_sql,
            unclaimed: survey.unclaimed,
        }
    }

    /// How many workbooks the export describes.
    pub(super) fn listed(&self) -> usize {
        self.listed.len()
    }

    /// How many described workbooks have no luid.
    pub(super) fn unidentified(&self) -> usize {
        self.listed.iter().filter(|one| one.luid.is_empty()).count()
    }

    /// Adds gaps that concern every workbook of the site.
    pub(super) fn add_gaps(&mut self, gaps: &[WorkbookGap]) {
        for workbook in &mut self.listed {
            for gap in gaps {
                // A gap of its own list may be one of the whole site as well.
                if !workbook.gaps.contains(gap) {
                    workbook.gaps.push(gap.clone());
                }
            }
        }
    }

    /// Which workbooks get no exposure, and why. `may_be_elsewhere`: references may be to workbooks
    /// of another site of the run.
    pub(super) fn not_exposed(&self, site: &SiteId, may_be_elsewhere: bool) -> Vec<Diagnostic> {
        let without_luid = self
            .listed
            .iter()
            .filter(|workbook| workbook.luid.is_empty())
            .map(|workbook| NotExposed::WithoutLuid(workbook.name.clone().into_owned()));
        let referenced = self
            .referenced
            .iter()
            .map(|workbook| workbook.not_exposed(may_be_elsewhere));
        // Several may have the same label.
        let mut counts = BTreeMap::<NotExposed, usize>::new();
        for reason in without_luid.chain(referenced) {
            *counts.entry(reason).or_default() += 1;
        }
        counts
            .iter()
            .map(|(reason, count)| messages::not_exposed(site, reason, *count))
            .collect()
    }

    /// What messages call the custom SQL whose reader is unknown.
    pub(super) fn unclaimed_sql(&self) -> &[String] {
        &self.unclaimed.labels
    }

    /// The tables that any workbook or data source reads.
    fn read_tables(&self) -> impl Iterator<Item = &Table<'a>> {
        let mut is_read = vec![false; self.tables.len()];
        let workbooks = self.listed.iter().flat_map(|workbook| &workbook.reads);
        let datasources = self.datasources.iter().flat_map(|one| &one.reads);
        for read in workbooks.chain(datasources) {
            if let Upstream::Table(table) = read.upstream {
                is_read[table.0] = true;
            }
        }
        self.tables
            .iter()
            .zip(is_read)
            .filter_map(|(table, is_read)| is_read.then_some(table))
    }

    /// The workbooks that have a luid, the data sources and the custom SQL, by positions in the lists of all sites.
    fn renumbered(
        self,
        site: usize,
        tables: &[Table<'a>],
        custom_sql_before: usize,
    ) -> (Vec<Workbook<'a>>, Vec<Datasource<'a>>, Vec<CustomSql<'a>>) {
        let position = |table| tables.binary_search(table).ok().map(TableIx);
        let new = self.tables.iter().map(position).collect::<Vec<_>>();
        let mut listed = self.listed;
        listed.retain(|workbook| !workbook.luid.is_empty());
        let renumber_all = |reads: &mut Vec<Read<'a>>, custom_sql: &mut Vec<ReadSql<'a>>| {
            reads.retain_mut(|read| {
                if let Some(object) = &mut read.object {
                    object.site = site;
                }
                renumber(&mut read.upstream, &new)
            });
            for read in custom_sql {
                read.sql.0 += custom_sql_before;
            }
        };
        for workbook in &mut listed {
            renumber_all(&mut workbook.reads, &mut workbook.custom_sql);
            workbook.columns.renumber(&new, custom_sql_before);
        }
        let mut datasources = self.datasources;
        for datasource in &mut datasources {
            renumber_all(&mut datasource.reads, &mut datasource.custom_sql);
        }
        let mut custom_sql = self.custom_sql;
        for sql in &mut custom_sql {
            sql.tables = sql.tables.iter().filter_map(|table| new[table.0]).collect();
            sql.object.site = site;
        }
        (listed, datasources, custom_sql)
    }
}

impl ReferencedWorkbook<'_> {
    fn not_exposed(&self, may_be_elsewhere: bool) -> NotExposed {
        let label = self.label.to_owned();
        if !self.has_id {
            NotExposed::WithoutId(label)
        } else if may_be_elsewhere {
            NotExposed::AtUnknownSite(label)
        } else {
            NotExposed::NotListed(label)
        }
    }
}

/// Puts the new position in place of a table's old one. Returns whether there is one.
fn renumber(upstream: &mut Upstream, new: &[Option<TableIx>]) -> bool {
    match upstream {
        Upstream::Table(table) => new[table.0].map(|new| *table = new).is_some(),
        Upstream::Hidden(_) | Upstream::Unresolved(_) | Upstream::Unreadable { .. } => true,
    }
}

/// A workbook as its fields describe it, with what it reads.
fn describe<'a>(
    merged: &Merged<'_, 'a>,
    lineage: Lineage<'a>,
    at: ObjectIx,
    fields: &store::Workbook<'a>,
    site: &SiteId,
) -> Workbook<'a> {
    let Lineage {
        reads,
        custom_sql,
        mut gaps,
        is_near_unclaimed_sql,
        refreshed_at,
    } = lineage;
    let name = not_blank(fields.name).unwrap_or_default();
    if name.is_empty() {
        gaps.insert(WorkbookGap::NoTitle);
    }
    let owner = fields.owner.unwrap_or_default();
    let path = project_path(fields, merged);
    Workbook {
        site: site.clone(),
        luid: not_blank(fields.luid).unwrap_or_default(),
        name,
        description: not_blank(fields.description),
        has_project_path: !path.is_empty(),
        project: if path.is_empty() {
            not_blank(fields.project_name).into_iter().collect()
        } else {
            path
        },
        is_personal: fields
            .container_type
            .is_some_and(|kind| kind.to_ascii_lowercase().contains("personal")),
        owner_name: not_blank(owner.name).or_else(|| not_blank(owner.username)),
        owner_email: not_blank(owner.email),
        tags: tags(fields),
        url_id: not_blank(fields.vizportal_url_id).or_else(|| url_id(fields.uri?)),
        views: views(&merged.object(at).links),
        created_at: seconds(fields.created_at),
        updated_at: seconds(fields.updated_at),
        refreshed_at: refreshed_at.map(Timestamp::as_second),
        reads,
        custom_sql,
        gaps: gaps.into_iter().collect(),
        is_near_unclaimed_sql,
        columns: ColumnsInUse::default(),
        withheld: None,
    }
}

/// A time in seconds since 1970; `None` for what is not a time.
fn seconds(time: Option<&str>) -> Option<i64> {
    let time = time?.trim().parse::<Timestamp>().ok()?;
    Some(time.as_second())
}

fn not_blank(text: Option<&str>) -> Option<Cow<'_, str>> {
    text.filter(|text| !text.trim().is_empty())
        .map(Cow::Borrowed)
}

fn tags<'a>(fields: &store::Workbook<'a>) -> Vec<Cow<'a, str>> {
    let tags = fields.tags.iter().filter_map(|tag| not_blank(Some(tag)));
    tags.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The number at the end of a workbook's `uri`, such as 42 in `sites/1/workbooks/42`.
fn url_id(uri: &str) -> Option<Cow<'_, str>> {
    let (_, id) = uri.rsplit_once("/workbooks/")?;
    Some(Cow::Borrowed(id))
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

/// How many projects, each inside the next, a path has at most. Sites nest a few; an export with
/// thousands in a row must not give each workbook a path of thousands.
const MOST_PROJECTS: usize = 100;

/// The path of the workbook's project, if an envelope lists projects.
fn project_path<'a>(fields: &store::Workbook<'a>, merged: &Merged<'_, 'a>) -> Vec<Cow<'a, str>> {
    let mut path = Vec::new();
    let mut seen = BTreeSet::new();
    let elsewhere = || merged.project_of(fields.luid?);
    let mut next = fields.project_luid.or_else(elsewhere);
    while let Some(project) = next
        .filter(|luid| seen.len() < MOST_PROJECTS && seen.insert(*luid))
        .and_then(|luid| merged.projects.get(luid))
    {
        path.extend(project.name.map(Cow::Borrowed));
        next = project.parent_luid;
    }
    path.reverse();
    path
}

/// The workbooks of all sites, by luid, and the distinct tables that any workbook reads, in order.
/// Also those that may be of several sites.
pub(super) fn join_sites<'a>(
    all: Vec<SiteWorkbooks<'a>>,
    evidence: Vec<Evidence>,
) -> (Site<'a>, Vec<Diagnostic>) {
    let unidentified = all.iter().map(SiteWorkbooks::unidentified).sum();
    let mut tables = all
        .iter()
        .flat_map(SiteWorkbooks::read_tables)
        .cloned()
        .collect::<Vec<_>>();
    tables.par_sort_unstable();
    tables.dedup();
    let unclaimed_sql = unclaimed_sql(&all);
    let (mut workbooks, mut datasources, mut custom_sql) = (Vec::new(), Vec::new(), Vec::new());
    for (number, site) in all.into_iter().enumerate() {
        let (listed, held, shown) = site.renumbered(number, &tables, custom_sql.len());
        workbooks.extend(listed);
        datasources.extend(held);
        custom_sql.extend(shown);
    }
    let (workbooks, of_several_sites) = unite(workbooks);
    let diagnostics = of_several_sites
        .iter()
        .map(|workbook| messages::workbook_of_several_sites(&workbook.site, &workbook.name))
        .collect();
    let site = Site {
        workbooks,
        datasources: datasources::unite(datasources),
        tables,
        unidentified,
        evidence,
        custom_sql,
        unclaimed_sql,
        ..Site::default()
    };
    (site, diagnostics)
}

/// What the custom SQL of all sites reads whose reader is unknown.
fn unclaimed_sql<'a>(all: &[SiteWorkbooks<'a>]) -> UnclaimedSql<'a> {
    let tables = all.iter().flat_map(|site| {
        let tables = site.unclaimed.tables.iter();
        tables.map(|table| site.tables[table.0].clone())
    });
    let unclaimed = all.iter().map(|site| &site.unclaimed);
    UnclaimedSql {
        tables: tables.collect::<BTreeSet<_>>().into_iter().collect(),
        is_open: unclaimed.clone().any(|unclaimed| unclaimed.is_open),
        shown: unclaimed.flat_map(|one| one.shown.clone()).collect(),
    }
}
