//! Exports that were asked for the workbooks of some projects alone: they prove something only of what
//! lay in these.

use super::baseline::Owned;
use crate::model::{Narrowing, WorkbookListGap};
use crate::settings::Pattern;

/// The projects to which an export is narrowed, if nothing else is missing in it.
pub(super) fn narrowing(gaps: &[WorkbookListGap]) -> Option<&Narrowing> {
    match gaps {
        [WorkbookListGap::Narrowed(to)] => Some(to),
        _ => None,
    }
}

/// Whether the workbook of an exposure lay in such a project when it was last seen.
pub(super) fn lay_in(to: &Narrowing, owned: &Owned) -> bool {
    let Some(marker) = owned.lasting().marker() else {
        return false;
    };
    let patterns = to.patterns.iter();
    patterns
        .filter_map(|text| Pattern::for_projects(text).ok())
        .any(|pattern| fits(&pattern, &marker.project, to))
}

/// Whether a pattern fits a project. One that is alone may be at the top, or those above it are not
/// known.
fn fits(pattern: &Pattern, project: &[String], to: &Narrowing) -> bool {
    let Some(own) = project.last() else {
        return false;
    };
    if !pattern.is_path() {
        return pattern.fits(own);
    }
    let is_at_place = project.len() > 1 || !to.nested.contains(&own.to_lowercase());
    is_at_place && pattern.fits(&project.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_looked_at_where_a_pattern_fits_its_place() {
        let to = Narrowing {
            nested: ["old".to_owned()].into(),
            ..Narrowing::default()
        };
        let check = |pattern: &str, project: &[&str], expected: bool| {
            let pattern = Pattern::for_projects(pattern).expect("a pattern");
            let project = project.iter().map(|&name| name.to_owned());
            let project = project.collect::<Vec<_>>();
            assert_eq!(fits(&pattern, &project, &to), expected, "{project:?}");
        };
        check("Finance", &["House", "Finance"], true);
        check("Finance", &["Finance", "Old"], false);
        check("Finance/**", &["finance"], true);
        check("Finance/**", &["Finance", "Old"], true);
        check("Old/**", &["Old"], false);
        check("Finance/**", &[], false);
    }
}
