//! Runs one folder of `fixtures/cases`: the real program, on a copy of the folder.
//!
//! A case is a folder with
//! - `case`: its first line, behind `#`, says which sentence of the design or which outside fact
//!   it proves; each further line is one run of `autoexpose` with its arguments (quotes group,
//!   `NAME=value` in front sets a variable, `< file` at the end feeds standard input);
//! - inputs of any name; a file `manifest.from` holds the name of a folder of `fixtures/dbt`,
//!   whose manifest the case gets as `manifest.json`;
//! - `expected.snap`: what must come of it. `INSTA_UPDATE=always cargo test` writes it anew.
//!
//! The snapshot has, for each run, exit code, standard output and error, and for each JSON file
//! that a run made or changed the change as a unified diff of its indented form.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use similar::TextDiff;

use super::fixtures;

/// Makes one test of each case, and one that the list is the folder's.
macro_rules! cases {
    ($prefix:literal: $($name:ident,)*) => {
        $(#[test] fn $name() { crate::case::check(&concat!($prefix, stringify!($name)).replace('_', "-")); })*

        #[test]
        fn every_folder_has_its_test() {
            let listed: Vec<String> = vec![$(concat!($prefix, stringify!($name)).replace('_', "-")),*];
            assert_eq!(crate::case::folders(&$prefix.replace('_', "-")), listed, "the list of cases and the folders of fixtures/cases differ");
        }
    };
}
pub(crate) use cases;

/// The folders of `fixtures/cases` with a prefix, sorted.
pub(crate) fn folders(prefix: &str) -> Vec<String> {
    let entries = fs::read_dir(fixtures::root().join("cases")).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.retain(|name| name.starts_with(prefix));
    names.sort();
    names
}

/// Runs a case and compares with its snapshot.
pub(crate) fn check(name: &str) {
    let folder = fixtures::root().join("cases").join(name);
    let script = fs::read_to_string(folder.join("case"))
        .unwrap_or_else(|error| panic!("{name}/case: {error}"));
    let mut lines = script.lines();
    let proves = lines.next().unwrap_or_default();
    assert!(
        proves.starts_with("# "),
        "{name}/case must begin with `# ` and what it proves"
    );
    let work = tempfile::tempdir().unwrap();
    copy(&folder, work.path());
    let mut told = String::new();
    for line in lines.filter(|line| !line.trim().is_empty()) {
        run(line, work.path(), &mut told);
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(proves.trim_start_matches("# "));
    settings.bind(|| insta::assert_snapshot!("expected", told));
}

fn copy(folder: &Path, work: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_dir() {
            fs::create_dir(work.join(name)).unwrap();
            copy(&path, &work.join(name));
        } else if name == "manifest.from" {
            let from = fs::read_to_string(&path).unwrap();
            fs::write(work.join("manifest.json"), fixtures::manifest(from.trim())).unwrap();
        } else if name != "expected.snap" {
            fs::copy(&path, work.join(name)).unwrap();
        }
    }
}

fn run(line: &str, work: &Path, told: &mut String) {
    let before = json_files(work);
    let words = words(line);
    let input = words
        .iter()
        .position(|word| word == "<")
        .map(|at| work.join(&words[at + 1]));
    // As in a shell, `NAME=value` in front sets a variable.
    let variables = words.iter().map_while(|word| {
        word.split_once('=')
            .filter(|(name, _)| !name.starts_with('-'))
    });
    let variables = variables.collect::<Vec<_>>();
    let arguments = words
        .iter()
        .skip(variables.len())
        .take_while(|word| *word != "<");
    let mut command = Command::new(env!("CARGO_BIN_EXE_autoexpose"));
    command
        .args(arguments)
        .current_dir(work)
        .env_clear()
        .envs(variables);
    if let Some(input) = input {
        command.stdin(fs::File::open(input).unwrap());
    }
    let output = command.output().unwrap();
    writeln!(told, "$ autoexpose {line}").unwrap();
    told.push_str(&String::from_utf8_lossy(&output.stdout));
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        writeln!(told, "stderr: {line}").unwrap();
    }
    writeln!(told, "exit: {}", output.status.code().unwrap()).unwrap();
    for (path, after) in json_files(work) {
        let old = before.get(&path).map(Vec::as_slice);
        if old != Some(after.as_slice()) {
            writeln!(
                told,
                "changed {path}:\n{}",
                change(old.unwrap_or_default(), &after)
            )
            .unwrap();
        }
    }
    for path in before.keys().filter(|path| !work.join(path).exists()) {
        writeln!(told, "gone: {path}").unwrap();
    }
    told.push('\n');
}

/// Splits a line at spaces outside single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (number, part) in line.split('\'').enumerate() {
        if number % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// Every file below the folder, since none may be left behind unnoticed.
fn json_files(work: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![work.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(work)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

/// The change of a JSON file, member by member; of its bytes where it is no JSON.
fn change(before: &[u8], after: &[u8]) -> String {
    let (before, after) = (indented(before), indented(after));
    TextDiff::from_lines(&before, &after)
        .unified_diff()
        .context_radius(2)
        .to_string()
}

fn indented(bytes: &[u8]) -> String {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => format!("{value:#}\n"),
        Err(_) => String::from_utf8_lossy(bytes).replace(", \"", ",\n\"") + "\n",
    }
}
