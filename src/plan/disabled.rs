//! Exposures that somebody switched off in the project. What is off stays off, also under
//! another title of its workbook.

use super::{naming, twins};
use crate::input::manifest::Existing;
use crate::model::Marker;

/// The name of the disabled exposure that stands for one of ours: it has its name, or the
/// workbook's luid in its meta.
pub fn of<'m>(disabled: &'m [Existing], own_name: &str, marker: &Marker) -> Option<&'m str> {
    let is_off = |existing: &&Existing| name(existing) == own_name || has_luid(existing, marker);
    disabled.iter().find(is_off).map(name)
}

/// The same for a workbook that has no exposure. Nobody knows how it was called before; the digits
/// of its luid tell, which only copies of a server share.
pub fn of_new<'m>(disabled: &'m [Existing], new_name: &str, marker: &Marker) -> Option<&'m str> {
    let has_digits = |name: &&str| naming::has_hash(name, &marker.luid, &marker.site);
    of(disabled, new_name, marker).or_else(|| disabled.iter().map(name).find(has_digits))
}

/// The name, which is the last part of the id.
fn name(existing: &Existing) -> &str {
    existing.unique_id.rsplit('.').next().unwrap_or_default()
}

/// dbt keeps disabled nodes of one id as a list.
fn has_luid(existing: &Existing, marker: &Marker) -> bool {
    let value = &existing.value;
    let nodes = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    nodes.iter().any(|node| {
        let is_elsewhere =
            Marker::of(node).is_some_and(|other| other.site.contradicts(&marker.site));
        !is_elsewhere && twins::luids(node).contains(&marker.luid.to_lowercase())
    })
}
