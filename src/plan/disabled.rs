//! Exposures that are disabled in the project. They stay disabled, even if the workbook is
//! retitled.

use std::collections::{BTreeMap, BTreeSet};

use super::baseline::{Baseline, Owned, OwnedIx};
use super::naming;
use crate::model::{Code, Diagnostic, DisabledExposure, Exposure, Marker, Project, WorkbookIx};

/// The exposures of the baseline that are disabled. An exposure that a YAML file of the project
/// defines is enabled again.
pub(super) fn disabled_owned(project: &Project, baseline: &Baseline) -> BTreeSet<OwnedIx> {
    let disabled = &project.disabled_exposures;
    if disabled.is_empty() {
        return BTreeSet::new();
    }
    let is_disabled = |owned: &Owned| {
        owned.yaml_file().is_none()
            && find(disabled, owned.name().unwrap_or_default(), &owned.marker).is_some()
    };
    baseline
        .enumerate()
        .filter(|(_, owned)| is_disabled(owned))
        .map(|(at, _)| at)
        .collect()
}

/// Removes disabled exposures from those that are wanted; returns a diagnostic for each.
pub(super) fn remove_disabled(
    exposures: &mut BTreeMap<WorkbookIx, Exposure>,
    project: &Project,
    baseline: &Baseline,
) -> Vec<Diagnostic> {
    let disabled = &project.disabled_exposures;
    let mut diagnostics = Vec::new();
    if disabled.is_empty() {
        return diagnostics;
    }
    exposures.retain(|workbook, exposure| {
        let name = match baseline.find(*workbook).map(Owned::yaml_file) {
            Some(Some(_)) => None,
            Some(None) => find(disabled, &exposure.name, &exposure.marker),
            None => find_for_new(disabled, &exposure.name, &exposure.marker),
        };
        diagnostics.extend(name.map(|name| diagnostic(exposure, name)));
        name.is_none()
    });
    diagnostics
}

fn diagnostic(exposure: &Exposure, name: &str) -> Diagnostic {
    let label = exposure.label.as_deref().unwrap_or(&exposure.name);
    let message = format!("workbook {label:?} gets no exposure: {name} is disabled in the project");
    Diagnostic::new(Code::ExposureDisabled, exposure.unique_id(), message)
        .help("enable or delete the disabled exposure to get it back")
}

/// The name of the disabled exposure that corresponds to an owned one: it has the same name, or
/// the workbook's luid in its meta.
fn find<'m>(disabled: &'m [DisabledExposure], own_name: &str, marker: &Marker) -> Option<&'m str> {
    disabled
        .iter()
        .find(|exposure| exposure.name() == own_name || has_luid(exposure, marker))
        .map(DisabledExposure::name)
}

/// As [`find`], for a workbook without an owned exposure. The name that the disabled exposure had
/// is not known, but it ends in digits of the workbook's luid, which only copies of a server share.
fn find_for_new<'m>(
    disabled: &'m [DisabledExposure],
    new_name: &str,
    marker: &Marker,
) -> Option<&'m str> {
    find(disabled, new_name, marker).or_else(|| {
        disabled
            .iter()
            .map(DisabledExposure::name)
            .find(|name| naming::has_hash(name, &marker.luid, &marker.site))
    })
}

fn has_luid(exposure: &DisabledExposure, marker: &Marker) -> bool {
    let luid = marker.luid.to_lowercase();
    exposure.versions.iter().any(|version| {
        let is_elsewhere = version
            .marker
            .as_ref()
            .is_some_and(|other| other.site.contradicts(&marker.site));
        !is_elsewhere && version.luids.contains(&luid)
    })
}
