//! Filters of workbooks.

use super::invalid_value::{InvalidReason, InvalidValue};
use super::located::Located;
use super::raw::RawFilter;
use super::values::{pattern, project_pattern};
use crate::settings::WorkbookFilter;

/// A filter of the file or of a flag, which stands at `place`.
///
/// # Errors
/// Invalid patterns, and a filter without any pattern.
pub fn filter(place: String, raw: &Located<RawFilter>) -> Result<WorkbookFilter, InvalidValue> {
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
    Ok(WorkbookFilter {
        place,
        project: project.as_ref().map(project_pattern).transpose()?,
        name: name.as_ref().map(pattern).transpose()?,
        tag: tag.as_ref().map(pattern).transpose()?,
        owner: owner.as_ref().map(pattern).transpose()?,
        luid: luid.as_ref().map(pattern).transpose()?,
    })
}

/// The filters of a list that stands at `place`.
pub(super) fn filters(
    place: &str,
    raw: Option<&Vec<Located<RawFilter>>>,
) -> Result<Vec<WorkbookFilter>, InvalidValue> {
    raw.into_iter()
        .flatten()
        .enumerate()
        .map(|(number, raw)| filter(format!("{place}[{number}]"), raw))
        .collect()
}
