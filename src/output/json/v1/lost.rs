//! Links that are lost or ended, in the document.

use schemars::JsonSchema;
use serde::Serialize;

use super::parts::{Nearest, Owner};
use crate::link::lost::Fate;
use crate::report;

/// A table of a workbook that linked to a node of the state.
#[derive(Serialize, JsonSchema)]
pub(super) struct LostLink<'r> {
    /// The workbook's title; empty if Tableau hides it.
    workbook: &'r str,
    /// The workbook's luid.
    luid: &'r str,
    /// The workbook's server; null if it is not known.
    server: Option<&'r str>,
    /// The content URL of its site, empty for the default site; null if it is not known.
    site: Option<&'r str>,
    /// The workbook's project, as a path as far as it is known.
    project: Option<&'r str>,
    /// The workbook's owner.
    owner: Owner<'r>,
    /// Where the workbook opens; null if server or site are not known.
    url: Option<&'r str>,
    /// The ids of the exposures that cover the workbook, whoever wrote them.
    exposures: &'r [String],
    /// The table as Tableau names it.
    table: &'r str,
    /// Tableau's connection type; null if it is not known.
    connection_type: Option<&'r str>,
    /// How the workbook gets at it, the shortest way first.
    paths: &'r [String],
    /// The id of the node of the state.
    node: &'r str,
    /// The relation of that node, as the state spells it.
    relation: &'r str,
    /// What became of the node: `gone`, `disabled`, `not-built` (as ephemeral models are), `moved`,
    /// `no-latest` (dbt no longer makes the view of the latest version), `not-deferred` (the state
    /// deferred to the relation, the manifest does not), `other-node` (the table is taken for the relation of another node now), or `not-linked` (the
    /// relation is still there, and the table does not link to it).
    fate: &'r str,
    /// The same in one sentence.
    detail: String,
    /// The relation that the node has now, or the one that the table is taken for now; null if there
    /// is none.
    new_relation: Option<&'r str>,
    /// The id of the node that the table is taken for now; null if it is none.
    new_node: Option<&'r str>,
    /// The nodes of the project that come nearest, the nearest first.
    nearest: Vec<Nearest<'r>>,
}

/// All lost links, relation by relation.
pub(super) fn links(lost: &report::LostFacts) -> Vec<LostLink<'_>> {
    let relations = lost.relations.iter();
    let links = relations.flat_map(|relation| {
        let readers = relation.readers.iter();
        readers.map(move |reader| LostLink::new(relation, reader))
    });
    links.collect()
}

impl<'r> LostLink<'r> {
    fn new(relation: &'r report::LostRelation, reader: &'r report::LostReader) -> Self {
        let workbook = &*reader.workbook;
        let (new_node, new_relation) = match &relation.fate {
            Fate::OtherNode(node, relation, _) => (Some(node.as_str()), Some(relation.as_str())),
            fate => (None, fate.new_relation()),
        };
        Self {
            workbook: &workbook.title,
            luid: &workbook.luid,
            server: workbook.server.as_deref(),
            site: workbook.site.as_deref(),
            project: workbook.project.as_deref(),
            owner: Owner::new(&workbook.owner),
            url: workbook.url.as_deref(),
            exposures: &reader.exposures,
            table: &reader.table.name,
            connection_type: reader.table.connection_type.as_deref(),
            paths: &reader.paths,
            node: &relation.node,
            relation: &relation.relation,
            fate: relation.fate.key(),
            detail: relation.fate.to_string(),
            new_relation,
            new_node,
            nearest: relation.nearest.iter().map(Nearest::new).collect(),
        }
    }
}
