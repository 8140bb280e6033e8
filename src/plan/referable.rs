//! Nodes that dbt refuses in YAML: a property file with one reference to such a node makes every dbt
//! command of the project fail, so exposures in YAML leave them out.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{Access, GraphNode, ResourceType};
use crate::model::listing::first_few;
use crate::model::{Code, Diagnostic, Exposure, Graph, NodeIx, Project};

/// Why dbt refuses a reference to a node, or resolves it to another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Only the models of its group may refer to it
    /// (<https://docs.getdbt.com/reference/resource-configs/access>).
    Private,
    /// It is not public, and the `dbt_project.yml` of its package says `restrict-access: true`.
    Restricted,
    /// A source of this package has both names as well, and `source()` cannot name a package.
    Shadowed(String),
}

impl Refused {
    fn code(&self) -> Code {
        match self {
            Self::Private => Code::NodePrivate,
            Self::Restricted => Code::NodeRestricted,
            Self::Shadowed(_) => Code::SourceShadowed,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Private => "it is private, and dbt refuses it in YAML".to_owned(),
            Self::Restricted => {
                "its package restricts access (`restrict-access: true`) and it is not public, so dbt refuses it in YAML".to_owned()
            }
            Self::Shadowed(package) => format!(
                "package {package} has a source and table of the same names, which `source()` in YAML may mean instead"
            ),
        }
    }

    fn help(&self) -> &'static str {
        match self {
            Self::Private => {
                "`access: protected` lets exposures refer to it; `autoexpose patch` links it all the same"
            }
            Self::Restricted => {
                "`access: public` lets exposures of other packages refer to it; `autoexpose patch` links it all the same"
            }
            Self::Shadowed(_) => {
                "rename one of the two sources; `autoexpose patch` links it all the same"
            }
        }
    }
}

/// The nodes that exposures in YAML leave out.
#[derive(Debug, Clone, Default)]
pub struct LeftOut(BTreeMap<NodeIx, Refused>);

impl LeftOut {
    /// Those of a project. `restricted` are the packages that restrict access.
    pub fn new(project: &Project, graph: &Graph, restricted: &BTreeSet<String>) -> Self {
        let root = project.root_package.as_str();
        let mut sources: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        for node in &project.nodes {
            if let Some(source) = &node.source_name {
                let packages = sources.entry((source, &node.name)).or_default();
                packages.push(&node.package);
            }
        }
        let refused = NodeIx::enumerate(&project.nodes).filter_map(|(at, node)| {
            let facts = graph.find(&node.unique_id).map(|found| &graph[found]);
            let by_access = facts.and_then(|facts| by_access(facts, root, restricted));
            let shadow = node.source_name.as_ref().and_then(|source| {
                let others = sources.get(&(source, &node.name))?.iter();
                let mut others = others.filter(|other| **other != node.package);
                let other = others.next().filter(|_| node.package != root)?;
                Some(Refused::Shadowed((*other).to_owned()))
            });
            Some((at, by_access.or(shadow)?))
        });
        Self(refused.collect())
    }

    /// Takes them out of an exposure, and notes what was taken out. Whether anything is left.
    pub(super) fn take_from(&self, exposure: &mut Exposure, taken: &mut Taken) -> bool {
        let label = exposure.label.as_ref().unwrap_or(&exposure.name).clone();
        exposure.dependencies.retain(|read| {
            let is_refused = self.0.contains_key(&read.node);
            if is_refused {
                taken.0.entry(read.node).or_default().insert(label.clone());
            }
            !is_refused
        });
        !exposure.dependencies.is_empty()
    }

    /// What is told of the nodes that were taken out.
    pub(super) fn diagnostics(&self, project: &Project, taken: &Taken) -> Vec<Diagnostic> {
        let taken = taken.0.iter().filter_map(|(node, workbooks)| {
            let refused = self.0.get(node)?;
            let names = workbooks.iter().map(|name| format!("{name:?}"));
            let workbooks = first_few(workbooks.len(), names);
            let message = format!(
                "left out of the exposures of {workbooks}: {}",
                refused.message()
            );
            let id = project.nodes[*node].unique_id.as_ref();
            Some(Diagnostic::new(refused.code(), id, message).help(refused.help()))
        });
        taken.collect()
    }
}

/// The nodes that were taken out of exposures, each with the titles of the workbooks.
#[derive(Default)]
pub(super) struct Taken(BTreeMap<NodeIx, BTreeSet<String>>);

fn by_access(facts: &GraphNode, root: &str, restricted: &BTreeSet<String>) -> Option<Refused> {
    let is_of_other = facts.package != root && restricted.contains(facts.package.as_ref());
    match facts.access? {
        Access::Private => Some(Refused::Private),
        Access::Protected if is_of_other && facts.resource_type == Some(ResourceType::Model) => {
            Some(Refused::Restricted)
        }
        Access::Protected | Access::Public => None,
    }
}
