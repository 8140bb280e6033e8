//! Projects for tests, and how their usage is shown.

use std::borrow::Cow;
use std::sync::Arc;

use crate::link::{Links, MatchedTable, Outcome, Rule, WorkbookLinks, WorkbookTable};
use crate::model::exposure::{Fingerprints, StandingDependency, Withholding};
use crate::model::graph::{Graph, GraphNode, ResourceType, TestFacts, TestSeverity};
use crate::model::{
    ConnectionType, Marker, Node, NodeIx, NodeKind, Origin, Owner, Project, Relation, Site, SiteId,
    StandingExposure, Workbook,
};
use crate::usage::{Known, ProjectUsage, Reader, unread};

/// A project whose nodes are written as `id < parent, parent`.
pub(super) struct Given {
    pub(super) project: Project<'static>,
    pub(super) graph: Graph<'static>,
    pub(super) links: Links<'static>,
}

impl Given {
    pub(super) fn new(root: &'static str, rows: &[&'static str]) -> Self {
        let nodes = rows.iter().map(|row| graph_node(row)).collect::<Vec<_>>();
        let relations = nodes.iter().filter_map(relation_node);
        Self {
            project: Project {
                root_package: root.to_owned(),
                adapter_name: Cow::Borrowed("postgres"),
                dbt_version: None,
                nodes: relations.collect(),
                exposures: Vec::new(),
                disabled_nodes: Vec::new(),
                disabled_exposures: Vec::new(),
                withheld_names: Vec::new(),
            },
            graph: Graph::new(nodes, Vec::new(), Vec::new()),
            links: Links::default(),
        }
    }

    pub(super) fn ix(&self, id: &str) -> NodeIx {
        let nodes = self.project.nodes.iter();
        NodeIx(
            nodes
                .map(|node| node.unique_id.as_ref())
                .position(|one| one == id)
                .expect("a node"),
        )
    }

    /// A workbook that reads tables with these outcomes.
    pub(super) fn with_workbook(mut self, outcomes: Vec<Outcome>) -> Self {
        let tables = outcomes.into_iter().map(|outcome| WorkbookTable {
            table: Arc::new(MatchedTable {
                shown: String::new(),
                connection: ConnectionType::new(Some("postgres".into())),
                default_schema: None,
                outcome,
            }),
            paths: &[],
        });
        self.links.workbooks.push(WorkbookLinks {
            tables: tables.collect(),
        });
        self
    }

    pub(super) fn linking(self, id: &str) -> Self {
        let node = self.ix(id);
        self.with_workbook(vec![Outcome::Linked {
            node,
            rule: Rule::Exact,
        }])
    }

    pub(super) fn known(&self) -> Known<'_, 'static> {
        Known {
            project: &self.project,
            graph: &self.graph,
            links: &self.links,
            earlier: None,
        }
    }

    /// The models that no workbook reads, each with its kind and who else reads it.
    pub(super) fn unread(&self) -> Vec<String> {
        shown(&unread(&[self.known()], &Site::default())[0], &[self])
    }
}

pub(super) fn graph_node(row: &'static str) -> GraphNode<'static> {
    let (id, parents) = row.split_once(" < ").unwrap_or((row, ""));
    let depends_on = parents.split(", ").filter(|id| !id.is_empty());
    let depends_on = depends_on.map(Cow::Borrowed).collect::<Vec<_>>();
    let mut parts = id.split('.');
    let resource_type = ResourceType::from_unique_id(id);
    let test = TestFacts {
        tested: depends_on.iter().take(1).cloned().collect(),
        generic_name: None,
        severity: TestSeverity::Error,
    };
    GraphNode {
        unique_id: id.into(),
        resource_type,
        package: parts.nth(1).unwrap_or_default().into(),
        name: parts.next_back().unwrap_or_default().into(),
        file: Some("models/a.sql".into()),
        test: (resource_type == Some(ResourceType::Test)).then_some(test),
        depends_on,
        ..GraphNode::default()
    }
}

/// The relation of a node is its name.
pub(super) fn relation_node(node: &GraphNode<'static>) -> Option<Node<'static>> {
    let kind = NodeKind::from_unique_id(&node.unique_id)?;
    let relation = Relation {
        database: None,
        schema: Some("s".into()),
        name: node.name.clone(),
    };
    Some(Node {
        relation_name: None,
        unique_id: node.unique_id.clone(),
        kind,
        package: node.package.clone(),
        name: node.name.clone(),
        source_name: None,
        version: None,
        relation: Some(relation.clone()),
        is_ephemeral: false,
        typed: relation,
        unrendered_database: None,
        others: Vec::new(),
    })
}

pub(super) fn shown(usage: &ProjectUsage, projects: &[&Given]) -> Vec<String> {
    let of = usage.unread.iter().map(|one| {
        let project = projects.iter().find(|given| given.graph.len() > one.node.0);
        let id = &project.expect("its project").graph[one.node].unique_id;
        let readers = one.readers.iter().map(|reader| match reader {
            Reader::Anybody => "anybody".to_owned(),
            Reader::SemanticLayer => "layer".to_owned(),
            Reader::Node(at) => projects[at.project].graph[at.node].unique_id.to_string(),
            Reader::EarlierWorkbook(exposure) => exposure.unique_id.clone(),
        });
        let readers = readers.collect::<Vec<_>>().join(" ");
        let through = if one.is_read_through_others {
            " through"
        } else {
            ""
        };
        format!("{id} {}{through} {readers}", one.kind)
            .trim_end()
            .to_owned()
    });
    of.collect()
}

pub(super) fn ours(luid: &str, node: &str) -> StandingExposure {
    let marker = Marker {
        site: SiteId::default(),
        luid: luid.to_owned(),
        project: Vec::new(),
        is_complete: true,
    };
    StandingExposure {
        unique_id: "exposure.b.week".to_owned(),
        name: "week".to_owned(),
        title: None,
        folders: Vec::new(),
        owner: Owner::default(),
        description: String::new(),
        tags: Vec::new(),
        maturity: None,
        url: None,
        created_at: None,
        depends_on: vec![StandingDependency {
            unique_id: node.to_owned(),
            rule: String::new(),
            path: String::new(),
        }],
        referenced_columns: Vec::new(),
        origin: Origin::Ours(marker),
        fingerprints: Fingerprints {
            whole: [0; 32],
            compared_by_dbt: [0; 32],
        },
        withholding: Withholding::Nothing,
    }
}

pub(super) fn workbook(luid: &'static str) -> Workbook<'static> {
    Workbook {
        luid: luid.into(),
        name: "Week".into(),
        ..Workbook::default()
    }
}
