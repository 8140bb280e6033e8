//! Decides whether an owned exposure that this run does not want is removed or kept. Without
//! evidence it is kept.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::address::Address;
use super::baseline::{Owned, OwnedIx};
use super::by_workbook::ByWorkbook;
use super::exports::{Exports, Found};
use super::known::Known;
use super::other_target::KeptElsewhere;
use super::other_user::other_user;
use super::reason::{KeepReason, RemovalReason};
use super::scope::{lay_in, narrowing};
use super::wanted::Wanted;
use crate::link::{Ended, Endings, LostLinks};
use crate::model::listing::first_few;
use crate::model::{
    ColumnsInUse, Findings, Marker, Site, SiteId, Workbook, WorkbookIx, WorkbookListGap, luid,
};
use crate::settings::{Selected, SelectedWorkbooks, Selection};

/// The decision about one exposure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is removed.
    Remove(RemovalReason),
    /// It is kept.
    Keep(KeepReason),
}

/// Decides about exposures by what a run knows of workbooks.
pub struct RemovalPolicy<'p> {
    site: &'p Site<'p>,
    /// What is selected, for workbooks that are gone.
    selection: &'p Selection,
    selected: &'p SelectedWorkbooks,
    lost: &'p LostLinks<'p>,
    wanted: &'p Wanted,
    /// What earlier runs knew of the users of exports.
    earlier: Option<&'p Findings>,
    by_luid: ByWorkbook<Cow<'p, str>>,
    exports: Exports<'p>,
}

impl<'p> RemovalPolicy<'p> {
    /// Prepares decisions by what this run knows and wants.
    pub fn new(known: &'p Known<'p, 'p>, wanted: &'p Wanted) -> Self {
        let site = known.site;
        Self {
            site,
            selection: &known.settings.selection,
            selected: known.selection,
            lost: known.lost,
            wanted,
            earlier: known.remembered.map(|remembered| &remembered.findings),
            by_luid: ByWorkbook::listed(site),
            exports: Exports::new(&site.evidence),
        }
    }

    /// Decides about an exposure of the baseline. It is removed if it is disabled in the project, a
    /// hand-written one covers its workbook or it is one of two for one workbook; else only if this
    /// run looks at its workbook, and an export of its site is given, lists every workbook, and
    /// shows that there is nothing to expose.
    pub fn decide(&self, at: OwnedIx, owned: &Owned) -> Decision {
        if self.leaves_out(owned) {
            return Decision::Remove(RemovalReason::NotForAudience);
        }
        if self.wanted.disabled.contains(&at) {
            return Decision::Remove(RemovalReason::Disabled);
        }
        if let Some(twin) = self.wanted.hand_written.get(&at) {
            return Decision::Remove(RemovalReason::HandWritten(twin.clone()));
        }
        let duplicate = owned.duplicate_of.as_ref();
        if duplicate.is_some_and(|workbook| self.wanted.exposures.contains_key(workbook)) {
            return Decision::Remove(RemovalReason::OtherExposure);
        }
        let listed = owned.workbook.or_else(|| self.listed(&owned.marker));
        let selected = match listed {
            Some(workbook) => Cow::Borrowed(self.selected.get(workbook)),
            None => Cow::Owned(self.selection.select(&as_it_was(owned))),
        };
        if let Selected::OutOfThisRun(reason) = selected.as_ref() {
            return Decision::Keep(KeepReason::OutOfThisRun(reason.clone()));
        }
        let (exports, are_of_its_site) = self.exports(owned, listed);
        let gaps = gaps(&exports, owned.site_before());
        let gaps = gaps.and_then(|gaps| Ok(gaps.or(self.gaps_of_manifest(owned)?)));
        let gaps = match gaps {
            Ok(gaps) => gaps,
            Err(site) => return Decision::Keep(KeepReason::SiteNotExported(site.clone())),
        };
        let narrowed = gaps.as_deref().and_then(narrowing).cloned();
        let narrowed = narrowed.filter(|to| listed.is_some() || lay_in(to, owned));
        let gaps = gaps.filter(|_| narrowed.is_none());
        // What the workbook reads proves this, however much of its site the export lists.
        if let Some(reason) = listed.and_then(|at| self.moved(at, owned)) {
            return Decision::Remove(reason);
        }
        if let Some(reason) = self.made_by_another(owned).filter(|_| gaps.is_none()) {
            return Decision::Keep(reason);
        }
        match (listed, gaps) {
            (Some(at), gaps) => match (self.decide_listed(at, owned), gaps) {
                (Decision::Remove(reason), Some(gaps)) => {
                    Decision::Keep(KeepReason::Unproven(reason, gaps))
                }
                (decision, _) => decision,
            },
            (None, Some(gaps)) => Decision::Keep(KeepReason::ExportIncomplete(gaps)),
            (None, None) => Decision::Remove(match narrowed {
                Some(to) => RemovalReason::LeftProjects(to.to_string()),
                None if are_of_its_site => RemovalReason::WorkbookGone,
                None => RemovalReason::NotListed,
            }),
        }
    }

    /// Whether its workbook is withheld, and such workbooks are left out. Whether an export lists it, and
    /// what it reads, counts for nothing then.
    fn leaves_out(&self, owned: &Owned) -> bool {
        owned.latest().withholding.is_any() && self.selected.leaves_out_withheld()
    }

    /// Decides about the exposure of a workbook that an export lists, as if that were complete.
    fn decide_listed(&self, at: WorkbookIx, owned: &Owned) -> Decision {
        match self.selected.get(at) {
            Selected::NotWanted(_) if self.site.workbook(at).is_hidden() => {
                Decision::Keep(KeepReason::WorkbookHidden)
            }
            Selected::NotWanted(reason) => {
                Decision::Remove(RemovalReason::NotSelected(reason.clone()))
            }
            Selected::Yes | Selected::OutOfThisRun(_) => {
                if self.wanted.exposures.contains_key(&at) {
                    Decision::Remove(RemovalReason::OtherExposure)
                } else if self.wanted.not_referable.contains(&at) {
                    Decision::Remove(RemovalReason::NotReferable)
                } else if self.wanted.incomplete.contains(&at) {
                    Decision::Keep(KeepReason::WorkbookIncomplete)
                } else if let Some(KeptElsewhere::Exposure(reason)) = self.wanted.elsewhere.get(&at)
                {
                    Decision::Keep(reason.clone())
                } else {
                    Decision::Remove(self.without_links(at, owned))
                }
            }
        }
    }

    /// Whether everything that an exposure depends on moved to other projects of the run.
    fn moved(&self, at: WorkbookIx, owned: &Owned) -> Option<RemovalReason> {
        let is_asked = self.selected.get(at).is_yes() && self.lost.has_moved(at);
        if !is_asked || self.wanted.exposures.contains_key(&at) {
            return None;
        }
        let endings = Endings::new(self.lost, at);
        let earlier = owned.latest().depends_on.iter();
        let ended = earlier.map(|earlier| endings.of(&earlier.unique_id));
        moved(&ended.collect::<Vec<_>>())
    }

    /// Why a workbook has no links any more.
    fn without_links(&self, at: WorkbookIx, owned: &Owned) -> RemovalReason {
        let endings = Endings::new(self.lost, at);
        let earlier = owned.latest().depends_on.iter();
        let ended = earlier.map(|earlier| endings.of(&earlier.unique_id));
        let ended = ended.collect::<Vec<_>>();
        match ended.iter().min() {
            Some(Ended::Moved(_)) => RemovalReason::Moved(projects(&ended)),
            Some(ended) if ended.is_still_read() => RemovalReason::LinksLost,
            Some(Ended::NotKnown) => RemovalReason::LinksNotKnown,
            // An earlier run dropped what it depended on from the manifest.
            None if endings.may_read_more() => RemovalReason::LinksNotKnown,
            Some(_) | None => RemovalReason::ReadsNothing,
        }
    }

    /// The exports that list the workbook of an exposure, if it exists, and whether it is known that
    /// the workbook was on one of their sites. In YAML the marker may not name the site; then the
    /// workbook or the url does, or it may be any site. Nothing is removed from YAML, so that is only
    /// told.
    fn exports(&self, owned: &Owned, listed: Option<WorkbookIx>) -> (Found<'p>, bool) {
        let of_its_site = self.exports.of(owned.site_before());
        if of_its_site.is_some() || owned.yaml_file().is_none() {
            return (of_its_site.into(), true);
        }
        let address = owned.latest().url.as_deref().and_then(Address::parse);
        let site = &owned.marker.site;
        let may_be_its = match listed.map(|at| &self.site.workbook(at).site) {
            None => self.exports.may_be(site, address.as_ref()),
            Some(listed) => {
                let export = self.exports.of(listed).filter(|export| {
                    let address = address.as_ref();
                    !export.site.contradicts(site)
                        && !address.is_some_and(|address| address.contradicts(&export.site))
                });
                export.into()
            }
        };
        (may_be_its, address.is_some())
    }

    /// Why the exports may not list every workbook of the site that the manifest names, if that is
    /// more than the state names.
    fn gaps_of_manifest<'o>(&self, owned: &'o Owned) -> Gaps<'o> {
        let site = &owned.marker.site;
        if owned.yaml_file().is_some() || site.is_same(owned.site_before()) {
            return Ok(None);
        }
        gaps(&self.exports.of(site).into(), site)
    }

    /// Another user made the export of its site than the last one's, who may see less.
    fn made_by_another(&self, owned: &Owned) -> Option<KeepReason> {
        let export = self.exports.of(owned.site_before())?;
        let (before, now) = other_user(self.earlier?, export)?;
        Some(KeepReason::OtherUser(before.to_string(), now.to_string()))
    }

    /// The workbook with the luid of an exposure, which another exposure covers as well; none if
    /// it may be that of several sites.
    fn listed(&self, marker: &Marker) -> Option<WorkbookIx> {
        let luid = luid::identity(&marker.luid);
        self.by_luid
            .only(luid.as_ref(), &marker.site)
            .map(WorkbookIx)
    }
}

/// The reason if all links of an exposure moved, and there are any.
fn moved(ended: &[Ended]) -> Option<RemovalReason> {
    let is_moved = |ended: &Ended| matches!(ended, Ended::Moved(_));
    let all_moved = !ended.is_empty() && ended.iter().all(is_moved);
    all_moved.then(|| RemovalReason::Moved(projects(ended)))
}

/// The projects that links moved to, in words.
fn projects(ended: &[Ended]) -> String {
    let projects = ended.iter().filter_map(|ended| match ended {
        Ended::Moved(other) => Some(other.project.as_ref()),
        _ => None,
    });
    let projects = projects.collect::<BTreeSet<_>>();
    let noun = match projects.len() {
        1 => "project",
        _ => "projects",
    };
    format!(
        "{noun} {}",
        first_few(projects.len(), projects.iter().copied())
    )
}

/// The workbook of an exposure as an earlier run found it, with the facts that the selection asks
/// for, as far as the next run knows them.
fn as_it_was<'o>(owned: &'o Owned) -> Workbook<'o> {
    let exposure = owned.lasting();
    let text = |text: &'o String| Cow::Borrowed(text.as_str());
    let project = exposure.marker().into_iter();
    let project = project.flat_map(|marker| &marker.project).map(text);
    let project = project.collect::<Vec<_>>();
    Workbook {
        site: owned.marker.site.clone(),
        luid: text(&owned.marker.luid),
        name: exposure.title.as_ref().map(text).unwrap_or_default(),
        description: None,
        // One project alone may be at the top, or those above it are not known.
        has_project_path: project.len() > 1,
        project,
        is_personal: false,
        owner_name: exposure.owner.name.as_ref().map(text),
        owner_email: exposure.owner.email.as_ref().map(text),
        tags: exposure.tags.iter().map(text).collect(),
        url_id: None,
        views: Vec::new(),
        created_at: exposure.created_at,
        updated_at: None,
        refreshed_at: None,
        reads: Vec::new(),
        gaps: Vec::new(),
        custom_sql: Vec::new(),
        is_near_unclaimed_sql: false,
        columns: ColumnsInUse::default(),
        withheld: None,
    }
}

/// Why exports may not list every workbook of a site, if so; the site if none is from it.
type Gaps<'s> = Result<Option<Vec<WorkbookListGap>>, &'s SiteId>;

fn gaps<'s>(exports: &Found, site: &'s SiteId) -> Gaps<'s> {
    let incomplete = exports.any.then_some(exports.incomplete).ok_or(site)?;
    Ok(incomplete.map(|export| export.gaps.clone()))
}
