//! Judges what Tableau told of itself.

mod contents;
mod counts;
mod given;
mod person;
mod reach;
#[cfg(test)]
mod tests;
mod words;

pub use self::given::Given;
use super::check::{Check, Part};
use super::finding::{Finding, not_asked};
use super::project::of_failure;
use crate::model::Failure;
use crate::remote::Heard;

/// Judges what Tableau told.
pub fn findings(heard: &Heard, given: &Given) -> Vec<Finding> {
    let mut findings = reach::findings(heard, given);
    let Some(server) = heard.greeting.told() else {
        findings.extend(not_asked(
            &AFTER_GREETING,
            "the server does not answer as Tableau does",
        ));
        return findings;
    };
    if !server.is_new_enough {
        findings.extend(not_asked(&AFTER_GREETING, "this Tableau is too old"));
        return findings;
    }
    findings.push(person::sign_in(heard, given));
    if heard.session.told().is_none() {
        findings.extend(not_asked(&AFTER_GREETING[1..], "nobody is signed in"));
        return findings;
    }
    let is_administrator = person::is_administrator(heard);
    findings.push(person::role(heard));
    findings.extend(contents::settings(heard, is_administrator));
    findings.push(contents::metadata(heard));
    findings.push(contents::backfill(heard));
    findings.extend(contents::warnings(heard));
    if heard.totals.told().is_none() {
        let why = "the Metadata API does not answer";
        findings.extend(not_asked(
            &[Check::Counts, Check::Names, Check::Limits],
            why,
        ));
        return findings;
    }
    findings.extend(counts::findings(heard, is_administrator));
    findings.push(contents::names(heard));
    findings.push(contents::limits(heard));
    findings
}

/// What hangs on a server that answers, in the order of the table.
const AFTER_GREETING: [Check; 10] = [
    Check::SignIn,
    Check::Role,
    Check::Catalog,
    Check::Derived,
    Check::Lineage,
    Check::Metadata,
    Check::Backfill,
    Check::Counts,
    Check::Names,
    Check::Limits,
];

/// The checks of Tableau where nothing is asked.
pub fn nothing_asked(why: &str, cure: Option<&str>) -> Vec<Finding> {
    let cure = cure.map(str::to_owned);
    let checks = checks();
    let findings = checks.map(|check| Finding::not_asked(check, why, cure.clone()));
    findings.collect()
}

/// The checks of Tableau where one failed before anything could be asked.
pub fn in_vain(check: Check, failure: &Failure) -> Vec<Finding> {
    let why = format!("`{}` comes first", check.as_str());
    let others = checks().filter(|other| *other != check);
    let others = others.map(|other| Finding::not_asked(other, why.clone(), None));
    let fault = std::iter::once(of_failure(check, failure));
    fault.chain(others).collect()
}

fn checks() -> impl Iterator<Item = Check> {
    let checks = Check::ALL.iter().copied();
    checks.filter(|check| check.part() == Part::Tableau)
}
