//! Takes out of what was read what the audience of the run may not see.

use std::sync::Arc;

use super::Read;
use super::projects::{ReadProject, WithheldOf};
use crate::audience::{Audience, Decision, Limits};
use crate::model::access::Subject;
use crate::model::{Code, Diagnostic, Failure, Site, WhyWithheld, WithheldCounts, WorkbookIx};
use crate::settings::{AudienceSettings, SelectedWorkbooks, Settings, WithheldAs};
use crate::withhold::{self, Clues, Decisions, Terms};

/// What was read and selected, without what the audience of the run may not see; everything as it is if
/// the run has no audience.
///
/// # Errors
/// An audience that the exports do not know.
pub(super) fn withhold<'a>(
    read: Read<'a>,
    selected: SelectedWorkbooks,
    settings: &Settings,
) -> Result<(Read<'a>, SelectedWorkbooks), Vec<Failure>> {
    let audience = &settings.audience;
    let Some(who) = &audience.who else {
        return Ok((read, selected));
    };
    let decisions = Arc::new(decisions(who, audience, &read.site)?);
    let maturity = settings.exposure.maturity;
    let terms = Terms {
        label: Arc::from(audience.label.as_str()),
        shown: Arc::new(audience.show.clone()),
        maturity: maturity.map(|maturity| maturity.as_str().to_owned()),
    };
    let leaves_out = audience.withheld == WithheldAs::Filter;
    let is_withheld = |at: WorkbookIx| decisions.workbooks[at.0].is_some();
    let selected = selected.withhold(is_withheld, leaves_out);
    let clues = Clues::new(&read.site, &decisions);
    let projects = read.projects.into_iter();
    let projects = projects.map(|one| project(one, &decisions, &clues, &terms));
    let projects = projects.collect::<Vec<_>>();
    let counts = counts(who, leaves_out, &decisions, &projects);
    let mut diagnostics = match counts.workbooks() {
        0 => read.diagnostics,
        _ => withhold::told(read.diagnostics),
    };
    diagnostics.extend(withheld(&counts));
    diagnostics.extend(nothing_known(&counts));
    Ok((
        Read {
            projects,
            site: withhold::site(read.site, &decisions, &terms),
            diagnostics,
            asks_columns: read.asks_columns,
            withheld: Some(counts),
        },
        selected,
    ))
}

/// Other diagnostics about the exports of a run, without what its audience may not see.
pub fn told(read: &Read, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let withheld = read.withheld.as_ref();
    match withheld.filter(|counts| counts.workbooks() > 0) {
        Some(_) => withhold::told(diagnostics),
        None => diagnostics,
    }
}

/// What the audience may see of each workbook. Without a word about permissions in any export nothing is
/// known; where there are some, an audience that they do not know is a mistake.
fn decisions(
    who: &Subject,
    audience: &AudienceSettings,
    site: &Site,
) -> Result<Decisions, Vec<Failure>> {
    let not_listed = match who {
        Subject::Nobody => WhyWithheld::Denied,
        Subject::User(_) | Subject::Group(_) | Subject::Everyone => WhyWithheld::Unknown,
    };
    let workbooks = site.workbooks.iter();
    if !site.access.is_any() {
        let workbooks = workbooks.map(|_| Some(not_listed)).collect();
        return Ok(Decisions::new(site, workbooks, not_listed));
    }
    let limits = Limits {
        max_age_days: audience.max_age_days,
        now: audience.now,
    };
    let people = Audience::find(&site.access, who, limits);
    let people = people.map_err(|none| {
        let help = none.help();
        vec![Failure::new("--audience", none.to_string()).help(help)]
    })?;
    let workbooks = workbooks.map(|workbook| match people.visible(workbook).decision {
        Decision::Allowed => None,
        Decision::Denied => Some(WhyWithheld::Denied),
        Decision::Unknown => Some(WhyWithheld::Unknown),
    });
    let workbooks = workbooks.collect();
    Ok(Decisions::new(site, workbooks, not_listed))
}

/// Tells how much is withheld, and why.
fn withheld(counts: &WithheldCounts) -> Option<Diagnostic> {
    let WithheldCounts {
        audience,
        denied,
        unknown,
        not_listed,
        hand_written,
        ..
    } = counts;
    let parts = [
        (*denied, "that it may not see"),
        (*unknown, "of which it is not known"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts = parts.map(|(count, why)| format!("{count} {why}"));
    let workbooks = match counts.workbooks() {
        1 => "1 workbook".to_owned(),
        count => format!("{count} workbooks"),
    };
    let mut message = format!("withheld from the audience ({audience}): {workbooks}");
    let parts = parts.collect::<Vec<_>>();
    if !parts.is_empty() {
        message.push_str(&format!(" ({})", parts.join(", ")));
    }
    if *not_listed > 0 {
        message.push_str(&format!(
            "; {not_listed} exposures of earlier runs whose workbooks no export lists"
        ));
    }
    if *hand_written > 0 {
        message.push_str(&format!(
            "; {hand_written} hand-written exposures, which stay as they are and which no report names"
        ));
    }
    let diagnostic = Diagnostic::new(Code::Withheld, "", message);
    counts.is_any().then(|| match counts.are_left_out {
        true => diagnostic.help("`audience: {withheld: obfuscate}` shows that they are there"),
        false => diagnostic.help("`audience: {withheld: filter}` leaves them out"),
    })
}

/// Tells that nothing shows what the audience may see.
fn nothing_known(counts: &WithheldCounts) -> Option<Diagnostic> {
    counts.is_nothing_known.then(|| {
        let message = format!(
            "nothing shows what the audience ({}) may see in Tableau, so every workbook is withheld",
            counts.audience
        );
        Diagnostic::new(Code::AudienceUnknown, "", message).help(
            "give an export that says who may see what, or name with `audience.show` in autoexpose.yml what everybody may see, with `--audience nobody`",
        )
    })
}

fn project<'a>(
    project: ReadProject<'a>,
    decisions: &Arc<Decisions>,
    clues: &Clues,
    terms: &Terms,
) -> ReadProject<'a> {
    let ReadProject {
        mut manifest,
        state,
        remembered,
        ..
    } = project;
    let root_package = manifest.project.root_package.clone();
    let (shown, in_file) = withhold::project(manifest.project, decisions, clues, terms);
    manifest.project = shown;
    let mut state_ids = std::collections::BTreeMap::new();
    let state = state.map(|mut state| {
        let exposures = std::mem::take(&mut state.project.exposures);
        let (exposures, ids) = withhold::state(exposures, &root_package, decisions, terms);
        state.project.exposures = exposures;
        state_ids = ids;
        state
    });
    let remembered =
        remembered.map(|left| withhold::remembered(left, &root_package, decisions, terms));
    ReadProject {
        manifest,
        state,
        remembered,
        withheld: Some(WithheldOf {
            in_file,
            state_ids,
            decisions: Arc::clone(decisions),
        }),
        ..project
    }
}

fn counts(
    who: &Subject,
    are_left_out: bool,
    decisions: &Decisions,
    projects: &[ReadProject],
) -> WithheldCounts {
    let count = |of: WhyWithheld| {
        let all = decisions.workbooks.iter();
        all.filter(|why| **why == Some(of)).count()
    };
    let in_files = projects.iter().filter_map(|one| one.withheld.as_ref());
    let in_files = in_files.map(|withheld| &withheld.in_file);
    let mut all = decisions.workbooks.iter();
    let is_unknown = all.all(|why| *why == Some(WhyWithheld::Unknown));
    WithheldCounts {
        audience: who.to_string(),
        are_left_out,
        is_nothing_known: is_unknown && !decisions.workbooks.is_empty(),
        denied: count(WhyWithheld::Denied),
        unknown: count(WhyWithheld::Unknown),
        not_listed: in_files.clone().map(|one| one.not_listed).sum(),
        hand_written: in_files.map(|one| one.hand_written).sum(),
    }
}
