//! Keeps what dbt wrote, without what nobody compares and what differs at each run.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::dbt::Dbts;
use super::lay::Laid;
use super::recipe::Run;
use crate::artifact::{Fixed, pin};
use crate::failure::{Result, Trying};
use crate::fixtures::{gzip, neutral, refuse_paths_of_this_machine};
use crate::repository;

/// Where the artifacts say that the project was, and dbt.
const NEUTRAL_PROJECT: &str = "/srv/dbt/piste";
const NEUTRAL_ENVIRONMENT: &str = "/srv/dbt/venv";
const NEUTRAL_WORKSHOP: &str = "/srv/dbt";

/// Which run of a pair this is: base is some days older.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side {
    Base,
    Head,
}

impl Side {
    fn fixed(self) -> Fixed<'static> {
        match self {
            Self::Base => Fixed {
                time: "2026-11-23T05:00:00Z",
                seconds: 1_795_410_000.25,
                invocation: "ba5e0000-0000-4000-8000-000000000000",
            },
            Self::Head => Fixed {
                time: "2026-11-25T09:30:00Z",
                seconds: 1_795_599_000.75,
                invocation: "4ead0000-0000-4000-8000-000000000000",
            },
        }
    }
}

/// Keeps each artifact that the run has written.
pub(super) fn artifacts(
    laid: &Laid,
    dbts: &Dbts,
    run: &Run,
    side: Side,
    folder: &Path,
) -> Result<()> {
    fs::create_dir_all(folder).trying(folder.display())?;
    for name in ["manifest.json", "catalog.json", "run_results.json"] {
        let kept = folder.join(format!("{name}.gz"));
        let written = laid.artifact(name);
        if !written.exists() {
            if kept.exists() {
                fs::remove_file(&kept).trying(kept.display())?;
            }
            continue;
        }
        let text = fs::read_to_string(&written).trying(written.display())?;
        let text = neutral(text, &laid.folder, NEUTRAL_PROJECT)?;
        let environment = dbts.environment(&run.dbt)?;
        let text = neutral(text, environment.folder(), NEUTRAL_ENVIRONMENT)?;
        // The state of another run is in another folder of the workshop.
        let text = neutral(text, dbts.workshop(), NEUTRAL_WORKSHOP)?;
        refuse_paths_of_this_machine(&text, &repository::root(), &laid.folder)?;
        let mut artifact: Value = serde_json::from_str(&text).trying(written.display())?;
        if name == "manifest.json" {
            leave_out_macros(&mut artifact);
        }
        if name == "run_results.json" {
            leave_out_timing(&mut artifact);
        }
        pin(&mut artifact, &side.fixed());
        let bytes = gzip(&artifact.to_string())?;
        fs::write(&kept, &bytes).trying(kept.display())?;
    }
    Ok(())
}

/// Leaves of each result what it was a result of, and how it ended.
fn leave_out_timing(artifact: &mut Value) {
    const KEPT: [&str; 4] = ["status", "unique_id", "message", "relation_name"];
    if let Some(results) = artifact["results"].as_array_mut() {
        for result in results.iter_mut().filter_map(Value::as_object_mut) {
            result.retain(|key, _| KEPT.contains(&key.as_str()));
        }
        results.sort_by_key(|result| result["unique_id"].to_string());
    }
    artifact["elapsed_time"] = json!(1.0);
}

/// Leaves out those of dbt's own macros that nothing in the project depends on, and that name no
/// relation: nine tenths of a manifest.
fn leave_out_macros(manifest: &mut Value) {
    let mut needed = BTreeSet::new();
    for section in ["nodes", "sources", "unit_tests", "disabled"] {
        collect(&manifest[section], &mut needed);
    }
    let empty = Map::new();
    let macros = manifest["macros"].as_object().unwrap_or(&empty);
    needed.extend(macros.keys().filter(|id| !is_of_dbt(id)).cloned());
    let mut waiting: Vec<String> = needed.iter().cloned().collect();
    while let Some(id) = waiting.pop() {
        let mut below = BTreeSet::new();
        if let Some(body) = macros.get(&id) {
            collect(body, &mut below);
        }
        waiting.extend(below.into_iter().filter(|id| needed.insert(id.clone())));
    }
    if let Some(macros) = manifest["macros"].as_object_mut() {
        macros.retain(|id, _| needed.contains(id) || names_relations(id));
    }
}

/// Whether dbt or its adapter brings a macro.
fn is_of_dbt(id: &str) -> bool {
    id.starts_with("macro.dbt.") || id.starts_with("macro.dbt_")
}

/// Whether a macro gives names to relations, which dbt does not write down as a dependency.
fn names_relations(id: &str) -> bool {
    [
        "generate_schema_name",
        "generate_alias_name",
        "generate_database_name",
    ]
    .iter()
    .any(|name| id.ends_with(name))
}

/// All macros that anything in here depends on.
fn collect(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::Array(ids)) = members.get("macros") {
                into.extend(ids.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            members.values().for_each(|member| collect(member, into));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_of_dbt_stay_only_where_something_needs_them() {
        let mut manifest = json!({
            "nodes": {"model.p.a": {"depends_on": {"macros": ["macro.p.mine"]}}},
            "macros": {
                "macro.p.mine": {"depends_on": {"macros": ["macro.dbt.used"]}},
                "macro.p.other": {"depends_on": {"macros": []}},
                "macro.dbt.used": {"depends_on": {"macros": []}},
                "macro.dbt.unused": {"depends_on": {"macros": []}},
                "macro.dbt.default__generate_schema_name": {"depends_on": {"macros": []}},
            },
        });
        leave_out_macros(&mut manifest);
        let left: Vec<&String> = manifest["macros"]
            .as_object()
            .into_iter()
            .flat_map(Map::keys)
            .collect();
        assert_eq!(
            left,
            [
                "macro.p.mine",
                "macro.p.other",
                "macro.dbt.used",
                "macro.dbt.default__generate_schema_name",
            ]
        );
    }
}
