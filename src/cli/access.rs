//! `autoexpose explain --for`: whether somebody may do something with an asset. It needs an export alone.

use super::args::{ExplainArgs, YesOrNo};
use super::ask_tableau;
use super::exit::Exit;
use super::inputs;
use super::paths::{Paths, StatePath};
use super::{audience_settings, print, reports, settings};
use crate::audience::{Audience, Limits, disputed, find_asset};
use crate::model::access::Subject;
use crate::model::{Code, Diagnostic, Failure, Site};
use crate::output::access::{AccessAnswer, json, text};
use crate::pipeline::{self, SiteInput};

/// Answers the question about permissions; `None` if the question is about something else.
pub(super) fn answered(args: &ExplainArgs) -> Option<Result<Exit, Vec<Failure>>> {
    let subject = args.access.who.as_ref()?;
    Some(run(args, subject))
}

fn run(args: &ExplainArgs, subject: &Subject) -> Result<Exit, Vec<Failure>> {
    let paths = match paths_or_settings(args)? {
        Ok(paths) => paths,
        Err(exit) => return Ok(exit),
    };
    let failed = |failure: Failure| vec![failure];
    let asked = args.subject.as_deref().ok_or_else(what).map_err(failed)?;
    let asked_of = site(args, &paths, "--for")?;
    let answer = answer(args, subject, asked, asked_of).map_err(failed)?;
    reports::explained(
        &args.report,
        |options| text::render(&answer, options),
        || json::render(&answer),
    )
}

/// The paths of a question about permissions; the exit code where the settings are printed instead.
pub(super) fn paths_or_settings(args: &ExplainArgs) -> Result<Result<Paths, Exit>, Vec<Failure>> {
    // A manifest has nothing to do with permissions, so it may be missing.
    let (paths, _) = Paths::find_or_tell(&args.inputs)?;
    let Some(text) = settings::asked_for(&args.inputs, &paths)? else {
        return Ok(Ok(paths));
    };
    print::to_stdout(&text)?;
    Ok(Err(Exit::Done))
}

fn what() -> Failure {
    Failure::new("", "explain what?").help(
        "name a workbook, data source, flow, project, database or table before `--for` and `--tableau`",
    )
}

/// The failure of a question whose answer names what an audience may not see.
fn for_an_audience(flag: &str) -> Failure {
    let message =
        format!("`{flag}` names people, projects and rules, so it has no answer for an audience");
    Failure::new("", message).help("leave out `--audience`, and `audience.who` of autoexpose.yml")
}

/// What a question about permissions is about.
pub(super) struct AskedOf {
    /// The exports.
    pub(super) site: Site<'static>,
    /// What counts as known.
    pub(super) limits: Limits,
    /// What reading the exports tells.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads what a question about permissions is about. `flag` is what asks it.
///
/// # Errors
/// An export that cannot be read, or a run for an audience.
pub(super) fn site(args: &ExplainArgs, paths: &Paths, flag: &str) -> Result<AskedOf, Vec<Failure>> {
    let effective = settings::effective(&args.inputs, paths)?;
    if effective.settings.audience.who.is_some() {
        return Err(vec![for_an_audience(flag)]);
    }
    ask_tableau::if_wanted(&args.inputs, paths)?;
    let audience = &effective.settings.audience;
    let limits = audience_settings::limits(audience, args.access.max_age_days);
    let in_states = || paths.states.iter().find_map(StatePath::exports);
    let files = effective.exports.or_in(in_states).find_all()?;
    let (input, _) = inputs::site(files, &args.inputs, effective.settings.site);
    let (site, mut diagnostics) = pipeline::read_site(SiteInput {
        asks_access: true,
        ..input
    })?;
    // That is about exposures.
    diagnostics.retain(|told| told.code != Code::ExportIncomplete);
    Ok(AskedOf {
        site,
        limits,
        diagnostics,
    })
}

fn answer(
    args: &ExplainArgs,
    subject: &Subject,
    asked: &str,
    asked_of: AskedOf,
) -> Result<AccessAnswer, Failure> {
    let AskedOf {
        site,
        limits,
        mut diagnostics,
    } = asked_of;
    let audience = Audience::find(&site.access, subject, limits)
        .map_err(|none| Failure::new("", none.to_string()).help(none.help()))?;
    let has = args.access.data_management.map(YesOrNo::is_yes);
    let audience = audience.with_data_management(has);
    let asset = find_asset(&site.access, asked)
        .map_err(|none| Failure::new("", none.to_string()).help(none.help()))?;
    let capability = args.access.capability.into();
    let answer = audience.may(capability, &asset.site, &asset.id);
    diagnostics.extend(disputed(&asset.site, usize::from(answer.is_disputed)));
    Ok(AccessAnswer {
        subject: subject.clone(),
        capability,
        asset,
        answer,
        diagnostics,
    })
}
