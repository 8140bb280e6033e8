//! What judges say, counted: who accepts a manifest unpatched must accept it patched.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::Value;

use super::forms::Form;
use crate::failure::Result;

/// Longer messages are cut: dbt quotes whole manifests.
const LONGEST_MESSAGE: usize = 600;

/// A line that a judge prints.
#[derive(Debug, Clone)]
pub(super) enum Told {
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

impl Told {
    /// Reads `{"judge": …, "manifest": …, "form": …, "refusal": … or null}` or
    /// `{"judge": …, "check": …, "failure": … or null}`.
    pub(super) fn of_line(line: &str) -> Result<Self> {
        let value = serde_json::from_str::<Value>(line).map_err(|error| error.to_string())?;
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        if let (Some(judge), Some(name)) = (text("judge"), text("check")) {
            return Ok(Self::Check(Check {
                judge,
                name,
                failure: text("failure"),
            }));
        }
        let form = text("form");
        let form = Form::ALL
            .into_iter()
            .find(|known| Some(known.as_str()) == form.as_deref());
        let (Some(judge), Some(manifest), Some(form)) = (text("judge"), text("manifest"), form)
        else {
            return Err(format!("this is no verdict: {line}"));
        };
        Ok(Self::Verdict(Verdict {
            judge,
            manifest,
            form,
            refusal: text("refusal"),
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

impl Extend<Told> for Verdicts {
    fn extend<I: IntoIterator<Item = Told>>(&mut self, told: I) {
        for told in told {
            match told {
                Told::Verdict(verdict) => {
                    let of_judge = self.by_judge.entry(verdict.judge).or_default();
                    let of_manifest = of_judge.entry(verdict.manifest).or_default();
                    of_manifest.insert(verdict.form, verdict.refusal);
                }
                Told::Check(check) => self.checks.push(check),
            }
        }
    }
}

impl Verdicts {
    /// How many manifests each judge accepts unpatched, or how much else it looked at.
    pub(super) fn judged(&self) -> BTreeMap<&str, usize> {
        let count = |judge| self.accepted_by(judge, Form::Unpatched).len();
        let mut judged = self
            .by_judge
            .keys()
            .map(|judge| (judge.as_str(), count(judge)))
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
    pub(super) fn no_judge_of(&self) -> Vec<String> {
        let mut reasons: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
        for (judge, manifests) in &self.by_judge {
            for (manifest, forms) in manifests {
                if let Some(Some(refusal)) = forms.get(&Form::Unpatched) {
                    let reason = shortened(refusal).chars().take(160).collect();
                    reasons.entry((judge, reason)).or_default().push(manifest);
                }
            }
        }
        let told = reasons.into_iter().map(|((judge, reason), manifests)| {
            format!("{judge} does not read {}: {reason}", manifests.join(", "))
        });
        told.collect()
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
        let manifests = self.by_judge.get(judge).into_iter().flatten();
        manifests
            .into_iter()
            .any(|(_, forms)| forms.contains_key(&form))
    }

    fn accepted_by(&self, judge: &str, form: Form) -> BTreeSet<&str> {
        let manifests = self.by_judge.get(judge).into_iter().flatten();
        let accepted = manifests.filter(|(_, forms)| is_accepted(forms, form));
        accepted.map(|(manifest, _)| manifest.as_str()).collect()
    }
}

fn is_accepted(forms: &BTreeMap<Form, Option<String>>, form: Form) -> bool {
    forms.get(&form) == Some(&None)
}

fn shortened(message: &str) -> String {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match message.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(lines: &[&str]) -> Result<Verdicts> {
        let mut verdicts = Verdicts::default();
        verdicts.extend(
            lines
                .iter()
                .map(|line| Told::of_line(line))
                .collect::<Result<Vec<_>>>()?,
        );
        Ok(verdicts)
    }

    fn line(form: &str, refusal: &str) -> String {
        format!(r#"{{"judge": "j", "manifest": "m", "form": "{form}", "refusal": {refusal}}}"#)
    }

    fn complaints(refusals: [&str; 4]) -> Result<usize> {
        let forms = Form::ALL.map(Form::as_str);
        let lines = forms
            .into_iter()
            .zip(refusals)
            .map(|(form, refusal)| line(form, refusal));
        let lines = lines.collect::<Vec<_>>();
        let lines = lines.iter().map(String::as_str).collect::<Vec<_>>();
        Ok(verdicts(&lines)?.complaints().len())
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
        let told = verdicts(&[
            r#"{"judge": "j", "check": "good", "failure": null}"#,
            r#"{"judge": "j", "check": "bad", "failure": "because"}"#,
        ])?;
        assert_eq!(told.complaints(), ["j: bad: because"]);
        assert_eq!(told.judged(), BTreeMap::from([("j", 2)]));
        assert!(verdicts(&["Traceback"]).is_err());
        Ok(())
    }
}
