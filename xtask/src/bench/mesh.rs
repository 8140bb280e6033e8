//! `cargo xtask bench mesh`: whether a run on many projects costs more than their number.
//!
//! The manifests are scaled from a fixture, each under a project and database of its own: models of its
//! own, sources on the models of the next project, and models of that one as of a package. The
//! workbooks read models of all of them, and stay as many while the projects become more.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::measure::{Cost, measure};
use crate::failure::{Result, Trying};

/// How many projects are in a run.
const PROJECTS: [usize; 4] = [5, 10, 20, 50];
const WORKBOOKS: usize = 5_000;
/// How many models a project has beside those of the fixture.
const MODELS: usize = 400;
/// One in so many models of a project is a source of the one before it.
const READ_BY_SOURCE: usize = 4;
/// One in so many is in that project as one of a package.
const IN_PACKAGE: usize = 10;
/// How many tables a workbook reads; every tenth is of no project.
const TABLES: usize = 4;
const FOREIGN: usize = 10;
const RUNS: usize = 3;
/// An exponent above this fails: 1 is linear in the number of projects.
const MOST: f64 = 1.2;

/// What is copied, and the name that is different in every project.
const NAME: &str = "bistro";
const MODEL: &str = "dish_sales";
/// The schema of its model, as Snowflake stores it.
const SCHEMA: &str = "PROD_MARTS";

/// Measures runs on more and more projects, and prints what each costs.
///
/// # Errors
/// A run that fails, or a cost that grows faster than the number of projects.
pub(super) fn run(program: &Path, work: &Path, fixture: &str) -> Result<()> {
    let folder = work.join("mesh");
    println!(
        "{:>8} {:>7} {:>9} {:>9}",
        "projects", "MB", "cpu ms", "peak MB"
    );
    let mut costs = Vec::new();
    for projects in PROJECTS {
        let manifests = manifests(&folder, fixture, projects)?;
        let export = folder.join("export.json");
        fs::write(&export, export_of(projects).to_string()).trying(export.display())?;
        let mut command = vec![program.display().to_string(), "patch".to_owned()];
        let mut bytes = 0;
        for manifest in &manifests {
            bytes += fs::metadata(manifest).trying(manifest.display())?.len();
            command.extend(["--manifest".to_owned(), manifest.display().to_string()]);
        }
        let out = folder.join("out").display().to_string();
        let export = export.display().to_string();
        command.extend([
            "--tableau".to_owned(),
            export,
            "--output-dir".to_owned(),
            out,
        ]);
        let cost = least(&command, &folder)?;
        let megabytes = bytes as f64 / 1e6;
        println!(
            "{projects:8} {megabytes:7.1} {:9.0} {:9.1}",
            cost.cpu_ms, cost.peak_mb
        );
        costs.push(cost);
    }
    let _ = fs::remove_dir_all(&folder);
    let (first, last) = (costs[0], costs[costs.len() - 1]);
    let steps = (PROJECTS[PROJECTS.len() - 1] as f64 / PROJECTS[0] as f64).ln();
    let exponent = |one: f64, other: f64| (other / one).ln() / steps;
    let cpu = exponent(first.cpu_ms, last.cpu_ms);
    let memory = exponent(first.peak_mb, last.peak_mb);
    println!("exponents of the number of projects: cpu {cpu:.2}, memory {memory:.2}");
    if cpu > MOST || memory > MOST {
        return Err("a run on many projects costs more than their number".to_owned());
    }
    Ok(())
}

/// The least that several runs cost.
fn least(command: &[String], folder: &Path) -> Result<Cost> {
    let mut least = measure(command, folder)?;
    for _ in 1..RUNS {
        let cost = measure(command, folder)?;
        least.cpu_ms = least.cpu_ms.min(cost.cpu_ms);
        least.peak_mb = least.peak_mb.min(cost.peak_mb);
    }
    Ok(least)
}

/// Writes the manifests of so many projects.
fn manifests(folder: &Path, fixture: &str, projects: usize) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).trying(folder.display())?;
    let paths = (0..projects).map(|number| {
        let path = folder.join(format!("{}.json", project(number)));
        let manifest = manifest(fixture, number, projects).trying(path.display())?;
        fs::write(&path, manifest.to_string()).trying(path.display())?;
        Ok(path)
    });
    paths.collect()
}

/// The name of a project; in upper case, that of its database.
fn project(number: usize) -> String {
    format!("{NAME}_{number:02}")
}

/// What is of one project, as that of another one.
fn renamed(text: &str, from: &str, to: &str) -> String {
    let text = text.replace(from, to);
    text.replace(&from.to_uppercase(), &to.to_uppercase())
}

fn model(copy: usize) -> String {
    format!("{MODEL}_{copy:06}")
}

/// The manifest of one of so many projects.
fn manifest(fixture: &str, number: usize, projects: usize) -> serde_json::Result<Value> {
    let (own, next) = (project(number), project((number + 1) % projects));
    let mut manifest: Value = serde_json::from_str(&renamed(fixture, NAME, &own))?;
    let template = manifest["nodes"][format!("model.{own}.{MODEL}")].clone();
    let source = manifest["sources"][format!("source.{own}.till.bills")].clone();
    let copy_of = |package: &str, copy: usize| {
        let text = renamed(&template.to_string(), &own, package);
        let node = text.replace(MODEL, &model(copy));
        serde_json::from_str::<Value>(&node)
    };
    for copy in 0..MODELS {
        add(
            &mut manifest,
            "nodes",
            format!("model.{own}.{}", model(copy)),
            copy_of(&own, copy)?,
        );
    }
    for copy in (0..MODELS).step_by(IN_PACKAGE) {
        add(
            &mut manifest,
            "nodes",
            format!("model.{next}.{}", model(copy)),
            copy_of(&next, copy)?,
        );
    }
    for copy in (1..MODELS).step_by(READ_BY_SOURCE) {
        let read = copy_of(&next, copy)?;
        let mut source = source.clone();
        source["name"] = model(copy).into();
        for key in ["database", "schema", "relation_name"] {
            source[key] = read[key].clone();
        }
        source["identifier"] = read["alias"].clone();
        add(
            &mut manifest,
            "sources",
            format!("source.{own}.{next}.{}", model(copy)),
            source,
        );
    }
    Ok(manifest)
}

/// Adds a node, which depends on nothing and on which nothing depends.
fn add(manifest: &mut Value, section: &str, id: String, mut node: Value) {
    node["unique_id"] = id.as_str().into();
    manifest[section][&id] = node;
    for map in ["parent_map", "child_map"] {
        manifest[map][&id] = json!([]);
    }
}

/// An export whose workbooks read models of so many projects.
fn export_of(projects: usize) -> Value {
    let workbooks = (0..WORKBOOKS).map(|number| {
        let tables = (0..TABLES).map(|table| {
            let at = number * TABLES + table;
            let name = match at % FOREIGN {
                0 => format!("FOREIGN_{at}"),
                _ => model((at / projects) % MODELS).to_uppercase(),
            };
            let database = project(at % projects).to_uppercase();
            json!({
                "name": name, "schema": SCHEMA, "fullName": format!("[{SCHEMA}].[{name}]"),
                "connectionType": "snowflake", "database": {"name": database},
            })
        });
        json!({
            "luid": format!("{number:08x}-0000-4000-8000-000000000000"),
            "name": format!("Workbook {number}"),
            "upstreamTables": tables.collect::<Vec<_>>(),
        })
    });
    let nodes = workbooks.collect::<Vec<_>>();
    json!({"data": {"workbooksConnection": {"nodes": nodes, "totalCount": WORKBOOKS}}})
}
