//! What the state had, for runs that fail only on what is new.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use crate::model::graph::{Access, Graph, GraphIx, GraphNode};
use crate::model::{StandingExposure, Workbook, luid};
use crate::usage::is_use;

/// What the state of a project had.
pub struct State<'f> {
    graph: Option<&'f Graph<'f>>,
    /// Its exposures with our marker, by the luids of their workbooks.
    workbooks: HashMap<Cow<'f, str>, Vec<&'f StandingExposure>>,
}

impl<'f> State<'f> {
    /// What a state with these exposures had. The graph is that of its manifest, if a gate asks for it.
    pub fn new(graph: Option<&'f Graph<'f>>, exposures: &'f [StandingExposure]) -> Self {
        let mut workbooks = HashMap::<_, Vec<_>>::new();
        for exposure in exposures {
            if let Some(marker) = exposure.marker() {
                let luid = luid::identity(&marker.luid);
                workbooks.entry(luid).or_default().push(exposure);
            }
        }
        Self { graph, workbooks }
    }

    /// Whether a workbook that may be read incompletely now is so since the state; `None` if the state
    /// has no exposure of it.
    pub(super) fn is_newly_incomplete(&self, workbook: &Workbook) -> Option<bool> {
        let exposures = self.exposures(workbook);
        let mut markers = exposures.iter().filter_map(|exposure| exposure.marker());
        (!exposures.is_empty()).then(|| markers.all(|marker| marker.is_complete))
    }

    /// Whether the state did not have it that a workbook reads a node which is not as it should be;
    /// `None` if it does not tell what the workbook read.
    pub(super) fn is_new(
        &self,
        workbook: &Workbook,
        unique_id: &str,
        is_wrong: impl Fn(&Graph, GraphIx) -> bool,
    ) -> Option<bool> {
        let graph = self.graph?;
        let node = graph.find(unique_id);
        if !node.is_some_and(|node| is_wrong(graph, node)) {
            return Some(true);
        }
        let exposures = self.exposures(workbook);
        let mut read = exposures.iter().flat_map(|exposure| &exposure.depends_on);
        (!exposures.is_empty()).then(|| read.all(|read| read.unique_id != unique_id))
    }

    /// The nodes that something in the state reads, directly or through others, and what anybody may
    /// read.
    pub(super) fn used(&self) -> BTreeSet<GraphIx> {
        let Some(graph) = self.graph else {
            return BTreeSet::new();
        };
        let is_start = |node: &GraphNode| {
            is_use(node.resource_type) || node.access == Some(Access::Public) || node.is_time_spine
        };
        let starts = graph.iter().filter(|(_, node)| is_start(node));
        let starts = starts.map(|(at, _)| at).collect::<Vec<_>>();
        let above = graph.upstream(starts.iter().copied());
        above.iter().map(|(at, _)| at).chain(starts).collect()
    }

    /// Whether the state did not have it that nothing is known to read a node, where it shows that
    /// these are used; `None` if it does not tell what workbooks read.
    pub(super) fn is_newly_unused(
        &self,
        unique_id: &str,
        used: &BTreeSet<GraphIx>,
    ) -> Option<bool> {
        let node = self.graph?.find(unique_id);
        if node.is_none_or(|node| used.contains(&node)) {
            return Some(true);
        }
        (!self.workbooks.is_empty()).then_some(false)
    }

    fn exposures(&self, workbook: &Workbook) -> Vec<&'f StandingExposure> {
        let luid = luid::identity(&workbook.luid);
        let exposures = self.workbooks.get(&luid).into_iter().flatten().copied();
        let may_cover = |exposure: &&StandingExposure| {
            let mut markers = exposure.marker().into_iter();
            markers.any(|marker| !marker.site.contradicts(&workbook.site))
        };
        exposures.filter(may_cover).collect()
    }
}
