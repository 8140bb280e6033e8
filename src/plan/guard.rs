//! Detects removals that look like a mistake, such as an export of only part of a site, and says
//! what they come from.

use std::collections::BTreeMap;

use super::baseline::Baseline;
use super::elsewhere::Elsewhere;
use super::known::Known;
use super::reason::RemovalReason;
use crate::model::display::display_enum;
use crate::model::{Code, Diagnostic, SiteId, WorkbookIx};
use crate::settings::{NotSelected, Thresholds};

/// A site that would lose more of its exposures than the thresholds allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MassRemoval {
    /// The site.
    pub site: SiteId,
    /// How many of its exposures would be removed.
    pub removed: usize,
    /// How many exposures the baseline has of it.
    pub of: usize,
    /// How many would be removed for each cause.
    pub causes: BTreeMap<Cause, usize>,
    /// Where the nodes are that have the names of tables which are not linked; only asked for if
    /// that may be the cause.
    pub elsewhere: Elsewhere,
}

display_enum! {
    /// What the removal of many exposures comes from.
    pub enum Cause {
        /// The export does not list the workbooks.
        WorkbookGone => "because the workbook is gone";
        /// The workbooks are listed, and none of their tables is linked.
        ReadsNothing => "because the workbook no longer reads anything from this project";
        /// The workbooks read on, and none of their tables is linked.
        LinksLost => "because what the workbook still reads no longer links to this project";
        /// None of their tables is linked, and some may be what they read.
        LinksNotKnown => "because no table of the workbook links to this project any more";
        /// The configuration leaves the workbooks out.
        Configuration => "because the configuration does not select the workbook";
        /// The workbooks are in personal spaces.
        PersonalSpace => "because the workbook is in a personal space";
        /// A flag leaves the workbooks out, and `--prune` is given.
        Flags => "because the flags of this run do not select the workbook";
        /// dbt refuses references to what the workbooks read.
        NotReferable => "because dbt refuses in YAML everything that the workbook reads";
        /// Hand-written exposures take their place.
        HandWritten => "because a hand-written exposure covers the workbook";
        /// The user switched the exposures off.
        Disabled => "because it is disabled in the project";
        /// Other owned exposures take their place.
        OtherExposure => "because the workbook already has another exposure";
    }
}

impl Cause {
    /// The cause of a removal; `None` if nothing goes but to another project of the run, which has the
    /// workbook's exposure then, and if the audience alone is why.
    fn new(reason: &RemovalReason) -> Option<Self> {
        Some(match reason {
            RemovalReason::Moved(_) | RemovalReason::NotForAudience => return None,
            RemovalReason::WorkbookGone
            | RemovalReason::LeftProjects(_)
            | RemovalReason::NotListed => Self::WorkbookGone,
            RemovalReason::ReadsNothing => Self::ReadsNothing,
            RemovalReason::LinksLost => Self::LinksLost,
            RemovalReason::LinksNotKnown => Self::LinksNotKnown,
            RemovalReason::NotReferable => Self::NotReferable,
            RemovalReason::HandWritten(_) => Self::HandWritten,
            RemovalReason::Disabled => Self::Disabled,
            RemovalReason::OtherExposure => Self::OtherExposure,
            RemovalReason::NotSelected(reason) => match reason {
                NotSelected::NotForAudience => return None,
                NotSelected::PersonalSpace => Self::PersonalSpace,
                NotSelected::ByFlags(_) => Self::Flags,
                NotSelected::ByConfiguration(_)
                | NotSelected::NeedsProjectPath(_)
                | NotSelected::Withheld => Self::Configuration,
            },
        })
    }

    /// Whether the workbooks are there, and not linked any more.
    fn is_without_links(self) -> bool {
        matches!(
            self,
            Self::ReadsNothing | Self::LinksLost | Self::LinksNotKnown
        )
    }

    /// What to look at if the removal is not meant. `is_elsewhere` says whether the manifest may be
    /// of another target.
    fn cure(self, is_elsewhere: bool) -> &'static str {
        match self {
            Self::WorkbookGone => "check that the export is the right one, and complete",
            Self::ReadsNothing if !is_elsewhere => {
                "check in Tableau that these workbooks were meant to stop reading the project"
            }
            Self::ReadsNothing | Self::LinksLost | Self::LinksNotKnown => {
                "check that the manifest is of the project and target that Tableau reads"
            }
            Self::Configuration => "check `select` in autoexpose.yml",
            Self::PersonalSpace => "keep personal spaces by `select: {personal_spaces: true}`",
            Self::Flags => "keep them by leaving out `--prune`",
            Self::NotReferable => "`autoexpose patch` links what YAML cannot refer to",
            Self::HandWritten => "keep them by deleting the hand-written exposures",
            Self::Disabled => "keep them by enabling them in the project",
            Self::OtherExposure => "look at both exposures of the workbook",
        }
    }
}

impl MassRemoval {
    pub(super) fn diagnostic(&self) -> Diagnostic {
        let Self {
            site,
            removed,
            of,
            causes,
            elsewhere,
        } = self;
        let causes_shown = causes
            .iter()
            .map(|(cause, count)| format!("{count} {cause}"))
            .collect::<Vec<_>>()
            .join(", ");
        let mut message =
            format!("{removed} of {of} exposures of this site would be removed: {causes_shown}");
        let elsewhere = elsewhere.sentence();
        if let Some(elsewhere) = &elsewhere {
            message = format!("{message} ({elsewhere})");
        }
        let cures = causes.keys().map(|cause| cause.cure(elsewhere.is_some()));
        let mut cures = cures.collect::<Vec<_>>();
        cures.dedup();
        let cures = cures.join("; ");
        let help = format!(
            "{cures}. If the removal is intended, run `patch` or `yaml` with `--allow-mass-removal`"
        );
        Diagnostic::new(Code::MassRemoval, site.place(), message).help(help)
    }
}

/// What happens to the exposures of one site.
struct Tally {
    site: SiteId,
    all: usize,
    causes: BTreeMap<Cause, usize>,
    /// Workbooks that no longer have links.
    unlinked: Vec<WorkbookIx>,
}

impl Tally {
    fn new(site: &SiteId) -> Self {
        Self {
            site: site.clone(),
            all: 0,
            causes: BTreeMap::new(),
            unlinked: Vec::new(),
        }
    }
}

/// The sites that would lose both a larger share and a larger number of exposures than the
/// thresholds allow. `removed` are the exposures that would be removed, by id.
pub(super) fn mass_removals(
    known: &Known,
    baseline: &Baseline,
    removed: &BTreeMap<&str, &RemovalReason>,
) -> Vec<MassRemoval> {
    // One site may have several spellings.
    let mut tallies: BTreeMap<SiteId, Tally> = BTreeMap::new();
    for owned in baseline.iter() {
        let site = &owned.marker.site;
        let tally = tallies
            .entry(site.identity())
            .or_insert_with(|| Tally::new(site));
        tally.all += 1;
        let Some(reason) = removed.get(owned.before.unique_id.as_str()) else {
            continue;
        };
        let Some(cause) = Cause::new(reason) else {
            continue;
        };
        *tally.causes.entry(cause).or_default() += 1;
        let unlinked = owned.workbook.filter(|_| cause.is_without_links());
        tally.unlinked.extend(unlinked);
    }
    let mut mass_removals = Vec::new();
    for tally in tallies.into_values() {
        let removed = tally.causes.values().sum();
        if is_too_much(removed, tally.all, known.settings.thresholds) {
            mass_removals.push(MassRemoval {
                site: tally.site,
                removed,
                of: tally.all,
                causes: tally.causes,
                elsewhere: Elsewhere::new(known, tally.unlinked),
            });
        }
    }
    mass_removals
}

fn is_too_much(gone: usize, all: usize, thresholds: Thresholds) -> bool {
    gone > thresholds.mass_removal_count && gone as f64 > all as f64 * thresholds.mass_removal_share
}
