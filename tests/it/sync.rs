//! Twenty runs in a row over a changing site: partial exports, renames, moves, fresh manifests,
//! and people who write and disable exposures by hand in between.

use std::collections::{BTreeMap, BTreeSet};

use autoexpose::edit::splice;
use autoexpose::input::tableau::{Given, Source};
use autoexpose::model::{Marker, Settings};
use autoexpose::output::Report;
use autoexpose::pipeline::{self, Inputs};
use proptest::prelude::*;
use serde_json::{Value, json};

const MODELS: usize = 5;
const WORKBOOKS: usize = 5;
const SITES: [&str; 2] = ["kitchen", "bar"];

/// How much of a site one export shows.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Extent {
    /// All, with evidence.
    Whole,
    /// All, without evidence.
    Plain,
    /// Only the first few workbooks, as the total tells.
    FirstPage,
    /// With an error beside it.
    Error,
}

/// A workbook as one export shows it: its title, the models that it reads, what may not be seen.
#[derive(Debug, Clone)]
struct Shown {
    title: u8,
    reads: BTreeSet<usize>,
    has_hidden: bool,
}

#[derive(Debug, Clone)]
struct Step {
    site: usize,
    /// By number; `None` where the site has no such workbook.
    workbooks: Vec<Option<Shown>>,
    extent: Extent,
    /// Whether dbt has run since, so that the last manifest is the state of a fresh one.
    is_fresh: bool,
    /// Somebody writes an exposure for this workbook by hand, or takes it out again.
    by_hand: Option<usize>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let shown =
        (0..3_u8, prop::collection::btree_set(0..MODELS + 1, 0..4), prop::bool::weighted(0.2));
    let shown = shown.prop_map(|(title, reads, has_hidden)| Shown { title, reads, has_hidden });
    let workbooks = prop::collection::vec(prop::option::weighted(0.8, shown), WORKBOOKS);
    let extent = prop_oneof![3 => Just(Extent::Whole), 1 => Just(Extent::Plain), 1 => Just(Extent::FirstPage), 1 => Just(Extent::Error)];
    let step = (
        0..SITES.len(),
        workbooks,
        extent,
        any::<bool>(),
        prop::option::weighted(0.2, 0..WORKBOOKS),
    );
    let step = step.prop_map(|(site, workbooks, extent, is_fresh, by_hand)| Step {
        site,
        workbooks,
        extent,
        is_fresh,
        by_hand,
    });
    prop::collection::vec(step, 20)
}

fn luid(site: usize, workbook: usize) -> String {
    format!("{site}{workbook}000000-aaaa-4aaa-8aaa-aaaaaaaaaaaa")
}

fn manifest(by_hand: &BTreeSet<(usize, usize)>) -> Value {
    let ids = (0..MODELS).map(|number| format!("model.bistro.m{number}")).collect::<Vec<_>>();
    let nodes = ids.iter().enumerate().map(|(number, id)| {
        let node = json!({"package_name": "bistro", "name": format!("m{number}"), "alias": format!("m{number}"),
            "database": "db", "schema": "s", "relation_name": format!("db.s.m{number}")});
        (id.clone(), node)
    });
    let mut children =
        ids.iter().map(|id| (id.clone(), json!([]))).collect::<serde_json::Map<_, _>>();
    let mut parents = children.clone();
    let mut exposures = serde_json::Map::new();
    for (site, workbook) in by_hand {
        let id = format!("exposure.bistro.by_hand_{site}_{workbook}");
        let meta = json!({"tableau": luid(*site, *workbook)});
        exposures.insert(id.clone(), json!({"name": format!("by_hand_{site}_{workbook}"), "meta": meta, "depends_on": {"nodes": [ids[0]]}}));
        parents.insert(id.clone(), json!([ids[0]]));
        children.insert(id.clone(), json!([]));
        children[&ids[0]].as_array_mut().unwrap().push(json!(id));
    }
    json!({
        "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "dbt_version": "1.11.6",
            "project_name": "bistro", "adapter_type": "snowflake"},
        "nodes": nodes.collect::<serde_json::Map<_, _>>(), "sources": {}, "exposures": exposures,
        "parent_map": parents, "child_map": children,
    })
}

fn export(step: &Step) -> String {
    let all = step
        .workbooks
        .iter()
        .enumerate()
        .filter_map(|(number, shown)| Some((number, shown.as_ref()?)));
    let nodes = all.map(|(number, shown)| {
        let tables = shown.reads.iter().map(|model| json!({"fullName": format!("[DB].[S].[M{model}]"), "name": "x"}));
        let hidden = shown.has_hidden.then(|| json!({"id": "h", "name": null, "fullName": null}));
        json!({"luid": luid(step.site, number), "name": format!("Title {}", shown.title), "upstreamTables": tables.chain(hidden).collect::<Vec<_>>()})
    });
    let mut nodes = nodes.collect::<Vec<_>>();
    let total = nodes.len();
    let data = match step.extent {
        Extent::Plain => json!({"workbooks": nodes}),
        Extent::FirstPage => {
            nodes.truncate(2);
            json!({"workbooksConnection": {"nodes": nodes, "pageInfo": {"hasNextPage": true}, "totalCount": total.max(3)}})
        }
        Extent::Whole | Extent::Error => {
            json!({"workbooksConnection": {"nodes": nodes, "totalCount": total}})
        }
    };
    let mut answer = json!({"data": data});
    if step.extent == Extent::Error {
        answer["errors"] = json!([{"message": "partial", "extensions": {"code": "NODE_LIMIT_EXCEEDED", "severity": "WARNING"}}]);
    }
    json!({"autoexpose_export": 1, "server": "https://t.example.com", "site": {"content_url": SITES[step.site]}, "answers": [answer]}).to_string()
}

fn run(manifest: &str, state: Option<&str>, export: &str) -> (String, Report) {
    let sources = [Source { file: "export.json", text: export, is_found: false }];
    let inputs = Inputs {
        manifest_file: "manifest.json",
        manifest,
        state: state.map(|state| ("state.json", state)),
        exports: &sources,
        given: Given::default(),
        settings: Settings::default(),
    };
    let outcome = pipeline::run(&inputs).unwrap_or_else(|failures| panic!("{}", failures[0]));
    (splice(manifest, &outcome.edits).concat(), outcome.report)
}

/// The exposures of ours by id, each with site and luid, and those of others.
fn exposures(text: &str) -> (BTreeMap<String, (String, String)>, BTreeMap<String, Value>) {
    let value = serde_json::from_str::<Value>(text).unwrap();
    let (mut ours, mut others) = (BTreeMap::new(), BTreeMap::new());
    for (id, exposure) in value["exposures"].as_object().unwrap() {
        match Marker::of(exposure) {
            Some(marker) => {
                drop(ours.insert(id.clone(), (marker.site.content_url.unwrap(), marker.luid)))
            }
            None => drop(others.insert(id.clone(), exposure.clone())),
        }
    }
    (ours, others)
}

fn assert_maps_agree(text: &str) {
    let value = serde_json::from_str::<Value>(text).unwrap();
    let texts = |list: &Value| {
        list.as_array()
            .unwrap()
            .iter()
            .map(|id| id.as_str().unwrap().to_owned())
            .collect::<BTreeSet<_>>()
    };
    let mut children: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (id, exposure) in value["exposures"].as_object().unwrap() {
        let parents = texts(&exposure["depends_on"]["nodes"]);
        assert_eq!(texts(&value["parent_map"][id]), parents, "{id}");
        assert_eq!(value["child_map"][id], json!([]), "{id}");
        for parent in parents {
            children.entry(parent).or_default().insert(id.clone());
        }
    }
    for (id, list) in value["child_map"].as_object().unwrap() {
        assert_eq!(texts(list), children.remove(id).unwrap_or_default(), "children of {id}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn twenty_runs_lose_and_double_nothing(steps in steps()) {
        let mut by_hand = BTreeSet::new();
        let mut before = manifest(&by_hand).to_string();
        for step in &steps {
            if let Some(workbook) = step.by_hand {
                let key = (step.site, workbook);
                if !by_hand.remove(&key) {
                    by_hand.insert(key);
                }
            }
            // What people write by hand reaches the manifest when dbt writes it anew.
            let is_fresh = step.is_fresh || step.by_hand.is_some();
            let fresh = manifest(&by_hand).to_string();
            let (start, state) = if is_fresh { (fresh.as_str(), Some(before.as_str())) } else { (before.as_str(), None) };
            let export = export(step);
            let (after, report) = run(start, state, &export);

            prop_assert_eq!(exposures(start).1, exposures(&after).1, "exposures of others changed");
            assert_maps_agree(&after);
            let (ours_before, ours_after) = (exposures(&before).0, exposures(&after).0);
            let identities = ours_after.values().collect::<BTreeSet<_>>();
            prop_assert_eq!(identities.len(), ours_after.len(), "two exposures of one workbook");
            let removed = report.removed.iter().map(|removed| (removed.exposure.unique_id.as_str(), removed)).collect::<BTreeMap<_, _>>();
            for (id, (site, luid_before)) in &ours_before {
                if ours_after.contains_key(id) {
                    continue;
                }
                let Some(removed) = removed.get(id.as_str()) else { panic!("{id} was lost without a word") };
                prop_assert!(!removed.reason.is_empty());
                let is_twin = by_hand.iter().any(|(site, workbook)| luid(*site, *workbook) == *luid_before);
                prop_assert!(is_twin || (site == SITES[step.site] && step.extent == Extent::Whole), "{} was removed without evidence: {}", id, removed.reason);
            }
            for (site, workbook) in &by_hand {
                let identity = (SITES[*site].to_owned(), luid(*site, *workbook));
                prop_assert!(!identities.contains(&identity), "a twin of an exposure by hand");
            }
            let (again, second) = run(&after, None, &export);
            prop_assert_eq!(&again, &after, "a run without changes changed bytes");
            prop_assert!(!second.has_changes());
            before = after;
        }
    }
}
