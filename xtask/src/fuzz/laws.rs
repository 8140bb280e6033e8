//! The laws of patching, for whatever input the program accepts.

use std::fmt;
use std::time::{Duration, Instant};

use super::outside;
use super::program::{self, Ending, Patched, Texts};
use super::undo;

/// Longer than any small input may take.
const LONGEST: Duration = Duration::from_secs(5);

/// What an input showed.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Every law holds.
    Accepted,
    /// The program refuses it, for this reason.
    Refused(String),
    /// A law is broken.
    Broken(Law, String),
}

/// The laws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Law {
    NoPanic,
    Fast,
    ReadAgain,
    TwiceIsOnce,
    WithoutTrace,
    AnyOrder,
    NothingElseChanges,
    InertReports,
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoPanic => "no-panic",
            Self::Fast => "fast",
            Self::ReadAgain => "what-is-written-is-read-again",
            Self::TwiceIsOnce => "twice-is-once",
            Self::WithoutTrace => "removed-without-a-trace",
            Self::AnyOrder => "any-order-of-files",
            Self::NothingElseChanges => "nothing-else-changes",
            Self::InertReports => "inert-reports",
        })
    }
}

/// Checks all laws on one input.
pub(super) fn check(texts: &Texts) -> Verdict {
    let start = Instant::now();
    let verdict = check_all(texts).unwrap_or_else(|(law, detail)| Verdict::Broken(law, detail));
    if start.elapsed() > LONGEST {
        return Verdict::Broken(Law::Fast, format!("{:?}", start.elapsed()));
    }
    verdict
}

type Broken = (Law, String);

fn check_all(texts: &Texts) -> Result<Verdict, Broken> {
    let once = match run(texts, false)? {
        Ok(patched) => patched,
        Err(reason) => return Ok(Verdict::Refused(reason)),
    };
    outside::check(&texts.manifest, &once.manifest)
        .map_err(|detail| (Law::NothingElseChanges, detail))?;
    once.reports
        .iter()
        .try_for_each(|report| check_report(report))?;
    serde_json::from_str::<serde::de::IgnoredAny>(&once.reports[3])
        .map_err(|error| (Law::InertReports, format!("not JSON: {error}")))?;
    let again = Texts {
        manifest: once.manifest.clone(),
        ..texts.clone()
    };
    let twice = run(&again, false)?.map_err(|reason| (Law::ReadAgain, reason))?;
    if twice.manifest != once.manifest {
        let detail = outside::first_difference(&once.manifest, &twice.manifest);
        return Err((Law::TwiceIsOnce, detail));
    }
    if let Some(undone) = undo::undo(texts, &once.manifest) {
        check_undone(&texts.manifest, &undone)?;
    }
    if texts.exports.len() > 1 {
        check_order(texts, &once)?;
    }
    Ok(Verdict::Accepted)
}

fn run(texts: &Texts, is_reversed: bool) -> Result<Result<Patched, String>, Broken> {
    match program::run(texts, is_reversed) {
        Ending::Patched(patched) => Ok(Ok(patched)),
        Ending::Refused(reason) => Ok(Err(reason)),
        Ending::Panicked(words) => Err((Law::NoPanic, words)),
    }
}

fn check_undone(first: &str, undone: &Texts) -> Result<(), Broken> {
    let undone = run(undone, false)?.map_err(|reason| (Law::ReadAgain, reason))?;
    if undo::is_undone(&undone.manifest) && undone.manifest != first {
        let detail = outside::first_difference(first, &undone.manifest);
        return Err((Law::WithoutTrace, detail));
    }
    Ok(())
}

fn check_order(texts: &Texts, once: &Patched) -> Result<(), Broken> {
    let reversed = run(texts, true)?.map_err(|reason| (Law::AnyOrder, reason))?;
    for (one, other) in results(once).zip(results(&reversed)) {
        if one != other {
            return Err((Law::AnyOrder, outside::first_difference(one, other)));
        }
    }
    Ok(())
}

fn results(patched: &Patched) -> impl Iterator<Item = &String> {
    std::iter::once(&patched.manifest).chain(&patched.reports)
}

/// Checks that no text in a report acts on a terminal or a pipeline.
fn check_report(report: &str) -> Result<(), Broken> {
    let acts = |line: &str| {
        let is_command = line.trim_start().starts_with("::")
            || ["##[", "##vso[", "##teamcity["]
                .iter()
                .any(|start| line.contains(start));
        is_command || line.contains(|letter: char| letter.is_control() || letter == '\u{202e}')
    };
    match report.split('\n').find(|line| acts(line)) {
        Some(line) => Err((Law::InertReports, format!("{line:?}"))),
        None => Ok(()),
    }
}
