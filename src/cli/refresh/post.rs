//! Asks Tableau for the refreshes that are due, and remembers what came of each.

use std::collections::BTreeSet;
use std::time::Duration;

use super::state::{self, Remembered};
use crate::cli::args::{RefreshArgs, RefreshFormat};
use crate::cli::fetch;
use crate::cli::fetch::pump::Pump;
use crate::io::write::RunLock;
use crate::io::{reason, write};
use crate::model::refresh::{Posted, TargetId};
use crate::model::{Failure, SiteId};
use crate::remote::{
    Action, Call, Event, Machine, Moment, Refresh, RefreshAsked, RefreshEnding, RefreshResult,
    Wanted,
};
use crate::schedule::{Due, Held, Reason, Schedule};
use crate::settings::RefreshSettings;

/// Asks for what is due. What an earlier run asked for without an answer is looked for as well, and is
/// due after that.
///
/// # Errors
/// Nothing could be asked for.
pub(super) fn run(
    args: &RefreshArgs,
    settings: &RefreshSettings,
    site: &SiteId,
    schedule: &mut Schedule,
    remembered: &Remembered,
    lock: RunLock,
) -> Result<RefreshResult, Failure> {
    let unsettled = take_unsettled(schedule);
    let server = site.server.clone().ok_or_else(fetch::without_server)?;
    let (here, elsewhere): (Vec<_>, Vec<_>) = std::mem::take(&mut schedule.due)
        .into_iter()
        .partition(|due| !due.target.site.contradicts(site));
    let wanted = here
        .iter()
        .map(|due| wanted(due, remembered, &unsettled))
        .collect();
    schedule.due = here;
    let others = elsewhere.iter().map(|due| {
        let why = format!("it is on another site ({})", due.target.site.place());
        (Posted::NotAsked(why), None)
    });
    let others = others.collect::<Vec<_>>();
    remembered.save()?;
    let mut result = RefreshResult::default();
    if !schedule.due.is_empty() {
        let journal = Journal {
            refresh: begun(args, settings, server, site, wanted)?,
            remembered: remembered.clone(),
            lock: Some(lock),
        };
        result = ask(args, journal)?;
    }
    if let Err(failure) = give_back(args, remembered, &schedule.due, &result) {
        let note = format!("it is not remembered which jobs failed: {failure}");
        result.notes.push(note);
    }
    schedule.due.extend(elsewhere);
    Ok(RefreshResult {
        posted: result.posted.into_iter().chain(others).collect(),
        notes: result.notes,
    })
}

/// What may be on its way is looked for before anything else: these are due as well.
fn take_unsettled(schedule: &mut Schedule) -> BTreeSet<TargetId> {
    let held = std::mem::take(&mut schedule.held);
    let (unsettled, held): (Vec<Held>, Vec<Held>) = held
        .into_iter()
        .partition(|held| matches!(held.reason, Reason::Unsettled(_)));
    schedule.held = held;
    let ids = unsettled.iter().filter_map(|held| held.target.id.clone());
    let ids = ids.collect();
    let unsettled = unsettled.into_iter().map(|held| Due {
        target: held.target,
        built: held.built,
        refreshed_at: held.refreshed_at,
    });
    schedule.due.splice(0..0, unsettled);
    ids
}

/// What is asked for. The job of one that was asked for too long ago is over, so that it is asked for
/// again and not looked for.
fn wanted(due: &Due, remembered: &Remembered, unsettled: &BTreeSet<TargetId>) -> Wanted {
    let id = due.target.id.clone();
    let id = id.expect("what has not a luid is not due");
    let known = remembered.state.targets.get(&id);
    Wanted {
        name: due.target.name.clone(),
        is_time_known: known.is_some_and(|known| known.refreshed_at.is_some()),
        asked_at: known
            .and_then(|known| known.asked_at)
            .filter(|_| unsettled.contains(&id))
            .map(|at| at.as_second()),
        id,
    }
}

/// How long a run may take, and may wait for another one.
pub(super) fn time_limit(args: &RefreshArgs) -> Duration {
    Duration::from_secs(u64::from(args.ask.connect.timeout) * 60)
}

/// A run that has not asked for anything.
fn begun(
    args: &RefreshArgs,
    settings: &RefreshSettings,
    server: String,
    site: &SiteId,
    wanted: Vec<Wanted>,
) -> Result<Refresh, Failure> {
    let connect = &args.ask.connect;
    Ok(Refresh::new(RefreshAsked {
        server,
        site: site.content_url.clone().unwrap_or_default(),
        credentials: fetch::secrets(connect)?,
        time_limit: time_limit(args),
        allows_http: connect.allow_http,
        is_incremental: args.ask.incremental,
        wait: args
            .ask
            .wait
            .map(|minutes| Duration::from_secs(u64::from(minutes) * 60)),
        build_after: settings.build_after,
        wanted,
    }))
}

fn ask(args: &RefreshArgs, journal: Journal) -> Result<RefreshResult, Failure> {
    let http = fetch::connections(&args.ask.connect)?;
    write::watch_signals();
    let is_quiet = args.report.quiet || args.report.format != RefreshFormat::Text;
    let pump = Pump::new(http, args.report.verbose, is_quiet);
    // It writes nothing of what it hears.
    let ending = pump.run(journal, &mut std::io::sink());
    match ending.map_err(|error| Failure::new("", reason(&error)))? {
        RefreshEnding::Failed(failure) => Err(failure),
        RefreshEnding::Asked(result) => Ok(result),
    }
}

/// Remembers again what was to be refreshed by jobs that failed or were cancelled.
fn give_back(
    args: &RefreshArgs,
    before: &Remembered,
    due: &[Due],
    result: &RefreshResult,
) -> Result<(), Failure> {
    let results = due.iter().zip(&result.posted);
    let undone = results.filter_map(|(due, (posted, job))| {
        let is_undone = matches!(posted, Posted::JobFailed(_) | Posted::Cancelled);
        is_undone.then_some((due.target.id.as_ref()?, job.as_deref()?))
    });
    let undone = undone.collect::<Vec<_>>();
    if undone.is_empty() {
        return Ok(());
    }
    let _lock = state::locked(before.path(), time_limit(args), args.report.quiet)?;
    // Other runs may have written it while the jobs were watched.
    let mut now = before.again()?;
    for (id, job) in undone {
        let known = before.state.targets.get(id);
        if let (Some(known), Some(state)) = (known, now.state.targets.get_mut(id)) {
            state.give_back(known, job);
        }
    }
    now.save()
}

/// A run of which everything is written down before the next call is made, so that nothing is asked for
/// twice whatever happens to this program.
struct Journal {
    refresh: Refresh,
    remembered: Remembered,
    /// Keeps other runs from the file, until everything is asked for.
    lock: Option<RunLock>,
}

impl Journal {
    /// Writes down what is new.
    fn write(&mut self) -> Result<(), Failure> {
        let notes = self.refresh.take_notes();
        if notes.is_empty() {
            return Ok(());
        }
        for note in notes {
            let target = self.remembered.state.targets.entry(note.id().clone());
            note.add_to(target.or_default());
        }
        self.remembered.save()
    }
}

impl Machine for Journal {
    type Ending = RefreshEnding;

    fn next(&mut self, event: Event, moment: &Moment) -> Action<RefreshEnding> {
        let action = self.refresh.next(event, moment);
        let written = self.write();
        if self.refresh.is_watching() {
            self.lock = None;
        }
        match written {
            Ok(()) => action,
            Err(failure) if !matches!(action, Action::Over(_)) => self.refresh.stop(&failure),
            // The last call was made before, and what came of it is in the answer.
            Err(_) => action,
        }
    }

    fn progress(&self) -> String {
        self.refresh.progress()
    }

    fn sign_out(&self) -> Option<Call> {
        self.refresh.sign_out()
    }
}
