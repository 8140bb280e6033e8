//! Gathers what is known of nodes.

use super::facts::{NodeAnswer, Through};
use super::gather::Gatherer;
use crate::explain::groups::Group;
use crate::explain::nodes::{NodeReaders, readers_of};
use crate::explain::things::Thing;
use crate::model::{GraphIx, GraphNode, Role};
use crate::usage::{Certainty, ProjectNode};

impl<'a> Gatherer<'_, '_, 'a> {
    /// The answers about nodes, all found in one go.
    pub(super) fn nodes(
        &self,
        nodes: &[(usize, GraphIx)],
        groups_of: impl Fn(&[Thing<'_, 'a>]) -> Vec<Group>,
    ) -> Vec<NodeAnswer> {
        if nodes.is_empty() {
            return Vec::new();
        }
        let readers = readers_of(self.known, nodes).into_iter();
        readers
            .map(|readers| self.node(&readers, &groups_of))
            .collect()
    }

    fn node(
        &self,
        readers: &NodeReaders<'_, 'a>,
        groups_of: impl Fn(&[Thing<'_, 'a>]) -> Vec<Group>,
    ) -> NodeAnswer {
        let of = &self.known.projects[readers.project];
        let ids = |chain: &Vec<ProjectNode>| {
            let ids = chain.iter().map(|at| self.id(*at));
            ids.collect::<Vec<_>>()
        };
        let through = readers.through.iter().map(|through| Through {
            chain: ids(&through.chain),
            things: self.things(&through.things, Vec::new()).all,
        });
        let earlier = readers.earlier.iter();
        let near = groups_of(&readers.near);
        NodeAnswer {
            project: self.project(readers.project),
            direct: self.things(&readers.direct, Vec::new()),
            through: through.collect(),
            stands_for: ids(&readers.stands_for),
            others: readers.others.iter().map(ids).collect(),
            earlier: earlier.map(|exposure| exposure.unique_id.clone()).collect(),
            near: self.things(&readers.near, near),
            near_below: readers.near_below.iter().map(ids).collect(),
            ..self.head(readers, &of.graph[readers.at])
        }
    }

    /// The id of a node. That of a package does not tell which of several projects has it.
    fn id(&self, at: ProjectNode) -> String {
        let of = &self.known.projects[at.project];
        let node = &of.graph[at.node];
        match self.project(at.project) {
            Some(project) if node.package != project => {
                format!("{} (project {project})", node.unique_id)
            }
            _ => node.unique_id.to_string(),
        }
    }

    /// What the manifest says of a node.
    fn head(&self, readers: &NodeReaders, node: &GraphNode) -> NodeAnswer {
        let of = &self.known.projects[readers.project];
        let with_relation = readers.node.map(|at| &of.project.nodes[at]);
        let roles = [
            (Role::Latest, "of its latest version"),
            (Role::Deferred, "of the state that dbt deferred to"),
            (Role::PerhapsLatest, "perhaps of its latest version"),
        ];
        let others = roles.iter().filter_map(|(role, what)| {
            let (relation, _) = with_relation?.relation_as(*role)?;
            Some((*what, relation.to_string()))
        });
        let is_built = with_relation.is_some_and(|node| node.relation.is_some());
        NodeAnswer {
            project: None,
            unique_id: node.unique_id.to_string(),
            resource_type: node.type_name().to_owned(),
            name: node.name.to_string(),
            relation: with_relation
                .filter(|_| is_built)
                .map(|node| node.typed.to_string()),
            other_relations: others.collect(),
            is_ephemeral: node.is_ephemeral(),
            materialized: node.materialized.as_deref().map(str::to_owned),
            access: node.access.map(|access| access.text()),
            file: node.file.as_deref().map(str::to_owned),
            stands_for: Vec::new(),
            direct: Default::default(),
            through: Vec::new(),
            others: Vec::new(),
            earlier: Vec::new(),
            near: Default::default(),
            near_below: Vec::new(),
        }
    }

    /// How sure it is that nobody else reads what no workbook is known to read.
    pub(super) fn certainty(&self) -> Certainty {
        Certainty::new(&self.known.of_usage(), self.known.site)
    }
}
