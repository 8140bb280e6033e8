//! What workbooks read, and who reads it, in an answer.

use schemars::JsonSchema;
use serde::Serialize;

use super::columns::Columns;
use crate::output::explain::facts;
use crate::output::explain::meaning::of_rule;
use crate::output::json::v1::causes::{Cause, proposed_config};
use crate::output::json::v1::parts::{Nearest, Owner};
use crate::report::WorkbookFacts;

/// A workbook.
#[derive(Serialize, JsonSchema)]
pub(super) struct Workbook<'r> {
    /// Its title; empty if Tableau hides it.
    title: &'r str,
    /// Its luid.
    luid: &'r str,
    /// Its server; null if it is not known.
    server: Option<&'r str>,
    /// The content URL of its site, empty for the default site; null if it is not known.
    site: Option<&'r str>,
    /// The path of its project, as far as it is known; null if it is not.
    project: Option<&'r str>,
    /// Its owner.
    owner: Owner<'r>,
    /// Where it opens; null if server or site are not known.
    url: Option<&'r str>,
}

impl<'r> Workbook<'r> {
    pub(super) fn new(workbook: &'r WorkbookFacts) -> Self {
        Self {
            title: &workbook.title,
            luid: &workbook.luid,
            server: workbook.server.as_deref(),
            site: workbook.site.as_deref(),
            project: workbook.project.as_deref(),
            owner: Owner::new(&workbook.owner),
            url: workbook.url.as_deref(),
        }
    }
}

/// Tables, and why some of them are not linked.
#[derive(Serialize, JsonSchema)]
pub(super) struct Things<'r> {
    /// Tables, and what stands for them.
    reads: Vec<Thing<'r>>,
    /// Why some of them are not linked.
    causes: Vec<CauseOf<'r>>,
    /// The configuration that is proposed for these causes, as one block of YAML; null if there is none.
    proposed_config: Option<String>,
}

impl<'r> Things<'r> {
    pub(super) fn new(things: &'r facts::Things) -> Self {
        Self {
            reads: things.all.iter().map(Thing::new).collect(),
            causes: things.groups.iter().map(CauseOf::new).collect(),
            proposed_config: proposed_config(&things.causes()),
        }
    }
}

/// Why tables are not linked.
#[derive(Serialize, JsonSchema)]
struct CauseOf<'r> {
    /// The dbt project that the tables are not linked to; null if there is only one.
    project: Option<&'r str>,
    /// The positions in `reads` of the tables that it is told of.
    reads: &'r [usize],
    /// The cause, with what it explains and links in all workbooks; null if the links are lost.
    because: Option<Cause>,
}

impl<'r> CauseOf<'r> {
    fn new(group: &'r facts::GroupFacts) -> Self {
        Self {
            project: group.project.as_deref(),
            reads: &group.things,
            because: group.cause.as_ref().map(Cause::new),
        }
    }
}

/// A table that workbooks read, or what stands for it.
#[derive(Serialize, JsonSchema)]
pub(super) struct Thing<'r> {
    /// The table as Tableau names it, or a description where the name is not known.
    table: &'r str,
    /// What kind of object it is, such as `table` or `custom SQL`.
    kind: &'static str,
    /// Tableau's connection type; null if it is not known.
    connection_type: Option<&'r str>,
    /// The outcome, as in `tables` of a report.
    outcome: &'static str,
    /// Why it is not linked; null if it is.
    detail: Option<&'r str>,
    /// The node that it is linked to; null if it is not.
    link: Option<Link<'r>>,
    /// The link that it lost since the state.
    lost: Option<Lost<'r>>,
    /// Relations that nearly fit; for an ambiguous table, the first ten of those that fit.
    nearest: Vec<Nearest<'r>>,
    /// What it would link to by the configuration of its cause.
    would_link: Vec<WouldLink<'r>>,
    /// The workbooks that read it.
    readers: Vec<Reader<'r>>,
}

impl<'r> Thing<'r> {
    pub(super) fn new(thing: &'r facts::ThingFacts) -> Self {
        Self {
            table: &thing.table,
            kind: thing.kind.text(),
            connection_type: thing.connection_type.as_deref(),
            outcome: thing.outcome.text(),
            detail: thing.detail.as_deref(),
            link: thing.link.as_ref().map(|link| Link {
                project: link.project.as_deref(),
                node: &link.node,
                relation: &link.relation,
                rule: link.rule.text(),
                meaning: of_rule(link.rule),
            }),
            lost: thing.lost.as_ref().map(|lost| Lost {
                node: &lost.node,
                fate: &lost.fate,
            }),
            nearest: thing.nearest.iter().map(Nearest::new).collect(),
            would_link: thing.would_link.iter().map(WouldLink::new).collect(),
            readers: thing.readers.iter().map(Reader::new).collect(),
        }
    }
}

/// The link of a table.
#[derive(Serialize, JsonSchema)]
struct Link<'r> {
    /// The dbt project of the node; null if there is only one.
    project: Option<&'r str>,
    /// The node's id.
    node: &'r str,
    /// Its relation.
    relation: &'r str,
    /// The rule that fits.
    rule: &'static str,
    /// What the rule means.
    meaning: &'static str,
}

/// A link that a table had in the state.
#[derive(Serialize, JsonSchema)]
struct Lost<'r> {
    /// The id of the node.
    node: &'r str,
    /// What became of it.
    fate: &'r str,
}

/// What a table would link to.
#[derive(Serialize, JsonSchema)]
struct WouldLink<'r> {
    /// The node's id.
    node: &'r str,
    /// The value of the choice by which it does; null if there is nothing to choose.
    choice: Option<&'r str>,
}

impl<'r> WouldLink<'r> {
    fn new(would: &'r facts::WouldLink) -> Self {
        Self {
            node: &would.node,
            choice: Some(would.value.as_str()).filter(|value| !value.is_empty()),
        }
    }
}

/// A workbook that reads a table.
#[derive(Serialize, JsonSchema)]
struct Reader<'r> {
    #[serde(flatten)]
    workbook: Workbook<'r>,
    /// Whether it is selected.
    selected: bool,
    /// How it gets at the table, the shortest way first; of very many ways, a few.
    paths: Vec<OnePath<'r>>,
    /// The columns of the table that it uses; null if the export does not tell any.
    columns: Option<Columns<'r>>,
}

impl<'r> Reader<'r> {
    fn new(reader: &'r facts::Reader) -> Self {
        Self {
            workbook: Workbook::new(&reader.workbook),
            selected: reader.is_selected,
            paths: reader.paths.iter().map(OnePath::new).collect(),
            columns: reader.columns.as_ref().map(Columns::new),
        }
    }
}

/// How a workbook gets at a table.
#[derive(Serialize, JsonSchema)]
struct OnePath<'r> {
    /// The steps.
    steps: &'r str,
    /// The query of custom SQL on the way; null if there is none, or the export does not show it.
    query: Option<Query<'r>>,
}

impl<'r> OnePath<'r> {
    fn new(path: &'r facts::PathFacts) -> Self {
        Self {
            steps: &path.text,
            query: path.query.as_ref().map(|query| Query {
                name: &query.name,
                text: &query.text,
                line: query.place.line,
                column: query.place.column,
                letters: query.letters,
            }),
        }
    }
}

/// The query of custom SQL, and where it names a table or leaves a doubt.
#[derive(Serialize, JsonSchema)]
struct Query<'r> {
    /// The name of the custom SQL.
    name: &'r str,
    /// The query, as Tableau holds it.
    text: &'r str,
    /// The line, from 1.
    line: usize,
    /// The column, from 1, in characters.
    column: usize,
    /// How many characters the name has.
    letters: usize,
}
