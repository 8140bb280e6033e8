//! Changes what is ours in a manifest: exposures under other ids, names, packages and maps.

use super::odd;
use crate::fuzz::dice::Dice;
use crate::fuzz::json::Json;

/// The maps that have the ids of exposures as keys.
const MAPS: [&str; 5] = ["exposures", "disabled", "parent_map", "child_map", "nodes"];

/// Changes a manifest.
pub(in crate::fuzz) fn mutate(manifest: &mut Json, dice: &mut Dice) {
    match dice.below(9) {
        0 | 1 => copy_exposure(manifest, dice),
        2 => disable(manifest, dice),
        3 => rename_exposure(manifest, dice),
        4 | 5 => change_field(manifest, dice),
        6 => change_list(manifest, dice),
        7 => change_metadata(manifest, dice),
        _ => drop_map(manifest, dice),
    }
}

/// One exposure of the manifest, with its id.
fn exposure(manifest: &mut Json, dice: &mut Dice) -> Option<(String, Json)> {
    let exposures = manifest.map_mut("exposures")?;
    let at = dice.below(exposures.len());
    exposures.get(at).cloned()
}

/// An id that is much like this one.
fn other_id(id: &str, dice: &mut Dice) -> String {
    let name = id.rsplit('.').next().unwrap_or_default();
    match dice.below(8) {
        0 => format!("exposure.other.{name}"),
        1 => format!("model.bistro.{name}"),
        2 => format!("exposure.bistro.{name}_2"),
        3 => format!("exposure.bistro.a_{name}"),
        4 => name.to_owned(),
        5 => format!("exposure.{name}"),
        6 => format!("{id}.x"),
        _ => odd::text(id, dice),
    }
}

/// Copies an exposure under another id, sometimes with the name and the id that belong to it.
fn copy_exposure(manifest: &mut Json, dice: &mut Dice) {
    let Some((id, mut exposure)) = exposure(manifest, dice) else {
        return;
    };
    let id = other_id(&id, dice);
    if dice.one_in(2) {
        let name = id.rsplit('.').next().unwrap_or_default().to_owned();
        set(&mut exposure, "name", Json::Text(name));
        set(&mut exposure, "unique_id", Json::Text(id.clone()));
    }
    if dice.one_in(3) {
        change_one_field(&mut exposure, dice);
    }
    if let Some(exposures) = manifest.map_mut("exposures") {
        exposures.insert(dice.below(exposures.len() + 1), (id, exposure));
    }
}

fn set(json: &mut Json, key: &str, value: Json) {
    if let Json::Map(members) = json {
        members.retain(|(name, _)| name != key);
        members.push((key.to_owned(), value));
    }
}

/// Puts an exposure under `disabled`, in one of the forms that dbt has had, or moves it there.
fn disable(manifest: &mut Json, dice: &mut Dice) {
    let Some((id, exposure)) = exposure(manifest, dice) else {
        return;
    };
    if manifest.get("disabled").is_none() {
        set(manifest, "disabled", Json::Map(Vec::new()));
    }
    let key = if dice.one_in(4) {
        other_id(&id, dice)
    } else {
        id.clone()
    };
    let value = match dice.below(4) {
        0 => exposure,
        1 => Json::List(vec![exposure.clone(), exposure]),
        _ => Json::List(vec![exposure]),
    };
    if let Some(disabled) = manifest.map_mut("disabled") {
        disabled.push((key, value));
    }
    if dice.one_in(2)
        && let Some(exposures) = manifest.map_mut("exposures")
    {
        exposures.retain(|(key, _)| *key != id);
    }
}

/// Changes an exposure's id, and what stands under it, or not.
fn rename_exposure(manifest: &mut Json, dice: &mut Dice) {
    let Some((id, _)) = exposure(manifest, dice) else {
        return;
    };
    let other = other_id(&id, dice);
    for map in MAPS.iter().take(1 + 4 * dice.below(2)) {
        let members = manifest.map_mut(map).into_iter().flatten();
        for (key, _) in members.filter(|(key, _)| *key == id) {
            key.clone_from(&other);
        }
    }
}

fn change_field(manifest: &mut Json, dice: &mut Dice) {
    if let Some(exposures) = manifest.map_mut("exposures") {
        let at = dice.below(exposures.len());
        if let Some((_, exposure)) = exposures.get_mut(at) {
            change_one_field(exposure, dice);
        }
    }
}

/// Changes one of the fields that we read, in the exposure or in its marker.
fn change_one_field(exposure: &mut Json, dice: &mut Dice) {
    let fields = [
        "name",
        "label",
        "fqn",
        "owner",
        "description",
        "tags",
        "maturity",
        "url",
        "created_at",
        "depends_on",
        "meta",
        "config",
        "original_file_path",
        "root_path",
        "package_name",
        "server",
        "site",
        "luid",
        "project",
        "complete",
        "source",
        "title",
        "nodes",
        "rule",
        "path",
        "email",
    ];
    let field = dice.pick(&fields);
    let is_field = |json: &Json, path: &[usize]| match path.split_last() {
        Some((last, parent)) => match json.at(parent) {
            Some(Json::Map(members)) => members.get(*last).is_some_and(|(key, _)| key == field),
            _ => false,
        },
        None => false,
    };
    for path in exposure.paths() {
        if is_field(exposure, &path)
            && let Some(place) = exposure.at_mut(&path)
        {
            *place = match place {
                Json::Text(text) if dice.one_in(2) => Json::Text(odd::text(text, dice)),
                _ => odd::value(dice),
            };
            if dice.one_in(2) {
                return;
            }
        }
    }
}

/// Changes a list of parents or children.
fn change_list(manifest: &mut Json, dice: &mut Dice) {
    let donor = exposure(manifest, dice).map_or_else(String::new, |(id, _)| id);
    let map = dice.pick(&["parent_map", "child_map"]);
    let Some(lists) = manifest.map_mut(map) else {
        return;
    };
    let at = dice.below(lists.len());
    let Some((_, list)) = lists.get_mut(at) else {
        return;
    };
    match list {
        Json::List(items) if !dice.one_in(4) => {
            let item = match dice.below(4) {
                0 => odd::value(dice),
                1 => items.first().cloned().unwrap_or_else(Json::null),
                2 => Json::Text(other_id(&donor, dice)),
                _ => Json::Text(donor),
            };
            items.insert(dice.below(items.len() + 1), item);
        }
        _ => *list = odd::value(dice),
    }
}

/// Changes what says which project and which dbt it is.
fn change_metadata(manifest: &mut Json, dice: &mut Dice) {
    let keys = [
        "project_name",
        "project_id",
        "adapter_type",
        "dbt_version",
        "dbt_schema_version",
        "quoting",
    ];
    let Some(metadata) = manifest.map_mut("metadata") else {
        return;
    };
    let key = dice.pick(&keys);
    metadata.retain(|(name, _)| name != key);
    if !dice.one_in(3) {
        metadata.push((key.to_owned(), odd::value(dice)));
    }
}

/// Takes away one of the maps, or what is in it.
fn drop_map(manifest: &mut Json, dice: &mut Dice) {
    let key = dice.pick(&[
        "exposures",
        "parent_map",
        "child_map",
        "disabled",
        "sources",
        "nodes",
    ]);
    if dice.one_in(3) {
        if let Json::Map(members) = manifest {
            members.retain(|(name, _)| name != key);
        }
    } else if let Some(members) = manifest.map_mut(key) {
        let keep = dice.below(members.len() + 1);
        members.truncate(keep);
    }
}
