//! Gates for scripts: whether what workbooks read is as it should be.
//!
//! [`crate::settings::gate`] is the table of gates. A run asks for some of them, and each finds in the
//! [`Facts`] what it fails on (`gates`, `limits`). It comes to a [`Decision`] in the [`Answer`],
//! with one [`Finding`] for each thing. A gate whose facts are missing is undecided, and never holds.

pub mod answer;
pub mod asked;
mod caveats;
pub mod facts;
mod figures;
pub mod finding;
mod found;
mod gates;
mod limits;
pub mod state;

pub use self::answer::{Answer, Decision, Scope, Verdict};
pub use self::asked::Asked;
use self::facts::Shown;
pub use self::facts::{Facts, ProjectFacts};
pub use self::finding::{Finding, NodeFacts, fingerprints};
use self::found::Found;
pub use crate::settings::gate::{AskedBy, Gate, Needs, Severity};

/// Decides every gate that is asked for.
pub fn check(facts: &Facts, asked: &Asked) -> Answer {
    let shown = Shown::new(facts);
    let is_empty = facts.workbooks().next().is_none();
    // That nothing is known of an audience fails whatever else is asked for.
    let is_audience_unknown = facts.withheld.is_some_and(|counts| counts.is_nothing_known);
    let of_audience = is_audience_unknown.then_some(Gate::Audience);
    let of_audience = of_audience.filter(|gate| !asked.gates.fail_on.contains(gate));
    let gates = asked.gates.fail_on.iter().copied().chain(of_audience);
    let named = gates.filter_map(|gate| {
        let found = if is_empty && gate.is_about_workbooks() {
            Found::nothing_selected()
        } else {
            gates::find(gate, facts, &shown)?
        };
        Some(found.decide(gate, Scope::All, asked.new_only))
    });
    let limits = limits::decide(facts, &shown, asked);
    let mut decisions = named.chain(limits).collect::<Vec<_>>();
    // Those of one gate are in the order of the settings.
    decisions.sort_by_key(|decision| decision.gate);
    Answer {
        decisions,
        caveats: caveats::caveats(facts),
        is_whole: facts.is_whole(),
        diagnostics: facts.diagnostics.clone(),
    }
}
