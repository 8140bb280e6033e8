//! The rules of this house, as far as a program can check them.
//!
//! Which room may use which, how long a file may be, no I/O in the core, documented modules, no
//! machine's paths in fixtures, and README blocks that are made from the program itself.

use std::fs;
use std::path::{Path, PathBuf};

use autoexpose::cli::Cli;
use autoexpose::model::Code;
use clap::CommandFactory;

use crate::failure::{Result, Trying};

/// Which rooms of `src` each room may use. `cli` and `pipeline` bring all together.
const ROOMS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("settings", &["model"]),
    ("input", &["model", "settings"]),
    ("link", &["model", "settings"]),
    ("plan", &["input", "link", "model", "settings"]),
    ("edit", &["input", "model", "plan"]),
    ("output", &["input", "link", "model", "plan", "settings"]),
    ("io", &["model"]),
];
/// Rooms that may touch the world.
const SHELL: [&str; 3] = ["cli", "io", "main.rs"];
/// What touching the world looks like.
const WORLD: [&str; 8] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "SystemTime",
    "Instant::now",
    "println!",
    "stdout()",
];
/// The most lines of a file before its tests.
const MOST_LINES: usize = 400;
/// Names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 4] = ["utils.rs", "util.rs", "helpers.rs", "misc.rs"];
/// Beginnings of paths that only one machine has.
const MACHINE_PATHS: [&str; 5] = ["/home/", "/root/", "/work/", "/tmp/", "/Users/"];

/// Checks everything; with `--fix`, writes the README's blocks anew.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    for folder in ["src", "tests", "xtask/src"] {
        for path in files(&root.join(folder))? {
            if path.extension().is_some_and(|extension| extension == "rs") {
                source(&root, &path, &mut found)?;
            }
        }
    }
    for path in files(&root.join("fixtures"))? {
        fixture(&root, &path, &mut found)?;
    }
    readme(
        &root.join("README.md"),
        arguments.iter().any(|argument| argument == "--fix"),
        &mut found,
    )?;
    if found.is_empty() {
        println!("tidy");
        return Ok(());
    }
    Err(format!(
        "{} things are not tidy:\n  {}",
        found.len(),
        found.join("\n  ")
    ))
}

/// Every file below a folder, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).trying(folder.display())?;
        for entry in entries {
            let path = entry.trying(folder.display())?.path();
            if path.is_dir() {
                folders.push(path)
            } else {
                found.push(path)
            }
        }
    }
    found.sort();
    Ok(found)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).trying(path.display())
}

fn source(root: &Path, path: &Path, found: &mut Vec<String>) -> Result<()> {
    let text = String::from_utf8_lossy(&read(path)?).into_owned();
    let name = path
        .strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string();
    let body = text
        .split("#[cfg(test)]\nmod tests")
        .next()
        .unwrap_or(&text);
    let mut complain = |what: String| found.push(format!("{name}: {what}"));
    if !text.starts_with("//!") {
        complain("the first line must say what the module is for (`//!`)".to_owned());
    }
    let lines = body.lines().count();
    if lines > MOST_LINES {
        complain(format!(
            "{lines} lines before its tests; the most is {MOST_LINES}"
        ));
    }
    if EMPTY_NAMES.iter().any(|empty| name.ends_with(empty)) {
        complain("the name says nothing of what is inside".to_owned());
    }
    let Some(inside) = name.strip_prefix("src/") else {
        return Ok(());
    };
    let room = inside.split('/').next().unwrap_or_default();
    if let Some((_, may_use)) = ROOMS.iter().find(|(known, _)| *known == room) {
        let used = text.split("crate::").skip(1).map(|rest| {
            rest.split(|letter: char| !letter.is_alphanumeric())
                .next()
                .unwrap_or_default()
        });
        for other in used.filter(|other| *other != room && !may_use.contains(other)) {
            complain(format!("`{room}` may not use `{other}`"));
        }
    }
    if !SHELL.contains(&room) {
        for touch in WORLD.iter().filter(|touch| body.contains(**touch)) {
            complain(format!("`{touch}` belongs into `io` or `cli`"));
        }
    }
    Ok(())
}

fn fixture(root: &Path, path: &Path, found: &mut Vec<String>) -> Result<()> {
    let bytes = read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    for machine in MACHINE_PATHS
        .iter()
        .filter(|machine| text.contains(**machine))
    {
        let name = path.strip_prefix(root).unwrap_or(path).display();
        found.push(format!("{name}: a path of some machine ({machine}…)"));
    }
    Ok(())
}

/// Compares the README's blocks between `<!-- NAME -->` and `<!-- /NAME -->` with the program.
fn readme(path: &Path, fix: bool, found: &mut Vec<String>) -> Result<()> {
    let text = String::from_utf8_lossy(&read(path)?).into_owned();
    let mut fresh = text.clone();
    for (name, content) in blocks() {
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let Some((before, rest)) = fresh.split_once(&start) else {
            found.push(format!("README.md: the block {name} is missing"));
            continue;
        };
        let Some((_, after)) = rest.split_once(&end) else {
            found.push(format!("README.md: the block {name} does not end"));
            continue;
        };
        fresh = format!("{before}{start}{content}{end}{after}");
    }
    if fresh == text {
        return Ok(());
    }
    if fix {
        return fs::write(path, fresh).trying(path.display());
    }
    found.push(
        "README.md: a block is not what the program says; run `cargo xtask tidy --fix`".to_owned(),
    );
    Ok(())
}

fn blocks() -> Vec<(String, String)> {
    let mut command = Cli::command().term_width(100);
    command.build();
    let verbs = command
        .get_subcommands_mut()
        .filter(|verb| verb.get_name() != "help");
    let mut blocks = verbs
        .map(|verb| {
            let help = verb.render_help().to_string();
            let help = help
                .lines()
                .map(str::trim_end)
                .collect::<Vec<_>>()
                .join("\n");
            (
                format!("help {}", verb.get_name()),
                format!("```text\n{help}\n```\n"),
            )
        })
        .collect::<Vec<_>>();
    let codes = Code::ALL
        .iter()
        .map(|code| format!("| `{code}` | {} |\n", code.description().trim()));
    blocks.push((
        "codes".to_owned(),
        format!(
            "| code | meaning |\n|---|---|\n{}",
            codes.collect::<String>()
        ),
    ));
    blocks
}
