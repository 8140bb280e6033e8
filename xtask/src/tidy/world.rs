//! Only `io` and `cli` touch files, environment, clock and terminal; only `unix.rs` what Unix
//! alone has.

use std::collections::BTreeSet;

use super::code::{Module, Source};
use super::tree::Tree;

/// Rooms that may touch the world.
const SHELL: [&str; 3] = ["cli", "io", ""];
/// What touching the world looks like.
const WORLD: [&str; 9] = [
    "std::env",
    "std::fs",
    "std::io::stderr",
    "std::io::stdin",
    "std::io::stdout",
    "std::net",
    "std::process",
    "std::time::Instant",
    "std::time::SystemTime",
];
/// Macros that print.
const PRINTING: [&str; 5] = ["dbg", "eprint", "eprintln", "print", "println"];
/// What only some systems have, and the name of the modules that may use it. Such a module is
/// declared under `#[cfg(NAME)]`.
const SYSTEMS: [(&str, &str); 4] = [
    ("std::os::unix", "unix"),
    ("std::os::fd", "unix"),
    ("std::os::linux", "linux"),
    ("std::os::windows", "windows"),
];

/// Checks every file of the program.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let complaints = tree.sources().flat_map(|source| {
        touches(tree, source)
            .into_iter()
            .chain(systems(tree, source))
    });
    complaints.collect::<BTreeSet<_>>().into_iter().collect()
}

/// What a file of the core touches.
fn touches(tree: &Tree, source: &Source) -> Vec<String> {
    if SHELL.contains(&source.module.room()) {
        return Vec::new();
    }
    let paths = tree.outside(source).filter_map(|(path, full)| {
        let touched = WORLD.iter().find(|world| begins_with(&full, world))?;
        Some((path.line, *touched))
    });
    let macros = source.macros.iter().filter_map(|(name, line)| {
        let printing = PRINTING.iter().find(|printing| *printing == name)?;
        Some((*line, *printing))
    });
    paths
        .chain(macros)
        .map(|(line, touched)| {
            source.complaint(line, format!("`{touched}` belongs into `io` or `cli`"))
        })
        .collect()
}

/// What a file uses that only some systems have, if it is not a file for such a system.
fn systems(tree: &Tree, source: &Source) -> Vec<String> {
    tree.outside(source)
        .filter_map(|(path, full)| {
            let (used, system) = SYSTEMS.iter().find(|(used, _)| begins_with(&full, used))?;
            (!is_for(tree, &source.module, system)).then(|| {
                let what = format!(
                    "`{used}` belongs into a module `{system}` that is declared under `#[cfg({system})]`"
                );
                source.complaint(path.line, what)
            })
        })
        .collect()
}

/// Whether a module, or one that it is in, is built for a system alone.
fn is_for(tree: &Tree, module: &Module, system: &str) -> bool {
    let Some(name) = module.0.last() else {
        return false;
    };
    let parent = module.parent();
    let is_declared = tree.source(&parent).is_some_and(|source| {
        source.declared.iter().any(|(declared, conditions)| {
            declared == name && conditions.iter().any(|condition| condition == system)
        })
    });
    (name == system && is_declared) || is_for(tree, &parent, system)
}

fn begins_with(path: &[String], prefix: &str) -> bool {
    Module(path.to_vec()).is_in(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tests::tree;

    #[test]
    fn the_core_touches_nothing() {
        let complaints = check(&tree(&[
            ("src/io/mod.rs", "use std::fs;\nfn f() { println!() }"),
            (
                "src/plan/mod.rs",
                "use std::io;\nfn f() { io::stdout(); io::Error::other(\"x\"); println!(\"{}\", std::env::consts::OS) }\n#[cfg(test)]\nmod tests { use std::fs; }",
            ),
            (
                "src/link/mod.rs",
                "use std::time::{Duration, Instant as Now};\nfn f() { Now::now() }",
            ),
        ]));
        assert_eq!(
            complaints,
            [
                "src/link/mod.rs:1: `std::time::Instant` belongs into `io` or `cli`",
                "src/link/mod.rs:2: `std::time::Instant` belongs into `io` or `cli`",
                "src/plan/mod.rs:2: `println` belongs into `io` or `cli`",
                "src/plan/mod.rs:2: `std::env` belongs into `io` or `cli`",
                "src/plan/mod.rs:2: `std::io::stdout` belongs into `io` or `cli`",
            ]
        );
    }

    #[test]
    fn what_only_unix_has_stands_in_files_for_unix() {
        let complaints = check(&tree(&[
            (
                "src/io/mod.rs",
                "#[cfg(unix)]\nmod unix;\nmod write;\nuse std::os;\nfn f() { os::unix::x() }",
            ),
            ("src/io/unix.rs", "use std::os::unix::fs::fchown;"),
            ("src/io/write/mod.rs", "mod unix;"),
            ("src/io/write/unix.rs", "use std::os::unix::fs::fchown;"),
        ]));
        let what =
            "`std::os::unix` belongs into a module `unix` that is declared under `#[cfg(unix)]`";
        assert_eq!(
            complaints,
            [
                format!("src/io/mod.rs:5: {what}"),
                format!("src/io/write/unix.rs:1: {what}"),
            ]
        );
    }
}
