//! Every block of the documentation for the shell is run, in a copy of what it needs; a block that
//! cannot be run here says what is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use super::blocks::{self, Block};
use crate::fixtures;

/// What a block may need that is not here, and what such a block has in it, one of the words.
const NEEDS: [(&str, &[&str]); 7] = [
    ("tableau", &["TABLEAU_PAT_SECRET", "export.sh", "--fetch"]),
    ("dbt", &["dbt "]),
    ("dbt 2.0", &["dbt "]),
    ("dbt platform", &["DBT_CLOUD_TOKEN"]),
    ("pypi", &["pip install", "uvx"]),
    ("cargo", &["cargo ", ".ci/run"]),
    ("docker", &["docker "]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn marks_are_known_and_needed() {
    let blocks = blocks::all(root()).unwrap();
    let mut pages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for block in &blocks {
        let place = block.place();
        for (name, _) in &block.marks {
            let is_apt = match name.as_str() {
                "needs" | "in" | "ends with" => block.language == "sh",
                "printed" | "from" => block.language == "text",
                // Blocks that `cargo xtask tidy` writes.
                name => name.starts_with("help ") || name.starts_with("file "),
            };
            assert!(is_apt, "{place}: {name} above {}", block.language);
        }
        for need in block.needs() {
            let words = NEEDS.iter().find(|(name, _)| *name == need);
            let (_, words) = words.unwrap_or_else(|| panic!("{place}: needs {need}"));
            let is_there = words.iter().any(|word| block.text.contains(word));
            // A block may go on with what an earlier one of its page made.
            let is_first = pages.entry(need).or_default().insert(&block.page);
            assert!(is_there || !is_first, "{place}: it does not need {need}");
        }
    }
    let unused = NEEDS.iter().filter(|(name, _)| !pages.contains_key(name));
    assert_eq!(unused.count(), 0, "{pages:?}");
}

#[test]
fn blocks_for_the_shell_run_and_print_what_is_shown() {
    let stages = [project(), clone()];
    let mut ran = 0;
    // What the last block printed, unless it was not run: then `cargo xtask e2e` compares.
    let mut printed: Option<String> = None;
    let mut wrong = Vec::new();
    for block in blocks::all(root()).unwrap() {
        let place = block.place();
        if block.mark("printed").is_some() {
            if let Some(output) = &printed
                && let Some(line) = block.not_printed(output)
            {
                wrong.push(format!("{place}: it does not print {line:?}:\n{output}"));
            }
        } else if block.language == "sh" && !block.needs().is_empty() {
            printed = None;
        } else if block.language == "sh" {
            ran += 1;
            let (code, output) = run(&block, &stages);
            if code != block.mark("ends with").unwrap_or("0") {
                wrong.push(format!("{place}: it ends with {code}:\n{output}"));
            }
            printed = Some(output);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ran >= 15, "only {ran} blocks ran");
}

/// Runs a block in a fresh copy of its stage, and returns how it ended and what it printed.
fn run(block: &Block, stages: &[TempDir; 2]) -> (String, String) {
    let stage = match block.mark("in") {
        None => &stages[0],
        Some("clone") => &stages[1],
        Some(other) => panic!("{}: in {other}", block.place()),
    };
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in fixtures::files(stage.path()) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let output = shell(folder.path(), &block.text);
    let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    let code = output.status.code().unwrap().to_string();
    (code, format!("{out}{err}"))
}

/// Runs commands in a folder, with autoexpose in the path and nothing of the environment.
fn shell(folder: &Path, commands: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_autoexpose"));
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    Command::new("sh")
        .args(["-e", "-u", "-c", commands])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path)
        .env("HOME", folder)
        .env("GITHUB_STEP_SUMMARY", folder.join("summary.md"))
        .output()
        .unwrap()
}

/// The folder of a dbt project after a build, with two exports, the target of the main branch, and two
/// projects of a mesh below it.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let manifest = fixtures::manifest("postgres-1.11");
    let export = fixtures::read("tableau/bistro.json");
    put("dbt_project.yml", b"name: bistro\nversion: 1.0.0\n");
    put("autoexpose.yml", b"tableau: {exports: [exports/latest]}\n");
    put("exports/2026-05-01/workbooks.json", &export);
    put("exports/latest/workbooks.json", &export);
    put("prod/manifest.json", &manifest);
    for target in ["target", "main/target", "target/base", "target/head"] {
        put(&format!("{target}/manifest.json"), &manifest);
    }
    // The whole name is another one: the tables of the export are those of `kitchen` alone.
    let text = String::from_utf8(manifest.clone()).unwrap();
    let finance = text.replace("bistro", "finance");
    let kitchen = ["project_name", "package_name"]
        .iter()
        .fold(text, |text, key| {
            text.replace(
                &format!("\"{key}\": \"bistro\""),
                &format!("\"{key}\": \"kitchen\""),
            )
        });
    put("kitchen/target/manifest.json", kitchen.as_bytes());
    put("finance/target/manifest.json", finance.as_bytes());
    for project in ["finance", "kitchen"] {
        let file = format!("{project}/dbt_project.yml");
        put(&file, format!("name: {project}\n").as_bytes());
    }
    let patched = "autoexpose patch -q --tableau exports/latest --manifest";
    for target in ["main/target", "target/base"] {
        let output = shell(folder.path(), &format!("{patched} {target}/manifest.json"));
        assert!(output.status.success(), "{output:?}");
    }
    folder
}

/// What a clone of this repository has that the documentation names.
fn clone() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["fixtures/dbt/postgres-1.11", "fixtures/tableau", "docs"] {
        for (path, bytes) in fixtures::files(&root().join(part)) {
            let path = folder.path().join(part).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    folder
}
