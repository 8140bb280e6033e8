//! What is decided, and by which steps.

use super::rule::Rule;
use crate::model::display::display_enum;

display_enum! {
    /// Whether somebody may do something.
    pub enum Decision {
        /// It is certain that they may.
        Allowed => "allowed";
        /// It is certain that they may not.
        Denied => "denied";
        /// The export does not tell. What is unknown must not be shown.
        Unknown => "unknown";
    }
}

display_enum! {
    /// What becomes of the question at a rule.
    pub enum Outcome {
        /// The rule allows it, which ends the question.
        Allows => "allows";
        /// The rule denies it, which ends the question.
        Denies => "denies";
        /// The rule says nothing about it.
        Passes => "goes on";
        /// The export does not tell what the rule says.
        Unknown => "unknown";
    }
}

/// One rule that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The rule.
    pub rule: Rule,
    /// What it says.
    pub outcome: Outcome,
    /// What it saw, without a full stop. It names people and groups at most, never an asset.
    pub saw: String,
}

/// A decision with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The decision.
    pub decision: Decision,
    /// The rule that decides; of what is unknown, the first that cannot be judged.
    pub rule: Rule,
    /// What that rule saw, without a full stop. It names people and groups at most, never an asset.
    pub why: String,
    /// The rules in the order in which they were asked.
    pub steps: Vec<Step>,
    /// Whether Tableau's own list and the rules disagree.
    pub is_disputed: bool,
}

impl Answer {
    /// A decision by one rule alone.
    pub(super) fn by(rule: Rule, outcome: Outcome, saw: impl Into<String>) -> Self {
        let saw = saw.into();
        Self {
            decision: match outcome {
                Outcome::Allows => Decision::Allowed,
                Outcome::Denies => Decision::Denied,
                Outcome::Passes | Outcome::Unknown => Decision::Unknown,
            },
            rule,
            why: saw.clone(),
            steps: vec![Step { rule, outcome, saw }],
            is_disputed: false,
        }
    }

    /// This answer with steps before its own.
    #[must_use]
    pub(super) fn after(mut self, before: &[Step]) -> Self {
        self.steps.splice(0..0, before.iter().cloned());
        self
    }

    /// Whether it may be shown.
    pub fn is_visible(&self) -> bool {
        self.decision == Decision::Allowed
    }
}

/// What a rule may say, as far as the export tells: each that it may say is one of these.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) may_allow: bool,
    pub(super) may_deny: bool,
    pub(super) may_pass: bool,
    pub(super) saw: String,
}

impl Finding {
    fn new(may: [bool; 3], saw: impl Into<String>) -> Self {
        let [may_allow, may_deny, may_pass] = may;
        Self {
            may_allow,
            may_deny,
            may_pass,
            saw: saw.into(),
        }
    }

    pub(super) fn allows(saw: impl Into<String>) -> Self {
        Self::new([true, false, false], saw)
    }

    pub(super) fn denies(saw: impl Into<String>) -> Self {
        Self::new([false, true, false], saw)
    }

    pub(super) fn passes(saw: impl Into<String>) -> Self {
        Self::new([false, false, true], saw)
    }

    pub(super) fn may_allow(saw: impl Into<String>) -> Self {
        Self::new([true, false, true], saw)
    }

    pub(super) fn may_deny(saw: impl Into<String>) -> Self {
        Self::new([false, true, true], saw)
    }

    pub(super) fn may_be_anything(saw: impl Into<String>) -> Self {
        Self::new([true, true, true], saw)
    }

    /// What it may say, of a denial and an approval that may both be there: the denial comes first.
    pub(super) fn of_rules(
        deny: Option<bool>,
        allow: Option<bool>,
        saw: impl Into<String>,
    ) -> Self {
        let is_denied = deny == Some(true);
        let may_allow = !is_denied && allow != Some(false);
        let may_pass = !is_denied && allow != Some(true);
        Self::new([may_allow, deny != Some(false), may_pass], saw)
    }

    pub(super) fn outcome(&self) -> Outcome {
        match (self.may_allow, self.may_deny, self.may_pass) {
            (true, false, false) => Outcome::Allows,
            (false, true, false) => Outcome::Denies,
            (false, false, true) => Outcome::Passes,
            _ => Outcome::Unknown,
        }
    }
}
