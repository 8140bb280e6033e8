//! Finds the tables whose links are lost.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::ended::Ended;
use super::fate::{self, Fate, Fates, Kin, Verb};
use crate::link::index::Index;
use crate::link::outcome::{Links, MatchedTable, Outcome, Rule};
use crate::model::{Node, NodeIx, Project, Role, Site, TableIx, Upstream, WorkbookIx};
use crate::settings::Matching;

/// The links that tables had to the nodes of the state.
#[derive(Debug)]
pub struct LostLinks<'l> {
    pub(super) site: &'l Site<'l>,
    pub(super) links: &'l Links<'l>,
    /// The manifest.
    pub(super) now: &'l Project<'l>,
    /// The state, if it is given.
    state: Option<&'l Project<'l>>,
    /// The node of the state that each table of the site linked to. `None` without a state, and
    /// where the state has the relations of the manifest: then it links what the manifest links.
    before: Option<Vec<Option<NodeIx>>>,
    /// The tables whose link is lost.
    lost: BTreeMap<TableIx, Lost>,
    /// The nodes of state and manifest, each in the order of their ids. Made when it is first asked
    /// for.
    by_id: OnceLock<[Vec<NodeIx>; 2]>,
    /// Whether the exposures that the run compares with are of the state or the manifest.
    knows_nodes: bool,
    /// Whether most nodes of the state are in another database or schema of the manifest.
    pub is_of_other_target: bool,
}

/// The lost link of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The id of the node of the state.
    pub node: String,
    /// The relation that linked the table to it, as the state spells it.
    pub relation: String,
    /// What dbt does to such a node.
    pub verb: Verb,
    /// What became of it.
    pub fate: Fate,
    /// The nodes of the manifest that come nearest, the nearest first.
    pub nearest: Vec<Kin>,
}

impl<'l> LostLinks<'l> {
    /// Finds the links that are lost since the state.
    pub fn new(
        now: &'l Project<'l>,
        state: Option<&'l Project<'l>>,
        site: &'l Site<'l>,
        links: &'l Links<'l>,
        matching: &Matching,
    ) -> Self {
        let mut found = Self {
            site,
            links,
            now,
            state,
            before: None,
            lost: BTreeMap::new(),
            by_id: OnceLock::new(),
            knows_nodes: true,
            is_of_other_target: false,
        };
        let changed = state.filter(|state| !has_same_relations(state, now));
        let Some(state) = changed else {
            return found;
        };
        let index = Index::new(&state.nodes, state.adapter(), matching);
        let linked = crate::link::findings(&index, &site.tables, matching);
        let fates = Fates::new(state, now, matching);
        for (at, (table, before)) in found.tables_that_are_read().zip(&linked).enumerate() {
            if let (Some(table), Outcome::Linked { node, .. }) = (table, &before.outcome) {
                let lost = found.lost(&fates, (*node, role(before.by)), table);
                found.lost.extend(lost.map(|lost| (TableIx(at), lost)));
            }
        }
        found.is_of_other_target = !found.lost.is_empty() && fates.is_of_other_target();
        let before = linked.iter().map(|finding| match finding.outcome {
            Outcome::Linked { node, .. } => Some(node),
            _ => None,
        });
        found.before = Some(before.collect());
        found
    }

    /// The lost link of a table that linked to a node of the state by some relation, if it is lost.
    fn lost(
        &self,
        fates: &Fates,
        (node, role): (NodeIx, Role),
        table: &MatchedTable,
    ) -> Option<Lost> {
        let before = &fates.state.nodes[node];
        let is_built = fates.is_built(before, role);
        let fate = match &table.outcome {
            Outcome::Linked { node, rule } => {
                let now = &self.now.nodes[*node];
                if is_built || now.unique_id == before.unique_id {
                    return None;
                }
                Fate::OtherNode(now.unique_id.to_string(), now.typed.to_string(), *rule)
            }
            _ if is_built => Fate::NotLinked(table.not_linked(self.now.adapter())?),
            _ => fates.fate(before, role),
        };
        Some(Lost {
            node: before.unique_id.to_string(),
            relation: fate::shown(before, role),
            verb: Verb::of(before.kind),
            nearest: match &table.outcome {
                Outcome::Ambiguous { candidates, .. } => fate::fitting(candidates),
                Outcome::Unknown { nearest, .. } => fates.nearest(before, nearest),
                _ => Vec::new(),
            },
            fate,
        })
    }

    /// Every table of the site, if a workbook reads it.
    fn tables_that_are_read(&self) -> impl Iterator<Item = Option<&'l MatchedTable<'l>>> + use<'l> {
        let mut tables = vec![None; self.site.tables.len()];
        for at in self.site.workbook_positions() {
            for (table, matched) in self.tables_of(at) {
                if let Some(table) = table {
                    tables[table.0] = Some(matched);
                }
            }
        }
        tables.into_iter()
    }

    /// What a workbook reads, each with its position in the site if it has a name.
    pub(super) fn tables_of(
        &self,
        at: WorkbookIx,
    ) -> impl Iterator<Item = (Option<TableIx>, &'l MatchedTable<'l>)> {
        let reads = self.site.workbook(at).reads.iter();
        let tables = reads.zip(&self.links.workbooks[at.0].tables);
        tables.map(|(read, linked)| match read.upstream {
            Upstream::Table(table) => (Some(table), linked.table.as_ref()),
            _ => (None, linked.table.as_ref()),
        })
    }

    /// Whether no link is lost.
    pub fn is_empty(&self) -> bool {
        self.lost.is_empty()
    }

    /// Whether there is a state that shows which links are lost.
    pub fn has_state(&self) -> bool {
        self.state.is_some()
    }

    /// The lost links of a workbook, each with the place of its table among what it reads.
    pub fn of(&self, at: WorkbookIx) -> Vec<(usize, &Lost)> {
        if self.is_empty() {
            return Vec::new();
        }
        let tables = self.tables_of(at).enumerate();
        let lost = tables.filter_map(|(place, (table, _))| Some((place, self.lost.get(&table?)?)));
        lost.collect()
    }

    /// Whether a workbook's table that is not linked was linked in the state; `None` if that is not
    /// known. What Tableau hides now it may have shown then.
    pub fn is_newly_unlinked(&self, at: WorkbookIx, place: usize) -> Option<bool> {
        self.state?;
        match self.site.workbook(at).reads[place].upstream {
            Upstream::Table(table) => Some(self.lost.contains_key(&table)),
            Upstream::Hidden(_) | Upstream::Unresolved(_) | Upstream::Unreadable { .. } => None,
        }
    }

    /// The id of the node of the state that a table linked to, and how that link ended; `None` if it
    /// did not, or links to that node still.
    pub(super) fn ended(&self, table: TableIx, outcome: &Outcome) -> Option<(&'l str, Ended)> {
        let before = self.before.as_ref()?[table.0]?;
        let before = self.state?.nodes[before].unique_id.as_ref();
        let lost = self.lost.get(&table);
        let ended = match (lost.map(|lost| (&lost.fate, lost.verb)), outcome) {
            (Some((Fate::OtherNode(node, ..), _)), _) => Ended::FoundAs(node.clone()),
            (Some((Fate::NotLinked(_), _)), _) => Ended::Unlinked,
            (Some((_, verb)), _) => Ended::Lost(verb),
            (None, Outcome::Linked { node, .. }) => {
                let now = self.now.nodes[*node].unique_id.as_ref();
                (now != before).then(|| Ended::FoundAs(now.to_owned()))?
            }
            (None, _) => return None,
        };
        Some((before, ended))
    }

    /// The same if the exposures that the run compares with are of neither manifest nor state, so
    /// that nobody knows which relations their nodes had.
    #[must_use]
    pub fn of_other_nodes(mut self, is_so: bool) -> Self {
        self.knows_nodes = !is_so;
        self
    }

    /// The node with this id as the last run knew it: that of the state, else of the manifest, which
    /// has its exposures from a run on its own nodes.
    pub(super) fn node(&self, id: &str) -> Option<&'l Node<'l>> {
        if !self.knows_nodes {
            return None;
        }
        let nodes = [
            self.state.map_or(&[][..], |state| &state.nodes),
            &self.now.nodes,
        ];
        let by_id = self.by_id.get_or_init(|| nodes.map(sorted_by_id));
        nodes.into_iter().zip(by_id).find_map(|(nodes, by_id)| {
            let at = by_id.binary_search_by(|at| nodes[*at].unique_id.as_ref().cmp(id));
            Some(&nodes[by_id[at.ok()?]])
        })
    }
}

/// Whether all nodes have the relations that they had, in the same order. Manifests of one project
/// mostly do; where they do not, linking tells what is different.
fn has_same_relations(state: &Project, now: &Project) -> bool {
    let is_same = |(one, other): (&Node, &Node)| {
        one.unique_id == other.unique_id && one.relations().eq(other.relations())
    };
    state.adapter_name == now.adapter_name
        && state.nodes.len() == now.nodes.len()
        && state.nodes.iter().zip(&now.nodes).all(is_same)
}

fn sorted_by_id(nodes: &[Node]) -> Vec<NodeIx> {
    let mut sorted = (0..nodes.len()).map(NodeIx).collect::<Vec<_>>();
    sorted.sort_by_key(|at| &nodes[*at].unique_id);
    sorted
}

/// What the relation is to a node that fits by this rule.
fn role(by: Option<Rule>) -> Role {
    match by {
        Some(Rule::Latest) => Role::Latest,
        Some(Rule::Deferred) => Role::Deferred,
        _ => Role::Own,
    }
}
