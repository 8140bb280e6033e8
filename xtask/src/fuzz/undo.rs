//! Takes away again what a patch added.

use std::collections::BTreeSet;

use super::json::Json;
use super::layout::Layout;
use super::program::Texts;

/// What stands in every exposure of ours.
const MARKER: &str = "autoexpose";

/// The inputs of a run that wants no workbook at all, on the manifest that a patch wrote; `None` if
/// removing what it added need not give the first manifest back: it had exposures of ours, or maps
/// that are not as dbt writes them.
pub(super) fn undo(texts: &Texts, patched: &str) -> Option<Texts> {
    let is_plain = texts.is_usual && texts.state.is_none() && !texts.manifest.contains(MARKER);
    if !is_plain || patched == texts.manifest || !has_whole_maps(&Json::parse(&texts.manifest)?) {
        return None;
    }
    let config = texts.config.as_deref().and_then(Json::parse);
    let site = config.as_ref().and_then(|config| config.get("tableau"));
    let nobody = Json::parse(r#"{"include": [{"luid": "nobody"}]}"#)?;
    let members = [
        ("tableau", site.cloned().unwrap_or_else(Json::null)),
        ("select", nobody),
    ];
    let members = members.map(|(key, value)| (key.to_owned(), value));
    Some(Texts {
        manifest: patched.to_owned(),
        config: Some(Layout::compact().write(&Json::Map(members.into()))),
        is_complete: true,
        ..texts.clone()
    })
}

/// Whether a manifest still has exposures of ours, for whose removal there is no evidence.
pub(super) fn is_undone(manifest: &str) -> bool {
    !manifest.contains(MARKER)
}

/// Whether both maps have a list for every node, and `child_map` only sorted ones.
fn has_whole_maps(manifest: &Json) -> bool {
    let keys = |map: &str| match manifest.get(map) {
        Some(Json::Map(members)) => members.iter().map(|(key, _)| key.clone()).collect(),
        _ => BTreeSet::new(),
    };
    let ids: BTreeSet<String> = keys("nodes").union(&keys("sources")).cloned().collect();
    let exposures = keys("exposures");
    ["parent_map", "child_map"].into_iter().all(|map| {
        let Some(Json::Map(members)) = manifest.get(map) else {
            return false;
        };
        let keys = keys(map);
        // A list that is there already for an exposure that is not would be taken away with it.
        let has_no_other = keys
            .iter()
            .all(|key| !key.starts_with("exposure.") || exposures.contains(key));
        ids.is_subset(&keys) && has_no_other && members.iter().all(|(_, list)| is_sorted(list))
    })
}

fn is_sorted(list: &Json) -> bool {
    let Json::List(items) = list else {
        return false;
    };
    let texts = items.iter().map(|item| match item {
        Json::Text(text) => Some(text.as_str()),
        _ => None,
    });
    let texts: Vec<Option<&str>> = texts.collect();
    texts.iter().all(Option::is_some) && texts.is_sorted()
}
