//! Tableau's own answer: the list of workbooks that a user may see
//! ("Query Workbooks for User": those that the user owns, and those with Read permission).

use super::case::Case;
use super::decision::{Answer, Decision, Finding, Outcome, Step};
use super::rule::Rule;
use crate::model::access::{AssetKind, Capability};
use crate::model::{Code, Diagnostic, SiteId};

/// What Tableau answered, if it was asked for the user, and this is about viewing a workbook. A list that
/// lacks something, or is too old, proves nothing.
pub(super) fn finding(case: &Case) -> Option<Finding> {
    if case.asset.kind != AssetKind::Workbook || case.capability != Capability::View {
        return None;
    }
    let list = case.access.visible_workbooks.get(case.user)?;
    let why = list.why_incomplete();
    if let Some(why) = why.or_else(|| case.limits.why_stale(list.captured_at)) {
        let saw = format!("the list of workbooks that the user may see is {why}");
        return Some(Finding::may_be_anything(saw));
    }
    Some(match list.luids.contains(&case.asset.luid) {
        true => Finding::allows("Tableau lists it among the workbooks that the user may see"),
        false => {
            Finding::denies("Tableau does not list it among the workbooks that the user may see")
        }
    })
}

/// Tableau's own answer and that of the rules, together: where both decide and differ, the denial counts.
pub(super) fn with_rules(evidence: Finding, by_rules: Answer) -> Answer {
    let outcome = evidence.outcome();
    let step = Step {
        rule: Rule::Evidence,
        outcome,
        saw: evidence.saw.clone(),
    };
    let decision = match outcome {
        Outcome::Allows => Decision::Allowed,
        Outcome::Denies => Decision::Denied,
        Outcome::Passes | Outcome::Unknown => return by_rules.after(&[step]),
    };
    if by_rules.decision == decision || by_rules.decision == Decision::Unknown {
        return Answer::by(Rule::Evidence, outcome, evidence.saw);
    }
    let saw = match decision {
        Decision::Allowed => "Tableau lists it for the user, and the rules deny it",
        _ => "Tableau does not list it for the user, and the rules allow it",
    };
    let denied = Answer::by(Rule::Stricter, Outcome::Denies, saw);
    let mut steps = vec![step];
    steps.extend(by_rules.steps);
    Answer {
        is_disputed: true,
        ..denied.after(&steps)
    }
}

/// That Tableau's lists and the rules disagree about some workbooks of a site, which are hidden.
pub fn disputed(site: &SiteId, workbooks: usize) -> Option<Diagnostic> {
    let what = match workbooks {
        0 => return None,
        1 => "a workbook".to_owned(),
        several => format!("{several} workbooks"),
    };
    let message = format!(
        "Tableau's list of what a user may see and the permission rules disagree about {what}; the denial counts"
    );
    let diagnostic = Diagnostic::new(Code::AccessDisputed, site.place(), message);
    Some(diagnostic.help(
        "ask Tableau again for both at the same time; rules that changed in between, or a default that only Tableau knows, may be the cause",
    ))
}
