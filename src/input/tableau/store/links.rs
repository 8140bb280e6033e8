//! The links of an object to others.

use std::collections::BTreeMap;

use super::super::arena::Interner;
use super::kinds::Kinds;
use super::mentions::{Ref, Renumbering};
use crate::model::ObjectKind;

/// The links of an object. Lists are sorted and without duplicates ([`Links::sort`]).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Links<'a> {
    /// The objects directly upstream.
    pub(crate) upstream: Vec<Ref>,
    /// Objects behind the columns of a data source's fields.
    pub(crate) columns: Vec<Ref>,
    /// Custom SQL that mentions a table. It is unknown here who reads that custom SQL, so no walk
    /// follows these.
    pub(crate) queries: Vec<Ref>,
    /// How many elements of lists are null, by kind.
    pub(crate) nulls: BTreeMap<ObjectKind, usize>,
    /// Paths of a workbook's views.
    pub(crate) views: Vec<&'a str>,
    /// Kinds with a list that is cut off.
    pub(crate) cut: Kinds,
    /// Kinds with a list of objects upstream, even an empty one.
    pub(crate) lists: Kinds,
    /// Kinds with a list that is null, and that no copy of the object lists.
    pub(crate) null_lists: Kinds,
}

impl<'a> Links<'a> {
    /// The tables directly upstream.
    pub(super) fn tables(&self) -> impl Iterator<Item = Ref> {
        self.upstream
            .iter()
            .copied()
            .filter(|link| link.kind == ObjectKind::Table)
    }

    /// All objects that it leads to.
    pub(super) fn all(&self) -> impl Iterator<Item = &Ref> {
        self.upstream
            .iter()
            .chain(&self.columns)
            .chain(&self.queries)
    }

    /// Whether any table is directly upstream.
    pub(crate) fn has_tables(&self) -> bool {
        // The list is sorted by kind, and may hold thousands of other objects.
        let kind_of = |link: &Ref| link.kind;
        let found = self
            .upstream
            .binary_search_by_key(&ObjectKind::Table, kind_of);
        found.is_ok()
    }

    /// Whether a walk should continue through the object.
    pub(crate) fn lead_on(&self) -> bool {
        let has_links = !self.upstream.is_empty() || !self.columns.is_empty();
        has_links || self.has_gaps()
    }

    /// Whether something may be missing in its lists.
    pub(crate) fn has_gaps(&self) -> bool {
        !(self.nulls.is_empty() && self.cut.is_empty() && self.null_lists.is_empty())
    }

    /// The kinds of which all objects directly upstream are listed.
    pub(super) fn complete_lists(&self) -> Kinds {
        let mut complete = Kinds::default();
        self.lists
            .iter()
            .filter(|kind| !self.cut.contains(*kind) && !self.nulls.contains_key(kind))
            .for_each(|kind| complete.insert(kind));
        complete.without(self.null_lists)
    }

    /// Sorts the lists and removes duplicates.
    pub(super) fn sort(&mut self) {
        for list in [&mut self.upstream, &mut self.columns, &mut self.queries] {
            list.sort_unstable();
            list.dedup();
        }
        self.views.sort_unstable();
        self.views.dedup();
    }

    /// Adds the links of other copies of the object.
    pub(super) fn absorb(&mut self, others: impl IntoIterator<Item = Self>) {
        let mut is_sorted = true;
        for other in others {
            if *self == Self::default() {
                *self = other;
            } else {
                self.extend(other);
                is_sorted = false;
            }
        }
        // Once for all of them: an object may have any number of copies.
        if !is_sorted {
            self.sort();
        }
    }

    fn extend(&mut self, other: Self) {
        // Where one copy has the list, nothing is missing because of null in another one.
        let [listed, also_listed] = [&*self, &other].map(|one| one.lists.without(one.null_lists));
        self.null_lists = self.null_lists.without(also_listed);
        self.null_lists.extend(other.null_lists.without(listed));
        self.upstream.extend(other.upstream);
        self.columns.extend(other.columns);
        self.queries.extend(other.queries);
        for (kind, count) in other.nulls {
            let most = self.nulls.entry(kind).or_default();
            *most = count.max(*most);
        }
        self.views.extend(other.views);
        self.cut.extend(other.cut);
        self.lists.extend(other.lists);
    }

    /// Replaces the numbers of all mentions by their final ones.
    pub(super) fn renumber(&mut self, new: &Renumbering) {
        for list in [&mut self.upstream, &mut self.columns, &mut self.queries] {
            list.iter_mut().for_each(|link| *link = new.get(*link));
            list.sort_unstable();
        }
    }

    /// The same links with their texts in the arena.
    pub(super) fn store_in<'b>(self, interner: &Interner<'b>) -> Links<'b> {
        Links {
            upstream: self.upstream,
            columns: self.columns,
            queries: self.queries,
            nulls: self.nulls,
            views: self
                .views
                .into_iter()
                .map(|view| interner.copy(view))
                .collect(),
            cut: self.cut,
            lists: self.lists,
            null_lists: self.null_lists,
        }
    }
}
