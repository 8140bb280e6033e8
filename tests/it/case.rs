//! Runs one case of `fixtures/cases`: the real program, on a copy of the case's folder.
//!
//! A case is a folder `fixtures/cases/<area>/<what>`, in large areas `<area>/<part>/<what>`, with
//! - `case`: the first line, behind `#`, says which rule of the program or which outside fact the
//!   case proves; every further line is one run of `autoexpose` with its arguments (single quotes
//!   group, `NAME=value` in front sets a variable, `< file` at the end feeds standard input, and
//!   `cd folder && ` at the very start runs it there); a line `cp from to` copies a file, as dbt
//!   writes a fresh manifest over a patched one;
//! - inputs of any name. An input that several cases share stands once, in `fixtures/bases`: the
//!   file `manifest.from` holds one line, the path of a file below `fixtures` such as
//!   `bases/manifests/snowflake-orders.json`, and the case gets that file's bytes as
//!   `manifest.json`. Every `NAME.from` becomes `NAME.json` in this way, and the path may also
//!   lead to a manifest that real dbt wrote (`dbt/postgres-1.11/manifest.json`, gzipped or not), to
//!   a Parquet file, or to a folder, whose files the case gets in the folder `NAME`;
//! - `expected.snap`: for every run the exit code, standard output and standard error, and every
//!   file that the run made or changed as a unified diff (of the indented form if it is JSON). What a
//!   patch leaves for the next run is shown only in the cases of `state`, and nothing else there; in
//!   those of `docs-index` only Parquet is.
//!
//! To add a case, make the folder with its `case` and inputs, add its name to the list in
//! `cases_<area>.rs`, and let `INSTA_UPDATE=always cargo test --test it cases_<area>` write the
//! snapshot. Read the snapshot before you commit it.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use bytes::Bytes;
use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::Value;
use similar::TextDiff;

use super::fixtures;

/// Makes a test of every case of an area, and one that compares the list with the folders. An
/// area is a plain list, or parts with a list each; a part becomes a module.
macro_rules! cases {
    ($area:literal: $($name:ident,)*) => {
        $(#[test] fn $name() { crate::case::check($area, stringify!($name)); })*

        #[test]
        fn every_folder_has_its_test() {
            crate::case::check_list($area, &[$(stringify!($name)),*]);
        }
    };
    ($area:literal: $($part:ident { $($name:ident,)* })*) => {
        $(mod $part {
            $(#[test] fn $name() {
                crate::case::check($area, concat!(stringify!($part), "/", stringify!($name)));
            })*
        })*

        #[test]
        fn every_folder_has_its_test() {
            let listed = [$($(concat!(stringify!($part), "/", stringify!($name)),)*)*];
            crate::case::check_list($area, &listed);
        }
    };
}
pub(crate) use cases;

/// The cases below a folder of `fixtures/cases` (or below all of it, if that is empty) by their
/// paths from `fixtures/cases`, sorted.
pub(crate) fn names(folder: &str) -> Vec<String> {
    let root = fixtures::root().join("cases");
    let mut names = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let name = folder.strip_prefix(&root).unwrap().display().to_string();
        if folder.join("case").is_file() {
            names.push(name);
            continue;
        }
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            assert!(path.is_dir(), "{name} has files, but none called `case`");
            folders.push(path);
        }
    }
    names.sort();
    names
}

/// The path of a case from `fixtures/cases`. Tests cannot be called by it, since Rust's names have
/// no hyphens.
fn path_of(area: &str, test: &str) -> String {
    format!("{area}/{}", test.replace('_', "-"))
}

/// Checks that the tests of an area are its folders.
pub(crate) fn check_list(area: &str, tests: &[&str]) {
    let listed: BTreeSet<String> = tests.iter().map(|test| path_of(area, test)).collect();
    let folders: BTreeSet<String> = names(area).into_iter().collect();
    let unlisted: Vec<&String> = folders.difference(&listed).collect();
    assert!(unlisted.is_empty(), "without a test: {unlisted:?}");
    let absent: Vec<&String> = listed.difference(&folders).collect();
    assert!(absent.is_empty(), "without a folder: {absent:?}");
}

/// Runs a case and compares the result with its snapshot.
pub(crate) fn check(area: &str, test: &str) {
    let name = path_of(area, test);
    let folder = fixtures::root().join("cases").join(&name);
    let script = fs::read_to_string(folder.join("case"))
        .unwrap_or_else(|error| panic!("{name}/case: {error}"));
    let (first, runs) = script.split_once('\n').unwrap_or((&script, ""));
    let Some(proves) = first.strip_prefix("# ") else {
        panic!("{name}/case must begin with `# ` and what it proves");
    };
    let work = tempfile::tempdir().unwrap();
    copy(&folder, work.path());
    let mut transcript = String::new();
    for line in runs.lines().filter(|line| !line.trim().is_empty()) {
        run(line, work.path(), Shown::of(&name), &mut transcript);
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(proves);
    settings.bind(|| insta::assert_snapshot!("expected", transcript));
}

/// Copies a case without its snapshot, and puts shared files in the place of `NAME.from`.
pub(crate) fn copy(folder: &Path, work: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let copied = work.join(path.file_name().unwrap());
        if path.is_dir() {
            fs::create_dir(&copied).unwrap();
            copy(&path, &copied);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "from")
        {
            copy_shared(fs::read_to_string(&path).unwrap().trim(), &copied);
        } else if !path.ends_with("expected.snap") {
            fs::copy(&path, copied).unwrap();
        }
    }
}

/// Puts what a `NAME.from` leads to in its place.
fn copy_shared(shared: &str, copied: &Path) {
    let folder = fixtures::root().join(shared);
    if folder.is_dir() {
        let new = copied.with_extension("");
        fs::create_dir(&new).unwrap();
        return copy(&folder, &new);
    }
    let ending = match shared.ends_with(".parquet") {
        true => "parquet",
        false => "json",
    };
    fs::write(copied.with_extension(ending), fixtures::read(shared)).unwrap();
}

/// Which changed files a snapshot shows; of others it tells that they changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// All but what is left for the next run, of which nothing is told.
    Products,
    /// What is left for the next run.
    Left,
    /// Parquet, and nothing is told of what is left for the next run.
    Parquet,
}

impl Shown {
    fn of(case: &str) -> Self {
        match case.split('/').next() {
            Some("state") => Self::Left,
            Some("docs-index") => Self::Parquet,
            _ => Self::Products,
        }
    }

    fn shows(self, path: &str, is_left: bool) -> bool {
        match self {
            Self::Products => true,
            Self::Left => is_left,
            Self::Parquet => path.ends_with(".parquet"),
        }
    }
}

/// Runs one line of a case in a folder and adds what came of it to the transcript.
fn run(line: &str, work: &Path, shown: Shown, transcript: &mut String) {
    if let Some((from, to)) = line
        .strip_prefix("cp ")
        .and_then(|rest| rest.split_once(' '))
    {
        fs::copy(work.join(from), work.join(to)).unwrap();
        return writeln!(transcript, "$ {line}\n").unwrap();
    }
    let before = fixtures::files(work);
    let (change, line) = match line.split_once(" && ") {
        Some((change, rest)) => (format!("{change} && "), rest),
        None => (String::new(), line),
    };
    let folder = change.strip_prefix("cd ").unwrap_or_default();
    let output = execute(line, &work.join(folder.trim_end_matches(" && ")));
    writeln!(transcript, "$ {change}autoexpose {line}").unwrap();
    transcript.push_str(&String::from_utf8_lossy(&output.stdout));
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        writeln!(transcript, "stderr: {line}").unwrap();
    }
    writeln!(transcript, "exit: {}", output.status.code().unwrap()).unwrap();
    let after = fixtures::files(work);
    for (path, new) in &after {
        let old = before.get(path);
        let is_left = new.starts_with(b"{\"autoexpose_state\":");
        if old == Some(new) || (is_left && shown != Shown::Left) {
            continue;
        }
        if shown.shows(path, is_left) {
            let diff = diff(old.map_or(&[], Vec::as_slice), new);
            writeln!(transcript, "changed {path}:\n{diff}").unwrap();
        } else {
            writeln!(transcript, "changed {path}").unwrap();
        }
    }
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        writeln!(transcript, "gone: {path}").unwrap();
    }
    transcript.push('\n');
}

/// Runs the program as one line of a case says.
fn execute(line: &str, work: &Path) -> Output {
    let mut words = words(line);
    let input = words
        .iter()
        .position(|word| word == "<")
        .map(|at| work.join(&words.split_off(at)[1]));
    // As in a shell, `NAME=value` in front sets a variable.
    let variables: Vec<(&str, &str)> = words
        .iter()
        .map_while(|word| word.split_once('='))
        .take_while(|(name, _)| !name.starts_with('-'))
        .collect();
    let mut command = Command::new(env!("CARGO_BIN_EXE_autoexpose"));
    command
        .args(&words[variables.len()..])
        .current_dir(work)
        .env_clear()
        .envs(variables);
    if let Some(input) = input {
        command.stdin(fs::File::open(input).unwrap());
    }
    command.output().unwrap()
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

/// The rows of a Parquet file, column by column.
fn rows(bytes: &[u8]) -> String {
    let reader = SerializedFileReader::new(Bytes::copy_from_slice(bytes)).unwrap();
    let mut text = String::new();
    for group in 0..reader.num_row_groups() {
        writeln!(text, "row group {}", group + 1).unwrap();
        for row in reader
            .get_row_group(group)
            .unwrap()
            .get_row_iter(None)
            .unwrap()
        {
            for (name, value) in row.unwrap().get_column_iter() {
                writeln!(text, "  {name}: {value}").unwrap();
            }
            text.push('\n');
        }
    }
    text
}

/// The change of a JSON file, member by member; of a Parquet file, value by value; of the bytes of
/// another one.
fn diff(before: &[u8], after: &[u8]) -> String {
    let (before, after) = (indented(before), indented(after));
    TextDiff::from_lines(&before, &after)
        .unified_diff()
        .context_radius(2)
        .to_string()
}

/// A file in a form that can be read: JSON and Parquet in lines.
pub(crate) fn indented(bytes: &[u8]) -> String {
    if bytes.starts_with(b"PAR1") {
        return rows(bytes);
    }
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => format!("{value:#}\n"),
        Err(_) => String::from_utf8_lossy(bytes).replace(", \"", ",\n\"") + "\n",
    }
}
