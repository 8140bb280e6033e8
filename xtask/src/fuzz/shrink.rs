//! Makes an input that breaks a law smaller, as long as it breaks the same one.

use super::input::{Input, Role};
use super::json::Json;
use super::laws::{self, Law, Verdict};
use super::layout::Layout;

/// How often it is tried at most.
const MOST_TRIES: usize = 3_000;

/// A smaller input that breaks the same law.
pub(super) fn shrink(input: Input, law: Law) -> Input {
    let mut shrinking = Shrinking {
        input,
        law,
        tries: 0,
    };
    while shrinking.pass() {}
    shrinking.input
}

struct Shrinking {
    input: Input,
    law: Law,
    tries: usize,
}

impl Shrinking {
    /// Tries every removal once; whether any of them did.
    fn pass(&mut self) -> bool {
        let mut is_smaller = false;
        for at in (0..self.input.documents.len()).rev() {
            let role = self.input.documents[at].role;
            is_smaller |=
                role != Role::Manifest && self.change(|input| drop(input.documents.remove(at)));
        }
        for at in 0..self.input.documents.len() {
            self.change(|input| input.documents[at].layout = Layout::compact());
            // From the end, so that the paths before it stay right.
            for path in self.input.documents[at].json.paths().into_iter().rev() {
                let Some((last, parent)) = path.split_last() else {
                    continue;
                };
                is_smaller |= self.change(|input| {
                    if let Some(parent) = input.documents[at].json.at_mut(parent) {
                        parent.remove(*last);
                    }
                });
            }
        }
        is_smaller
    }

    /// Makes a change if the law stays broken.
    fn change(&mut self, change: impl FnOnce(&mut Input)) -> bool {
        if self.tries == MOST_TRIES {
            return false;
        }
        self.tries += 1;
        let mut changed = self.input.clone();
        change(&mut changed);
        let is_broken =
            matches!(laws::check(&changed.texts()), Verdict::Broken(law, _) if law == self.law);
        if is_broken {
            self.input = changed;
        }
        is_broken
    }
}

/// How large an input is, in values.
pub(super) fn size(input: &Input) -> usize {
    let documents = input.documents.iter();
    documents
        .map(|document| Json::paths(&document.json).len())
        .sum()
}
