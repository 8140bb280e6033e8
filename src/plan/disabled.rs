//! Exposures that are disabled in the project. They stay disabled, even if the workbook is
//! retitled.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt};

use super::baseline::{Baseline, Owned, OwnedIx};
use super::by_workbook::ByWorkbook;
use super::naming;
use crate::model::{Code, Diagnostic, DisabledExposure, Exposure, Marker, SiteId, WorkbookIx};

/// The disabled exposures of a project. Positions are those in its list.
pub(super) struct Disabled<'m> {
    names: Vec<&'m str>,
    by_name: HashMap<&'m str, usize>,
    /// By the luids in their meta.
    by_luid: ByWorkbook<&'m str>,
    /// By the digits of luids that their names may contain.
    by_digits: HashMap<&'m str, usize>,
}

impl<'m> Disabled<'m> {
    pub(super) fn new(exposures: &'m [DisabledExposure]) -> Self {
        let names = exposures.iter().map(DisabledExposure::name);
        let names = names.collect::<Vec<_>>();
        let (mut by_name, mut by_digits) = (HashMap::new(), HashMap::new());
        for (at, name) in names.iter().enumerate() {
            by_name.entry(*name).or_insert(at);
            for digits in naming::possible_digits(name) {
                by_digits.entry(digits).or_insert(at);
            }
        }
        let versions = exposures.iter().enumerate().flat_map(|(at, exposure)| {
            let versions = exposure.versions.iter();
            versions.map(move |version| (at, version))
        });
        let luids = versions.flat_map(|(at, version)| {
            let marker = version.marker.as_ref();
            let site = marker.map_or(&SiteId::UNKNOWN, |marker| &marker.site);
            let luids = version.luids.iter();
            luids.map(move |luid| (luid.as_str(), site, at))
        });
        Self {
            names,
            by_name,
            by_luid: ByWorkbook::new(luids),
            by_digits,
        }
    }

    /// Whether an exposure is disabled, by what the next run will know of it. One that a YAML file
    /// of the project defines is enabled again.
    pub(super) fn contains(&self, owned: &Owned) -> bool {
        !self.names.is_empty()
            && owned.yaml_file().is_none()
            && self.find(&owned.lasting().name, &owned.marker).is_some()
    }

    /// The exposures of the baseline that are disabled.
    pub(super) fn owned(&self, baseline: &Baseline) -> BTreeSet<OwnedIx> {
        baseline
            .enumerate()
            .filter(|(_, owned)| self.contains(owned))
            .map(|(at, _)| at)
            .collect()
    }

    /// Removes disabled exposures from those that are wanted; returns a diagnostic for each.
    pub(super) fn remove_from(
        &self,
        exposures: &mut BTreeMap<WorkbookIx, Exposure>,
        baseline: &Baseline,
    ) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        if self.names.is_empty() {
            return diagnostics;
        }
        exposures.retain(|workbook, exposure| {
            let name = match baseline.find(*workbook) {
                Some(owned) if owned.yaml_file().is_some() => None,
                Some(owned) => self.find(&owned.lasting().name, &exposure.marker),
                None => self.find_for_new(&exposure.name, &exposure.marker),
            };
            diagnostics.extend(name.map(|name| diagnostic(exposure, name)));
            name.is_none()
        });
        diagnostics
    }

    /// The name of the disabled exposure that corresponds to an owned one: it has the same name, or
    /// the workbook's luid in its meta.
    fn find(&self, own_name: &str, marker: &Marker) -> Option<&'m str> {
        let by_name = self.by_name.get(own_name).copied();
        let by_luid = self
            .by_luid
            .first(marker.luid.to_lowercase().as_str(), &marker.site);
        let first = by_name.into_iter().chain(by_luid).min()?;
        Some(self.names[first])
    }

    /// As [`Disabled::find`], for a workbook without an owned exposure. The name that the disabled
    /// exposure had is not known, but it ends in digits of the workbook's luid, which only copies of
    /// a server share.
    fn find_for_new(&self, new_name: &str, marker: &Marker) -> Option<&'m str> {
        self.find(new_name, marker).or_else(|| {
            let digits = naming::digits(&marker.luid, &marker.site);
            let found = digits
                .iter()
                .filter_map(|digits| self.by_digits.get(digits.as_str()));
            Some(self.names[*found.min()?])
        })
    }
}

fn diagnostic(exposure: &Exposure, name: &str) -> Diagnostic {
    let label = exposure.label.as_deref().unwrap_or(&exposure.name);
    let message = format!("workbook {label:?} gets no exposure: {name} is disabled in the project");
    Diagnostic::new(Code::ExposureDisabled, exposure.unique_id(), message)
        .help("enable or delete the disabled exposure to get it back")
}
