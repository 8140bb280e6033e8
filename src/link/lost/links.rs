//! Finds the tables whose links are lost.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::before::{Before, Record};
use super::ended::Ended;
use super::fate::{self, Fate, Fates, Kin};
use crate::link::finding::Finding;
use crate::link::index::Index;
use crate::link::other_node::OtherNode;
use crate::link::outcome::{Links, MatchedTable, Outcome, Rule};
use crate::model::{Node, NodeIx, Project, Role, Site, TableIx, Upstream, Verb, WorkbookIx};
use crate::settings::Matching;

/// The links that tables had to the nodes of the state.
#[derive(Debug)]
pub struct LostLinks<'l> {
    pub(super) site: &'l Site<'l>,
    pub(super) links: &'l Links<'l>,
    /// The manifest.
    pub(super) now: &'l Project<'l>,
    /// The state, or the part of one that the last run left.
    state: Option<&'l Project<'l>>,
    /// The links that are known, if the last run left them; `None` if the state tells them all.
    record: Option<Record<'l>>,
    /// The node of the state that each table of the site linked to. `None` without a state, and
    /// where the state has the relations of the manifest: then it links what the manifest links.
    before: Option<Vec<Option<NodeIx>>>,
    /// The tables whose link is lost.
    lost: BTreeMap<TableIx, Lost>,
    /// The nodes of state and manifest, each in the order of their ids. Made when it is first asked
    /// for.
    by_id: OnceLock<[Vec<NodeIx>; 2]>,
    /// Whether the exposures that the run compares with are of the nodes of the state or the manifest.
    pub knows_nodes: bool,
    /// Whether most nodes of the state are in another database or schema of the manifest.
    pub is_of_other_target: bool,
    /// Those of each project, if these are several projects as one.
    parts: Vec<&'l LostLinks<'l>>,
    /// Whether the manifest itself stands for the state, as it links without other projects.
    is_own_state: bool,
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
    /// The nodes of other projects of the run that fit as well.
    pub elsewhere: Vec<Arc<OtherNode>>,
}

impl<'l> LostLinks<'l> {
    /// Finds the links that are lost since the state.
    pub fn new(
        now: &'l Project<'l>,
        before: Before<'l>,
        site: &'l Site<'l>,
        links: &'l Links<'l>,
        matching: &Matching,
    ) -> Self {
        let (state, record) = match before {
            Before::Same => (None, None),
            Before::State(state) => (Some(state), None),
            Before::Left(nodes, findings) => (Some(nodes), Some(Record::new(findings))),
        };
        let mut found = Self {
            site,
            links,
            now,
            state,
            record,
            before: None,
            lost: BTreeMap::new(),
            by_id: OnceLock::new(),
            knows_nodes: true,
            is_of_other_target: false,
            parts: Vec::new(),
            is_own_state: false,
        };
        let changed = state.filter(|state| found.may_differ(state));
        // Without a state, its exposures were made by a run on its own nodes, perhaps on them alone.
        let own = (state.is_none() && links.is_shared && !now.exposures.is_empty()).then_some(now);
        let Some(before) = changed.or(own) else {
            return found;
        };
        let index = Index::new(&before.nodes, before.adapter(), matching);
        let linked = crate::link::findings(&index, &site.tables, matching);
        if changed.is_none() {
            found.state = Some(before);
            found.is_own_state = true;
            let nodes = linked.iter().map(|finding| finding.outcome.node());
            found.before = Some(nodes.collect());
            return found;
        }
        found.find_lost(before, &linked, matching);
        found
    }

    /// Finds the lost links of a state, whose nodes link tables so.
    fn find_lost(&mut self, state: &'l Project<'l>, linked: &[Finding], matching: &Matching) {
        let fates = Fates::new(state, self.now, matching);
        let mut before = vec![None; linked.len()];
        for (at, (table, finding)) in self.tables_that_are_read().zip(linked).enumerate() {
            if let (Some(table), Outcome::Linked { node, .. }) = (table, &finding.outcome)
                && self.was_linked(&state.nodes[*node], table)
            {
                before[at] = Some(*node);
                let lost = self.lost(
                    &fates,
                    (*node, finding.by.map_or(Role::Own, Rule::role)),
                    table,
                );
                self.lost.extend(lost.map(|lost| (TableIx(at), lost)));
            }
        }
        // A few nodes say nothing about a whole manifest.
        self.is_of_other_target =
            self.has_state() && !self.lost.is_empty() && fates.is_of_other_target();
        self.before = Some(before);
    }

    /// Several projects as one, which has no state of its own but asks each of them.
    pub fn of_all(
        now: &'l Project<'l>,
        site: &'l Site<'l>,
        links: &'l Links<'l>,
        parts: Vec<&'l LostLinks<'l>>,
        matching: &Matching,
    ) -> Self {
        Self {
            parts,
            ..Self::new(now, Before::Same, site, links, matching)
        }
    }

    /// Whether the nodes of the state may link a table otherwise than those of the manifest.
    fn may_differ(&self, state: &Project) -> bool {
        match &self.record {
            None => self.links.is_shared || !has_same_relations(state, self.now),
            Some(record) => {
                let mut tables = self.tables_that_are_read().flatten();
                tables.any(|table| record.is_changed(table, &self.now.nodes))
            }
        }
    }

    /// Whether a table that a node of the state fits was linked to it.
    fn was_linked(&self, node: &Node, table: &MatchedTable) -> bool {
        let record = self.record.as_ref();
        record.is_none_or(|record| record.has(&node.unique_id, &table.shown))
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
            // It moves, which is no loss.
            Outcome::OtherProject { .. } => return None,
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
            elsewhere: match &table.outcome {
                Outcome::Ambiguous { elsewhere, .. } => elsewhere.clone(),
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

    /// Whether a workbook reads a table that another project of the run has.
    pub fn has_moved(&self, at: WorkbookIx) -> bool {
        let tables = &self.links.workbooks[at.0].tables;
        let outcomes = tables.iter().map(|read| &read.table.outcome);
        let mut others = outcomes.filter(|outcome| matches!(outcome, Outcome::OtherProject { .. }));
        others.next().is_some()
    }

    /// Whether no link is lost.
    pub fn is_empty(&self) -> bool {
        self.lost.is_empty()
    }

    /// How many links a state has, or what the last run left; `None` if neither is there. None at all
    /// is what a state of another project or target looks like.
    pub fn links_before(&self) -> Option<usize> {
        self.state.filter(|_| !self.is_own_state)?;
        Some(match (&self.before, &self.record) {
            (Some(before), _) => before.iter().flatten().count(),
            (None, Some(record)) => record.links(),
            (None, None) => {
                let tables = self.tables_that_are_read().flatten();
                tables.filter_map(|table| table.outcome.node()).count()
            }
        })
    }

    /// Whether there is a state that shows which links are lost.
    pub fn has_state(&self) -> bool {
        let all_have = !self.parts.is_empty() && self.parts.iter().all(|part| part.has_state());
        all_have || (self.state.is_some() && self.record.is_none() && !self.is_own_state)
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

    /// The lost link of a table.
    pub fn of_table(&self, table: TableIx) -> Option<&Lost> {
        self.lost.get(&table)
    }

    /// How many links a workbook lost.
    pub fn count(&self, at: WorkbookIx) -> usize {
        let of_parts = self.parts.iter().map(|part| part.count(at));
        self.of(at).len() + of_parts.sum::<usize>()
    }

    /// Whether the link of a workbook's table is lost.
    pub fn is_lost(&self, at: WorkbookIx, place: usize) -> bool {
        match self.site.workbook(at).reads[place].upstream {
            Upstream::Table(table) => {
                let is_lost = |links: &Self| links.lost.contains_key(&table);
                is_lost(self) || self.parts.iter().any(|part| is_lost(part))
            }
            Upstream::Hidden(_) | Upstream::Unresolved(_) | Upstream::Unreadable { .. } => false,
        }
    }

    /// Whether a table has no link since the project does not have its relation any more.
    pub fn is_gone(&self, table: TableIx) -> bool {
        let fate = self.lost.get(&table).map(|lost| &lost.fate);
        fate.is_some_and(|fate| fate.is_without_relation() && !matches!(fate, Fate::OtherNode(..)))
            || self.parts.iter().any(|part| part.is_gone(table))
    }

    /// Whether a workbook's table that is not linked was linked in the state; `None` if that is not
    /// known. What Tableau hides now it may have shown then.
    pub fn is_newly_unlinked(&self, at: WorkbookIx, place: usize) -> Option<bool> {
        let mut parts = self.parts.iter();
        if parts.any(|part| part.is_newly_unlinked(at, place) == Some(true)) {
            return Some(true);
        }
        if !self.has_state() {
            return None;
        }
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
        if let Outcome::OtherProject { node, .. } = outcome {
            return Some((before, Ended::Moved(Arc::clone(node))));
        }
        let lost = self.lost.get(&table);
        let ended = match (lost.map(|lost| (&lost.fate, lost.verb)), outcome) {
            (Some((Fate::OtherNode(node, ..), _)), _) => Ended::FoundAs(node.clone()),
            (Some((Fate::NotLinked(_), _)), _) => Ended::Unlinked,
            (Some((_, verb)), _) => Ended::Lost(verb),
            (None, Outcome::Linked { node, .. }) => {
                let now = self.now.nodes[*node].unique_id.as_ref();
                (now != before).then(|| Ended::FoundAs(now.to_owned()))?
            }
            (None, _) if self.is_own_state => Ended::Unlinked,
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

    /// Whether a table that is not linked was, to a node that does not fit it as the record has that
    /// node: its relation or the configuration changed twice, or the run did not look at it.
    pub(super) fn is_recorded_otherwise(&self, table: TableIx, matched: &MatchedTable) -> bool {
        let record = self.record.as_ref();
        let is_recorded = record.is_some_and(|record| record.has_table(&matched.shown));
        let before = self.before.as_ref();
        is_recorded && before.is_none_or(|before| before[table.0].is_none())
    }

    /// The node with this id as the last run knew it: as it left it, else that of the state, else of
    /// the manifest, which has its exposures from a run on its own nodes.
    pub(super) fn node(&self, id: &str) -> Option<&'l Node<'l>> {
        let is_known = match &self.record {
            Some(record) => record.knows(id),
            None => self.knows_nodes,
        };
        if !is_known {
            return None;
        }
        let nodes = [
            self.state.map_or(&[][..], |state| &state.nodes),
            if self.record.is_some() {
                &[]
            } else {
                &self.now.nodes
            },
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
