//! The lists of one section, which may come in several pages.

use std::collections::BTreeSet;
use std::fmt;
use std::hash::BuildHasher;

use foldhash::HashSet;
use foldhash::quality::FixedState;

use super::wire::List;

/// All lists of one section in the responses of a site.
#[derive(Default)]
pub(super) struct Pages {
    /// The distinct objects, each by the hash of its id: a page that comes twice must not hide that
    /// another one is missing.
    objects: HashSet<u64>,
    /// How many objects are null.
    pub(super) nulls: usize,
    /// The values of `totalCount`.
    pub(super) totals: BTreeSet<u64>,
    pub(super) has_plain_list: bool,
    pub(super) has_page: bool,
    /// Whether null stands where objects were to be listed.
    pub(super) is_null: bool,
    has_next_page: bool,
    pub(super) has_last_page: bool,
    /// Whether any of the objects shows what workbooks read. Sections such as that of sheets need
    /// not.
    pub(super) shows_lineage: bool,
    /// Whether a list inside of an object is not complete, where these count as listed as well.
    pub(super) has_open_lists: bool,
}

impl Pages {
    /// Adds a list, if its objects were requested. `id` is that of an object.
    pub(super) fn add<'t, T: fmt::Debug>(
        &mut self,
        list: &'t List<T>,
        id: impl Fn(&'t T) -> Option<&'t str>,
    ) {
        self.is_null |= list.is_null;
        if !list.has_nodes {
            return;
        }
        let hasher = FixedState::default();
        let hash = |item: &'t T| match id(item) {
            Some(id) => hasher.hash_one(id),
            None => hasher.hash_one(format!("{item:?}")),
        };
        self.objects.extend(list.items.iter().map(hash));
        self.nulls += list.nulls;
        self.totals.extend(list.total);
        self.has_plain_list |= !list.is_page;
        self.has_page |= list.is_page;
        self.has_next_page |= list.has_next == Some(true);
        self.has_last_page |= list.has_next == Some(false);
    }

    /// Adds the lists of other responses.
    pub(super) fn absorb(&mut self, other: Self) {
        self.objects.extend(other.objects);
        self.nulls += other.nulls;
        self.is_null |= other.is_null;
        self.totals.extend(other.totals);
        self.has_plain_list |= other.has_plain_list;
        self.has_page |= other.has_page;
        self.has_next_page |= other.has_next_page;
        self.has_last_page |= other.has_last_page;
        self.shows_lineage |= other.shows_lineage;
        self.has_open_lists |= other.has_open_lists;
    }

    /// Whether they show what workbooks read, or that there is nothing that could.
    pub(super) fn tell_lineage(&self) -> bool {
        self.shows_lineage || self.objects.is_empty()
    }

    /// How many distinct objects are listed, also hidden ones.
    fn listed(&self) -> u64 {
        (self.objects.len() + self.nulls) as u64
    }

    /// Whether a page says that another one follows, and the last one is missing.
    pub(super) fn breaks_off(&self) -> bool {
        self.has_next_page && !self.has_last_page
    }

    /// Whether pages show that objects are missing.
    pub(super) fn is_cut_off(&self) -> bool {
        self.has_page
            && (self
                .totals
                .last()
                .is_some_and(|total| *total > self.listed())
                || self.breaks_off())
    }

    /// Whether there are pages and nothing shows how many objects they should have: the last page
    /// does not show whether the pages before it are there.
    pub(super) fn is_not_counted(&self) -> bool {
        self.has_page && self.totals.is_empty()
    }

    /// Whether the pages themselves prove that they have all objects.
    pub(super) fn is_counted(&self) -> bool {
        self.nulls == 0 && self.totals.len() == 1 && self.totals.first() == Some(&self.listed())
    }
}
