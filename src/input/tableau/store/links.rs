//! What an object leads to.

use std::collections::BTreeMap;

use super::super::arena::Interner;
use super::kind::{Kind, Kinds};
use super::mentions::{Ref, Renumbering};

/// What an object leads to. Lists are in order, each element once ([`Links::sort`]).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Links<'a> {
    /// The objects directly upstream.
    pub upstream: Vec<Ref>,
    /// Objects behind the columns of a data source's fields.
    pub columns: Vec<Ref>,
    /// Custom SQL that mentions a table, which says little about who reads what.
    pub queries: Vec<Ref>,
    /// Elements of lists that are null, by kind.
    pub nulls: BTreeMap<Kind, usize>,
    /// Paths of a workbook's views.
    pub views: Vec<&'a str>,
    /// Kinds of which a list breaks off.
    pub cut: Kinds,
    /// Kinds of which there was a list of objects upstream, even if it was empty.
    pub lists: Kinds,
}

impl<'a> Links<'a> {
    /// The tables directly upstream.
    pub(super) fn tables(&self) -> impl Iterator<Item = Ref> {
        self.upstream
            .iter()
            .copied()
            .filter(|link| link.kind == Kind::Table)
    }

    /// Whether there is any table directly upstream.
    pub(crate) fn has_tables(&self) -> bool {
        self.tables().next().is_some()
    }

    /// Whether there is anything at all to be found behind the object.
    pub(crate) fn lead_on(&self) -> bool {
        let lists = [&self.upstream, &self.columns, &self.queries];
        lists.iter().any(|list| !list.is_empty()) || !self.nulls.is_empty() || !self.cut.is_empty()
    }

    /// Brings the lists in order.
    pub(super) fn sort(&mut self) {
        for list in [&mut self.upstream, &mut self.columns, &mut self.queries] {
            list.sort_unstable();
            list.dedup();
        }
        self.views.sort_unstable();
        self.views.dedup();
    }

    /// Adds what a copy of the object leads to.
    pub(super) fn absorb(&mut self, other: Self) {
        if *self == Self::default() {
            *self = other;
            return;
        }
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
        self.sort();
    }

    /// The same links by the new numbers of the mentions.
    pub(super) fn renumber(&mut self, new: &Renumbering) {
        for list in [&mut self.upstream, &mut self.columns, &mut self.queries] {
            list.iter_mut().for_each(|link| *link = new.of(*link));
            list.sort_unstable();
        }
    }

    /// The same links with their strings in the arena.
    pub(super) fn store_in<'b>(self, interner: &Interner<'b>) -> Links<'b> {
        let Self {
            upstream,
            columns,
            queries,
            nulls,
            views,
            cut,
            lists,
        } = self;
        let views = views.into_iter().map(|view| interner.copy(view)).collect();
        Links {
            upstream,
            columns,
            queries,
            nulls,
            views,
            cut,
            lists,
        }
    }
}
