//! Mentions of objects, each different one kept once and then meant by its number.

use std::hash::{Hash, Hasher};

use foldhash::fast::RandomState;
use indexmap::IndexSet;
use rayon::prelude::*;

use super::super::arena::Interner;
use super::super::wire::{Reference, Text};
use super::fields::text;
use super::kind::Kind;

/// What is said of an object where it is mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mention<'a> {
    pub kind: Kind,
    pub id: Option<&'a str>,
    pub luid: Option<&'a str>,
    pub name: Option<&'a str>,
}

/// The number of a mention, and the kind that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ref {
    pub kind: Kind,
    number: u32,
}

impl Hash for Mention<'_> {
    /// One id tells nearly all mentions apart, and is hashed faster than everything.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.or(self.luid).or(self.name).hash(state);
    }
}

impl<'a> Mention<'a> {
    /// The mention of an object with these fields, of which empty ones say nothing.
    pub(super) fn new(
        kind: Kind,
        id: &'a Option<Text>,
        luid: &'a Option<Text>,
        name: Option<&'a str>,
    ) -> Self {
        let given = |text: Option<&'a str>| text.filter(|text| !text.is_empty());
        Self {
            kind,
            id: given(text(id)),
            luid: given(text(luid)),
            name: given(name),
        }
    }

    /// The mention that a reference is.
    pub(super) fn of(kind: Kind, reference: &'a Reference) -> Self {
        Self::new(kind, &reference.id, &reference.luid, text(&reference.name))
    }

    /// The same mention with its strings in the arena.
    pub(super) fn store_in<'b>(self, interner: &mut Interner<'b>) -> Mention<'b> {
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

    /// The names under which the object is known: luid first where it outlives the id.
    pub(super) fn keys(&self) -> impl Iterator<Item = (Kind, &'a str)> + use<'a> {
        let family = self.kind.family();
        let luid_first = matches!(self.kind, Kind::Workbook | Kind::Published);
        let (first, second) = if luid_first {
            (self.luid, self.id)
        } else {
            (self.id, self.luid)
        };
        [first, second]
            .into_iter()
            .flatten()
            .map(move |name| (family, name))
    }

    /// What others call the object: its name, else an id.
    pub(super) fn label(&self) -> Option<&'a str> {
        self.name.or(self.luid).or(self.id)
    }
}

/// Whether Tableau gave no id, so that this one was made up.
pub(crate) fn is_made_up(id: &str) -> bool {
    id.starts_with('\0')
}

/// Every mention that was seen, numbered in the order in which they came.
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
        self.0[reference.number as usize]
    }

    /// Whether the object that is meant can be told from others.
    pub(crate) fn has_id(&self, reference: Ref) -> bool {
        self.get(reference).has_id()
    }

    /// Numbers the mentions anew, in an order that does not depend on how they came.
    pub(crate) fn sorted(self) -> (SortedMentions<'a>, Renumbering) {
        let mut order = self.0.into_iter().zip(0..).collect::<Vec<(_, u32)>>();
        order.par_sort_unstable();
        let mut numbers = vec![0; order.len()];
        for ((_, old), new) in order.iter().zip(0..) {
            numbers[*old as usize] = new;
        }
        let ordered = order.into_iter().map(|(mention, _)| mention).collect();
        (SortedMentions(ordered), Renumbering(numbers))
    }
}

/// The new number of each mention.
pub(crate) struct Renumbering(Vec<u32>);

impl Renumbering {
    /// The same mention by its new number.
    pub(super) fn of(&self, reference: Ref) -> Ref {
        Ref {
            number: self.0[reference.number as usize],
            ..reference
        }
    }
}

/// All mentions in order, so that the order of their numbers is theirs.
pub(crate) struct SortedMentions<'a>(Vec<Mention<'a>>);

impl<'a> SortedMentions<'a> {
    /// The mention with this number.
    pub(crate) fn get(&self, reference: Ref) -> Mention<'a> {
        self.0[reference.number as usize]
    }
}

/// Something for each mention, where there is something.
pub(super) struct ByMention(Vec<u32>);

impl ByMention {
    const NOTHING: u32 = u32::MAX;

    pub(super) fn new(mentions: &SortedMentions) -> Self {
        Self(vec![Self::NOTHING; mentions.0.len()])
    }

    pub(super) fn get(&self, reference: Ref) -> Option<u32> {
        Some(self.0[reference.number as usize]).filter(|value| *value != Self::NOTHING)
    }

    pub(super) fn set(&mut self, reference: Ref, value: u32) {
        self.0[reference.number as usize] = value;
    }
}
