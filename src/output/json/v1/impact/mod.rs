//! Version 1 of the document of which workbooks a change reaches.

mod changes;
mod compared;

use schemars::JsonSchema;
use serde::Serialize;

use self::changes::{Change, ChangedColumn, Cosmetic, NotCompared};
use self::compared::{CapturedExport, Compared, Target};
use super::parts::Owner;
use super::{Message, SCHEMA_VERSION};
use crate::impact::{self, Severity};
use crate::model;
use crate::output::impact::ImpactAnswer;
use crate::report::WorkbookFacts;

/// The answer of `impact`.
#[derive(Serialize, JsonSchema)]
pub struct Answer<'r> {
    /// The version of this document: 1.
    schema_version: u32,
    /// How many workbooks are reached, by what happens to them.
    counts: Counts,
    /// The workbooks that are reached: the worst first, by what happens, then by title.
    workbooks: Vec<Workbook<'r>>,
    /// The nodes that changed, in the order of their ids; also those that no workbook reads.
    changes: Vec<Change<'r>>,
    /// The nodes in which only that changed which no reader sees.
    cosmetic: Vec<Cosmetic<'r>>,
    /// What could not be compared.
    not_compared: Vec<NotCompared<'r>>,
    /// The ids of nodes whose text asks for vars or variables of the environment, whose values are in
    /// no manifest.
    with_unseen_values: Vec<&'r str>,
    /// Whether both manifests are of one target of dbt.
    target: Target<'r>,
    /// What was compared.
    basis: Compared<'r>,
    /// The exports, by site.
    exports: Vec<CapturedExport<'r>>,
    /// What users should know of the files beside the manifests.
    caveats: &'r [String],
    /// What else the user should know.
    diagnostics: Vec<Message<'r>>,
}

/// Counts of workbooks.
#[derive(Serialize, JsonSchema)]
struct Counts {
    /// How many lose a table or a column that they show.
    breaks: usize,
    /// How many keep working and may show other numbers.
    touches: usize,
    /// Of how many it could not be compared.
    uncompared: usize,
    /// How many selected workbooks are not reached.
    unreached: usize,
}

/// A workbook that is reached.
#[derive(Serialize, JsonSchema)]
struct Workbook<'r> {
    /// Its title; empty if Tableau hides it.
    title: &'r str,
    /// Its luid.
    luid: &'r str,
    /// Its project, as a path as far as it is known.
    project: Option<&'r str>,
    /// Its owner.
    owner: Owner<'r>,
    /// Where it opens; null if server, site or number are not known.
    url: Option<&'r str>,
    /// `breaks`, `touches` or `uncompared`: the worst of its effects.
    severity: &'static str,
    /// What happens to it, the worst first.
    effects: Vec<Effect<'r>>,
}

/// One thing that happens to a workbook.
#[derive(Serialize, JsonSchema)]
struct Effect<'r> {
    /// What happens: `not-updated` (its table is built no more), `column-gone`, `fails` (the run that
    /// updates its table), `column-null` (new rows hold null), `type-changed`, `unused-column-gone`
    /// (no sheet shows it), `perhaps-column-gone` (the export does not tell whether it is used),
    /// `changed`, `old-version`, `perhaps-not-updated` or `not-compared`.
    what: &'static str,
    /// `breaks`, `touches` or `uncompared`.
    severity: &'static str,
    /// The id of the node that changed; null if it could not be compared.
    change: Option<&'r str>,
    /// The id of the node that could not be compared.
    not_compared: Option<&'r str>,
    /// The table that the workbook reads, as Tableau names it.
    table: &'r str,
    /// The id in base of the node that this table is.
    node: &'r str,
    /// The ids of the nodes from the one that changed to the one that is read, both included; empty if
    /// they are one.
    chain: Vec<&'r str>,
    /// How the workbook reaches the table.
    path: &'r str,
    /// Where its custom SQL names the table.
    place: Option<Place>,
    /// The columns that go or change.
    columns: Vec<Column<'r>>,
}

/// A place in a query; both count from 1.
#[derive(Serialize, JsonSchema)]
struct Place {
    /// The line.
    line: usize,
    /// The column in that line.
    column: usize,
}

/// A column that goes or changes, and how a workbook uses it.
#[derive(Serialize, JsonSchema)]
struct Column<'r> {
    #[serde(flatten)]
    changed: ChangedColumn<'r>,
    /// `on-sheet`, `in-query`, `in-datasource` or `not-told`.
    usage: &'static str,
    /// The sheets that show it; a few of them.
    sheets: &'r [String],
    /// The fields and calculations by which the workbook uses it; a few of them.
    fields: &'r [String],
    /// Where custom SQL names it.
    places: Vec<Place>,
}

impl<'r> Answer<'r> {
    pub(crate) fn new(answer: &'r ImpactAnswer) -> Self {
        let found = &answer.impact;
        let count = |severity| answer.of(severity).count();
        let workbooks = found.workbooks.iter().zip(&answer.workbooks);
        Self {
            schema_version: SCHEMA_VERSION,
            counts: Counts {
                breaks: count(Severity::Breaks),
                touches: count(Severity::Touches),
                uncompared: count(Severity::Uncompared),
                unreached: found.unreached,
            },
            workbooks: workbooks
                .map(|(reached, workbook)| Workbook::new(answer, reached, workbook))
                .collect(),
            changes: found.changes.iter().map(Change::new).collect(),
            cosmetic: found.cosmetic.iter().map(Cosmetic::new).collect(),
            not_compared: found.not_compared.iter().map(NotCompared::new).collect(),
            with_unseen_values: found.with_unseen_values.iter().map(AsRef::as_ref).collect(),
            target: Target::new(&found.target),
            basis: Compared::new(&found.basis),
            exports: answer.exports.iter().map(CapturedExport::new).collect(),
            caveats: &answer.caveats,
            diagnostics: answer.diagnostics.iter().map(Message::new).collect(),
        }
    }
}

impl<'r> Workbook<'r> {
    fn new(
        answer: &'r ImpactAnswer,
        reached: &'r impact::ReachedWorkbook,
        workbook: &'r WorkbookFacts,
    ) -> Self {
        let effects = reached.effects.iter();
        Self {
            title: &workbook.title,
            luid: &workbook.luid,
            project: workbook.project.as_deref(),
            owner: Owner::new(&workbook.owner),
            url: workbook.url.as_deref(),
            severity: reached.severity.text(),
            effects: effects.map(|effect| Effect::new(answer, effect)).collect(),
        }
    }
}

impl<'r> Effect<'r> {
    fn new(answer: &'r ImpactAnswer, effect: &'r impact::Effect) -> Self {
        let change = answer.change(effect);
        let not_compared = answer.not_compared(effect);
        Self {
            what: effect.what.key(),
            severity: effect.what.severity().text(),
            change: change.map(|change| change.unique_id.as_ref()),
            not_compared: not_compared.map(|node| node.unique_id.as_ref()),
            table: &effect.table,
            node: &effect.node,
            chain: effect.chain.iter().map(AsRef::as_ref).collect(),
            path: &effect.path,
            place: effect.place.map(Place::new),
            columns: effect.columns.iter().map(Column::new).collect(),
        }
    }
}

impl Place {
    fn new(place: model::Place) -> Self {
        Self {
            line: place.line,
            column: place.column,
        }
    }
}

impl<'r> Column<'r> {
    fn new(column: &'r impact::ColumnEffect) -> Self {
        Self {
            changed: ChangedColumn::new(&column.name, &column.change, column.evidence.key()),
            usage: column.usage.text(),
            sheets: &column.sheets,
            fields: &column.fields,
            places: column.places.iter().copied().map(Place::new).collect(),
        }
    }
}
