//! Where in a query which names hold: a name is declared for a stretch of it.
//!
//! Stretches are numbers of pieces. What a name stands for is decided when all of them are known,
//! since a name may be used before the place that declares it.

use std::collections::BTreeMap;
use std::ops::Range;

/// What a name is declared for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Declared {
    Cte,
    Temporary,
    /// A table or an expression, under another name.
    Alias,
}

/// Names and the stretches in which they hold.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    declared: Vec<(Declared, String, Range<usize>)>,
}

impl Scopes {
    /// How many stretches were declared so far.
    pub(super) fn len(&self) -> usize {
        self.declared.len()
    }

    /// Declares a name for a stretch; an open one ends with [`Scopes::close`].
    pub(super) fn declare(&mut self, kind: Declared, name: String, stretch: Range<usize>) {
        if !stretch.is_empty() {
            self.declared.push((kind, name, stretch));
        }
    }

    /// Ends the stretches that were declared since there were `from`.
    pub(super) fn close(&mut self, from: usize, end: usize) {
        for (_, _, stretch) in &mut self.declared[from..] {
            stretch.end = stretch.end.min(end);
        }
    }

    /// All stretches, ready to be asked.
    pub(super) fn finish(self) -> Stretches {
        let mut by_name: BTreeMap<(String, Declared), Vec<Range<usize>>> = BTreeMap::new();
        for (kind, name, stretch) in self.declared {
            by_name.entry((name, kind)).or_default().push(stretch);
        }
        for stretches in by_name.values_mut() {
            *stretches = joined(std::mem::take(stretches));
        }
        Stretches(by_name)
    }
}

/// Stretches that do not overlap, in order.
fn joined(mut stretches: Vec<Range<usize>>) -> Vec<Range<usize>> {
    stretches.sort_by_key(|stretch| stretch.start);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for stretch in stretches {
        match joined.last_mut() {
            Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
            _ => joined.push(stretch),
        }
    }
    joined
}

/// Names with the stretches in which they hold.
#[derive(Debug)]
pub(super) struct Stretches(BTreeMap<(String, Declared), Vec<Range<usize>>>);

impl Stretches {
    /// Whether a name is declared for this at a place.
    pub(super) fn hold(&self, kind: Declared, name: String, at: usize) -> bool {
        self.0.get(&(name, kind)).is_some_and(|stretches| {
            let behind = stretches.partition_point(|stretch| stretch.start <= at);
            behind
                .checked_sub(1)
                .is_some_and(|last| stretches[last].contains(&at))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_in_their_stretches() {
        let mut scopes = Scopes::default();
        scopes.declare(Declared::Cte, "a".into(), 10..20);
        scopes.declare(Declared::Cte, "a".into(), 3..5);
        scopes.declare(Declared::Cte, "a".into(), 12..25);
        scopes.declare(Declared::Cte, "b".into(), 1..2);
        let stretches = scopes.finish();
        let held = |name: &str| {
            (0..30)
                .filter(|at| stretches.hold(Declared::Cte, name.to_owned(), *at))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            held("a"),
            [3, 4].into_iter().chain(10..25).collect::<Vec<_>>()
        );
        assert_eq!(held("b"), [1]);
        assert!(held("c").is_empty());
    }

    #[test]
    fn open_stretches_are_closed() {
        let mut scopes = Scopes::default();
        scopes.declare(Declared::Cte, "a".into(), 0..usize::MAX);
        let from = scopes.len();
        scopes.declare(Declared::Alias, "b".into(), 2..usize::MAX);
        scopes.close(from, 7);
        let stretches = scopes.finish();
        assert!(stretches.hold(Declared::Cte, "a".to_owned(), 100));
        let is_held = |kind, at| stretches.hold(kind, "b".to_owned(), at);
        assert!(is_held(Declared::Alias, 6) && !is_held(Declared::Alias, 7));
        assert!(!is_held(Declared::Cte, 6));
    }
}
