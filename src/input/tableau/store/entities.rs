//! Which mentions mean one object.
//!
//! A mention may have an id, a luid or both. Where it has both, what either of them had led to
//! turns out to be one object.

use foldhash::{HashMap, HashMapExt};

use super::kind::Kind;
use super::mentions::{ByMention, Mention, Ref, SortedMentions};

/// The entities of one site, one for each object, found by each of its ids.
pub(super) struct Entities<'m, 'a> {
    mentions: &'m SortedMentions<'a>,
    entities: Vec<Entity<'a>>,
    names: HashMap<(Kind, &'a str), u32>,
    /// The entities of mentions that were asked for before.
    known: ByMention,
}

/// What is known of an object by its mentions alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entity<'a> {
    pub(crate) kind: Kind,
    /// What others call it: of several names the first in order.
    pub(crate) label: Option<&'a str>,
    /// Whether it has an id or a luid.
    pub(crate) has_id: bool,
    /// The entity that it turned out to be; itself as long as it did not.
    one: u32,
}

impl<'m, 'a> Entities<'m, 'a> {
    /// Of about so many objects, each under two names.
    pub(super) fn new(mentions: &'m SortedMentions<'a>, objects: usize) -> Self {
        let (entities, names) = (
            Vec::with_capacity(objects),
            HashMap::with_capacity(2 * objects),
        );
        Self {
            mentions,
            entities,
            names,
            known: ByMention::new(mentions),
        }
    }

    /// The entity that is mentioned, from now on found by all of its names. Without any, it is a
    /// new one each time.
    pub(super) fn enter(&mut self, reference: Ref) -> usize {
        if let Some(at) = self.known.get(reference) {
            return self.one(at as usize);
        }
        let mention = self.mentions.get(reference);
        let [first, second] = self.named(&mention);
        let at = first.or(second).unwrap_or_else(|| self.add(&mention));
        let at = second.map_or(at, |second| self.unite(at, second));
        for key in mention.keys() {
            self.names.insert(key, at);
            self.known.set(reference, at);
        }
        let entity = &mut self.entities[at as usize];
        entity.kind = entity.kind.min(mention.kind);
        entity.label = [entity.label, mention.label()].into_iter().flatten().min();
        at as usize
    }

    /// The entities that its two keys lead to.
    fn named(&self, mention: &Mention<'a>) -> [Option<u32>; 2] {
        let mut keys = mention.keys();
        let mut next = || Some(self.follow(*self.names.get(&keys.next()?)?));
        [next(), next()]
    }

    fn add(&mut self, mention: &Mention<'a>) -> u32 {
        let one = self.entities.len() as u32;
        let (kind, has_id) = (mention.kind, mention.has_id());
        self.entities.push(Entity {
            kind,
            label: None,
            has_id,
            one,
        });
        one
    }

    fn unite(&mut self, a: u32, b: u32) -> u32 {
        let (one, other) = (a.min(b), a.max(b));
        if one != other {
            let Entity { kind, label, .. } = self.entities[other as usize];
            self.entities[other as usize].one = one;
            let entity = &mut self.entities[one as usize];
            entity.kind = entity.kind.min(kind);
            entity.label = [entity.label, label].into_iter().flatten().min();
        }
        one
    }

    /// The entity that the one at this position turned out to be.
    pub(super) fn one(&self, at: usize) -> usize {
        self.follow(at as u32) as usize
    }

    fn follow(&self, mut at: u32) -> u32 {
        while self.entities[at as usize].one != at {
            at = self.entities[at as usize].one;
        }
        at
    }

    /// The entity that is meant, if there is one.
    pub(super) fn find(&self, reference: Ref) -> Option<usize> {
        let at = self
            .known
            .get(reference)
            .or_else(|| self.by_name(reference))?;
        Some(self.one(at as usize))
    }

    fn by_name(&self, reference: Ref) -> Option<u32> {
        let mention = self.mentions.get(reference);
        let found = mention.keys().find_map(|key| self.names.get(&key));
        if reference.kind != Kind::Table {
            return found.copied();
        }
        // A column's table is of any kind, which only `__typename` tells. Ids are unique over all
        // kinds.
        let of_kind = |kind| {
            mention
                .keys()
                .find_map(|(_, name)| self.names.get(&(kind, name)))
        };
        found
            .or_else(|| of_kind(Kind::CustomSql))
            .or_else(|| of_kind(Kind::VirtualTable))
            .copied()
    }

    /// Whether the object that is meant can be told from others.
    pub(super) fn has_id(&self, reference: Ref) -> bool {
        self.mentions.get(reference).has_id()
    }

    /// All entities, also those that turned out to be others.
    pub(super) fn all(&self) -> &[Entity<'a>] {
        &self.entities
    }
}
