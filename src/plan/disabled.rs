//! Exposures that somebody switched off in the project. What is off stays off, also under
//! another title of its workbook.

use super::baseline::{Baseline, Owned};
use super::naming;
use super::wanted::Wanted;
use crate::model::{Code, Diagnostic, DisabledExposure, Exposure, Marker, Project};

/// Leaves out what is switched off, unless a YAML file defines it and so switches it on again.
pub(super) fn leave_out(wanted: &mut Wanted, project: &Project, baseline: &Baseline) {
    let disabled = &project.disabled_exposures;
    if disabled.is_empty() {
        return;
    }
    let switched_off = baseline.enumerate().filter(|(_, owned)| {
        owned.yaml_file().is_none()
            && find(disabled, owned.name().unwrap_or_default(), &owned.marker).is_some()
    });
    wanted.switched_off.extend(switched_off.map(|(at, _)| at));
    let Wanted {
        exposures,
        diagnostics,
        ..
    } = wanted;
    exposures.retain(|workbook, exposure| {
        let name = match baseline.find(*workbook).map(Owned::yaml_file) {
            Some(Some(_)) => None,
            Some(None) => find(disabled, &exposure.name, &exposure.marker),
            None => find_for_new(disabled, &exposure.name, &exposure.marker),
        };
        diagnostics.extend(name.map(|name| diagnostic(exposure, name)));
        name.is_none()
    });
}

fn diagnostic(exposure: &Exposure, name: &str) -> Diagnostic {
    let label = exposure.label.as_deref().unwrap_or(&exposure.name);
    let message = format!("workbook {label:?} gets no exposure: {name} is disabled in the project");
    Diagnostic::note(Code::ExposureDisabled, exposure.unique_id(), message)
        .help("remove the disabled exposure to have it again")
}

/// The name of the disabled exposure that stands for one of ours: it has its name, or the
/// workbook's luid in its meta.
fn find<'m>(disabled: &'m [DisabledExposure], own_name: &str, marker: &Marker) -> Option<&'m str> {
    disabled
        .iter()
        .find(|exposure| exposure.name() == own_name || has_luid(exposure, marker))
        .map(DisabledExposure::name)
}

/// The same for a workbook without an exposure. Its earlier name is not known; the digits of its
/// luid show it, which only copies of a server share.
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
