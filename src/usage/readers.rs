//! Who reads a model beside the workbooks of the export.

use std::collections::{BTreeMap, BTreeSet};

use super::reach::Reach;
use super::world::{ProjectNode, World};
use crate::model::graph::Access;
use crate::model::{ResourceType, Site, StandingExposure, luid};

/// Who reads a model, seed or snapshot beside the workbooks of the export.
#[derive(Debug, Clone, Copy)]
pub enum Reader<'u> {
    /// Anybody: its access is public, so every project may refer to it.
    Anybody,
    /// The semantic layer, which joins the days of a time spine to metrics.
    SemanticLayer,
    /// Something in the manifest of this or another project: a hand-written exposure, a metric,
    /// a saved query, an analysis; a test of something that is needed; or in another project, what
    /// depends on it there.
    Node(ProjectNode),
    /// A workbook for which an earlier run wrote an exposure, and which the export does not list.
    EarlierWorkbook(&'u StandingExposure),
}

/// Who reads what.
pub(super) struct Readers<'u, 'w, 'a> {
    world: &'w World<'w, 'u, 'a>,
    /// Who reads each node directly, each list in the order of [`Reader`].
    direct: BTreeMap<ProjectNode, Vec<Reader<'u>>>,
}

impl<'u, 'w, 'a> Readers<'u, 'w, 'a> {
    pub(super) fn new(world: &'w World<'w, 'u, 'a>, site: &Site) -> Self {
        let mut direct = BTreeMap::<_, Vec<_>>::new();
        let readers = public(world).chain(time_spines(world));
        let readers = readers.chain(own_readers(world));
        let readers = readers.chain(in_other_projects(world));
        for (at, reader) in readers.chain(earlier_workbooks(world, site)) {
            direct.entry(at).or_default().push(reader);
        }
        Self { world, direct }
    }

    /// Who reads a node directly.
    pub(super) fn direct(&self, at: ProjectNode) -> &[Reader<'u>] {
        self.direct.get(&at).map_or(&[], Vec::as_slice)
    }

    /// Everything that others need, except what workbooks read.
    pub(super) fn needed(&self, read: &Reach<()>) -> Reach<Reader<'u>> {
        let is_read = |at: ProjectNode| read.get(at).is_some();
        let direct = self.direct.iter();
        let starts = direct.filter_map(|(at, readers)| Some((*at, *readers.first()?)));
        let read = self.world.nodes().filter(|at| is_read(*at));
        let starts = starts.chain(read.flat_map(|at| tested_with(self.world, at)));
        let starts = starts.collect();
        Reach::up(
            self.world,
            starts,
            |at| tested_with(self.world, at),
            is_read,
        )
    }
}

/// What every project may refer to.
fn public<'u>(world: &World<'_, 'u, '_>) -> impl Iterator<Item = (ProjectNode, Reader<'u>)> {
    let public = world.nodes().filter(|at| {
        let node = &world.known(*at).graph[at.node];
        node.access == Some(Access::Public)
    });
    public.map(|at| (at, Reader::Anybody))
}

/// The time spines of projects that have metrics or semantic models.
fn time_spines<'u>(world: &World<'_, 'u, '_>) -> Vec<(ProjectNode, Reader<'u>)> {
    let has_layer = world.projects.iter().map(|known| {
        let mut types = known.graph.iter().map(|(_, node)| node.resource_type);
        types.any(|of| matches!(of, Some(ResourceType::Metric | ResourceType::SemanticModel)))
    });
    let has_layer = has_layer.collect::<Vec<_>>();
    let spines = world
        .nodes()
        .filter(|at| has_layer[at.project] && world.known(*at).graph[at.node].is_time_spine);
    spines.map(|at| (at, Reader::SemanticLayer)).collect()
}

/// What exposures, metrics and others that dbt does not build depend on.
fn own_readers<'u>(world: &World<'_, 'u, '_>) -> impl Iterator<Item = (ProjectNode, Reader<'u>)> {
    let ours = world.projects.iter().map(|known| {
        let exposures = known.project.exposures.iter();
        let ours = exposures.filter(|exposure| exposure.marker().is_some());
        ours.map(|exposure| exposure.unique_id.as_str())
            .collect::<BTreeSet<_>>()
    });
    let ours = ours.collect::<Vec<_>>();
    let readers = world
        .nodes()
        .filter(move |at| is_use_of_others(world, *at, &ours[at.project]));
    readers.flat_map(|reader| {
        let parents = world.parents(reader);
        parents.map(move |parent| (parent, Reader::Node(reader)))
    })
}

/// Whether it is a use of its own, and not our own exposure of a workbook: for a workbook of the export,
/// its links say what it reads.
fn is_use_of_others(world: &World, at: ProjectNode, ours: &BTreeSet<&str>) -> bool {
    let node = &world.known(at).graph[at.node];
    is_use(node.resource_type) && !ours.contains(node.unique_id.as_ref())
}

/// Whether things of this type are a use of what they depend on: exposures, metrics, analyses and
/// others, but not what dbt builds, nor its tests.
pub fn is_use(of: Option<ResourceType>) -> bool {
    !matches!(
        of,
        Some(
            ResourceType::Model
                | ResourceType::Seed
                | ResourceType::Snapshot
                | ResourceType::Source
                | ResourceType::Test
                | ResourceType::UnitTest
        )
    )
}

/// What other projects refer to, or read as a source.
fn in_other_projects<'u>(
    world: &World<'_, 'u, '_>,
) -> impl Iterator<Item = (ProjectNode, Reader<'u>)> {
    world.in_other_projects().flat_map(|(one, stands_for)| {
        let graph = world.known(one).graph;
        let children = graph.children(one.node).iter().copied();
        let readers = children.filter(|child| graph[*child].test.is_none());
        readers.map(move |node| {
            let reader = ProjectNode {
                project: one.project,
                node,
            };
            (stands_for, Reader::Node(reader))
        })
    })
}

/// What exposures of earlier runs say that workbooks read which the export does not list.
fn earlier_workbooks<'u>(world: &World<'_, 'u, '_>, site: &Site) -> Vec<(ProjectNode, Reader<'u>)> {
    let luids = site.workbooks.iter();
    let luids = luids.map(|workbook| luid::identity(&workbook.luid));
    let luids = luids.collect::<BTreeSet<_>>();
    let mut needs = Vec::new();
    for (project, known) in world.projects.iter().enumerate() {
        let mut seen = BTreeSet::new();
        let earlier = known.earlier.into_iter().flatten();
        for exposure in known.project.exposures.iter().chain(earlier) {
            let marker = exposure.marker();
            let is_listed = |luid| luids.contains(&luid::identity(luid));
            if marker.is_none_or(|marker| is_listed(&marker.luid))
                || !seen.insert(&exposure.unique_id)
            {
                continue;
            }
            let ids = exposure.depends_on.iter();
            let nodes = ids.filter_map(|one| known.graph.find(&one.unique_id));
            let nodes = nodes.map(|node| ProjectNode { project, node });
            needs.extend(nodes.map(|at| (at, Reader::EarlierWorkbook(exposure))));
        }
    }
    needs
}

/// What else the tests of a node read, which fail without it.
fn tested_with<'u>(world: &World<'_, 'u, '_>, at: ProjectNode) -> Vec<(ProjectNode, Reader<'u>)> {
    let graph = world.known(at).graph;
    let place = |node| ProjectNode {
        project: at.project,
        node,
    };
    let needs = graph.tests(at.node).flat_map(|test| {
        let others = graph.parents(test).iter().copied();
        let others = others.filter(|other| *other != at.node);
        others.map(move |other| (place(other), Reader::Node(place(test))))
    });
    needs.collect()
}
