//! Nodes in an answer.

use schemars::JsonSchema;
use serde::Serialize;

use super::reads::{Thing, Things};
use crate::output::explain::facts;
use crate::usage;

/// What is known of a node.
#[derive(Serialize, JsonSchema)]
pub(super) struct NodeAnswer<'r> {
    /// The dbt project; null if there is only one.
    project: Option<&'r str>,
    /// dbt's id.
    unique_id: &'r str,
    /// Its resource type.
    resource_type: &'r str,
    /// Its name.
    name: &'r str,
    /// Its relation; null if it has none.
    relation: Option<&'r str>,
    /// Other relations that stand for it.
    other_relations: Vec<OtherRelation<'r>>,
    /// Whether it is ephemeral, so that dbt builds no relation of it.
    ephemeral: bool,
    /// How it is built; null if the manifest does not say.
    materialized: Option<&'r str>,
    /// Who may refer to it; null if the manifest does not say.
    access: Option<&'static str>,
    /// The file that defines it.
    file: Option<&'r str>,
    /// The ids of the nodes whose relation it has, as a source that another project builds, and to which
    /// tables are linked in its place.
    stands_for: &'r [String],
    /// The tables that are linked to it, with the workbooks that read them.
    linked: Vec<Thing<'r>>,
    /// What reads it through models below, the nearest first.
    through: Vec<Through<'r>>,
    /// Who else reads it, such as hand-written exposures, metrics and models of other packages: ids on
    /// the shortest way, the reader last.
    others: &'r [Vec<String>],
    /// The ids of exposures of earlier runs that depend on it, and whose workbooks no export lists.
    earlier: &'r [String],
    /// The tables that are not linked and that it nearly fits, with what would link them.
    near: Things<'r>,
    /// What is made of it and nearly fits a table that is not linked: ids on the shortest way.
    near_below: &'r [Vec<String>],
}

impl<'r> NodeAnswer<'r> {
    pub(super) fn new(answer: &'r facts::NodeAnswer) -> Self {
        let others = answer.other_relations.iter();
        Self {
            project: answer.project.as_deref(),
            unique_id: &answer.unique_id,
            resource_type: &answer.resource_type,
            name: &answer.name,
            relation: answer.relation.as_deref(),
            other_relations: others
                .map(|(what, relation)| OtherRelation { what, relation })
                .collect(),
            ephemeral: answer.is_ephemeral,
            materialized: answer.materialized.as_deref(),
            access: answer.access,
            file: answer.file.as_deref(),
            stands_for: &answer.stands_for,
            linked: answer.direct.all.iter().map(Thing::new).collect(),
            through: answer.through.iter().map(Through::new).collect(),
            others: &answer.others,
            earlier: &answer.earlier,
            near: Things::new(&answer.near),
            near_below: &answer.near_below,
        }
    }
}

/// Another relation that stands for a node.
#[derive(Serialize, JsonSchema)]
struct OtherRelation<'r> {
    /// What it is to the node, in words that go on after "relation".
    what: &'static str,
    /// The relation.
    relation: &'r str,
}

/// Tables that are linked to what is made of a node.
#[derive(Serialize, JsonSchema)]
struct Through<'r> {
    /// The ids on the shortest way from the node to what they are linked to. One that several projects of
    /// the run have is followed by its project, in brackets.
    chain: &'r [String],
    /// These tables, with the workbooks that read them.
    linked: Vec<Thing<'r>>,
}

impl<'r> Through<'r> {
    fn new(through: &'r facts::Through) -> Self {
        Self {
            chain: &through.chain,
            linked: through.things.iter().map(Thing::new).collect(),
        }
    }
}

/// What the export and the manifest leave open about who reads what; with every number 0, nothing.
#[derive(Serialize, JsonSchema)]
pub(super) struct Certainty {
    /// How many workbooks the export lists.
    workbooks: usize,
    /// How many of them may read more than the export shows.
    incomplete: usize,
    /// How many workbooks Tableau hides from the token.
    hidden: usize,
    /// How many workbooks have no luid, and were not looked at.
    unidentified: usize,
    /// How many sites may have workbooks that the export does not list.
    unproven_sites: usize,
    /// Whether there is custom SQL that may read anything, and whose reader the export does not name.
    open_custom_sql: bool,
    /// How many things in the manifest could not be read.
    unreadable: usize,
}

impl Certainty {
    pub(super) fn new(certainty: &usage::Certainty) -> Self {
        Self {
            workbooks: certainty.workbooks,
            incomplete: certainty.incomplete,
            hidden: certainty.hidden,
            unidentified: certainty.unidentified,
            unproven_sites: certainty.unproven_sites,
            open_custom_sql: certainty.has_open_sql,
            unreadable: certainty.unreadable,
        }
    }
}
