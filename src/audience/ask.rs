//! Asks the rules of a table one after another.

use super::case::Case;
use super::decision::{Answer, Decision, Finding, Outcome, Step};
use super::rule::Rule;

/// A rule of a table: its name, and what it may say.
pub(super) type Row = (Rule, fn(&Case) -> Finding);

/// Asks each rule of a table until one ends the question. A rule that may say several things leaves all of
/// them open: only what holds in any case is decided.
pub(super) fn ask(case: &Case, table: &[Row]) -> Answer {
    let (mut may_allow, mut may_deny) = (false, false);
    let mut steps = Vec::new();
    for (rule, judge) in table {
        let finding = judge(case);
        may_allow |= finding.may_allow;
        may_deny |= finding.may_deny;
        let may_pass = finding.may_pass;
        steps.push(Step {
            rule: *rule,
            outcome: finding.outcome(),
            saw: finding.saw,
        });
        if !may_pass {
            return answer(may_allow, may_deny, steps);
        }
    }
    steps.push(Step {
        rule: Rule::NoRule,
        outcome: Outcome::Denies,
        saw: "nothing allows it".to_owned(),
    });
    answer(may_allow, true, steps)
}

fn answer(may_allow: bool, may_deny: bool, steps: Vec<Step>) -> Answer {
    let decision = match (may_allow, may_deny) {
        (true, false) => Decision::Allowed,
        (false, _) => Decision::Denied,
        (true, true) => Decision::Unknown,
    };
    let unknown = steps.iter().find(|step| step.outcome == Outcome::Unknown);
    let deciding = match decision {
        Decision::Unknown => unknown.or(steps.last()),
        Decision::Allowed | Decision::Denied => steps.last(),
    };
    let (rule, why) = match deciding {
        Some(step) => (step.rule, step.saw.clone()),
        None => (Rule::NoRule, String::new()),
    };
    Answer {
        decision,
        rule,
        why,
        steps,
        is_disputed: false,
    }
}
