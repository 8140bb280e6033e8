//! The models that no workbook reads, and what else is known of them.

use super::doubts::{Doubts, doubts};
use super::reach::Reach;
use super::readers::{Reader, Readers};
use super::world::{Known, ProjectNode, World};
use crate::model::display::display_enum;
use crate::model::{GraphIx, Site};

display_enum! {
    /// What is known of a model that no workbook reads, in the order of reports.
    pub enum UnreadKind {
        /// Nothing that is known reads it, and what it alone is read by is of this kind as well: all
        /// of them can be deleted together.
        Nothing => "nothing";
        /// A table that is not linked may be it, or something made of it.
        Perhaps => "perhaps";
        /// Something else reads it, or something made of it.
        Others => "others";
    }
}

/// A model, seed or snapshot that no workbook reads, directly or through others.
#[derive(Debug, Clone)]
pub struct Unread<'u> {
    /// The node.
    pub node: GraphIx,
    /// What is known of it.
    pub kind: UnreadKind,
    /// Who else reads it directly; if none does, who reads something made of it, by the fewest steps.
    pub readers: Vec<Reader<'u>>,
    /// Whether these read something that is made of it, and not the node itself.
    pub is_read_through_others: bool,
    /// The workbooks that may read it all the same, or something made of it.
    pub doubts: Option<Doubts>,
    /// Whether an installed package defines it, and not the project itself.
    pub is_of_package: bool,
    /// By how many steps models that no workbook reads are made of it: 0 if none is. In the order of
    /// these numbers they can be deleted one after another.
    pub height: usize,
}

/// What workbooks read of one project.
#[derive(Debug, Clone)]
pub struct ProjectUsage<'u> {
    /// How many models, seeds and snapshots a workbook reads, directly or through others.
    pub read: usize,
    /// Those that no workbook reads: by kind, those of packages last, then by height and id.
    pub unread: Vec<Unread<'u>>,
}

/// What the workbooks of a site read of each project, and what they do not.
pub fn unread<'u>(projects: &[Known<'u, '_>], site: &Site) -> Vec<ProjectUsage<'u>> {
    let world = World::new(projects);
    let read = read(&world);
    let readers = Readers::new(&world, site);
    let needed = readers.needed(&read);
    let doubts = doubts(&world).into_iter().collect();
    let is_read = |at: ProjectNode| read.get(at).is_some();
    let doubtful = Reach::up(&world, doubts, |_| Vec::new(), is_read);
    let sorter = Sorter {
        readers,
        read,
        needed,
        doubtful,
    };
    let projects = projects.iter().enumerate();
    projects
        .map(|(project, known)| sorter.project(project, known))
        .collect()
}

/// What workbooks read, directly or through others.
fn read(world: &World) -> Reach<()> {
    let mut starts = Vec::new();
    for (project, known) in world.projects.iter().enumerate() {
        let tables = known.links.workbooks.iter();
        let tables = tables.flat_map(|workbook| &workbook.tables);
        let nodes = tables.filter_map(|read| known.place(read.table.outcome.node()?));
        starts.extend(nodes.map(|node| (ProjectNode { project, node }, ())));
    }
    Reach::up(world, starts, |_| Vec::new(), |_| false)
}

struct Sorter<'u, 'w, 'a> {
    readers: Readers<'u, 'w, 'a>,
    read: Reach<()>,
    needed: Reach<Reader<'u>>,
    doubtful: Reach<Doubts>,
}

impl<'u> Sorter<'u, '_, '_> {
    fn project(&self, project: usize, known: &Known) -> ProjectUsage<'u> {
        let nodes = known.graph.iter().map(|(node, _)| node);
        let nodes = nodes.filter(|node| known.can_delete(*node));
        let is_read = |node: &GraphIx| {
            let at = ProjectNode {
                project,
                node: *node,
            };
            self.read.get(at).is_some()
        };
        let (read, unread): (Vec<_>, Vec<_>) = nodes.partition(is_read);
        let heights = heights(known, &unread);
        let unread = unread.into_iter().zip(heights);
        let mut unread = unread
            .map(|(node, height)| self.unread(ProjectNode { project, node }, known, height))
            .collect::<Vec<_>>();
        unread.sort_by_key(|one| (one.kind, one.is_of_package, one.height, one.node));
        ProjectUsage {
            read: read.len(),
            unread,
        }
    }

    fn unread(&self, at: ProjectNode, known: &Known, height: usize) -> Unread<'u> {
        let direct = self.readers.direct(at);
        let needed = self.needed.get(at);
        let is_read_through_others =
            direct.is_empty() && needed.is_some_and(|one| one.distance > 0);
        let nearest = needed.map(|needed| needed.cause);
        let doubts = self.doubtful.get(at).map(|reached| reached.cause);
        let kind = match (needed, doubts) {
            (Some(_), _) => UnreadKind::Others,
            (None, Some(_)) => UnreadKind::Perhaps,
            (None, None) => UnreadKind::Nothing,
        };
        Unread {
            node: at.node,
            kind,
            readers: if direct.is_empty() {
                nearest.into_iter().collect()
            } else {
                direct.to_vec()
            },
            is_read_through_others,
            doubts,
            is_of_package: known.graph[at.node].package != known.project.root_package,
            height,
        }
    }
}

/// For each of these nodes, the longest way down through them. Nodes in a circle, which dbt refuses,
/// count as if nothing were made of them.
fn heights(known: &Known, nodes: &[GraphIx]) -> Vec<usize> {
    let position = |node: &GraphIx| nodes.binary_search(node).ok();
    let below = |at: usize| known.graph.children(nodes[at]).iter().filter_map(position);
    let above = |at: usize| known.graph.parents(nodes[at]).iter().filter_map(position);
    let mut left = (0..nodes.len())
        .map(|at| below(at).count())
        .collect::<Vec<_>>();
    let mut heights = vec![0; nodes.len()];
    let mut done = (0..nodes.len())
        .filter(|at| left[*at] == 0)
        .collect::<Vec<_>>();
    while let Some(at) = done.pop() {
        for parent in above(at) {
            heights[parent] = heights[parent].max(heights[at] + 1);
            left[parent] -= 1;
            if left[parent] == 0 {
                done.push(parent);
            }
        }
    }
    heights
}
