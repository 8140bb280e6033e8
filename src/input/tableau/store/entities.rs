//! One entity for each object, under each of its ids.

use std::borrow::Cow;
use std::mem::replace;

use super::super::wire::Text;
use super::{Copy, Entity, Kind, Links, Ref, Stamp, Store, keys};

impl Entity<'_> {
    fn new(kind: Kind) -> Self {
        let (copies, told) = (Vec::new(), Links::default());
        Self { kind, copies, mention: None, told, is_other: false }
    }
}

impl<'a> Store<'a> {
    /// The reference itself, or one with an id of our own where Tableau gave none.
    pub(super) fn named(&mut self, mut reference: Ref<'a>) -> Ref<'a> {
        if reference.id.is_none() && reference.luid.is_none() {
            reference.id = Some(Cow::Owned(format!("\0{}", self.entities.len())));
            self.entity(&reference);
        }
        reference
    }

    pub(super) fn stamp(&self, updated_at: Option<&Text<'a>>) -> Stamp {
        (self.captured_at, updated_at.and_then(|Text(text)| text.parse().ok()))
    }

    pub(super) fn copy(&mut self, reference: &Ref<'a>, copy: Copy<'a>) {
        let at = self.entity(reference);
        let entity = &mut self.entities[at];
        if !entity.copies.contains(&copy) {
            entity.copies.push(copy);
        }
    }

    /// The entity of an object, found by luid or id, and from now on under both.
    ///
    /// Where the two had led to different entities, these turn out to be one.
    pub(super) fn entity(&mut self, reference: &Ref<'a>) -> usize {
        let keys = keys(reference);
        let mut known =
            keys.iter().filter_map(|key| self.names.get(key)).copied().collect::<Vec<_>>();
        known.sort_unstable();
        let at = known.first().copied().unwrap_or_else(|| {
            self.entities.push(Entity::new(reference.kind));
            self.entities.len() - 1
        });
        for other in known.into_iter().filter(|other| *other != at) {
            let other_kind = self.entities[other].kind;
            let mut other_one = replace(&mut self.entities[other], Entity::new(other_kind));
            self.entities[other].is_other = true;
            let one = &mut self.entities[at];
            one.kind = one.kind.min(other_kind);
            one.copies.append(&mut other_one.copies);
            one.told.absorb(other_one.told);
            one.mention = [one.mention.take(), other_one.mention].into_iter().flatten().min();
            self.names.values_mut().filter(|name| **name == other).for_each(|name| *name = at);
        }
        // `Datasource` sorts behind the two kinds that it leaves open.
        self.entities[at].kind = self.entities[at].kind.min(reference.kind);
        let mention = reference.name.as_ref().or(reference.luid.as_ref()).or(reference.id.as_ref());
        // Of several names the first in order, whichever came first.
        let entity = &mut self.entities[at];
        if mention.is_some() && (entity.mention.is_none() || mention < entity.mention.as_ref()) {
            entity.mention = mention.cloned();
        }
        for key in keys {
            self.names.insert(key, at);
        }
        at
    }
}
