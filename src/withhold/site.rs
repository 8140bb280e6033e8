//! Workbooks, data sources and custom SQL without what tells them apart.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Decisions, Terms};
use crate::model::access::Access;
use crate::model::connection::Reach;
use crate::model::{
    ColumnsInUse, CustomSql, CustomSqlIx, Datasource, Fact, Path, Read, Relation, Site, Step,
    Table, TableIx, Unresolved, Upstream, WhyWithheld, Workbook, luid,
};

/// The site without what the audience may not see.
pub fn site<'a>(site: Site<'a>, decisions: &Decisions, terms: &Terms) -> Site<'a> {
    let visible = Visible::new(&site, decisions);
    let workbooks = site.workbooks.into_iter().zip(&decisions.workbooks);
    let workbooks = workbooks.map(|(one, why)| match why {
        Some(why) => workbook(one, *why, terms),
        None => one,
    });
    let workbooks = workbooks.collect();
    let datasources = site.datasources.into_iter();
    let datasources = datasources.map(|one| match visible.is_read(&one) {
        true => one,
        false => datasource(one, terms),
    });
    let datasources = datasources.collect();
    let custom_sql = site.custom_sql.into_iter().enumerate();
    let custom_sql = custom_sql.map(|(at, one)| match visible.sql.contains(&CustomSqlIx(at)) {
        true => one,
        false => query(one, terms),
    });
    let custom_sql = custom_sql.collect();
    let tables = site.tables.into_iter().enumerate();
    let tables = tables.map(|(at, one)| match visible.tables.contains(&TableIx(at)) {
        true => one,
        false => table(one, terms),
    });
    let tables = tables.collect();
    let mut unclaimed_sql = site.unclaimed_sql;
    let shown = unclaimed_sql.shown.into_iter();
    unclaimed_sql.shown = shown.map(|one| query(one, terms)).collect();
    Site {
        // It names people and projects, and is asked for no more.
        access: Access::default(),
        tables,
        workbooks,
        datasources,
        custom_sql,
        unclaimed_sql,
        ..site
    }
}

/// What visible workbooks read, whose names are theirs as well.
struct Visible {
    luids: HashSet<String>,
    sql: HashSet<CustomSqlIx>,
    tables: HashSet<TableIx>,
}

impl Visible {
    fn new(site: &Site, decisions: &Decisions) -> Self {
        let workbooks = site.workbooks.iter().zip(&decisions.workbooks);
        let visible = workbooks.filter(|(_, why)| why.is_none());
        let visible = visible.map(|(workbook, _)| workbook);
        let luids = visible.clone();
        let luids = luids.map(|workbook| luid::identity(&workbook.luid).into_owned());
        let mut visible = Self {
            luids: luids.collect(),
            sql: visible
                .clone()
                .flat_map(|workbook| &workbook.custom_sql)
                .map(|read| read.sql)
                .collect(),
            tables: visible
                .flat_map(|workbook| &workbook.reads)
                .filter_map(table_of)
                .collect(),
        };
        let read = site.datasources.iter().filter(|one| visible.is_read(one));
        let (mut sql, mut tables) = (Vec::new(), Vec::new());
        for one in read {
            sql.extend(one.custom_sql.iter().map(|read| read.sql));
            tables.extend(one.reads.iter().filter_map(table_of));
        }
        visible.sql.extend(sql);
        visible.tables.extend(tables);
        visible
    }

    fn is_read(&self, one: &Datasource) -> bool {
        let mut readers = one.readers.iter();
        readers.any(|reader| self.luids.contains(luid::identity(reader).as_ref()))
    }
}

/// The table that is read, if it is one.
fn table_of(read: &Read) -> Option<TableIx> {
    match read.upstream {
        Upstream::Table(at) => Some(at),
        Upstream::Hidden(_) | Upstream::Unresolved(_) | Upstream::Unreadable { .. } => None,
    }
}

/// A table that no visible workbook reads: a file, sheet or page in which data is brought along has a
/// name of its workbook, and that of a relation is the warehouse's.
fn table<'a>(one: Table<'a>, terms: &Terms) -> Table<'a> {
    if terms.shows(Fact::Sources) || !matches!(one.connection.reach(), Reach::NotWarehouse) {
        return one;
    }
    Table {
        name: Ok(Relation {
            database: None,
            schema: None,
            name: label(terms),
        }),
        hints: None,
        whole_name: None,
        server: None,
        ..one
    }
}

fn workbook<'a>(one: Workbook<'a>, why: WhyWithheld, terms: &Terms) -> Workbook<'a> {
    let (is_title_shown, has_project) = (terms.shows(Fact::Title), terms.shows(Fact::Project));
    let (has_url, has_times) = (terms.shows(Fact::Url), terms.shows(Fact::Times));
    let (has_owner, has_sources) = (terms.shows(Fact::Owner), terms.shows(Fact::Sources));
    // One that Tableau hides is still one that Tableau hides.
    let name = match is_title_shown || one.is_hidden() {
        true => one.name,
        false => label(terms),
    };
    Workbook {
        name,
        description: one.description.filter(|_| terms.shows(Fact::Description)),
        project: only_if(has_project, one.project),
        // That it is not known is a fact as well.
        has_project_path: one.has_project_path || !has_project,
        is_personal: one.is_personal && has_project,
        owner_name: one.owner_name.filter(|_| has_owner),
        owner_email: one.owner_email.filter(|_| has_owner),
        tags: only_if(terms.shows(Fact::Tags), one.tags),
        url_id: one.url_id.filter(|_| has_url),
        views: only_if(has_url, one.views),
        created_at: one.created_at.filter(|_| has_times),
        updated_at: one.updated_at.filter(|_| has_times),
        refreshed_at: one.refreshed_at.filter(|_| has_times),
        reads: match has_sources {
            true => one.reads,
            false => all_unnamed(one.reads, terms),
        },
        custom_sql: only_if(has_sources, one.custom_sql),
        columns: match has_sources {
            true => one.columns,
            false => columns(one.columns),
        },
        withheld: Some(terms.withheld(why)),
        site: one.site,
        luid: one.luid,
        gaps: one.gaps,
        is_near_unclaimed_sql: one.is_near_unclaimed_sql,
    }
}

fn only_if<T>(is_shown: bool, all: Vec<T>) -> Vec<T> {
    if is_shown { all } else { Vec::new() }
}

fn label(terms: &Terms) -> Cow<'static, str> {
    Cow::Owned(terms.label.to_string())
}

/// Everything that is read, without names and in an order that does not come from them.
fn all_unnamed<'a>(reads: Vec<Read<'a>>, terms: &Terms) -> Vec<Read<'a>> {
    let reads = reads.into_iter().map(|read| unnamed(read, terms));
    let mut reads = reads.collect::<Vec<_>>();
    reads.sort_by(|one, other| (&one.upstream, one.object).cmp(&(&other.upstream, other.object)));
    reads
}

/// What is read, without the names of what lies before it. The names of tables stay: they are the
/// warehouse's, and not the workbook's.
fn unnamed<'a>(read: Read<'a>, terms: &Terms) -> Read<'a> {
    let upstream = match read.upstream {
        Upstream::Unresolved(unresolved) => Upstream::Unresolved(Unresolved {
            label: label(terms),
            ..unresolved
        }),
        Upstream::Unreadable {
            connection, reason, ..
        } => Upstream::Unreadable {
            name: label(terms),
            connection,
            reason,
        },
        upstream @ (Upstream::Table(_) | Upstream::Hidden(_)) => upstream,
    };
    let paths = read.paths.iter().map(without_names);
    let mut paths = paths.collect::<Vec<_>>();
    paths.sort_by(|one, other| (one.len(), one).cmp(&(other.len(), other)));
    paths.dedup();
    Read {
        upstream,
        kind: read.kind,
        object: read.object,
        paths,
    }
}

fn without_names<'a>(path: &Path<'a>) -> Path<'a> {
    path.map_steps(|step| Step {
        kind: step.kind,
        name: Cow::Borrowed(""),
        place: step.place,
    })
}

/// The columns without the sheets and fields that use them.
fn columns(mut columns: ColumnsInUse) -> ColumnsInUse {
    let of_tables = columns.tables.values_mut();
    let all = of_tables.chain(columns.queries.values_mut());
    for column in all.flat_map(|table| &mut table.columns) {
        column.sheets.clear();
        column.fields.clear();
    }
    columns
}

fn datasource<'a>(one: Datasource<'a>, terms: &Terms) -> Datasource<'a> {
    if terms.shows(Fact::Sources) {
        return one;
    }
    Datasource {
        name: label(terms),
        refreshed_at: one.refreshed_at.filter(|_| terms.shows(Fact::Times)),
        reads: all_unnamed(one.reads, terms),
        custom_sql: Vec::new(),
        ..one
    }
}

fn query<'a>(one: CustomSql<'a>, terms: &Terms) -> CustomSql<'a> {
    if terms.shows(Fact::Sources) {
        return one;
    }
    CustomSql {
        name: label(terms),
        query: "",
        ..one
    }
}
