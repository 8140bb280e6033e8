//! What judges say, counted: who accepts a manifest unpatched must accept it patched.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::str::FromStr;

use serde::Deserialize;

use super::forms::Form;
use crate::failure::{Result, Trying};

/// Longer messages are cut: dbt quotes whole manifests.
const LONGEST_MESSAGE: usize = 600;

/// A line that a judge prints.
#[derive(Debug, Clone)]
pub(super) enum Statement {
    /// About a manifest.
    Verdict(Verdict),
    /// About something else that must hold.
    Check(Check),
}

/// What one judge says of one form of one manifest.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    /// Who says it.
    pub(super) judge: String,
    /// The manifest.
    pub(super) manifest: String,
    /// Its form.
    pub(super) form: Form,
    /// Why it was refused, if it was.
    pub(super) refusal: Option<String>,
}

/// Something that must hold.
#[derive(Debug, Clone)]
pub(super) struct Check {
    /// Who looked.
    pub(super) judge: String,
    /// What must hold.
    pub(super) name: String,
    /// Why it does not, if so.
    pub(super) failure: Option<String>,
}

/// A line as it is printed: a verdict has `manifest`, `form` and `refusal`, a check has `check` and
/// `failure`.
#[derive(Deserialize)]
struct Line {
    judge: String,
    manifest: Option<String>,
    form: Option<String>,
    refusal: Option<String>,
    check: Option<String>,
    failure: Option<String>,
}

impl FromStr for Statement {
    type Err = String;

    fn from_str(text: &str) -> Result<Self> {
        let line = serde_json::from_str::<Line>(text).trying("not a verdict")?;
        if let Some(name) = line.check {
            return Ok(Self::Check(Check {
                judge: line.judge,
                name,
                failure: line.failure,
            }));
        }
        let form = line.form.as_deref().and_then(Form::from_name);
        let Some((manifest, form)) = line.manifest.zip(form) else {
            return Err(format!("not a verdict: {text}"));
        };
        Ok(Self::Verdict(Verdict {
            judge: line.judge,
            manifest,
            form,
            refusal: line.refusal,
        }))
    }
}

/// All verdicts of all judges.
#[derive(Debug, Default)]
pub(super) struct Verdicts {
    /// By judge and manifest, why each form was refused, if it was.
    by_judge: BTreeMap<String, BTreeMap<String, BTreeMap<Form, Option<String>>>>,
    checks: Vec<Check>,
}

impl Extend<Statement> for Verdicts {
    fn extend<I: IntoIterator<Item = Statement>>(&mut self, statements: I) {
        for statement in statements {
            match statement {
                Statement::Verdict(verdict) => {
                    self.by_judge
                        .entry(verdict.judge)
                        .or_default()
                        .entry(verdict.manifest)
                        .or_default()
                        .insert(verdict.form, verdict.refusal);
                }
                Statement::Check(check) => self.checks.push(check),
            }
        }
    }
}

impl Verdicts {
    /// How many manifests each judge accepts unpatched, or how much else it looked at.
    pub(super) fn judged(&self) -> BTreeMap<&str, usize> {
        let mut judged = self
            .by_judge
            .keys()
            .map(|judge| {
                let accepted = self.accepted_by(judge, Form::Unpatched);
                (judge.as_str(), accepted.len())
            })
            .collect::<BTreeMap<_, _>>();
        for check in &self.checks {
            *judged.entry(&check.judge).or_default() += 1;
        }
        judged
    }

    /// What is wrong: refusals of what is accepted unpatched, and judges who accept anything or
    /// nothing.
    pub(super) fn complaints(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        for (judge, manifests) in &self.by_judge {
            if self.accepted_by(judge, Form::Unpatched).is_empty() {
                complaints.push(format!("{judge}: accepts no manifest as dbt wrote it"));
            }
            for (manifest, forms) in manifests {
                if !is_accepted(forms, Form::Unpatched) {
                    continue;
                }
                for form in [Form::Patched, Form::Repatched] {
                    let what = match forms.get(&form) {
                        Some(None) => continue,
                        Some(Some(refusal)) => shortened(refusal),
                        None => "no verdict".to_owned(),
                    };
                    complaints.push(format!("{judge}: {manifest}, {}: {what}", form.as_str()));
                }
                if is_accepted(forms, Form::Broken) {
                    complaints.push(format!("{judge}: {manifest}: accepts a broken exposure"));
                }
            }
        }
        for Check {
            judge,
            name,
            failure,
        } in &self.checks
        {
            if let Some(failure) = failure {
                complaints.push(format!("{judge}: {name}: {}", shortened(failure)));
            }
        }
        complaints
    }

    /// Why judges refuse unpatched manifests, each reason once.
    pub(super) fn unpatched_refusals(&self) -> Vec<String> {
        let mut reasons: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
        for (judge, manifests) in &self.by_judge {
            for (manifest, forms) in manifests {
                if let Some(Some(refusal)) = forms.get(&Form::Unpatched) {
                    let reason = shortened(refusal).chars().take(160).collect();
                    reasons.entry((judge, reason)).or_default().push(manifest);
                }
            }
        }
        reasons
            .into_iter()
            .map(|((judge, reason), manifests)| {
                format!("{judge} does not read {}: {reason}", manifests.join(", "))
            })
            .collect()
    }

    /// Judge × number of manifests accepted in each form, and what else was looked at.
    pub(super) fn table(&self) -> String {
        let longest = self
            .by_judge
            .keys()
            .map(|judge| judge.chars().count())
            .max()
            .unwrap_or(0);
        let mut table = format!("{:<longest$}", "judge");
        for form in Form::ALL {
            let _ = write!(table, "  {:>9}", form.as_str());
        }
        table.push('\n');
        for judge in self.by_judge.keys() {
            let _ = write!(table, "{judge:<longest$}");
            let judged = self.accepted_by(judge, Form::Unpatched);
            for form in Form::ALL {
                let accepted = self.accepted_by(judge, form).intersection(&judged).count();
                let accepted = if self.is_asked(judge, form) {
                    &accepted.to_string()
                } else {
                    "–"
                };
                let _ = write!(table, "  {accepted:>9}");
            }
            table.push('\n');
        }
        for Check {
            judge,
            name,
            failure,
        } in &self.checks
        {
            let verdict = if failure.is_none() { "yes" } else { "NO" };
            let _ = writeln!(table, "{judge}: {name}: {verdict}");
        }
        table
    }

    /// Lenient readers are not asked about everything.
    fn is_asked(&self, judge: &str, form: Form) -> bool {
        self.by_judge
            .get(judge)
            .into_iter()
            .flatten()
            .any(|(_, forms)| forms.contains_key(&form))
    }

    fn accepted_by(&self, judge: &str, form: Form) -> BTreeSet<&str> {
        self.by_judge
            .get(judge)
            .into_iter()
            .flatten()
            .filter(|(_, forms)| is_accepted(forms, form))
            .map(|(manifest, _)| manifest.as_str())
            .collect()
    }
}

fn is_accepted(forms: &BTreeMap<Form, Option<String>>, form: Form) -> bool {
    forms.get(&form) == Some(&None)
}

fn shortened(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(lines: &[&str]) -> Result<Verdicts> {
        let mut verdicts = Verdicts::default();
        for line in lines {
            verdicts.extend([line.parse::<Statement>()?]);
        }
        Ok(verdicts)
    }

    fn line(form: &str, refusal: &str) -> String {
        format!(r#"{{"judge": "j", "manifest": "m", "form": "{form}", "refusal": {refusal}}}"#)
    }

    fn complaints(refusals: [&str; 4]) -> Result<usize> {
        let forms = Form::ALL.map(Form::as_str);
        let lines = [0, 1, 2, 3].map(|at| line(forms[at], refusals[at]));
        let verdicts = verdicts(&lines.each_ref().map(String::as_str))?;
        Ok(verdicts.complaints().len())
    }

    #[test]
    fn who_accepts_unpatched_must_accept_patched() -> Result<()> {
        assert_eq!(complaints(["null", "null", "null", "\"no\""])?, 0);
        assert_eq!(complaints(["null", "\"no\"", "null", "\"no\""])?, 1);
        assert_eq!(complaints(["null", "\"no\"", "\"no\"", "\"no\""])?, 2);
        assert_eq!(
            complaints(["\"no\"", "\"no\"", "null", "null"])?,
            1,
            "it judges nothing"
        );
        assert_eq!(
            complaints(["null", "null", "null", "null"])?,
            1,
            "it is blind"
        );
        let only_one = verdicts(&[&line("unpatched", "null")])?;
        assert_eq!(
            only_one.complaints().len(),
            2,
            "patched forms were not judged"
        );
        assert_eq!(only_one.judged(), BTreeMap::from([("j", 1)]));
        Ok(())
    }

    #[test]
    fn checks_fail_by_themselves() -> Result<()> {
        let verdicts_of_two = verdicts(&[
            r#"{"judge": "j", "check": "good", "failure": null}"#,
            r#"{"judge": "j", "check": "bad", "failure": "because"}"#,
        ])?;
        assert_eq!(verdicts_of_two.complaints(), ["j: bad: because"]);
        assert_eq!(verdicts_of_two.judged(), BTreeMap::from([("j", 2)]));
        assert!(verdicts(&["Traceback"]).is_err());
        Ok(())
    }
}
