//! Finds out which mentions mean the same object.
//!
//! A mention may have an id, a luid or both. A mention with both shows that the object with this id
//! and the object with this luid are one.

use foldhash::{HashMap, HashMapExt};

use super::mentions::{Mention, Ref, SortedMentions};
use crate::model::ObjectKind;

/// The position of an object among all objects of its site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ObjectIx(u32);

impl ObjectIx {
    pub(crate) fn new(index: usize) -> Self {
        Self(index as u32)
    }

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What the mentions of an object show, without its records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entity<'a> {
    pub(crate) kind: ObjectKind,
    /// Its name in mentions, else an id; if there are several, the first in order.
    label: Option<(IsId, &'a str)>,
    /// Whether it has an id or a luid.
    pub(crate) has_id: bool,
    /// The entity that it turned out to be; itself if it is not another one.
    same_as: ObjectIx,
}

/// Whether a label is an id and not a name. Names are sorted before ids.
type IsId = bool;

impl<'a> Entity<'a> {
    /// What messages call it.
    pub(crate) fn label(&self) -> Option<&'a str> {
        self.label.map(|(_, label)| label)
    }
}

/// The entities of one site, each found by all of its ids.
pub(super) struct Entities<'m, 'a> {
    mentions: &'m SortedMentions<'a>,
    entities: Vec<Entity<'a>>,
    by_key: HashMap<(ObjectKind, &'a str), ObjectIx>,
    by_mention: ByMention,
}

impl<'m, 'a> Entities<'m, 'a> {
    /// No entities yet, with room for about this many, each with two ids.
    pub(super) fn with_capacity(mentions: &'m SortedMentions<'a>, objects: usize) -> Self {
        Self {
            mentions,
            entities: Vec::with_capacity(objects),
            by_key: HashMap::with_capacity(2 * objects),
            by_mention: ByMention::new(mentions),
        }
    }

    /// The entity of a mention, which is found by all ids of the mention from now on. A mention
    /// without ids is a new entity each time.
    pub(super) fn enter(&mut self, reference: Ref) -> ObjectIx {
        if let Some(known) = self.by_mention.get(reference) {
            return self.shorten(known);
        }
        let mention = self.mentions.get(reference);
        let entity = match self.find_by_keys(&mention) {
            [Some(one), Some(other)] => self.unite(one, other),
            [Some(one), None] | [None, Some(one)] => one,
            [None, None] => self.add(&mention),
        };
        for key in mention.keys() {
            self.by_key.insert(key, entity);
            self.by_mention.set(reference, entity);
        }
        let label = mention.label().map(|label| (mention.name.is_none(), label));
        self.note(entity, mention.kind, label);
        entity
    }

    /// The entities that the keys of a mention lead to.
    fn find_by_keys(&mut self, mention: &Mention<'a>) -> [Option<ObjectIx>; 2] {
        let mut found = mention.keys().map(|key| {
            let known = *self.by_key.get(&key)?;
            Some(self.shorten(known))
        });
        [found.next().flatten(), found.next().flatten()]
    }

    fn add(&mut self, mention: &Mention<'a>) -> ObjectIx {
        let new = ObjectIx::new(self.entities.len());
        self.entities.push(Entity {
            kind: mention.kind,
            label: None,
            has_id: mention.has_id(),
            same_as: new,
        });
        new
    }

    /// Joins two entities; the earlier one remains.
    fn unite(&mut self, a: ObjectIx, b: ObjectIx) -> ObjectIx {
        let (one, other) = (a.min(b), a.max(b));
        if one != other {
            let Entity { kind, label, .. } = self.entities[other.index()];
            self.entities[other.index()].same_as = one;
            self.note(one, kind, label);
        }
        one
    }

    /// Adds a mention to its entity. The entity gets the most specific kind.
    fn note(&mut self, at: ObjectIx, kind: ObjectKind, label: Option<(IsId, &'a str)>) {
        let entity = &mut self.entities[at.index()];
        entity.kind = entity.kind.min(kind);
        entity.label = [entity.label, label].into_iter().flatten().min();
    }

    /// The entity that an earlier one turned out to be. Makes the way to it shorter for the next time:
    /// thousands of entities in a row may each have turned out to be the one before.
    fn shorten(&mut self, mut at: ObjectIx) -> ObjectIx {
        loop {
            let same_as = self.entities[at.index()].same_as;
            if same_as == at {
                return at;
            }
            let next = self.entities[same_as.index()].same_as;
            self.entities[at.index()].same_as = next;
            at = next;
        }
    }

    /// Makes every way from an entity to the one that it turned out to be as short as can be, when all
    /// are entered.
    pub(super) fn settle(&mut self) {
        for at in 0..self.entities.len() {
            // Each leads to an earlier one, whose way is short already.
            let same_as = self.entities[at].same_as;
            self.entities[at].same_as = self.entities[same_as.index()].same_as;
        }
    }

    /// The entity that an earlier one turned out to be.
    pub(super) fn resolve(&self, mut at: ObjectIx) -> ObjectIx {
        loop {
            let same_as = self.entities[at.index()].same_as;
            if same_as == at {
                return at;
            }
            at = same_as;
        }
    }

    /// The entity that a mention refers to, if one was entered.
    pub(super) fn find(&self, reference: Ref) -> Option<ObjectIx> {
        self.by_mention
            .get(reference)
            .or_else(|| self.find_by_any_key(reference))
            .map(|at| self.resolve(at))
    }

    fn find_by_any_key(&self, reference: Ref) -> Option<ObjectIx> {
        let mention = self.mentions.get(reference);
        let found = mention.keys().find_map(|key| self.by_key.get(&key));
        if reference.kind != ObjectKind::Table {
            return found.copied();
        }
        // Where `__typename` is missing, a table of any kind may be meant. Ids are unique over all
        // kinds.
        found
            .or_else(|| self.find_as(ObjectKind::CustomSql, &mention))
            .or_else(|| self.find_as(ObjectKind::VirtualTable, &mention))
            .copied()
    }

    fn find_as(&self, kind: ObjectKind, mention: &Mention<'a>) -> Option<&ObjectIx> {
        mention
            .keys()
            .find_map(|(_, key)| self.by_key.get(&(kind, key)))
    }

    /// Whether this very mention was entered.
    pub(super) fn is_entered(&self, reference: Ref) -> bool {
        self.by_mention.get(reference).is_some()
    }

    /// Whether a mention identifies its object.
    pub(super) fn has_id(&self, reference: Ref) -> bool {
        self.mentions.get(reference).has_id()
    }

    /// All entities, including those that turned out to be another one.
    pub(super) fn all(&self) -> &[Entity<'a>] {
        &self.entities
    }
}

/// The entities of mentions that were entered: a hash map would take longer.
struct ByMention(Vec<ObjectIx>);

impl ByMention {
    const NONE: ObjectIx = ObjectIx(u32::MAX);

    fn new(mentions: &SortedMentions) -> Self {
        Self(vec![Self::NONE; mentions.len()])
    }

    fn get(&self, reference: Ref) -> Option<ObjectIx> {
        Some(self.0[reference.index()]).filter(|known| *known != Self::NONE)
    }

    fn set(&mut self, reference: Ref, entity: ObjectIx) {
        self.0[reference.index()] = entity;
    }
}
