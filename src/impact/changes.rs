//! What changed in each node of base, and what became of its relation.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::change::{
    Change, ChangeIx, ChangeKind, Cosmetic, CosmeticKind, LostBy, LostRelation, NotCompared,
    NotComparedReason, Renamed,
};
use super::compare::{Comparer, Found};
use super::graph::Reads;
use super::moves::{Built, Fate, fate};
use super::settings::Pair;
use super::side::Indexed;
use crate::model::Node;
use crate::model::definition::Definition;

/// What became of a node of base.
#[derive(Debug, Clone, Default)]
pub(super) struct Outcome {
    /// What changed in it.
    pub(super) change: Option<ChangeIx>,
    /// What of it could not be compared.
    pub(super) not_compared: Option<usize>,
    /// The node of head that builds its relation.
    pub(super) head: Option<Arc<str>>,
}

/// Everything that changed.
pub(super) struct Changes {
    pub(super) changes: Vec<Change>,
    pub(super) cosmetic: Vec<Cosmetic>,
    pub(super) not_compared: Vec<NotCompared>,
    /// What became of each node of base in which anything did, or that stands at another id.
    pub(super) outcomes: BTreeMap<Arc<str>, Outcome>,
}

/// What became of one node.
struct Told {
    change: Option<Change>,
    cosmetic: Option<Cosmetic>,
    not_compared: Option<NotCompared>,
    head: Option<Arc<str>>,
}

/// What nodes are judged with.
pub(super) struct Judge<'j, 's, 'a> {
    pub(super) comparer: Comparer<'j, 's, 'a>,
    pub(super) built: &'j Built,
    pub(super) base_reads: &'j Reads<'s>,
    pub(super) head_reads: &'j Reads<'s>,
}

impl<'s, 'a> Judge<'_, 's, 'a> {
    /// Judges all nodes of base. `pairs` are those that both sides have, in the order of their ids.
    pub(super) fn all(&self, pairs: &[Pair<'s, 'a>]) -> Changes {
        let nodes = self.base().side.definitions.nodes.par_iter();
        let told = nodes.filter(|node| node.is_enabled).filter_map(|node| {
            let pair = pairs.binary_search_by(|pair| pair.base.unique_id.cmp(&node.unique_id));
            let told = match pair {
                Ok(at) => self.of_pair(&pairs[at]),
                Err(_) => self.of_lone(node),
            };
            let is_any = told.change.is_some()
                || told.cosmetic.is_some()
                || told.not_compared.is_some()
                || told.head.as_deref().is_some_and(|id| id != node.unique_id)
                || told.head.is_none();
            is_any.then_some((node, told))
        });
        let mut all = Changes {
            changes: Vec::new(),
            cosmetic: Vec::new(),
            not_compared: Vec::new(),
            outcomes: BTreeMap::new(),
        };
        for (node, told) in told.collect::<Vec<_>>() {
            all.add(node, told);
        }
        all
    }

    fn base(&self) -> &Indexed<'s, 'a> {
        self.comparer.base
    }

    fn head(&self) -> &Indexed<'s, 'a> {
        self.comparer.head
    }

    /// A node that both sides have.
    fn of_pair(&self, pair: &Pair<'s, 'a>) -> Told {
        let fate = if pair.is_source() {
            Fate::Stays
        } else {
            fate(pair, self.comparer.targets, self.base())
        };
        let mut not_compared = None;
        if let (Fate::Perhaps, Some(before), Some(now)) = (&fate, pair.base_node, pair.head_node) {
            let reason =
                NotComparedReason::PerhapsMoved(before.typed.to_string(), now.typed.to_string());
            not_compared = Some(self.not_compared(pair.head, reason));
        }
        let by = match fate {
            Fate::Stays | Fate::Perhaps => {
                let found = self.comparer.compare(pair);
                return self.told(pair, found, None, not_compared);
            }
            Fate::Moves(by) => by,
        };
        let other = pair
            .base_node
            .and_then(|node| self.built.by(self.base(), node));
        if let Some(other) = other.filter(|id| ***id != *pair.head.unique_id)
            && let Some(successor) = self.pair_with(pair.base, pair.base_node, other)
        {
            return self.succeeded(&successor);
        }
        let found = self.comparer.compare(pair);
        let is_built = by != LostBy::Ephemeral;
        let lost = self.lost(
            pair.base_node,
            by,
            is_built.then_some(pair.head.unique_id.as_ref()),
        );
        self.told(pair, found, lost, None)
    }

    /// A node that head does not have, or has disabled.
    fn of_lone(&self, node: &'s Definition<'a>) -> Told {
        let before = self.base().node(&node.unique_id);
        let disabled = self.head().definition(&node.unique_id);
        if let Some(disabled) = disabled {
            let dialect = self.base().adapter().dialect();
            let pair = Pair::new((node, before), (disabled, None), dialect);
            if pair.is_enabled_by_target() {
                let found = self.comparer.compare(&pair);
                return self.told(&pair, found, None, None);
            }
            // What somebody enables on purpose, where that is what dbt does anyway, was an expression.
            let is_on_purpose = pair.details().0.unrendered("enabled") == Some("true");
            if is_on_purpose && !self.comparer.targets.is_same() {
                let found = self.comparer.compare(&pair);
                let reason = NotComparedReason::PerhapsDisabled;
                let not_compared = Some(self.not_compared(disabled, reason));
                return self.told(&pair, found, None, not_compared);
            }
        }
        let rename = self.comparer.renames.get(&node.unique_id);
        let successor = before
            .filter(|_| node.resource_type() != "source")
            .and_then(|before| self.built.by(self.base(), before));
        if let Some(id) = successor
            && let Some(pair) = self.pair_with(node, before, id)
        {
            let is_renamed = rename.is_some_and(|rename| rename.to == *id);
            return if is_renamed {
                self.renamed(&pair, true)
            } else {
                self.succeeded(&pair)
            };
        }
        if let Some(pair) = rename.and_then(|rename| self.pair_with(node, before, &rename.to)) {
            return self.renamed(&pair, node.resource_type() == "source");
        }
        let by = if disabled.is_some() {
            LostBy::Disabled
        } else {
            LostBy::Deleted
        };
        let lost = self.lost(before, by, None);
        Told {
            change: lost.map(|lost| self.change(node, None, Found::default(), Some(lost))),
            cosmetic: None,
            not_compared: None,
            head: None,
        }
    }

    fn pair_with(
        &self,
        node: &'s Definition<'a>,
        before: Option<&'s Node<'a>>,
        head: &str,
    ) -> Option<Pair<'s, 'a>> {
        let now = self.head().enabled(head)?;
        let dialect = self.base().adapter().dialect();
        Some(Pair::new(
            (node, before),
            (now, self.head().node(head)),
            dialect,
        ))
    }

    /// A node that has another name in head.
    fn renamed(&self, pair: &Pair<'s, 'a>, has_same_relation: bool) -> Told {
        let mut found = self.comparer.compare(pair);
        found
            .cosmetic
            .retain(|kind| !matches!(kind, CosmeticKind::File));
        let id = Arc::from(pair.head.unique_id.as_ref());
        found.cosmetic.push(CosmeticKind::Renamed(id));
        let lost = if has_same_relation {
            None
        } else {
            self.lost(
                pair.base_node,
                LostBy::Renamed,
                Some(pair.head.unique_id.as_ref()),
            )
        };
        self.told(pair, found, lost, None)
    }

    /// A node whose relation another node of head builds.
    fn succeeded(&self, pair: &Pair<'s, 'a>) -> Told {
        let mut found = self.comparer.compare(pair);
        let id = Arc::from(pair.head.unique_id.as_ref());
        found.kinds = vec![ChangeKind::Successor(id)];
        if !found.columns.is_empty() {
            found.kinds.push(ChangeKind::Columns);
        }
        self.told(pair, found, None, None)
    }

    fn lost(
        &self,
        before: Option<&Node>,
        by: LostBy,
        instead: Option<&str>,
    ) -> Option<LostRelation> {
        let before = before.filter(|node| node.relation.is_some())?;
        let is_source = before.kind == crate::model::NodeKind::Source;
        let instead = instead.and_then(|id| self.built.shown(id));
        (!is_source).then(|| LostRelation {
            relation: before.typed.to_string(),
            name: before.typed.name.to_string(),
            by,
            instead: instead.map(|(shown, _)| shown.clone()),
            is_as_in_head: instead.is_some_and(|(_, is_as_in_head)| *is_as_in_head),
        })
    }

    fn told(
        &self,
        pair: &Pair<'s, 'a>,
        mut found: Found,
        lost: Option<LostRelation>,
        mut not_compared: Option<NotCompared>,
    ) -> Told {
        if found.is_large_seed && not_compared.is_none() {
            not_compared = Some(self.not_compared(pair.head, NotComparedReason::LargeSeed));
        }
        let unique_id: Arc<str> = Arc::from(pair.base.unique_id.as_ref());
        let is_changed = lost.is_some() || !found.kinds.is_empty();
        let mut kinds = std::mem::take(&mut found.cosmetic);
        kinds.sort();
        kinds.dedup();
        let is_cosmetic = !is_changed && !kinds.is_empty();
        let head = pair.head.unique_id.as_ref();
        Told {
            cosmetic: is_cosmetic.then_some(Cosmetic { unique_id, kinds }),
            head: Some(Arc::from(head)),
            change: is_changed.then(|| self.change(pair.base, Some(pair.head), found, lost)),
            not_compared,
        }
    }

    fn not_compared(&self, node: &Definition, reason: NotComparedReason) -> NotCompared {
        NotCompared {
            package: self.package(node),
            unique_id: Arc::from(node.unique_id.as_ref()),
            name: node.name.to_string(),
            file: node.file.as_ref().map(ToString::to_string),
            reason,
        }
    }

    /// The installed package that defines a node.
    fn package(&self, node: &Definition) -> Option<String> {
        let root = &self.base().side.project.root_package;
        (node.package != root.as_str()).then(|| node.package.to_string())
    }

    fn change(
        &self,
        node: &Definition,
        head: Option<&Definition>,
        found: Found,
        lost: Option<LostRelation>,
    ) -> Change {
        let is_gone = lost.is_some();
        let Found {
            mut kinds, columns, ..
        } = found;
        kinds.extend(is_gone.then_some(ChangeKind::Relation));
        kinds.sort();
        let file = head
            .and_then(|head| head.file.as_ref())
            .or(node.file.as_ref());
        let id = node.unique_id.as_ref();
        let readers = match head {
            Some(head) => self.head_reads.readers(&head.unique_id),
            None => self.base_reads.readers(id),
        };
        let rename = self.comparer.renames.get(id);
        let rename = rename.filter(|rename| {
            let is_built = head.is_some_and(|head| *head.unique_id == *rename.to);
            is_built || head.is_none()
        });
        let details = node.details();
        Change {
            unique_id: Arc::from(id),
            name: node.name.to_string(),
            resource_type: node.resource_type().to_owned(),
            file: file.map(ToString::to_string),
            package: self.package(node),
            materialized: details.config_text("materialized").map(str::to_owned),
            kinds,
            lost,
            renamed: rename.map(|rename| Renamed {
                to: Arc::clone(&rename.to),
                name: self
                    .head()
                    .definition(&rename.to)
                    .map_or_else(String::new, |node| node.name.to_string()),
                has_same_text: rename.has_same_text,
            }),
            columns,
            readers,
        }
    }
}

impl Changes {
    fn add(&mut self, node: &Definition, told: Told) {
        let Told {
            change,
            cosmetic,
            not_compared,
            head,
        } = told;
        let outcome = Outcome {
            change: change.is_some().then_some(ChangeIx(self.changes.len())),
            not_compared: not_compared.is_some().then_some(self.not_compared.len()),
            head,
        };
        self.changes.extend(change);
        self.cosmetic.extend(cosmetic);
        self.not_compared.extend(not_compared);
        self.outcomes
            .insert(Arc::from(node.unique_id.as_ref()), outcome);
    }
}
