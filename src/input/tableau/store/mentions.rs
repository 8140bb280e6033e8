//! Mentions of objects, each different one kept once and known by its number.

use std::hash::{Hash, Hasher};

use foldhash::fast::RandomState;
use indexmap::IndexSet;
use rayon::prelude::*;

use super::super::arena::Interner;
use super::super::wire::Reference;
use crate::model::ObjectKind;

/// How a response refers to an object: by kind, ids and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mention<'a> {
    pub(crate) kind: ObjectKind,
    pub(crate) id: Option<&'a str>,
    pub(crate) luid: Option<&'a str>,
    pub(crate) name: Option<&'a str>,
}

/// The number of a mention, and the kind that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ref {
    pub(crate) kind: ObjectKind,
    number: u32,
}

impl Ref {
    /// The position of the mention among all of them.
    pub(super) fn index(self) -> usize {
        self.number as usize
    }
}

impl Hash for Mention<'_> {
    /// The kind distinguishes too few mentions to be worth its time. All the texts do: any of them may
    /// be the same in all mentions of an export.
    fn hash<H: Hasher>(&self, state: &mut H) {
        for text in [self.id, self.luid, self.name].into_iter().flatten() {
            text.hash(state);
        }
    }
}

impl<'a> Mention<'a> {
    /// The mention of an object with these fields; empty ones are treated as missing.
    pub(super) fn new(
        kind: ObjectKind,
        id: Option<&'a str>,
        luid: Option<&'a str>,
        name: Option<&'a str>,
    ) -> Self {
        let [id, luid, name] = [id, luid, name].map(|text| text.filter(|text| !text.is_empty()));
        Self {
            kind,
            id,
            luid,
            name,
        }
    }

    /// The mention in a list of references.
    pub(super) fn from_reference(kind: ObjectKind, reference: &'a Reference) -> Self {
        let Reference { id, luid, name, .. } = reference;
        Self::new(kind, id.as_deref(), luid.as_deref(), name.as_deref())
    }

    /// The same mention with its texts in the arena.
    fn store_in<'b>(self, interner: &mut Interner<'b>) -> Mention<'b> {
        Mention {
            kind: self.kind,
            id: self.id.map(|text| interner.copy(text)),
            luid: self.luid.map(|text| interner.copy(text)),
            name: self.name.map(|text| interner.intern(text)),
        }
    }

    /// Whether it has an id or a luid.
    pub(super) fn has_id(&self) -> bool {
        self.id.is_some() || self.luid.is_some()
    }

    /// The keys by which the object is found: first its luid, if it is more permanent than the id.
    pub(super) fn keys(&self) -> impl Iterator<Item = (ObjectKind, &'a str)> + use<'a> {
        let family = self.kind.family();
        let keys = match self.kind {
            ObjectKind::Workbook | ObjectKind::Published => [self.luid, self.id],
            _ => [self.id, self.luid],
        };
        keys.into_iter().flatten().map(move |key| (family, key))
    }

    /// What messages call the object: its name, else an id.
    pub(super) fn label(&self) -> Option<&'a str> {
        self.name.or(self.luid).or(self.id)
    }
}

/// Whether Tableau gave no id, so that this one was made up. No id of Tableau begins like it.
pub(crate) fn is_made_up(id: &str) -> bool {
    id.starts_with('\0')
}

/// All mentions of all sites, numbered in the order in which they are found.
#[derive(Default)]
pub(crate) struct Mentions<'a>(IndexSet<Mention<'a>, RandomState>);

impl<'a> Mentions<'a> {
    /// The number of a mention.
    pub(super) fn number(&mut self, mention: Mention<'_>, interner: &mut Interner<'a>) -> Ref {
        let known: &IndexSet<Mention<'_>, RandomState> = &self.0;
        let at = known.get_index_of(&mention).unwrap_or_else(|| {
            let stored = mention.store_in(interner);
            self.0.insert_full(stored).0
        });
        Ref {
            kind: mention.kind,
            number: at as u32,
        }
    }

    /// The mention with this number.
    pub(super) fn get(&self, reference: Ref) -> Mention<'a> {
        self.0[reference.index()]
    }

    /// All mentions, by their numbers.
    pub(super) fn all(&self) -> impl Iterator<Item = &Mention<'a>> + Clone {
        self.0.iter()
    }

    /// Whether the mention identifies its object.
    pub(super) fn has_id(&self, reference: Ref) -> bool {
        self.get(reference).has_id()
    }

    /// Sorts the mentions, so that their numbers do not depend on the order of chunks.
    pub(crate) fn sorted(self) -> (SortedMentions<'a>, Renumbering) {
        let mut order = self.0.into_iter().zip(0..).collect::<Vec<(_, u32)>>();
        order.par_sort_unstable();
        let mut numbers = vec![0; order.len()];
        for ((_, old), new) in order.iter().zip(0..) {
            numbers[*old as usize] = new;
        }
        let sorted = order.into_iter().map(|(mention, _)| mention).collect();
        (SortedMentions(sorted), Renumbering(numbers))
    }
}

/// The final number of each mention, by its first one.
pub(crate) struct Renumbering(Vec<u32>);

impl Renumbering {
    /// The same mention by its final number.
    pub(super) fn get(&self, reference: Ref) -> Ref {
        Ref {
            number: self.0[reference.index()],
            ..reference
        }
    }
}

/// All mentions in order, by their final numbers: numbers compare as their mentions do.
pub(crate) struct SortedMentions<'a>(Vec<Mention<'a>>);

impl<'a> SortedMentions<'a> {
    /// The mention with this number.
    pub(crate) fn get(&self, reference: Ref) -> Mention<'a> {
        self.0[reference.index()]
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
