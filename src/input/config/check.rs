//! What `autoexpose check` fails on.

use std::collections::BTreeSet;

use super::filter::filter;
use super::invalid_value::{InvalidReason, InvalidValue};
use super::located::Located;
use super::raw::{RawCheck, RawProjectLimits};
use super::raw_filter::RawFilter;
use super::scalars::RawShare;
use crate::settings::{CheckSettings, Gate, Limits, ProjectLimits, Share};

pub(super) fn check(raw: &RawCheck) -> Result<CheckSettings, InvalidValue> {
    let projects = raw.projects.iter().flatten().enumerate();
    Ok(CheckSettings {
        fail_on: gates(raw.fail_on.iter().flatten())?,
        limits: limits(raw.min_match_rate.as_ref(), raw.max_unlinked)?,
        per_project: raw.per_project.unwrap_or_default(),
        projects: projects
            .map(project_limits)
            .collect::<Result<_, InvalidValue>>()?,
    })
}

/// The gates that a flag names.
///
/// # Errors
/// A name that is not one of a gate.
pub fn gates_from_flag(names: &[String]) -> Result<BTreeSet<Gate>, InvalidValue> {
    let names = names.iter().map(|name| name.clone().into());
    gates(names.collect::<Vec<_>>().iter())
}

fn gates<'n>(
    names: impl Iterator<Item = &'n Located<String>>,
) -> Result<BTreeSet<Gate>, InvalidValue> {
    names.map(gate).collect()
}

fn gate(name: &Located<String>) -> Result<Gate, InvalidValue> {
    Gate::from_name(&name.value)
        .ok_or_else(|| InvalidValue::new(name, InvalidReason::UnknownGate(name.value.clone())))
}

/// The least match rate that a flag gives.
///
/// # Errors
/// A text that is neither a percentage nor a ratio.
pub fn match_rate_from_flag(text: &str) -> Result<Share, InvalidValue> {
    let reason = || InvalidReason::NotAMatchRate(text.to_owned());
    Share::from_text(text).ok_or_else(|| InvalidValue::new(&text.into(), reason()))
}

fn limits(
    min_match_rate: Option<&Located<RawShare>>,
    max_unlinked: Option<usize>,
) -> Result<Limits, InvalidValue> {
    Ok(Limits {
        min_match_rate: min_match_rate.map(share).transpose()?,
        max_unlinked,
    })
}

fn share(raw: &Located<RawShare>) -> Result<Share, InvalidValue> {
    let (share, text) = match &raw.value {
        RawShare::Ratio(ratio) => (Share::from_ratio(*ratio), ratio.to_string()),
        RawShare::Percentage(text) => (Share::from_percentage(text), format!("{text:?}")),
    };
    share.ok_or_else(|| InvalidValue::new(raw, InvalidReason::NotAMatchRate(text)))
}

fn project_limits(
    (number, raw): (usize, &Located<RawProjectLimits>),
) -> Result<ProjectLimits, InvalidValue> {
    let RawProjectLimits {
        project,
        min_match_rate,
        max_unlinked,
    } = &raw.value;
    let limits = limits(min_match_rate.as_ref(), *max_unlinked)?;
    if !limits.is_any() {
        return Err(InvalidValue::new(raw, InvalidReason::NoLimit));
    }
    let pattern = RawFilter {
        project: Some(project.clone()),
        ..RawFilter::default()
    };
    Ok(ProjectLimits {
        filter: filter(format!("check.projects[{number}]"), &pattern.into())?,
        limits,
    })
}
