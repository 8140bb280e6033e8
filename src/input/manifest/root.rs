//! Determines the project of a manifest: its root package and folder.

use std::borrow::Cow;
use std::collections::BTreeSet;

use md5::{Digest, Md5};
use serde_json::value::RawValue;

use super::exposures::Standing;
use super::wire::{self, Metadata};
use crate::input::json;
use crate::model::Failure;

/// The root package: `metadata.project_name`, or before dbt 1.6 the package whose md5 is
/// `project_id`. It need not have any models: they may all be in other packages, and the project
/// itself may only have a source, an exposure or a macro.
pub(super) fn package<'i>(
    file: &str,
    metadata: &Metadata,
    ids: impl Iterator<Item = &'i str>,
    macros: Option<&RawValue>,
) -> Result<String, Failure> {
    if let Some(name) = &metadata.project_name {
        return Ok(name.0.clone().into_owned());
    }
    let packages = ids.filter_map(package_in_id).collect::<BTreeSet<_>>();
    let found = match &metadata.project_id {
        Some(id) => packages
            .iter()
            .find(|package| id.0 == md5_hex(package))
            .map(|package| (*package).to_owned())
            .or_else(|| package_of_macros(macros?, &id.0)),
        None => packages
            .first()
            .filter(|_| packages.len() == 1)
            .map(|only| (*only).to_owned()),
    };
    found.ok_or_else(|| {
        Failure::new(
            format!("{file}: metadata.project_id"),
            "cannot tell which package is the root project",
        )
        .help("regenerate it with dbt 1.6 or later, which names the project")
    })
}

fn package_of_macros(macros: &RawValue, project_id: &str) -> Option<String> {
    let json::Keys(ids) = serde_json::from_str(macros.get()).ok()?;
    ids.iter()
        .filter_map(|id| package_in_id(id))
        .find(|package| project_id == md5_hex(package))
        .map(str::to_owned)
}

/// The package in any dbt id, which is `<kind>.<package>.<name>`.
fn package_in_id(id: &str) -> Option<&str> {
    id.split('.').nth(1).filter(|package| !package.is_empty())
}

/// The folder of the root project, which manifests before v8 have in each of its nodes.
pub(super) fn path<'a, 'n>(
    root_package: &str,
    mut nodes: impl Iterator<Item = &'n wire::Node<'a>>,
    standing: &Standing,
) -> Option<Cow<'a, str>>
where
    'a: 'n,
{
    let is_of_root = |id: &str| package_in_id(id) == Some(root_package);
    nodes
        .find_map(|node| node.root_path().filter(|_| is_of_root(&node.unique_id)))
        .or_else(|| Some(Cow::Owned(standing.root_path(is_of_root)?.to_owned())))
}

fn md5_hex(text: &str) -> String {
    Md5::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
