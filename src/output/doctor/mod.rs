//! Renders what `autoexpose doctor` finds. Each format is one module; none decides anything.

pub mod json;
pub mod text;

use super::counted;
use crate::doctor::{Diagnosis, Outcome};

/// What the checks come to, in one line.
pub fn headline(diagnosis: &Diagnosis) -> String {
    let count = |outcome| diagnosis.count(outcome);
    let bad = [
        (count(Outcome::Fault), "fault"),
        (count(Outcome::Warning), "warning"),
    ];
    let bad = bad.into_iter().filter(|(count, _)| *count > 0);
    let bad = bad.map(|(count, noun)| counted(count, noun));
    let mut parts = bad.collect::<Vec<_>>();
    if parts.is_empty() {
        parts.push("nothing is wrong".to_owned());
    }
    let rest = [
        (count(Outcome::Ok) + count(Outcome::Note), "fine"),
        (count(Outcome::NotKnown), Outcome::NotKnown.words()),
        (count(Outcome::NotAsked), Outcome::NotAsked.words()),
    ];
    let rest = rest.into_iter().filter(|(count, _)| *count > 0);
    parts.extend(rest.map(|(count, what)| format!("{count} {what}")));
    parts.join(", ")
}
