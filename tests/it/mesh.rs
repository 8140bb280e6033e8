//! Laws of runs on several projects, on random ones.

use autoexpose::input::manifest;
use autoexpose::input::tableau::{Arena, SiteDefaults, Source};
use autoexpose::output::json;
use autoexpose::pipeline::{self, LeftBehind, ProjectInput, SiteInput};
use autoexpose::report::RunReport;
use autoexpose::settings::Settings;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// The numbers of the tables that a project builds and that it reads by a source.
#[derive(Debug, Clone)]
struct Tables {
    built: Vec<usize>,
    read: Vec<usize>,
}

fn tables(numbers: std::ops::Range<usize>) -> impl Strategy<Value = Tables> {
    let some = prop::collection::vec(numbers.clone(), 0..4);
    let others = prop::collection::vec(numbers, 0..4);
    (some, others).prop_map(|(built, read)| Tables { built, read })
}

/// The manifest of a project of this name.
fn manifest(project: &str, tables: &Tables) -> String {
    let relation = |table: &usize| {
        let name = format!("t{table}");
        json!({
            "package_name": project, "name": name, "alias": name, "identifier": name,
            "database": "db", "schema": "s", "relation_name": format!("db.s.{name}"),
        })
    };
    let section = |kind: &str, numbers: &[usize], source: &str| {
        let nodes = numbers.iter().map(|table| {
            let mut node = relation(table);
            node["resource_type"] = kind.into();
            node["source_name"] = "raw".into();
            (format!("{kind}.{project}.{source}t{table}"), node)
        });
        nodes.collect::<Map<String, Value>>()
    };
    let (nodes, sources) = (
        section("model", &tables.built, ""),
        section("source", &tables.read, "raw."),
    );
    let ids = nodes.keys().chain(sources.keys());
    let map: Map<String, Value> = ids.map(|id| (id.clone(), json!([]))).collect();
    json!({
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "dbt_version": "1.11.6", "project_name": project, "adapter_type": "snowflake",
        },
        "nodes": nodes, "sources": sources, "exposures": {}, "parent_map": map, "child_map": map,
    })
    .to_string()
}

/// An export of one workbook for each list of tables.
fn export(workbooks: &[Vec<usize>]) -> String {
    let nodes = workbooks.iter().enumerate().map(|(number, tables)| {
        let tables = tables.iter().map(|table| {
            let name = format!("T{table}");
            let full = format!("[S].[{name}]");
            json!({
                "name": name, "schema": "S", "fullName": full, "connectionType": "snowflake",
                "database": {"name": "DB"},
            })
        });
        let tables: Vec<Value> = tables.collect();
        let luid = format!("{number:08}-aaaa-4aaa-8aaa-aaaaaaaaaaaa");
        json!({"luid": luid, "name": format!("W{number}"), "upstreamTables": tables})
    });
    let nodes: Vec<Value> = nodes.collect();
    json!({"data": {"workbooksConnection": {"totalCount": nodes.len(), "nodes": nodes}}})
        .to_string()
}

/// The new manifests, and the report as JSON.
fn patch(manifests: &[(String, String)], export: &str) -> (Vec<String>, String) {
    let arena = Arena::default();
    let projects = manifests.iter().map(|(file, text)| ProjectInput {
        manifest: manifest::Source::new(file, text.as_bytes()),
        state: None,
        left: LeftBehind::default(),
    });
    let projects: Vec<ProjectInput> = projects.collect();
    let site = SiteInput {
        exports: vec![Source::from_text("export.json", export)],
        passed_over: Vec::new(),
        defaults: SiteDefaults::default(),
        asks_columns: false,
        asks_extracts: false,
        asks_access: false,
        arena: &arena,
    };
    let patched = pipeline::patch_all(&projects, &[], site, &Settings::default()).unwrap();
    let report = match &patched.report {
        RunReport::One(report) => json::render(report),
        RunReport::Several(several) => json::render_several(several),
    };
    let texts = patched.projects.into_iter().map(|(manifest, _)| manifest);
    (texts.collect(), report.unwrap())
}

fn named(name: &str, tables: &Tables) -> (String, String) {
    (format!("{name}.json"), manifest(name, tables))
}

/// The ids of nodes that the exposures of a manifest depend on.
fn linked(manifest: &str) -> Vec<String> {
    let manifest: Value = serde_json::from_str(manifest).unwrap();
    let exposures = manifest["exposures"].as_object().unwrap().values();
    let nodes = exposures.flat_map(|exposure| exposure["depends_on"]["nodes"].as_array().unwrap());
    nodes.map(|id| id.as_str().unwrap().to_owned()).collect()
}

proptest! {
    #[test]
    fn the_order_of_manifests_changes_nothing(
        projects in prop::collection::vec(tables(0..8), 2..5),
        workbooks in prop::collection::vec(prop::collection::vec(0..9_usize, 0..5), 0..4),
        turn in 0..5_usize,
    ) {
        let all = projects.iter().zip(["a", "b", "c", "d", "e"]);
        let mut manifests: Vec<_> = all.map(|(tables, name)| named(name, tables)).collect();
        let export = export(&workbooks);
        let expected = patch(&manifests, &export);
        let turn = turn % manifests.len();
        manifests.rotate_left(turn);
        prop_assert_eq!(&patch(&manifests, &export), &expected);
        manifests.reverse();
        prop_assert_eq!(&patch(&manifests, &export), &expected);
    }

    #[test]
    fn a_project_beside_others_of_other_relations_is_patched_as_alone(
        own in tables(0..4),
        others in prop::collection::vec(tables(4..8), 1..4),
        workbooks in prop::collection::vec(prop::collection::vec(0..9_usize, 0..5), 0..4),
    ) {
        let export = export(&workbooks);
        let own = named("a", &own);
        let (alone, _) = patch(std::slice::from_ref(&own), &export);
        let others = others.iter().zip(["b", "c", "d"]);
        let others = others.map(|(tables, name)| named(name, tables));
        let all: Vec<_> = std::iter::once(own).chain(others).collect();
        let (together, _) = patch(&all, &export);
        prop_assert_eq!(&together[0], &alone[0]);
    }

    #[test]
    fn a_table_links_to_a_source_only_where_nobody_builds_it(
        projects in prop::collection::vec(tables(0..8), 2..5),
        workbooks in prop::collection::vec(prop::collection::vec(0..9_usize, 0..5), 0..4),
    ) {
        let all = projects.iter().zip(["a", "b", "c", "d", "e"]);
        let manifests: Vec<_> = all.map(|(tables, name)| named(name, tables)).collect();
        let (patched, _) = patch(&manifests, &export(&workbooks));
        for (own, manifest) in projects.iter().zip(&patched) {
            for id in linked(manifest) {
                let table: usize = id.rsplit_once('t').unwrap().1.parse().unwrap();
                let builders = projects.iter().filter(|other| other.built.contains(&table));
                let expected = usize::from(id.starts_with("model."));
                prop_assert_eq!(builders.count(), expected);
                let own = if expected == 1 { &own.built } else { &own.read };
                prop_assert!(own.contains(&table));
            }
        }
    }
}
