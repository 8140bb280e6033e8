//! Renders what is due after a run of dbt, and what came of it. Each format is one module; none decides
//! anything.

pub mod json;
pub mod markdown;
pub mod text;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::counted;
use crate::model::refresh::Posted;
use crate::model::{Diagnostic, SiteId};
use crate::schedule::{Due, Held, Schedule, Target};

/// What is due, and what came of it.
#[derive(Debug, Default)]
pub struct RefreshAnswer {
    /// What is due and what is not.
    pub schedule: Schedule,
    /// What came of each that was due, in their order, with its job; `None` where nothing was asked for.
    pub posted: Option<Vec<(Posted, Option<String>)>>,
    /// Whether the jobs were watched.
    pub is_watched: bool,
    /// The variable that switches refreshes off, if one does.
    pub off: Option<String>,
    /// When the exports were made, as far as they say so, by site.
    pub exports: Vec<(SiteId, Option<Timestamp>)>,
    /// The time of the run.
    pub now: Timestamp,
    /// What else is to be known of this run, one sentence each.
    pub remarks: Vec<String>,
    /// What else the user should know, sorted and without duplicates.
    pub diagnostics: Vec<Diagnostic>,
}

impl RefreshAnswer {
    /// Whether everything that was due is done or on its way.
    pub fn is_good(&self) -> bool {
        let mut posted = self.posted.iter().flatten();
        posted.all(|(posted, _)| posted.is_good())
    }
}

/// The answer in one line.
pub fn headline(answer: &RefreshAnswer) -> String {
    if let Some(by) = &answer.off {
        return format!("switched off by {by}");
    }
    let due = counted(answer.schedule.due.len(), "extract");
    let held = answer.schedule.held.iter();
    let held = held.filter(|held| !held.reason.is_lasting()).count();
    let due = match held {
        0 => format!("{due} due"),
        held => format!("{due} due, {held} not"),
    };
    let Some(posted) = &answer.posted else {
        return format!("{due}; nothing was asked for");
    };
    let mut counts = BTreeMap::<(bool, &str), usize>::new();
    for (posted, _) in posted {
        *counts.entry((!posted.is_good(), posted.key())).or_default() += 1;
    }
    let counts = counts.iter();
    let counts = counts.map(|((_, key), count)| format!("{count} {key}"));
    let counts = counts.collect::<Vec<_>>();
    let is_queued = posted.iter().any(|(posted, _)| *posted == Posted::Queued);
    let end = if is_queued && !answer.is_watched {
        "; the jobs are not watched (`--wait` does)"
    } else {
        ""
    };
    if counts.is_empty() {
        due
    } else {
        format!("{due}: {}{end}", counts.join(", "))
    }
}

/// Which nodes were built, and when the last of them was.
fn built(built: &[(String, Timestamp)]) -> Option<String> {
    let (node, at) = built.iter().max_by_key(|(_, at)| *at)?;
    let others = match built.len() {
        1 => String::new(),
        several => format!(" and {} more", several - 1),
    };
    Some(format!("{node}{others} built at {}", shown_time(*at)))
}

/// When it was last refreshed.
fn refreshed(at: Option<Timestamp>) -> String {
    match at {
        Some(at) => format!("last refreshed at {}", shown_time(at)),
        None => "its last refresh is not known".to_owned(),
    }
}

/// Why a target is due, or is not: what was built and when it was refreshed.
fn facts(
    target: &Target,
    of: &[(String, Timestamp)],
    refreshed_at: Option<Timestamp>,
) -> Vec<String> {
    let mut facts = Vec::new();
    facts.extend(built(of));
    facts.push(refreshed(refreshed_at));
    if target.is_by_workbook {
        facts.push("some tables are known of the workbook alone".to_owned());
    }
    if !target.is_complete {
        facts.push("it may read more than the export shows".to_owned());
    }
    facts
}

/// Those of which it depends on this run whether they are due, and how many there are of each other
/// reason.
fn parted(held: &[Held]) -> (Vec<&Held>, BTreeMap<&'static str, usize>) {
    let (lasting, of_run): (Vec<_>, Vec<_>) =
        held.iter().partition(|held| held.reason.is_lasting());
    let mut counts = BTreeMap::new();
    for held in lasting {
        *counts.entry(held.reason.key()).or_default() += 1;
    }
    (of_run, counts)
}

/// What was due, each with what came of it.
fn outcomes(
    answer: &RefreshAnswer,
) -> impl Iterator<Item = (&Due, Option<&(Posted, Option<String>)>)> {
    let posted = |at: usize| answer.posted.as_ref().and_then(|posted| posted.get(at));
    let due = answer.schedule.due.iter().enumerate();
    due.map(move |(at, due)| (due, posted(at)))
}

/// How old the exports are whose times count, one sentence each.
fn ages(answer: &RefreshAnswer) -> Vec<String> {
    let ages = answer.exports.iter().map(|(site, at)| {
        let site = site.place();
        let of = if site.is_empty() {
            String::new()
        } else {
            format!(" of {site}")
        };
        match at {
            None => format!(
                "the export{of} does not say when it was made, so it is not known how old its times of refreshes are"
            ),
            Some(at) => {
                let hours = (answer.now.as_second() - at.as_second()).max(0) / 3600;
                let age = match hours {
                    0 => "less than an hour".to_owned(),
                    1 => "1 hour".to_owned(),
                    hours => format!("{hours} hours"),
                };
                format!("the times of refreshes in the export{of} are {age} old")
            }
        }
    });
    ages.collect()
}

/// A time to the second.
fn shown_time(at: Timestamp) -> String {
    let seconds = Timestamp::from_second(at.as_second());
    seconds.unwrap_or(at).to_string()
}
