//! Asks Tableau for the refreshes that are due, and remembers what came of each.

use std::time::Duration;

use super::state::Remembered;
use crate::cli::args::{RefreshArgs, RefreshFormat};
use crate::cli::fetch;
use crate::cli::fetch::pump::Pump;
use crate::io::{reason, write};
use crate::model::refresh::Posted;
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
    remembered: Remembered,
) -> Result<RefreshResult, Failure> {
    take_unsettled(schedule);
    let server = site.server.clone().ok_or_else(fetch::without_server)?;
    let (here, elsewhere): (Vec<_>, Vec<_>) = std::mem::take(&mut schedule.due)
        .into_iter()
        .partition(|due| !due.target.site.contradicts(site));
    let wanted = here.iter().map(|due| wanted(due, &remembered)).collect();
    schedule.due = here;
    let others = elsewhere.iter().map(|due| {
        let why = format!("it is on another site ({})", due.target.site.place());
        (Posted::NotAsked(why), None)
    });
    let others = others.collect::<Vec<_>>();
    remembered.save()?;
    let result = if schedule.due.is_empty() {
        RefreshResult::default()
    } else {
        ask(args, settings, server, site, wanted, remembered)?
    };
    schedule.due.extend(elsewhere);
    Ok(RefreshResult {
        posted: result.posted.into_iter().chain(others).collect(),
        notes: result.notes,
    })
}

/// What may be on its way is looked for before anything else.
fn take_unsettled(schedule: &mut Schedule) {
    let held = std::mem::take(&mut schedule.held);
    let (unsettled, held): (Vec<Held>, Vec<Held>) = held
        .into_iter()
        .partition(|held| matches!(held.reason, Reason::Unsettled(_)));
    schedule.held = held;
    let unsettled = unsettled.into_iter().map(|held| Due {
        target: held.target,
        built: held.built,
        refreshed_at: held.refreshed_at,
    });
    schedule.due.splice(0..0, unsettled);
}

fn wanted(due: &Due, remembered: &Remembered) -> Wanted {
    let id = due.target.id.clone();
    let id = id.expect("what has not a luid is not due");
    let known = remembered.state.targets.get(&id);
    Wanted {
        name: due.target.name.clone(),
        is_time_known: known.is_some_and(|known| known.refreshed_at.is_some()),
        asked_at: known
            .and_then(|known| known.asked_at)
            .map(|at| at.as_second()),
        id,
    }
}

fn ask(
    args: &RefreshArgs,
    settings: &RefreshSettings,
    server: String,
    site: &SiteId,
    wanted: Vec<Wanted>,
    remembered: Remembered,
) -> Result<RefreshResult, Failure> {
    let connect = &args.ask.connect;
    let credentials = fetch::secrets(connect)?;
    let http = fetch::connections(connect)?;
    write::watch_signals();
    let refresh = Refresh::new(RefreshAsked {
        server,
        site: site.content_url.clone().unwrap_or_default(),
        credentials,
        time_limit: Duration::from_secs(u64::from(connect.timeout) * 60),
        allows_http: connect.allow_http,
        is_incremental: args.ask.incremental,
        wait: args
            .ask
            .wait
            .map(|minutes| Duration::from_secs(u64::from(minutes) * 60)),
        build_after: settings.build_after,
        wanted,
    });
    let is_quiet = args.report.quiet || args.report.format != RefreshFormat::Text;
    let journal = Journal {
        refresh,
        remembered,
    };
    let pump = Pump::new(http, args.report.verbose, is_quiet);
    // It writes nothing of what it hears.
    let ending = pump.run(journal, &mut std::io::sink());
    match ending.map_err(|error| Failure::new("", reason(&error)))? {
        RefreshEnding::Failed(failure) => Err(failure),
        RefreshEnding::Asked(result) => Ok(result),
    }
}

/// A run of which everything is written down before the next call is made, so that nothing is asked for
/// twice whatever happens to this program.
struct Journal {
    refresh: Refresh,
    remembered: Remembered,
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
        match self.write() {
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
