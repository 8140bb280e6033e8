//! What checks come to.

use super::check::{Check, Part};

/// What a check comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// All is well.
    Ok,
    /// Good to know.
    Note,
    /// Something is missing or doubtful, and the rest can be relied on.
    Warning,
    /// Something is wrong.
    Fault,
    /// It was asked, and the answer does not tell.
    NotKnown,
    /// It was not asked.
    NotAsked,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 6] = [
        Self::Ok,
        Self::Note,
        Self::Warning,
        Self::Fault,
        Self::NotKnown,
        Self::NotAsked,
    ];

    /// What people read.
    pub fn words(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Fault => "fault",
            Self::NotKnown => "not known",
            Self::NotAsked => "not asked",
        }
    }

    /// What scripts read.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotKnown => "not-known",
            Self::NotAsked => "not-asked",
            other => other.words(),
        }
    }
}

/// What one check comes to. A check may come to several, each about something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check.
    pub check: Check,
    /// What it is about, if the check is made for several things: a site, a database, a file.
    pub about: Option<String>,
    /// What it comes to.
    pub outcome: Outcome,
    /// What was seen, or why it was not asked: one sentence without a full stop.
    pub seen: String,
    /// What to do about it; `None` if nothing is to be done.
    pub cure: Option<String>,
}

impl Finding {
    fn new(check: Check, outcome: Outcome, seen: impl Into<String>, cure: Option<String>) -> Self {
        Self {
            check,
            about: None,
            outcome,
            seen: seen.into(),
            cure,
        }
    }

    /// All is well.
    pub fn ok(check: Check, seen: impl Into<String>) -> Self {
        Self::new(check, Outcome::Ok, seen, None)
    }

    /// Good to know.
    pub fn note(check: Check, seen: impl Into<String>) -> Self {
        Self::new(check, Outcome::Note, seen, None)
    }

    /// Something is missing or doubtful.
    pub fn warning(check: Check, seen: impl Into<String>, cure: impl Into<String>) -> Self {
        Self::new(check, Outcome::Warning, seen, Some(cure.into()))
    }

    /// Something is wrong.
    pub fn fault(check: Check, seen: impl Into<String>, cure: impl Into<String>) -> Self {
        Self::new(check, Outcome::Fault, seen, Some(cure.into()))
    }

    /// The answer does not tell.
    pub fn not_known(check: Check, seen: impl Into<String>, cure: impl Into<String>) -> Self {
        Self::new(check, Outcome::NotKnown, seen, Some(cure.into()))
    }

    /// It was not asked.
    pub fn not_asked(check: Check, why: impl Into<String>, cure: Option<String>) -> Self {
        Self::new(check, Outcome::NotAsked, why, cure)
    }

    /// The same with what to do, of a note.
    #[must_use]
    pub fn with_cure(mut self, cure: impl Into<String>) -> Self {
        self.cure = Some(cure.into());
        self
    }

    /// The same about one of several things.
    #[must_use]
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = Some(about.into());
        self
    }
}

/// Checks that hang on one that failed, each not asked for this reason.
pub fn not_asked(checks: &[Check], why: &str) -> impl Iterator<Item = Finding> {
    let checks = checks.iter();
    checks.map(move |check| Finding::not_asked(*check, why, None))
}

/// What all checks come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// In the order of the table of checks.
    pub findings: Vec<Finding>,
}

impl Diagnosis {
    /// The findings in the order of the table; those of one check stay in theirs.
    pub fn new(mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| finding.check);
        Self { findings }
    }

    /// How many findings have this outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        let findings = self.findings.iter();
        findings
            .filter(|finding| finding.outcome == outcome)
            .count()
    }

    /// The findings of a part.
    pub fn of(&self, part: Part) -> impl Iterator<Item = &Finding> {
        let findings = self.findings.iter();
        findings.filter(move |finding| finding.check.part() == part)
    }

    /// Whether something is wrong.
    pub fn has_fault(&self) -> bool {
        self.count(Outcome::Fault) > 0
    }

    /// Whether Tableau was asked, or an export or a manifest read: a configuration alone says nothing of
    /// links.
    pub fn is_any(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| {
            let is_made = finding.outcome != Outcome::NotAsked;
            is_made && (finding.check != Check::Config || finding.outcome == Outcome::Fault)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_stand_in_the_order_of_the_table() {
        let findings = vec![
            Finding::ok(Check::MatchRate, "b"),
            Finding::fault(Check::Server, "a", "c"),
            Finding::ok(Check::MatchRate, "a"),
        ];
        let diagnosis = Diagnosis::new(findings);
        let seen = diagnosis.findings.iter();
        let seen = seen.map(|finding| (finding.check.as_str(), finding.seen.as_str()));
        assert_eq!(
            seen.collect::<Vec<_>>(),
            [("server", "a"), ("match-rate", "b"), ("match-rate", "a")]
        );
        assert!(diagnosis.has_fault());
    }

    #[test]
    fn a_configuration_alone_is_not_an_answer() {
        let config = Diagnosis::new(vec![Finding::ok(Check::Config, "read")]);
        assert!(!config.is_any());
        let broken = Diagnosis::new(vec![Finding::fault(Check::Config, "odd", "mend it")]);
        assert!(broken.is_any());
    }

    #[test]
    fn names_are_told_apart() {
        for names in [
            Check::ALL
                .iter()
                .map(|check| check.as_str())
                .collect::<Vec<_>>(),
            Outcome::ALL.iter().map(|outcome| outcome.key()).collect(),
        ] {
            let all = names.len();
            let mut names = names;
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all);
        }
    }
}
