//! Filters of workbooks.

use super::invalid_value::{InvalidReason, InvalidValue};
use super::located::Located;
use super::raw_filter::RawFilter;
use super::values::{pattern, project_pattern};
use crate::settings::{ByFilter, WorkbookFilter};

/// A filter as flags have it, such as `project:Finance/**`.
///
/// # Errors
/// A text that does not begin with the name of a field, and invalid patterns.
pub fn filter_from_flag(flag: &str, text: &str) -> Result<WorkbookFilter, InvalidValue> {
    let Some((field, pattern)) = text.split_once(':') else {
        let reason = InvalidReason::FilterWithoutField(text.to_owned());
        return Err(InvalidValue::new(&text.into(), reason));
    };
    let mut raw = RawFilter::default();
    let Some(place) = raw.field_mut(field) else {
        let reason = InvalidReason::UnknownField(field.to_owned());
        return Err(InvalidValue::new(&text.into(), reason));
    };
    *place = Some(pattern.to_owned().into());
    let filter = filter(String::new(), &raw.into())?;
    Ok(WorkbookFilter {
        place: format!("{flag} {text}").into(),
        ..filter
    })
}

/// The filter that stands at `place`.
pub(super) fn filter(
    place: String,
    raw: &Located<RawFilter>,
) -> Result<WorkbookFilter, InvalidValue> {
    let RawFilter {
        project,
        name,
        tag,
        owner,
        luid,
    } = &raw.value;
    let given = [project, name, tag, owner, luid];
    if given.into_iter().all(Option::is_none) {
        return Err(InvalidValue::new(raw, InvalidReason::EmptyFilter));
    }
    let mut filter = WorkbookFilter {
        place: place.into(),
        project: project.as_ref().map(project_pattern).transpose()?,
        name: name.as_ref().map(pattern).transpose()?,
        tag: tag.as_ref().map(pattern).transpose()?,
        owner: owner.as_ref().map(pattern).transpose()?,
        luid: luid.as_ref().map(pattern).transpose()?,
    };
    filter.place = format!("{} ({filter})", filter.place).into();
    Ok(filter)
}

/// The filters of a list that stands at `place`.
pub(super) fn filters(
    place: &str,
    raw: Option<&Vec<Located<RawFilter>>>,
) -> Result<ByFilter<WorkbookFilter>, InvalidValue> {
    raw.into_iter()
        .flatten()
        .enumerate()
        .map(|(number, raw)| filter(format!("{place}[{number}]"), raw))
        .collect()
}
