//! What answers tell of people and assets, wherever they name them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::store::AccessStore;
use super::value::{boolean, elements, luid_in, luid_of, member, number, text};
use crate::model::access::{AssetKind, ContentPermissions, Location, SiteRole};

/// Adds what is told of a user.
pub(super) fn add_person(store: &mut AccessStore, at: Option<i64>, luid: &str, user: &Value) {
    let facts = store.people.entry(luid.to_owned()).or_default();
    if let Some(name) = text(user, "name") {
        facts.name.add(at, name);
    }
    if let Some(role) = text(user, "siteRole") {
        facts.role.add(at, SiteRole::of(&role));
    }
}

/// Adds what is told of a group.
pub(super) fn add_group(store: &mut AccessStore, at: Option<i64>, luid: &str, group: &Value) {
    let facts = store.groups.entry(luid.to_owned()).or_default();
    if let Some(name) = text(group, "name") {
        facts.name.add(at, name);
    }
}

/// Adds the groups of a group set, which stand in it.
pub(super) fn add_set(store: &mut AccessStore, at: Option<i64>, luid: &str, set: &Value) {
    if let Some(name) = text(set, "name") {
        let names = store.group_set_names.entry(luid.to_owned()).or_default();
        names.add(at, name);
    }
    let listed = member(set, "groups").or_else(|| member(set, "group"));
    let groups = listed.and_then(|groups| elements(groups, "group"));
    let count = number(set, "groupCount");
    let Some(groups) = groups.or_else(|| (count == Some(0)).then(Vec::new)) else {
        return;
    };
    let luids = groups.iter().filter_map(|group| luid_of(group));
    let luids = luids.collect::<BTreeSet<_>>();
    // A set whose groups are not all listed would seem to have more users than it has.
    if count.is_none_or(|count| count == luids.len() as u64) {
        let known = store.group_sets.entry(luid.to_owned()).or_default();
        known.add(at, Ok(luids));
    }
}

/// Adds an asset of a list, which says where it is.
pub(super) fn add_asset(
    store: &mut AccessStore,
    at: Option<i64>,
    kind: AssetKind,
    luid: &str,
    asset: &Value,
) {
    add_mention(store, at, kind, luid, asset);
    let facts = store.assets.of(kind, luid);
    match kind {
        AssetKind::Project => {
            let parent = text(asset, "parentProjectId").or_else(|| text(asset, "parentId"));
            let parent = parent.map(|parent| Location::Project(parent.to_lowercase()));
            facts.location.add(at, parent.unwrap_or(Location::Top));
        }
        AssetKind::Database | AssetKind::Table if location(asset).is_none() => {
            facts.location.add(at, Location::Top);
        }
        _ => {}
    }
}

/// Adds what is told of an asset wherever it is mentioned.
pub(super) fn add_mention(
    store: &mut AccessStore,
    at: Option<i64>,
    kind: AssetKind,
    luid: &str,
    asset: &Value,
) {
    let facts = store.assets.of(kind, luid);
    if let Some(name) = text(asset, "name") {
        facts.name.add(at, name);
    }
    if let Some(owner) = luid_in(asset, "owner") {
        facts.owner.add(at, owner);
    }
    if let Some(location) = location(asset).filter(|_| kind != AssetKind::Project) {
        facts.location.add(at, location);
    }
    if let Some(content) = text(asset, "contentPermissions") {
        facts
            .content_permissions
            .add(at, ContentPermissions::of(&content));
    }
    if let Some(workbook) = luid_in(asset, "workbook").filter(|_| kind == AssetKind::View) {
        facts.workbook.add(at, workbook);
    }
    if let Some(shows) = boolean(asset, "showTabs") {
        facts.shows_tabs.add(at, shows);
    }
    if let Some(embedded) = boolean(asset, "isEmbedded") {
        facts.is_embedded.add(at, embedded);
    }
    if let Some(database) = luid_in(asset, "database").filter(|_| kind == AssetKind::Table) {
        facts.database.add(at, database);
    }
    if let Some(schema) = text(asset, "schema") {
        facts.schema.add(at, schema);
    }
    if let Some(what) = text(asset, "type").filter(|_| kind == AssetKind::Database) {
        facts.is_file.add(at, what.eq_ignore_ascii_case("file"));
    }
}

/// Where an asset is, if it is in a project or a personal space.
fn location(asset: &Value) -> Option<Location> {
    if let Some(location) = member(asset, "location") {
        let kind = text(location, "type").unwrap_or_default();
        let kind = kind.replace('_', "").to_ascii_lowercase();
        if kind == "personalspace" {
            return Some(Location::PersonalSpace);
        }
        if kind == "project" {
            return luid_of(location).map(Location::Project);
        }
    }
    luid_in(asset, "project").map(Location::Project)
}
