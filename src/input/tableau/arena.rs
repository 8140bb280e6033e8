//! The arena for everything that is still needed of an export when its texts are dropped.
//!
//! An export of a GB is mostly keys, columns and repetitions. So each text is read in chunks, and
//! only the names and ids that matter are copied from each chunk into the arena.

use bumpalo::Bump;
use foldhash::{HashSet, HashSetExt};
use thread_local::ThreadLocal;

/// Memory for strings and small values of an export, each thread with a part of its own. Nothing
/// in it is freed before the arena itself.
///
/// The caller of [`super::read()`] makes the arena and holds it, since the [`crate::model::Site`] that
/// `read` returns borrows from it: one value that owns both would borrow from itself, which safe
/// Rust does not allow.
#[derive(Default)]
pub struct Arena(ThreadLocal<Bump>);

impl Arena {
    /// Copies a string into the arena.
    pub(super) fn copy(&self, text: &str) -> &str {
        self.0.get_or_default().alloc_str(text)
    }

    /// Moves a value into the arena.
    pub(super) fn alloc<T: Copy>(&self, value: T) -> &T {
        self.0.get_or_default().alloc(value)
    }

    /// Copies values into the arena.
    pub(super) fn copy_slice<T: Copy>(&self, values: &[T]) -> &[T] {
        self.0.get_or_default().alloc_slice_copy(values)
    }
}

/// Copies strings into an arena, the frequent ones only once.
pub(super) struct Interner<'a> {
    pub(super) arena: &'a Arena,
    interned: HashSet<&'a str>,
}

impl<'a> Interner<'a> {
    pub(super) fn new(arena: &'a Arena) -> Self {
        Self {
            arena,
            interned: HashSet::new(),
        }
    }

    /// Copies a string that is probably unique, such as an id: looking it up would cost more than
    /// the memory of a second copy.
    pub(super) fn copy(&self, text: &str) -> &'a str {
        self.arena.copy(text)
    }

    /// Copies a string that many objects share, such as the name of a project, unless it was
    /// copied before.
    pub(super) fn intern(&mut self, text: &str) -> &'a str {
        if let Some(known) = self.interned.get(text) {
            return known;
        }
        let copied = self.arena.copy(text);
        self.interned.insert(copied);
        copied
    }
    /// Copies a list of strings that many objects share.
    pub(super) fn intern_all(&mut self, texts: &[&str]) -> &'a [&'a str] {
        let interned = texts
            .iter()
            .map(|text| self.intern(text))
            .collect::<Vec<_>>();
        self.arena.copy_slice(&interned)
    }
}
