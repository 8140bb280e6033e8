//! What must hold after every run.

use std::collections::BTreeMap;

use autoexpose::output::Report;
use autoexpose::plan::RemovalReason;

use super::exposures::Ours;
use super::project::{Project, Twin};
use super::site::{Export, Extent, Identity, Shown, identity, luid, site};

/// A run that is over.
pub(super) struct Ran<'r> {
    pub(super) project: &'r Project,
    pub(super) exports: &'r [Export],
    /// Ours before the run, as last known: from the manifest, else from the state.
    pub(super) before: &'r BTreeMap<Identity, Ours>,
    pub(super) after: &'r BTreeMap<Identity, Ours>,
    pub(super) report: &'r Report,
}

impl Ran<'_> {
    /// The export of a workbook's site.
    fn export(&self, one: &Identity) -> Option<&Export> {
        self.exports.iter().find(|export| {
            let site = site(export.site);
            site.server.as_ref() == Some(&one.0) && site.content_url.as_ref() == Some(&one.1)
        })
    }

    fn is_whole(&self, one: &Identity) -> bool {
        self.export(one)
            .is_some_and(|export| export.extent == Extent::Whole)
    }

    /// Whether a hand-written exposure is for this workbook.
    fn has_twin(&self, one: &Identity) -> bool {
        self.project.twins.iter().any(|twin| match *twin {
            Twin::Luid(workbook) => luid(workbook) == one.2,
            Twin::Url(workbook) | Twin::LuidAndUrl(workbook) => identity(workbook) == *one,
        })
    }

    /// Whether a hand-written exposure may be for this workbook: one that names its luid and the
    /// address of a copy is for it where nothing shows that there is a copy.
    fn may_have_twin(&self, one: &Identity) -> bool {
        let is_of_copy =
            |twin: &Twin| matches!(*twin, Twin::LuidAndUrl(workbook) if luid(workbook) == one.2);
        self.has_twin(one) || self.project.twins.iter().any(is_of_copy)
    }

    /// The reasons of removals. Reports know exposures by the addresses of their workbooks.
    fn removed(&self) -> BTreeMap<&Identity, RemovalReason> {
        self.report
            .removed
            .iter()
            .map(|removed| {
                let url = &removed.exposure.url;
                let (one, _) = self
                    .before
                    .iter()
                    .find(|(_, ours)| ours.url == *url)
                    .unwrap();
                (one, removed.reason.clone())
            })
            .collect()
    }

    /// Asserts that every exposure is there still, or is removed with evidence.
    pub(super) fn assert_nothing_is_lost(&self) {
        let removed = self.removed();
        for one in self.before.keys() {
            let reason = removed.get(one);
            let is_there = self.after.contains_key(one);
            assert_eq!(is_there, reason.is_none(), "{one:?}: {reason:?}");
            let Some(reason) = reason else { continue };
            let is_proven = if matches!(reason, RemovalReason::HandWritten(_)) {
                self.may_have_twin(one)
            } else if *reason == RemovalReason::Disabled {
                self.project.may_be_off(&one.2)
            } else {
                self.is_whole(one)
            };
            assert!(is_proven, "{one:?} was removed without evidence: {reason}");
        }
    }

    pub(super) fn assert_nothing_is_doubled(&self) {
        for one in self.after.keys() {
            assert!(!self.has_twin(one), "{one:?} has a hand-written twin");
        }
    }

    /// Asserts that exposures depend on what the exports show, and keep what they do not show.
    pub(super) fn assert_dependencies(&self) {
        let listed: BTreeMap<Identity, &Shown> = self
            .exports
            .iter()
            .flat_map(Export::shown)
            .map(|(workbook, shown)| (identity(workbook), shown))
            .collect();
        for (one, shown) in &listed {
            self.assert_shown(one, shown);
        }
        for (one, after) in self.after {
            if !listed.contains_key(one) {
                let before = &self.before[one];
                assert_eq!(after.depends_on, before.depends_on, "{one:?} was only kept");
            }
        }
    }

    fn assert_shown(&self, one: &Identity, shown: &Shown) {
        let models = shown.models();
        let Some(after) = self.after.get(one) else {
            let may_have_none =
                models.is_empty() || self.may_have_twin(one) || self.project.may_be_off(&one.2);
            assert!(may_have_none, "{one:?} has no exposure");
            return;
        };
        assert!(after.depends_on.is_superset(&models), "{one:?}");
        if self.is_whole(one) && shown.is_complete() {
            assert_eq!(after.depends_on, models, "{one:?}");
        }
        let Some(before) = self.before.get(one) else {
            return;
        };
        if !shown.is_complete() {
            let is_kept = after.depends_on.is_superset(&before.depends_on);
            assert!(is_kept, "{one:?} lost a dependency");
        }
        if shown.hides_its_title() {
            assert_eq!(after.title, before.title, "{one:?} lost its title");
        }
    }

    pub(super) fn assert_each_is_reported_once(&self) {
        let Report {
            added,
            changed,
            renamed,
            kept,
            unchanged,
            ..
        } = self.report;
        let listed = added.len() + changed.len() + renamed.len() + kept.len();
        assert_eq!(listed + unchanged, self.after.len());
    }
}
