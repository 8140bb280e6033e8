//! What answers show.

use std::sync::Arc;

pub use super::columns::{ColumnFacts, ColumnsFacts};
use crate::explain::exposure::ExposureOf;
use crate::link::{OutcomeKind, Rule};
use crate::model::{Diagnostic, ObjectKind, Place};
use crate::report::{ExportFacts, Nearest, WorkbookFacts};
use crate::usage::Certainty;
use crate::verdict::{Cause, Counted};

/// The answer to a question.
#[derive(Debug, Default)]
pub struct Explanation {
    /// What the user asked about; `None` for everything that is not linked.
    pub subject: Option<String>,
    /// The dbt projects, if there are several.
    pub projects: Vec<String>,
    /// The workbooks that it may mean.
    pub workbooks: Vec<WorkbookAnswer>,
    /// The nodes that it may mean.
    pub nodes: Vec<NodeAnswer>,
    /// How many more nodes it may mean.
    pub more_nodes: usize,
    /// How sure it is that nobody else reads these nodes.
    pub certainty: Option<Certainty>,
    /// The tables that it may mean.
    pub tables: Vec<TableAnswer>,
    /// Everything that is not linked, by cause.
    pub unlinked: Option<Unlinked>,
    /// What the exports prove.
    pub exports: Vec<ExportFacts>,
    /// What else the user should know.
    pub diagnostics: Vec<Diagnostic>,
}

impl Explanation {
    /// Whether it tells that the manifest may be of another target.
    pub fn is_target_told(&self) -> bool {
        let workbooks = self.workbooks.iter().map(|answer| &answer.things);
        let near = self.nodes.iter().map(|answer| &answer.near);
        let tables = self.tables.iter().map(|answer| &answer.things);
        let unlinked = self.unlinked.iter().map(|answer| &answer.things);
        let mut all = workbooks.chain(near).chain(tables).chain(unlinked);
        all.any(|things| {
            let groups = things.groups.iter();
            let mut causes = groups.filter_map(|group| group.cause.as_ref());
            causes.any(Cause::is_of_other_target)
        })
    }
}

/// Everything of the selected workbooks that is not linked.
#[derive(Debug)]
pub struct Unlinked {
    /// How many workbooks are selected.
    pub selected: usize,
    /// How many of these may read more than the export shows.
    pub incomplete: usize,
    /// How many are not selected.
    pub not_selected: usize,
    /// The things, by cause.
    pub things: Things,
}

/// What is known of a workbook.
#[derive(Debug)]
pub struct WorkbookAnswer {
    /// The workbook.
    pub workbook: Arc<WorkbookFacts>,
    /// Why it is not selected, if it is not.
    pub not_selected: Option<String>,
    /// Why it may read more than the export shows.
    pub gaps: Vec<String>,
    /// Its exposures.
    pub exposures: Vec<ExposureOf>,
    /// What it reads.
    pub things: Things,
}

/// What is known of a node.
#[derive(Debug)]
pub struct NodeAnswer {
    /// The dbt project; `None` if there is only one.
    pub project: Option<String>,
    /// dbt's id.
    pub unique_id: String,
    /// Its resource type, as its id names it.
    pub resource_type: String,
    /// Its name.
    pub name: String,
    /// Its relation, as the dbt project spells it.
    pub relation: Option<String>,
    /// Other relations that stand for it, each with what it is.
    pub other_relations: Vec<(&'static str, String)>,
    /// Whether dbt builds nothing for it.
    pub is_ephemeral: bool,
    /// How it is built.
    pub materialized: Option<String>,
    /// Who may refer to it.
    pub access: Option<&'static str>,
    /// The file that defines it.
    pub file: Option<String>,
    /// The nodes whose relation it has, in this or in another dbt project, and to which tables are linked in
    /// its place.
    pub stands_for: Vec<String>,
    /// The tables that are linked to it.
    pub direct: Things,
    /// What reads it through models below, the nearest first.
    pub through: Vec<Through>,
    /// Who else reads it: ids on the shortest way, the reader last.
    pub others: Vec<Vec<String>>,
    /// The ids of exposures of earlier runs whose workbooks no export lists.
    pub earlier: Vec<String>,
    /// The tables that are not linked and that it nearly fits.
    pub near: Things,
    /// The shortest ways to what is made of it and nearly fits a table that is not linked.
    pub near_below: Vec<Vec<String>>,
}

/// Tables that are linked to what is made of a node.
#[derive(Debug)]
pub struct Through {
    /// The ids on the shortest way from the node to what they are linked to.
    pub chain: Vec<String>,
    /// These tables.
    pub things: Vec<ThingFacts>,
}

/// What is known of a table.
#[derive(Debug)]
pub struct TableAnswer {
    /// Its name, as Tableau shows it.
    pub name: String,
    /// The table with its cause; empty if no workbook reads it.
    pub things: Things,
}

/// Tables, and what stands for them, with the causes why some of them are not linked.
#[derive(Debug, Default)]
pub struct Things {
    /// All of them.
    pub all: Vec<ThingFacts>,
    /// Those that are not linked, by cause.
    pub groups: Vec<GroupFacts>,
}

impl Things {
    /// Those that are linked.
    pub fn linked(&self) -> impl Iterator<Item = (&ThingFacts, &LinkOf)> {
        let all = self.all.iter();
        all.filter_map(|thing| Some((thing, thing.link.as_ref()?)))
    }

    /// How many there are of each kind.
    pub fn kinds(&self) -> Counted {
        let mut counted = Counted::default();
        for thing in &self.all {
            *counted.kinds.entry(thing.kind).or_default() += 1;
        }
        counted
    }

    /// The causes, in the order of their numbers in texts.
    pub fn causes(&self) -> Vec<Cause> {
        let causes = self.groups.iter().filter_map(|group| group.cause.clone());
        causes.collect()
    }
}

/// Things that are not linked for one cause.
#[derive(Debug)]
pub struct GroupFacts {
    /// The dbt project that the things are not of; `None` if there is only one.
    pub project: Option<String>,
    /// The cause with its cures; `None` if the links are lost, which says why.
    pub cause: Option<Cause>,
    /// The positions of the things.
    pub things: Vec<usize>,
}

/// A table that workbooks read, or what stands for it.
#[derive(Debug)]
pub struct ThingFacts {
    /// The table as Tableau names it, or what is shown in place of a name.
    pub table: String,
    /// Tableau's connection type; `None` if it is not known.
    pub connection_type: Option<String>,
    /// What kind of object it is.
    pub kind: ObjectKind,
    /// Its outcome.
    pub outcome: OutcomeKind,
    /// Why it is not linked.
    pub detail: Option<String>,
    /// The node that it is linked to.
    pub link: Option<LinkOf>,
    /// The link that it lost since the state.
    pub lost: Option<LostLink>,
    /// Relations that nearly fit; for an ambiguous table, the first of those that fit.
    pub nearest: Vec<Nearest>,
    /// What it would link to by the lines of its cause.
    pub would_link: Vec<WouldLink>,
    /// The workbooks that read it.
    pub readers: Vec<Reader>,
}

/// The link of a table.
#[derive(Debug)]
pub struct LinkOf {
    /// The dbt project of the node; `None` if there is only one.
    pub project: Option<String>,
    /// The node's id.
    pub node: String,
    /// Its relation, as the dbt project spells it.
    pub relation: String,
    /// The rule that fits.
    pub rule: Rule,
}

/// A link that a table had in the state.
#[derive(Debug)]
pub struct LostLink {
    /// The id of the node.
    pub node: String,
    /// What became of it, in words.
    pub fate: String,
}

/// What a table would link to.
#[derive(Debug, PartialEq, Eq)]
pub struct WouldLink {
    /// The node's id.
    pub node: String,
    /// The value of the choice by which it does; empty if there is nothing to choose.
    pub value: String,
}

/// A workbook that reads a table.
#[derive(Debug)]
pub struct Reader {
    /// The workbook.
    pub workbook: Arc<WorkbookFacts>,
    /// Whether it is selected.
    pub is_selected: bool,
    /// How it reads the table, the shortest path first.
    pub paths: Vec<PathFacts>,
    /// The columns of the table that it uses; `None` if the export does not tell any.
    pub columns: Option<ColumnsFacts>,
}

/// How a workbook reads a table.
#[derive(Debug)]
pub struct PathFacts {
    /// The steps in words.
    pub text: String,
    /// Whether there are none, since the workbook names the table itself.
    pub is_direct: bool,
    /// The query of custom SQL on the way, if the export shows it.
    pub query: Option<QueryFacts>,
}

/// The query of custom SQL.
#[derive(Debug, PartialEq, Eq)]
pub struct QueryFacts {
    /// The name of the custom SQL.
    pub name: String,
    /// The query, which many paths share.
    pub text: Arc<str>,
    /// Where it names the table, or what is doubtful.
    pub place: Place,
    /// How many letters that name has.
    pub letters: usize,
}
