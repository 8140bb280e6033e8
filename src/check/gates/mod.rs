//! What each gate finds that is asked for by name.

mod audience;
mod export;
mod exposures;
mod lost;
mod nodes;
mod readers;
mod runs;
mod sources;
mod tables;
mod unused;

pub(super) use self::tables::Writer;
use super::facts::{Facts, Shown};
use super::found::Found;
use crate::settings::Gate;

/// What a gate finds; `None` for limits, which are not asked for by name.
pub(super) fn find(gate: Gate, facts: &Facts, shown: &Shown) -> Option<Found> {
    Some(match gate {
        Gate::Lost => lost::find(facts, shown),
        Gate::Failed => runs::find(facts, shown),
        Gate::Stale => sources::find(facts, shown),
        Gate::Ambiguous | Gate::Unknown => tables::find(gate, facts, shown),
        Gate::Hidden => tables::hidden(facts, shown),
        Gate::Incomplete => export::find(facts, shown),
        Gate::Drift => exposures::drift(facts, shown),
        Gate::ManualDrift => exposures::manual(facts),
        Gate::Private => nodes::find(&nodes::PRIVATE, facts, shown),
        Gate::Untested => nodes::find(&nodes::UNTESTED, facts, shown),
        Gate::Undocumented => nodes::find(&nodes::UNDOCUMENTED, facts, shown),
        Gate::Unused => unused::find(facts),
        Gate::Audience => audience::find(facts, shown),
        Gate::MatchRate | Gate::Unlinked => return None,
    })
}
