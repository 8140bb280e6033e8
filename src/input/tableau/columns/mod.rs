//! Which columns each workbook uses: its sheets show fields, and these come from columns.
//!
//! ```text
//! sheet ──fields──▶ calculation ──inputs──▶ field ──columns──▶ column of a table
//!                                                          └──▶ column of custom SQL (sql::join)
//! ```
//!
//! Silence is no fact: a column counts as not used only where every list on the way came whole and
//! every field shows where it comes from. `graph` follows fields to columns, `sheets` finds the sheets of
//! each workbook.

mod graph;
mod sheets;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use self::graph::Graph;
use self::sheets::{SheetsOf, by_workbook};
use super::evidence::Coverage;
use super::lineage::{Lineage, Survey};
use super::section::Section;
use super::store::{Content, Links, Merged, ObjectIx};
use crate::model::{
    ColumnsInUse, Degree, ObjectKind, StepKind, TableColumns, TableIx, Upstream, UsedColumn,
};

/// Which sections of the export have everything.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WholeSections {
    pub(super) sheets: bool,
    pub(super) fields: bool,
    pub(super) embedded: bool,
}

impl WholeSections {
    pub(super) fn of(coverage: &Coverage) -> Self {
        Self {
            sheets: coverage.lists_all_of(Section::Sheets),
            fields: coverage.lists_all_of(Section::Fields),
            embedded: coverage.lists_all_of(Section::Embedded),
        }
    }
}

/// The columns behind all fields of a site, and the sheets that use these.
pub(super) struct Columns<'s, 'm, 'a> {
    store: &'s Merged<'m, 'a>,
    survey: &'s Survey<'s, 'a>,
    graph: Graph<'s, 'm, 'a>,
    sheets: BTreeMap<ObjectIx, SheetsOf<'s, 'a>>,
    whole: WholeSections,
}

/// What a workbook uses while it is put together, by the object that has the column.
type Used<'a> = BTreeMap<(ObjectIx, &'a str), UsedColumn<'a>>;

impl<'s, 'm, 'a> Columns<'s, 'm, 'a> {
    /// Prepares what is needed of a site; `None` if the export shows nothing of fields, or the run does not
    /// ask.
    pub(super) fn new(
        store: &'s Merged<'m, 'a>,
        survey: &'s Survey<'s, 'a>,
        whole: WholeSections,
    ) -> Option<Self> {
        let facts = &store.columns;
        if facts.lists.is_empty() && facts.sheets.is_empty() {
            return None;
        }
        let sheets = by_workbook(store, whole.sheets);
        Some(Self {
            store,
            survey,
            graph: Graph::new(store, whole.fields),
            sheets,
            whole,
        })
    }

    /// The columns that a workbook uses, whose tables are known.
    pub(super) fn of_workbook(&self, at: ObjectIx, lineage: &Lineage) -> ColumnsInUse<'a> {
        let mut used = Used::new();
        let mut datasources = self.datasources(at);
        let are_sheets_told = self.add_sheets(at, &mut used, &mut datasources);
        let degree = if are_sheets_told {
            Degree::InDatasource
        } else {
            Degree::Perhaps
        };
        for datasource in &datasources {
            for (column, field) in self.graph.columns_of(*datasource) {
                add(&mut used, *column, degree, None, *field);
            }
        }
        let mut columns = ColumnsInUse::default();
        for ((object, _), column) in used {
            self.add_to_tables(object, &column, &mut columns);
        }
        self.tell(at, &datasources, lineage, &mut columns);
        columns
    }

    /// The data sources of a workbook, and the published ones behind these.
    fn datasources(&self, workbook: ObjectIx) -> BTreeSet<ObjectIx> {
        let mut seen = BTreeSet::from([workbook]);
        let mut found = BTreeSet::new();
        let mut waiting = vec![workbook];
        while let Some(at) = waiting.pop() {
            for next in self.upstream(at) {
                let kind = self.store.object(next).entity.kind;
                let is_datasource = matches!(
                    kind,
                    ObjectKind::Embedded | ObjectKind::Published | ObjectKind::Datasource
                );
                if (is_datasource || kind == ObjectKind::View) && seen.insert(next) {
                    found.extend(is_datasource.then_some(next));
                    waiting.push(next);
                }
            }
        }
        found
    }

    fn links(&self, at: ObjectIx) -> &Links<'a> {
        &self.store.object(at).links
    }

    fn upstream(&self, at: ObjectIx) -> impl Iterator<Item = ObjectIx> {
        let links = self.links(at);
        let links = links.upstream.iter().chain(&links.columns);
        links.filter_map(|link| self.store.find(*link))
    }

    /// Adds what the sheets of a workbook show. Whether they show nothing else.
    fn add_sheets(
        &self,
        workbook: ObjectIx,
        used: &mut Used<'a>,
        datasources: &mut BTreeSet<ObjectIx>,
    ) -> bool {
        let Some(sheets) = self.sheets.get(&workbook) else {
            return false;
        };
        let mut is_told = sheets.is_told;
        for sheet in &sheets.sheets {
            for (column, table) in &sheet.columns {
                match self.store.find(*table) {
                    Some(table) => {
                        add(used, (table, column), Degree::OnSheet, sheet.name, None);
                    }
                    None => is_told = false,
                }
            }
            for field in &sheet.fields {
                datasources.extend(field.datasource.and_then(|one| self.store.find(one)));
                let origins = self.graph.origins(field);
                is_told &= origins.is_whole;
                for column in origins.columns {
                    add(used, column, Degree::OnSheet, sheet.name, origins.name);
                }
            }
        }
        is_told
    }

    /// Adds a column to the tables that the object which has it may be.
    fn add_to_tables(
        &self,
        object: ObjectIx,
        column: &UsedColumn<'a>,
        columns: &mut ColumnsInUse<'a>,
    ) {
        let known = self.store.object(object);
        let add = |columns: &mut ColumnsInUse<'a>, content: &Content<'a>| {
            if let Content::Tables(tables) = content {
                for table in tables.iter().flatten() {
                    let uses = columns.tables.entry(*table).or_default();
                    uses.add([column.clone()]);
                }
            }
        };
        match &known.content {
            content @ Content::Tables(_) => add(columns, content),
            // A virtual connection passes columns on under their names, unless somebody renames them.
            Content::Intermediate(_) if known.entity.kind == ObjectKind::VirtualTable => {
                for upstream in self.upstream(object) {
                    add(columns, &self.store.object(upstream).content);
                }
            }
            Content::Intermediate(_) => {
                if let Some(sql) = self.survey.shown_sql.position(object) {
                    columns
                        .queries
                        .entry(sql)
                        .or_default()
                        .add([column.clone()]);
                }
            }
            Content::Unknown | Content::Workbook(_) | Content::TooManyTables => {}
        }
    }

    /// Says of which tables everything is told.
    fn tell(
        &self,
        at: ObjectIx,
        datasources: &BTreeSet<ObjectIx>,
        lineage: &Lineage,
        columns: &mut ColumnsInUse<'a>,
    ) {
        let links = self.links(at);
        let lists_all = self.whole.embedded
            || links.lists.contains(ObjectKind::Embedded)
                && !links.cut.contains(ObjectKind::Embedded)
                && !links.null_lists.contains(ObjectKind::Embedded)
                && !links.nulls.contains_key(&ObjectKind::Embedded);
        if !lists_all || datasources.is_empty() {
            return;
        }
        let untold = datasources.iter().filter(|one| !self.graph.is_told(**one));
        let untold = untold.copied().collect::<Vec<_>>();
        let hidden = self.tables_of_hidden_sql(datasources.iter().copied().chain([at]));
        columns.is_whole = untold.is_empty();
        for query in columns.queries.values_mut() {
            query.is_told = untold.is_empty();
        }
        for read in &lineage.reads {
            let Upstream::Table(table) = read.upstream else {
                continue;
            };
            let steps = read.paths.iter().flat_map(|path| path.steps());
            let is_renamed =
                |kind| matches!(kind, StepKind::Flow | StepKind::VirtualConnectionTable);
            let is_direct = !steps.map(|step| step.kind).any(is_renamed);
            let is_told = is_direct
                && !hidden.contains(&table)
                && untold.iter().all(|one| self.surely_lacks(*one, table));
            columns.tables.entry(table).or_default().is_told = is_told;
        }
    }

    /// The tables of custom SQL whose query the export does not show.
    fn tables_of_hidden_sql(&self, readers: impl Iterator<Item = ObjectIx>) -> BTreeSet<TableIx> {
        let read = readers.flat_map(|reader| self.upstream(reader));
        let hidden = read.filter(|at| {
            self.store.object(*at).entity.kind == ObjectKind::CustomSql
                && self.survey.shown_sql.position(*at).is_none()
        });
        let objects = hidden.flat_map(|sql| self.upstream(sql).collect::<Vec<_>>());
        let tables = objects.filter_map(|at| match &self.store.object(at).content {
            Content::Tables(tables) => Some(tables.iter().flatten().copied()),
            _ => None,
        });
        tables.flatten().collect()
    }

    /// Whether a data source lists all tables that it reads, and this is not one of them.
    fn surely_lacks(&self, datasource: ObjectIx, table: TableIx) -> bool {
        let links = self.links(datasource);
        let lists_all = links.lists.contains(ObjectKind::Table)
            && !links.cut.contains(ObjectKind::Table)
            && links.null_lists.is_empty()
            && links.nulls.is_empty();
        lists_all
            && links.upstream.iter().chain(&links.columns).all(|link| {
                let found = self.store.find(*link);
                let content = found.map(|at| &self.store.object(at).content);
                matches!(content, Some(Content::Tables(tables))
                    if !tables.contains(&Some(table)) && !tables.contains(&None))
            })
    }
}

fn add<'a>(
    used: &mut Used<'a>,
    (table, name): (ObjectIx, &'a str),
    degree: Degree,
    sheet: Option<&'a str>,
    field: Option<&'a str>,
) {
    let mut column = UsedColumn::new(Cow::Borrowed(name), degree);
    column.sheets.extend(sheet.map(Cow::Borrowed));
    column.fields.extend(field.map(Cow::Borrowed));
    let known = used.entry((table, name));
    known
        .and_modify(|known| known.add(column.clone()))
        .or_insert(column);
}

impl ColumnsInUse<'_> {
    /// Puts the new positions of tables in place of the old ones, and of custom SQL those behind others.
    pub(super) fn renumber(&mut self, new: &[Option<TableIx>], custom_sql_before: usize) {
        let tables = std::mem::take(&mut self.tables).into_iter();
        let tables = tables.filter_map(|(table, columns)| Some((new[table.0]?, columns)));
        self.tables = tables.collect::<BTreeMap<_, TableColumns>>();
        let queries = std::mem::take(&mut self.queries).into_iter();
        let queries = queries.map(|(mut sql, columns)| {
            sql.0 += custom_sql_before;
            (sql, columns)
        });
        self.queries = queries.collect();
    }
}
