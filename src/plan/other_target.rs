//! Earlier links whose node is there, while the workbook reads a table of its name elsewhere. Where most
//! are so, the manifest is of another target than the exposures were made for.
//!
//! Such a manifest proves nothing against a link: a ref names a node and not its relation, so what
//! property files refer to is right in every target, and only in one of them it is what Tableau reads.

use std::collections::{BTreeMap, BTreeSet};

use super::baseline::{Baseline, Owned};
use super::delta::Plan;
use super::elsewhere::RIGHT_TARGET;
use super::known::Known;
use super::nodes::NodesById;
use super::previous;
use super::reason::KeepReason;
use crate::link::{MatchedTable, Outcome, WorkbookLinks};
use crate::model::relation::folded;
use crate::model::{
    Code, Dependency, Diagnostic, Node, NodeIx, NodeKind, Relation, TableIx, Upstream, WorkbookIx,
};

/// An earlier link whose node is elsewhere than the table of its name.
struct Namesake {
    node: NodeIx,
    /// The table that the workbook reads, as reports show it.
    table: String,
}

/// What an exposure keeps of an earlier run, since the manifest is of another target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptElsewhere {
    /// Some of its links.
    Links,
    /// All that it has, for this reason: its workbook reads nothing from this target of the project.
    Exposure(KeepReason),
}

/// A manifest of another target.
pub(super) struct OtherTarget<'c, 'n> {
    known: &'c Known<'c, 'c>,
    nodes: &'c NodesById<'n>,
}

impl<'c, 'n> OtherTarget<'c, 'n> {
    /// `None` unless the manifest is evidently of another target: most nodes of the state are elsewhere in
    /// it, or most of the nodes that dbt builds and workbooks read. The second counts only where a run on
    /// other nodes may have made the exposures; sources do not count, since many are the same in all
    /// targets.
    pub(super) fn find(
        known: &'c Known<'c, 'c>,
        nodes: &'c NodesById<'n>,
        baseline: &Baseline,
    ) -> Option<Self> {
        let found = Self { known, nodes };
        let may_be_so = known.left_out.is_some()
            || !known.lost.knows_nodes
            || baseline.iter().any(|owned| owned.yaml_file().is_some());
        let is_so = known.lost.is_of_other_target || (may_be_so && found.is_most(baseline));
        is_so.then_some(found)
    }

    fn is_most(&self, baseline: &Baseline) -> bool {
        let Known {
            site, selection, ..
        } = *self.known;
        let is_selected = |at: &WorkbookIx| selection.get(*at).is_yes();
        let mut elsewhere = BTreeSet::new();
        for owned in baseline.iter() {
            if let Some(at) = owned.workbook.filter(is_selected) {
                let namesakes = self.namesakes(at, owned).into_iter();
                elsewhere.extend(namesakes.map(|namesake| namesake.node));
            }
        }
        elsewhere.retain(|node| self.is_built(*node));
        if elsewhere.is_empty() {
            return false;
        }
        let selected = site.workbook_positions().filter(is_selected);
        let here = selected.flat_map(|at| linked(&self.known.links.workbooks[at.0]));
        let here = here.filter(|node| self.is_built(*node));
        let here = here.collect::<BTreeSet<_>>();
        elsewhere.difference(&here).count() > here.len()
    }

    fn is_built(&self, node: NodeIx) -> bool {
        self.known.project.nodes[node].kind != NodeKind::Source
    }

    /// Adds to the dependencies of a workbook those of an earlier exposure whose nodes are elsewhere.
    /// Where there are no others, the exposure is kept as a whole instead.
    pub(super) fn keep<'d>(
        &'d self,
        at: WorkbookIx,
        before: &Owned,
        dependencies: &mut BTreeMap<&'d str, Dependency>,
    ) -> Option<KeptElsewhere> {
        let nodes = &self.known.project.nodes;
        let namesakes = self.namesakes(at, before);
        let first = namesakes.first()?;
        if dependencies.is_empty() {
            let node = &nodes[first.node];
            let (id, relation) = (node.unique_id.to_string(), node.typed.to_string());
            let reason = KeepReason::OtherTarget(id, relation, first.table.clone());
            return Some(KeptElsewhere::Exposure(reason));
        }
        let is_elsewhere = |node| namesakes.iter().any(|namesake| namesake.node == node);
        let earlier = previous::dependencies(before, self.nodes, |_| None, &mut Vec::new());
        for earlier in earlier.into_iter().filter(|one| is_elsewhere(one.node)) {
            let id = nodes[earlier.node].unique_id.as_ref();
            dependencies.entry(id).or_insert(earlier);
        }
        Some(KeptElsewhere::Links)
    }

    /// The links of an earlier exposure that its workbook does not have now, and whose nodes are
    /// elsewhere than tables of their names that it reads; in the order of their ids.
    fn namesakes(&self, at: WorkbookIx, owned: &Owned) -> Vec<Namesake> {
        let links = &self.known.links.workbooks[at.0];
        let linked = linked(links).collect::<BTreeSet<_>>();
        let earlier = owned.latest().depends_on.iter();
        let earlier = earlier.filter_map(|earlier| self.nodes.find(&earlier.unique_id));
        let ended = earlier.filter(|node| !linked.contains(node));
        let ended = ended.collect::<BTreeSet<_>>();
        if ended.is_empty() {
            return Vec::new();
        }
        let tables = self.unlinked(at, links);
        let nodes = &self.known.project.nodes;
        let found = ended.into_iter().filter_map(|node| {
            let table = namesake(&nodes[node], &tables)?;
            Some(Namesake { node, table })
        });
        let mut found = found.collect::<Vec<_>>();
        found.sort_by_key(|namesake| &nodes[namesake.node].unique_id);
        found
    }

    /// The tables of a workbook that are not linked, and of which it is known where they are; by name.
    fn unlinked<'t>(&'t self, at: WorkbookIx, links: &'t WorkbookLinks) -> Unlinked<'t> {
        let reads = &self.known.site.workbook(at).reads;
        let mut unlinked: Unlinked = BTreeMap::new();
        for (read, link) in reads.iter().zip(&links.tables) {
            let Upstream::Table(TableIx(table)) = read.upstream else {
                continue;
            };
            if let Ok(name) = &self.known.site.tables[table].name {
                let tables = unlinked.entry(folded(&name.name)).or_default();
                tables.push((name, &link.table));
            }
        }
        unlinked
    }
}

/// Tells what is kept, since the manifest is of another target: exposures as a whole, and links of others.
/// `elsewhere` is what exposures keep.
pub(super) fn diagnostic(
    plan: &Plan,
    elsewhere: &BTreeMap<WorkbookIx, KeptElsewhere>,
) -> Option<Diagnostic> {
    let is_whole = |reason: &KeepReason| matches!(reason, KeepReason::OtherTarget(..));
    let whole = plan
        .kept
        .iter()
        .filter(|kept| is_whole(&kept.reason))
        .count();
    let mut kept = Vec::new();
    if whole > 0 {
        kept.push(format!("exposures kept as they are: {whole}"));
    }
    let keeping = elsewhere
        .values()
        .filter(|kept| **kept == KeptElsewhere::Links)
        .count();
    if keeping > 0 {
        kept.push(format!(
            "exposures that keep links which it does not show: {keeping}"
        ));
    }
    let message = format!(
        "this manifest seems to be of another target than Tableau reads, so it ends no link; {}",
        kept.join(", ")
    );
    let told = Diagnostic::new(Code::LinksKept, "", message).help(RIGHT_TARGET);
    (!kept.is_empty()).then_some(told)
}

/// Tables by their names in folded case.
type Unlinked<'t> = BTreeMap<String, Vec<(&'t Relation<'t>, &'t MatchedTable<'t>)>>;

/// The nodes that a workbook is linked to.
fn linked(links: &WorkbookLinks) -> impl Iterator<Item = NodeIx> {
    let tables = links.tables.iter();
    tables.filter_map(|read| read.table.outcome.node())
}

/// The first table that has the name of a node, and is elsewhere. A model may have another alias in each
/// target, so its own name counts as well.
fn namesake(node: &Node, tables: &Unlinked) -> Option<String> {
    node.relation.as_ref()?;
    let own = (node.kind != NodeKind::Source).then_some(node.name.as_ref());
    let names = std::iter::once(node.typed.name.as_ref()).chain(own);
    let tables = names.flat_map(|name| tables.get(&folded(name)).into_iter().flatten());
    let mut shown = tables.filter_map(|(name, table)| match &table.outcome {
        Outcome::Unknown { .. } => is_elsewhere(name, &node.typed).then(|| table.shown.clone()),
        Outcome::OtherPlatform => {
            let connection = table.connection.as_str().unwrap_or_default();
            Some(format!("{} over {connection}", table.shown))
        }
        _ => None,
    });
    shown.next()
}

/// Whether schema or database are known of both and differ.
fn is_elsewhere(one: &Relation, other: &Relation) -> bool {
    let pairs = [
        (&one.schema, &other.schema),
        (&one.database, &other.database),
    ];
    let mut known = pairs
        .into_iter()
        .filter_map(|(one, other)| one.as_deref().zip(other.as_deref()));
    known.any(|(one, other)| folded(one) != folded(other))
}
