//! What happens from run to run.

use proptest::prelude::*;

use super::project::{Deed, deed};
use super::site::{Export, exports};

/// The manifest that a run starts from, and its state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Start {
    /// The manifest of the last run.
    InPlace,
    /// A fresh one, with the last one as its state.
    Fresh,
    /// The manifest of the last run, with the state that an earlier run had.
    SameState,
}

/// What happens before one run, and what it is given.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) exports: Vec<Export>,
    pub(super) start: Start,
    pub(super) deed: Option<Deed>,
}

/// Twenty steps.
pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let start = prop_oneof![
        Just(Start::InPlace),
        Just(Start::Fresh),
        Just(Start::SameState)
    ];
    let step = (exports(), start, prop::option::weighted(0.3, deed())).prop_map(
        |(exports, start, deed)| Step {
            exports,
            start,
            deed,
        },
    );
    prop::collection::vec(step, 20)
}
