//! A judge of accuracy: for every manifest that real dbt wrote, an export that spells its
//! relations in every way Tableau has, with decoys between them, and what must become of each
//! table, worked out from the manifest alone.

mod expect;
mod export;
mod maps;
mod odd;
mod parts;
mod random;
mod relations;
mod shapes;
mod spans;
mod spellings;
mod verdict;

use std::fs;
use std::io::{Read, Write, stderr};
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::fixtures;
use export::Export;
use random::Random;
use relations::{Facts, Relation};
use shapes::{SHAPES, Shape};
use spellings::{Speller, Table};

/// At most so many tables are in an export. `AUTOEXPOSE_TABLES` sets another limit: all tables of
/// all manifests take minutes.
const TABLES: usize = 400;

/// About so many tables, chosen from the spellings of one relation.
const TABLES_OF_RELATION: usize = 16;

/// At most so many relations that are not the own ones of nodes are spelled, of each kind.
const OTHERS: usize = 10;

#[test]
fn fixtures_link_as_they_must() {
    let names = fixtures::manifest_names();
    judge_all(names.into_iter().map(|name| {
        let manifest = fixtures::manifest(&name);
        (name, manifest)
    }));
}

#[test]
fn odd_manifests_link_as_they_must() {
    judge_all(odd::manifests().into_iter());
}

/// Manifests of other people's projects. They are not part of the repository: the variable
/// `AUTOEXPOSE_REAL` names a folder that has them as `dbt/<project>/manifest.json`, gzipped or
/// not, and as files of any name in `dbt/public`.
#[test]
fn real_manifests_link_as_they_must() {
    let Some(real) = std::env::var_os("AUTOEXPOSE_REAL") else {
        // Not by a macro that prints, whose output cargo hides when a test passes.
        writeln!(
            stderr(),
            "skipped real manifests: AUTOEXPOSE_REAL is not set"
        )
        .unwrap();
        return;
    };
    let folder = Path::new(&real).join("dbt");
    judge_all(real_manifests(&folder).into_iter().map(|path| {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        (name, unzipped(&path))
    }));
}

fn real_manifests(folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for path in entries(folder) {
        if path.ends_with("public") {
            paths.extend(entries(&path));
        } else {
            paths.extend(["manifest.json", "manifest.json.gz"].map(|name| path.join(name)));
        }
    }
    paths.retain(|path| path.exists());
    paths.sort();
    assert!(!paths.is_empty(), "no manifests in {}", folder.display());
    paths
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect()
}

fn unzipped(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    if path.extension().is_none_or(|ending| ending != "gz") {
        return bytes;
    }
    let mut plain = Vec::new();
    GzDecoder::new(bytes.as_slice())
        .read_to_end(&mut plain)
        .unwrap();
    plain
}

fn judge_all(manifests: impl Iterator<Item = (String, Vec<u8>)>) {
    let mut problems = Vec::new();
    for (number, (name, manifest)) in manifests.enumerate() {
        let found = judge(&name, &manifest, SHAPES[number % SHAPES.len()]);
        problems.extend(
            found
                .into_iter()
                .map(|problem| format!("{name}: {problem}")),
        );
    }
    let shown = problems.iter().take(20).cloned().collect::<Vec<_>>();
    let count = problems.len();
    assert!(
        problems.is_empty(),
        "{count} problems:\n\n{}",
        shown.join("\n\n")
    );
}

/// The tables of an export for these relations.
fn tables(facts: &Facts, seed: &str) -> Vec<Table> {
    let limit = std::env::var("AUTOEXPOSE_TABLES").map_or(TABLES, |limit| limit.parse().unwrap());
    let mut speller = Speller::new(facts, seed);
    for relation in sample(facts, seed, limit / TABLES_OF_RELATION) {
        speller.spell(&relation);
    }
    for other in facts.others.iter().take(OTHERS) {
        speller.spell_other(other);
    }
    for view in facts.perhaps.iter().take(OTHERS) {
        speller.spell_perhaps(view);
    }
    speller.spell_unbuilt();
    let mut tables = speller.tables;
    Random::new(seed).shuffle(&mut tables);
    tables.truncate(limit);
    spellings::keep_one_database(&mut tables, facts);
    tables
}

/// What is wrong with the links of one manifest.
fn judge(name: &str, manifest: &[u8], shape: Shape) -> Vec<String> {
    let facts = Facts::read(manifest);
    let export = Export::spread(tables(&facts, name), name);
    let run = Run::new(manifest);
    let mut problems = Vec::new();

    let first = run.patch("manifest.json", "first.json", &export, shape, "1");
    verdict::judge_report(&export, shape, &first.report, &mut problems);
    verdict::judge_manifest(
        &export,
        &first.report,
        manifest,
        &first.manifest,
        &mut problems,
    );

    let shuffled = run.patch("manifest.json", "shuffled.json", &export, shape, "2");
    if first.manifest != shuffled.manifest {
        problems.push(format!("{shape:?}: another order gives another manifest"));
    }
    if first.report != shuffled.report {
        problems.push(format!("{shape:?}: another order gives another report"));
    }

    let again = run.patch("first.json", "again.json", &export, shape, "1");
    if first.manifest != again.manifest {
        problems.push(format!("{shape:?}: patching twice is not patching once"));
    }
    verdict::judge_second_report(&first.report, &again.report, &mut problems);
    problems
}

/// All relations, or some that several nodes or spellings share and some others.
fn sample(facts: &Facts, seed: &str, limit: usize) -> Vec<Relation> {
    let mut relations = facts.relations.clone();
    Random::new(seed).shuffle(&mut relations);
    let (plain, special): (Vec<_>, Vec<_>) = relations.into_iter().partition(|relation| {
        let nodes = relation.owners.len() + relation.sources.len();
        nodes == 1 && facts.alike(&relation.schema, &relation.name).len() == 1
    });
    let special = special.into_iter().take(limit / 2);
    special.chain(plain).take(limit).collect()
}

/// A folder in which the program runs.
struct Run(tempfile::TempDir);

/// What one run made.
struct Patched {
    report: Value,
    manifest: Vec<u8>,
}

impl Run {
    fn new(manifest: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("manifest.json"), manifest).unwrap();
        fs::write(folder.path().join("autoexpose.yml"), spellings::CONFIG).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Patches a manifest. The number of threads also decides the order of the export.
    fn patch(&self, from: &str, to: &str, export: &Export, shape: Shape, threads: &str) -> Patched {
        let inputs = shapes::write(export, shape, self.0.path(), threads);
        let mut command = Command::new(env!("CARGO_BIN_EXE_autoexpose"));
        command.args(["patch", "--manifest", from, "--output", to]);
        command.args(["--format", "json", "--threads", threads]);
        for input in inputs {
            command.args(["--tableau", &input]);
        }
        if shape == Shape::Input {
            command.stdin(fs::File::open(self.path("input")).unwrap());
        }
        let output = command.current_dir(self.0.path()).env_clear().output();
        let output = output.unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{shape:?}: {}: {stderr}",
            output.status
        );
        Patched {
            report: serde_json::from_slice(&output.stdout).unwrap(),
            manifest: fs::read(self.path(to)).unwrap(),
        }
    }
}
