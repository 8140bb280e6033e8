//! What is kept of the texts of an export when the texts themselves are gone.
//!
//! A text of a GB is mostly keys, columns and what is said twice. So it is read piece by piece,
//! and of each piece only the names and ids that matter are put aside.

use bumpalo::Bump;
use foldhash::{HashSet, HashSetExt};
use thread_local::ThreadLocal;

/// Keeps texts and small values, all for as long as it lives itself.
#[derive(Default)]
pub struct Keep(ThreadLocal<Bump>);

impl Keep {
    /// Keeps a copy of a text.
    pub(super) fn text(&self, text: &str) -> &str {
        self.0.get_or_default().alloc_str(text)
    }

    /// Keeps a value.
    pub(super) fn value<T: Copy>(&self, value: T) -> &T {
        self.0.get_or_default().alloc(value)
    }

    /// Keeps copies of values.
    pub(super) fn all<T: Copy>(&self, values: &[T]) -> &[T] {
        self.0.get_or_default().alloc_slice_copy(values)
    }
}

/// Puts texts aside, and some of them only once.
pub(super) struct Keeper<'a> {
    pub(super) keep: &'a Keep,
    often: HashSet<&'a str>,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(keep: &'a Keep) -> Self {
        Self {
            keep,
            often: HashSet::new(),
        }
    }

    /// Keeps a text that hardly any other object has as well.
    pub(super) fn text(&self, text: &str) -> &'a str {
        self.keep.text(text)
    }

    /// Keeps a text that many objects have, as the name of a project.
    pub(super) fn often(&mut self, text: &str) -> &'a str {
        if let Some(kept) = self.often.get(text) {
            return kept;
        }
        let kept = self.keep.text(text);
        self.often.insert(kept);
        kept
    }
}
